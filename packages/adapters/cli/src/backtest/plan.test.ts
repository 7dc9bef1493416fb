import { describe, expect, it } from 'vitest'
import { parsePlan } from './plan.js'

const parse = (plan: unknown) => parsePlan('plan.json', JSON.stringify(plan))

describe('a plan', () => {
  it('leaves off what it does not name', () => {
    expect(parse({ currency: 'CNY' })).toEqual({
      currency: 'CNY',
      rounding: 'half-up',
      commission: [],
      settlement: { holdDays: 0, threshold: 0, cycle: 'manual' },
    })
  })

  const wrong: readonly (readonly [object, string])[] = [
    [{ currency: 'yuan' }, 'plan.json: currency: must be'],
    [{ commisson: [] }, 'plan.json: commisson: there is no such key'],
    [{ commission: [{ percent: 1 }, { percnt: 2 }] }, 'plan.json: commission[1].percnt: there is no such key'],
    [{ commission: [{ match: { suplier: 'a' } }] }, 'plan.json: commission[0].match.suplier: there is no such key'],
    [{ commission: [{ percent: 8.12345 }] }, 'plan.json: commission[0].percent: must have at most four decimals'],
    [{ commission: [{ percent: 8, perUnit: 5 }] }, 'plan.json: commission[0]: give percent or perUnit'],
    [{ commission: [{ bands: { mode: 'slab', steps: [] } }] }, 'plan.json: commission[0].bands: is not supported'],
    [{ commission: [{ validFrom: '2026-01-01' }] }, 'plan.json: commission[0].validFrom: must be a time'],
    [{ distribution: { tiers: [1, 2, 3, 4] } }, 'plan.json: distribution.tiers: '],
    [{ distribution: { levels: { L1: 5 } } }, 'plan.json: distribution.levels: is not supported'],
    [{ settlement: { holdDays: 7, reserve: { percent: 10, days: 90 } } }, 'plan.json: settlement.reserve: is not supported'],
    [{ settlement: { cycle: 'yearly' } }, 'plan.json: settlement.cycle: '],
    [{ settlement: { holdDays: -1 } }, 'plan.json: settlement.holdDays: '],
  ]
  it.each(wrong)('is refused where %j is wrong, by its path', (part, message) => {
    expect(() => parse({ currency: 'CNY', ...part })).toThrow(message)
  })

  it('must be JSON', () => {
    expect(() => parsePlan('plan.json', '{')).toThrow('plan.json is not JSON')
  })
})
