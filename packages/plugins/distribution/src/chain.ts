/** Who of a chain may earn of a sale, and how far up it reaches. */
import type { ChainMember, DistributionTerms } from '@entrepot/core'
import type { Standing } from './ancestors.js'

export interface ChainInput {
  readonly terms: Pick<DistributionTerms, 'compress' | 'ownPurchase'>
  /** How many of the chain may earn. */
  readonly maxDepth: number
  /** From the one who brought the customer upwards. */
  readonly standings: readonly Standing[]
  /** The distributor who buys, if the customer is one. */
  readonly buyer?: Standing | undefined
}

/**
 * The chain of a line, tier 1 first. Its depth counts those who hold a tier: all of the first `maxDepth`, or with compression the first `maxDepth` who may
 * earn, with those between them, over whom it moves up.
 */
export function chainOf({ terms, maxDepth, standings, buyer }: ChainInput): readonly ChainMember[] {
  const ordered =
    terms.ownPurchase === 'rebate' && buyer !== undefined ? [buyer, ...standings.filter(({ id }) => id !== buyer.id)] : standings
  const earns = ({ id, status }: Standing): boolean => status === 'approved' && !(terms.ownPurchase === 'forfeit' && id === buyer?.id)
  const reached: Standing[] = []
  let depth = 0
  for (const standing of ordered) {
    if (depth === maxDepth) break
    reached.push(standing)
    if (terms.compress !== true || earns(standing)) depth += 1
  }
  return reached.map(({ id, level, status }) => ({
    distributor: id,
    ...(level === null ? {} : { level }),
    ...(status === 'approved' ? {} : { mayEarn: false }),
  }))
}
