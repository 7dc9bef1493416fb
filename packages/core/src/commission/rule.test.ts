import { describe, expect, it } from 'vitest'
import { percentage } from '../money/index.js'
import {
  assertRule,
  type Bands,
  type CommissionRule,
  type CommissionTerms,
  calculateCommission,
  type RuleMatch,
  selectRule,
  trueUp,
} from './index.js'

const coded = (code: string) => expect.objectContaining({ code })
const terms: CommissionTerms = { calculation: { by: 'percent', percent: percentage(10) } }
const rule = (id: string, match: RuleMatch = {}, more: Partial<CommissionRule> = {}): CommissionRule => ({ id, match, terms, ...more })
const subject = {
  supplier: 'S',
  categories: ['shoes/running'],
  product: 'p1',
  distributor: 'D1',
  channel: 'app',
  at: '2026-03-01T00:00:00.000Z',
}
const chosen = (...rules: CommissionRule[]) => selectRule(rules, subject)?.id

describe('the rule of a line', () => {
  it('is the one with more dimensions', () => {
    expect(chosen(rule('two', { distributor: 'D1', channel: 'app' }), rule('one', { product: 'p1' }), rule('none'))).toBe('two')
  })

  it('is at equal count the one of product, supplier, category, distributor, channel, in this order', () => {
    const one = [
      rule('channel', { channel: 'app' }),
      rule('distributor', { distributor: 'D1' }),
      rule('category', { category: 'shoes' }),
      rule('supplier', { supplier: 'S' }),
      rule('product', { product: 'p1' }),
    ]
    for (let count = one.length; count > 0; count--) expect(chosen(...one.slice(0, count).reverse())).toBe(one[count - 1]?.id)
    const pair = [rule('outer', { product: 'p1', channel: 'app' }), rule('inner', { supplier: 'S', category: 'shoes' })]
    expect(chosen(...pair)).toBe('outer')
  })

  it('is the one of the deeper category, which holds its descendants', () => {
    expect(chosen(rule('deep', { category: 'shoes/running' }), rule('shallow', { category: 'shoes' }))).toBe('deep')
    expect(chosen(rule('other', { category: 'shoe' }))).toBeUndefined()
    expect(chosen(rule('deeper', { category: 'shoes/running/trail' }))).toBeUndefined()
  })

  it('is then the one valid from later, then the newer one', () => {
    const late = { validFrom: '2026-02-01T00:00:00.000Z' }
    const early = { validFrom: '2026-01-01T00:00:00.000Z' }
    expect(chosen(rule('late', {}, late), rule('early', {}, early), rule('always'))).toBe('late')
    expect(chosen(rule('older', {}, late), rule('newer', {}, late))).toBe('newer')
  })

  it('changes at the instant, from inclusive and to exclusive', () => {
    const border = '2026-06-30T16:00:00.000Z'
    const rules = [rule('before', {}, { validTo: border }), rule('after', {}, { validFrom: border })]
    const at = (time: string) => selectRule(rules, { ...subject, at: time })?.id
    expect([at('2026-06-30T15:59:59.999Z'), at(border)]).toEqual(['before', 'after'])
  })

  it('is none where all are disabled or match something else', () => {
    expect(chosen(rule('off', {}, { disabled: true }), rule('else', { supplier: 'T' }))).toBeUndefined()
  })
})

describe('a rule that cannot be applied', () => {
  it('is refused when it is written', () => {
    const refused = (more: Partial<CommissionRule>) =>
      expect(() => assertRule(rule('r', {}, more))).toThrow(coded('commission.invalid_rule'))
    refused({ terms: { ...terms, min: 2, max: 1 } })
    refused({ terms: { ...terms, fixed: -1 } })
    refused({
      terms: { calculation: { by: 'bands', bands: { mode: 'slab', period: 'month', steps: [{ from: 1, percent: percentage(1) }] } } },
    })
    refused({ validFrom: 'soon' })
    refused({ validFrom: '2026-01-01T00:00:00.000Z', validTo: '2026-01-01T00:00:00.000Z' })
    expect(() => assertRule(rule('r'))).not.toThrow()
  })
})

describe('bands', () => {
  const steps = [
    { from: 0, percent: percentage(10) },
    { from: 100_000, percent: percentage(8) },
    { from: 500_000, percent: percentage(5) },
  ]
  const bands = (mode: Bands['mode']): Bands => ({ mode, period: 'month', steps })
  const commission = (mode: Bands['mode'], volume: number, base: number) =>
    calculateCommission({ terms: { calculation: { by: 'bands', bands: bands(mode) } }, base, quantity: 1, volume, rounding: 'half-up' })
      .amount

  it('charge each part at its own rate where they are marginal', () => {
    expect(commission('marginal', 95_000, 20_000)).toBe(1700)
    expect(commission('marginal', 0, 600_000)).toBe(10_000 + 32_000 + 5_000)
  })

  it('round the sum of the parts once', () => {
    // 0.4 + 0.32 is 0.72, so 1, where each part by itself would be 0.
    expect(commission('marginal', 99_996, 8)).toBe(1)
  })

  it('charge a line at the rate of its entry where they are slabs, or retroactive until the period ends', () => {
    for (const mode of ['slab', 'retroactive'] as const) {
      expect(commission(mode, 99_999, 20_000)).toBe(2000)
      expect(commission(mode, 100_000, 20_000)).toBe(1600)
    }
  })

  it('true up a retroactive period to the rate that its volume reached', () => {
    expect(trueUp({ bands: bands('retroactive'), volume: 115_000, charged: 9_500 + 2_000 })).toBe(-2300)
    expect(trueUp({ bands: bands('retroactive'), volume: 99_999, charged: 10_000 })).toBe(0)
    expect(trueUp({ bands: bands('slab'), volume: 115_000, charged: 11_500 })).toBe(0)
  })
})
