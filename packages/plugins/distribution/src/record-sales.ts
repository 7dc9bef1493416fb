import type { ChainMember, OrderLine, OrderPlacing, Tx } from '@entrepot/core'
import { type Arrival, bindSubjects } from './bind-subjects.js'
import { bindsAnew } from './binding.js'
import type { DistributionContext } from './context.js'
import type { Directory } from './directory.js'
import { type SaleRow, saleTable } from './sale.entity.js'

/** A line with its chain. */
export interface SoldLine {
  readonly placing: OrderPlacing
  readonly line: OrderLine
  readonly chain: readonly ChainMember[]
}

interface Sales {
  readonly orders: readonly OrderPlacing[]
  readonly sold: readonly SoldLine[]
  readonly directory: Directory
}

/** Keeps what distributors ask for later: their orders, and the customers who came through their links. */
export async function recordSales(context: DistributionContext, tx: Tx, { orders, sold, directory }: Sales): Promise<void> {
  await tx.insert(saleTable, salesOf(sold))
  await bindSubjects(
    context,
    tx,
    orders.flatMap((placing) => arrivalOf(placing, directory) ?? []),
  )
}

/** A row for every distributor in the chains of an order. */
export function salesOf(sold: readonly SoldLine[]): readonly SaleRow[] {
  const sales = new Map<string, SaleRow>()
  for (const { placing, line, chain } of sold) {
    const { id: orderId, number, currency, placedAt } = placing.order
    for (const [index, { distributor: distributorId }] of chain.entries()) {
      const key = `${distributorId} ${orderId}`
      const { tier, goods } = sales.get(key) ?? { tier: index + 1, goods: 0 }
      sales.set(key, { distributorId, orderId, number, currency, placedAt, tier: Math.min(tier, index + 1), goods: goods + line.goods })
    }
  }
  return [...sales.values()]
}

/** Who orders through a link has clicked it, whether or not the host has told of the click. Past orders bind nobody: their bindings are imported by themselves. */
function arrivalOf({ order, lines, imported }: OrderPlacing, directory: Directory): Arrival | undefined {
  const { customerId, placedAt: at } = order
  if (imported || customerId === null || !bindsAnew(directory.binding(customerId), at)) return undefined
  const referrer = [order, ...lines]
    .map(({ attribution }) => directory.referrer(attribution?.referral))
    .find((found) => found !== undefined)
  return referrer && { who: { customerId }, distributorId: referrer.id, at, source: 'order' }
}
