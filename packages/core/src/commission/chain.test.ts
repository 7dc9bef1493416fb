import { describe, expect, it } from 'vitest'
import { type Percentage, percentage } from '../money/index.js'
import { type ChainMember, type DistributionTerms, tierShares } from './chain.js'

const coded = (code: string) => expect.objectContaining({ code })
const percents = (...values: number[]): Percentage[] => values.map((value) => percentage(value))
const tiers: DistributionTerms = { rates: { by: 'tier', percents: percents(8, 4, 2) }, fundedBy: 'supplier' }
const levels: DistributionTerms = {
  rates: { by: 'level', percents: { L1: percentage(5), L2: percentage(8), L3: percentage(12) } },
  fundedBy: 'supplier',
}
const three: ChainMember[] = [{ distributor: 'D1' }, { distributor: 'D2' }, { distributor: 'D3' }]
const ranked = (...of: string[]): ChainMember[] => of.map((level, index) => ({ distributor: `D${index + 1}`, level }))

function earned(terms: DistributionTerms, chain: readonly ChainMember[], buyer?: string): Record<string, number> {
  const shares = tierShares({ terms, chain, buyer, base: 10000, commission: 1000, rounding: 'half-up' })
  return Object.fromEntries(shares.map(({ distributor, amount }) => [distributor, amount]))
}

describe('tiers', () => {
  it('earn a percentage of the base each; one without a distributor stays with the funder', () => {
    expect(earned(tiers, three)).toEqual({ D1: 800, D2: 400, D3: 200 })
    expect(earned(tiers, three.slice(0, 2))).toEqual({ D1: 800, D2: 400 })
    expect(earned({ ...tiers, rates: { by: 'tier', percents: percents(8) } }, three)).toEqual({ D1: 800 })
  })

  it('are weights within a pool, empty tiers included', () => {
    const pool = { ...tiers, pool: percentage(40) }
    expect(earned(pool, three)).toEqual({ D1: 229, D2: 114, D3: 57 })
    expect(earned(pool, three.slice(0, 1))).toEqual({ D1: 229 })
  })

  it('are three at most', () => {
    expect(() => earned({ ...tiers, rates: { by: 'tier', percents: percents(4, 3, 2, 1) } }, three)).toThrow(coded('chain.too_deep'))
  })
})

describe('levels (级差)', () => {
  it('earn the difference to the highest below, never under zero', () => {
    expect(earned(levels, ranked('L1', 'L3', 'L2'))).toEqual({ D1: 500, D2: 700, D3: 0 })
    expect(earned(levels, ranked('L1', 'L2', 'L3'))).toEqual({ D1: 500, D2: 300, D3: 400 })
  })

  it('pay three ancestors at most, and know every level', () => {
    expect(earned(levels, ranked('L1', 'L1', 'L2', 'L3'))).toEqual({ D1: 500, D2: 0, D3: 300 })
    expect(() => earned(levels, ranked('L9'))).toThrow(coded('chain.unknown_level'))
  })
})

describe('a distributor who buys', () => {
  it('earns as any other where that is allowed', () => {
    expect(earned(tiers, three, 'D1')).toEqual({ D1: 800, D2: 400, D3: 200 })
  })

  it('forfeits its own tier, and the others keep theirs', () => {
    expect(earned({ ...tiers, ownPurchase: 'forfeit' }, three, 'D1')).toEqual({ D2: 400, D3: 200 })
    expect(earned({ ...levels, ownPurchase: 'forfeit' }, ranked('L1', 'L3'), 'D1')).toEqual({ D2: 700 })
  })

  it('is tier 1 of its own order as a rebate', () => {
    expect(earned({ ...tiers, ownPurchase: 'rebate' }, three, 'D2')).toEqual({ D2: 800, D1: 400, D3: 200 })
    expect(earned({ ...tiers, ownPurchase: 'rebate' }, three, 'D9')).toEqual({ D9: 800, D1: 400, D2: 200 })
  })
})

describe('compression', () => {
  it('moves the chain up over a member who may not earn', () => {
    const chain = [{ distributor: 'D1', mayEarn: false }, ...three.slice(1)]
    expect(earned(tiers, chain)).toEqual({ D2: 400, D3: 200 })
    expect(earned({ ...tiers, compress: true }, chain)).toEqual({ D2: 800, D3: 400 })
    expect(earned({ ...tiers, ownPurchase: 'forfeit', compress: true }, three, 'D1')).toEqual({ D2: 800, D3: 400 })
    expect(earned({ ...levels, ownPurchase: 'forfeit', compress: true }, ranked('L1', 'L3'), 'D1')).toEqual({ D2: 1200 })
  })
})
