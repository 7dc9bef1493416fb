import type { Tx } from '../kernel/index.js'
import type { OrderExchanging, OrderPlacing } from '../order/index.js'
import { termsTable } from './commission.entity.js'
import { termsMissing } from './errors.js'
import { amountsOf } from './freeze-terms.js'
import { splitLine } from './split.js'

/**
 * Freezes the terms of a line that is sold in the place of another: those that the old line was sold at, or those of the moment.
 * @throws commission.terms_missing, rail.split_exceeds_cap, chain.too_deep, chain.unknown_level
 */
export async function termsOfExchange(
  freeze: (orders: readonly OrderPlacing[], tx: Tx) => Promise<void>,
  { order, supplierOrders, from, to, terms }: OrderExchanging,
  tx: Tx,
): Promise<void> {
  if (terms === 'current') return freeze([{ order: { ...order, placedAt: tx.now }, supplierOrders, lines: [to], imported: false }], tx)
  const old = await tx.findOne(termsTable, { lineId: from })
  if (!old) throw termsMissing({ line: from })
  const amounts = { ...amountsOf(to), volume: old.amounts.volume }
  await tx.insert(termsTable, [{ ...old, lineId: to.id, amounts, split: splitLine(old.terms, amounts) }])
}
