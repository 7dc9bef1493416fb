import type { ChainMember, OrderLine, OrderPlacing, Tx } from '@entrepot/core'
import { type Arrival, bindSubjects } from './bind-subjects.js'
import { bindsAnew } from './binding.js'
import type { DistributionContext } from './context.js'
import type { Directory } from './directory.js'
import type { SaleRow } from './sale.entity.js'

/** A line with its chain. */
export interface SoldLine {
  readonly placing: OrderPlacing
  readonly line: OrderLine
  readonly chain: readonly ChainMember[]
}

/**
 * Binds the customers who came through links, before anybody is named: of a click and a sale at once one is the first, and the sale knows which.
 * @returns the directory, with the bindings that were ahead of a sale
 */
export async function bindReferred(
  context: DistributionContext,
  tx: Tx,
  orders: readonly OrderPlacing[],
  directory: Directory,
): Promise<Directory> {
  const arrivals = orders.flatMap((placing) => arrivalOf(placing, directory) ?? [])
  const ahead = new Map((await bindSubjects(context, tx, arrivals)).flatMap((bound) => (bound.anew ? [] : [[bound.customerId, bound]])))
  return { ...directory, binding: (customerId) => ahead.get(customerId) ?? directory.binding(customerId) }
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
