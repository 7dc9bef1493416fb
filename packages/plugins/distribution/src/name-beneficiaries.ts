import type { LineBeneficiaries, OrderPlacing, Tx } from '@entrepot/core'
import { readChains } from './ancestors.js'
import { chainOf } from './chain.js'
import type { DistributionContext } from './context.js'
import { readDirectory } from './directory.js'
import { askedBy, originOf, requireKnown } from './origin.js'
import { bindReferred, salesOf } from './record-sales.js'
import { saleTable } from './sale.entity.js'

/**
 * Answers for every line who earns of it, by the plan of today. Any number of orders takes the same number of statements.
 * @throws distribution.unknown_beneficiary
 */
export function nameBeneficiaries(
  context: DistributionContext,
): (orders: readonly OrderPlacing[], tx: Tx) => Promise<readonly LineBeneficiaries[]> {
  const { terms, maxDepth } = context.options
  return async (orders, tx) => {
    const asked = await readDirectory(tx, askedBy(orders))
    requireKnown(orders, asked)
    const directory = await bindReferred(context, tx, orders, asked)
    const lines = orders.flatMap((placing) => placing.lines.map((line) => ({ placing, line, origin: originOf(placing, line, directory) })))
    const chains = await readChains(
      tx,
      lines.flatMap(({ origin }) => (origin && 'from' in origin ? origin.from : [])),
    )
    const sold = lines.flatMap(({ placing, line, origin }) => {
      if (origin === undefined) return []
      const standings = 'given' in origin ? origin.given : (chains.get(origin.from) ?? [])
      const buyer = directory.self(placing.order.customerId)
      return [{ placing, line, buyer, chain: chainOf({ terms, maxDepth, standings, buyer }) }]
    })
    await tx.insert(saleTable, salesOf(sold))
    return sold
      .filter(({ chain }) => chain.length > 0)
      .map(({ line, chain, buyer }) => ({ lineId: line.id, distribution: terms, chain, buyer: buyer?.id }))
  }
}
