import { describe, expect, it } from 'vitest'
import { type Percentage, percentage, sumAmounts } from '../money/index.js'
import {
  type CommissionTerms,
  type DistributionTerms,
  type LineAmounts,
  type LineSplit,
  type LineTerms,
  splitLine,
  supplierParty,
} from './index.js'

const coded = (code: string) => expect.objectContaining({ code })
const percents = (...values: number[]): Percentage[] => values.map((value) => percentage(value))
const ten: CommissionTerms = { calculation: { by: 'percent', percent: percentage(10) } }
const tiers842: DistributionTerms = { rates: { by: 'tier', percents: percents(8, 4, 2) }, fundedBy: 'supplier' }
const chain = (...ids: string[]) => ids.map((distributor) => ({ distributor }))

function terms(commission: CommissionTerms | null, more: Partial<LineTerms> = {}): LineTerms {
  return { rule: commission && { id: 'r1', terms: commission }, distribution: null, chain: [], rounding: 'half-up', ...more }
}

function line(price: number, more: Partial<LineAmounts> = {}): LineAmounts {
  return { line: 'l1', supplier: supplierParty('S'), price, quantity: 1, ...more }
}

/** The shares that are not 0, by a short name. */
function shares(split: LineSplit): Record<string, number> {
  expect(sumAmounts(split.shares.map((share) => share.amount))).toBe(split.paid.goods + split.paid.shipping)
  expect(sumAmounts(split.components.map((component) => component.amount))).toBe(split.paid.goods + split.paid.shipping)
  for (const flow of split.flows) expect(flow.amount).toBeGreaterThan(0)
  const short = (party: string) => party.replace('platform', 'P').replace('tax', 'X').replace(/^\w+:/, '')
  return Object.fromEntries(split.shares.filter(({ amount }) => amount !== 0).map(({ party, amount }) => [short(party), amount]))
}

const sold = (t: LineTerms, a: LineAmounts) => shares(splitLine(t, a))

describe('the split of a line', () => {
  it('rounds a share once and leaves the supplier the rest', () => {
    expect(sold(terms(ten), line(999))).toEqual({ P: 100, S: 899 })
    expect(sold(terms(null), line(999))).toEqual({ S: 999 })
    expect(sold(terms(ten, { rounding: 'half-even' }), line(1005))).toEqual({ P: 100, S: 905 })
  })

  it('pays tiers out of the supplier’s residual', () => {
    const t = terms(ten, { distribution: tiers842, chain: chain('D1', 'D2', 'D3') })
    expect(sold(t, line(9999))).toEqual({ P: 1000, D1: 800, D2: 400, D3: 200, S: 7599 })
    expect(sold({ ...t, chain: chain('D1', 'D2') }, line(10000))).toEqual({ P: 1000, D1: 800, D2: 400, S: 7800 })
  })

  it('pays tiers out of the platform’s commission where the platform funds them, but not beyond it', () => {
    const platform: DistributionTerms = { ...tiers842, fundedBy: 'platform' }
    const t = terms({ calculation: { by: 'percent', percent: percentage(20) } }, { distribution: platform, chain: chain('D1', 'D2', 'D3') })
    expect(sold(t, line(10000))).toEqual({ P: 600, D1: 800, D2: 400, D3: 200, S: 8000 })
    expect(sold({ ...t, rule: { id: 'r1', terms: ten } }, line(10000))).toEqual({ D1: 571, D2: 286, D3: 143, S: 9000 })
  })

  it('gives shipping to the supplier without commission, unless the base includes it', () => {
    expect(sold(terms(ten), line(10000, { shipping: 800 }))).toEqual({ P: 1000, S: 9800 })
    const split = splitLine(terms({ ...ten, base: 'net+shipping' }), line(9995, { shipping: 805 }))
    expect(shares(split)).toEqual({ P: 1080, S: 9720 })
    expect(split.flows.filter((flow) => flow.kind === 'commission').map(({ pot, amount }) => [pot, amount])).toEqual([
      ['goods', 1000],
      ['shipping', 80],
    ])
  })
})

describe('discounts', () => {
  it('reduce the base only where the supplier funds them', () => {
    const funded = (...discounts: LineAmounts['discounts'] & object) => sold(terms(ten), line(10000, { discounts }))
    expect(funded({ funder: 'supplier:S', amount: 1000 })).toEqual({ P: 900, S: 8100 })
    expect(funded({ funder: 'platform', amount: 1000 })).toEqual({ S: 9000 })
    expect(funded({ funder: 'platform', amount: 1600 })).toEqual({ P: -600, S: 9000 })
    expect(funded({ funder: 'platform', amount: 600 }, { funder: 'supplier:S', amount: 400 })).toEqual({ P: 360, S: 8640 })
  })

  it('come out of a distributor’s own share, and never beyond it', () => {
    const t = terms(ten, { distribution: tiers842, chain: chain('D1') })
    expect(sold(t, line(10000, { discounts: [{ funder: 'distributor:D1', amount: 800 }] }))).toEqual({ P: 1000, S: 8200 })
    expect(() => splitLine(t, line(10000, { discounts: [{ funder: 'distributor:D1', amount: 801 }] }))).toThrow(
      coded('discount.exceeds_share'),
    )
    expect(() => splitLine(t, line(10000, { discounts: [{ funder: 'distributor:D9', amount: 1 }] }))).toThrow('earns 0')
  })

  it('are refused beyond the price, and from strangers', () => {
    expect(() => splitLine(terms(ten), line(100, { discounts: [{ funder: 'platform', amount: 101 }] }))).toThrow(
      coded('commission.invalid_line'),
    )
    expect(() => splitLine(terms(ten), line(100, { discounts: [{ funder: 'supplier:T', amount: 1 }] }))).toThrow(
      coded('commission.invalid_line'),
    )
  })
})

describe('tax', () => {
  it('is in no base, and stays with the supplier who remits it', () => {
    expect(sold(terms(ten), line(11300, { tax: { amount: 1300, included: true, remits: 'supplier' } }))).toEqual({ P: 1000, S: 10300 })
    expect(sold(terms(ten), line(11300, { tax: { amount: 1300, included: true, remits: 'platform' } }))).toEqual({
      P: 1000,
      X: 1300,
      S: 9000,
    })
    expect(sold(terms(ten), line(9999, { tax: { amount: 825, included: false, remits: 'platform' } }))).toEqual({
      P: 1000,
      X: 825,
      S: 8999,
    })
    expect(sold(terms(ten), line(10000, { tax: { amount: 825, included: false, remits: 'supplier' } }))).toEqual({ P: 1000, S: 9825 })
  })

  it('on the commission is borne by the supplier and remitted by the platform', () => {
    expect(sold(terms({ ...ten, taxPercent: percentage(20) }), line(10000))).toEqual({ P: 1000, X: 200, S: 8800 })
    expect(sold(terms({ ...ten, fixed: 30, taxPercent: percentage(20) }), line(10000))).toEqual({ P: 1030, X: 206, S: 8764 })
  })
})

describe('amounts and limits of a rule', () => {
  const unit = (amount: number): CommissionTerms => ({ calculation: { by: 'unit', amount } })

  it('charge by unit, raise to a minimum and lower to a maximum', () => {
    expect(sold(terms(unit(150)), line(10000, { quantity: 3 }))).toEqual({ P: 450, S: 9550 })
    expect(sold(terms({ ...ten, min: 100 }), line(500))).toEqual({ P: 100, S: 400 })
    expect(sold(terms({ ...ten, max: 300 }), line(10000))).toEqual({ P: 300, S: 9700 })
  })

  it('become weights where they exceed the line (R3)', () => {
    expect(sold(terms({ ...ten, min: 100 }), line(50))).toEqual({ P: 50 })
    const t = terms({ ...ten, min: 100 }, { distribution: tiers842, chain: chain('D1') })
    // 100 and 8 as weights of 100
    expect(sold(t, line(100))).toEqual({ P: 93, D1: 7 })
    const split = splitLine(terms({ ...ten, fixed: 30 }), line(20))
    expect(shares(split)).toEqual({ P: 20 })
    expect(split.flows.slice(1).map(({ kind, amount }) => [kind, amount])).toEqual([
      ['commission', 1],
      ['commission_fixed', 19],
    ])
    expect(split.explanation.words.at(-1)).toContain('exceed the 20 of the line')
  })

  it('leave nothing to share where nothing is left of the price', () => {
    expect(sold(terms({ ...ten, min: 100, fixed: 30 }), line(500, { discounts: [{ funder: 'supplier:S', amount: 500 }] }))).toEqual({})
  })
})

describe('the explanation of a line', () => {
  it('names rule, base and arithmetic', () => {
    const { explanation } = splitLine(terms(ten, { distribution: tiers842, chain: chain('D1') }), line(9999))
    expect(explanation).toEqual({
      rule: 'r1',
      net: 9999,
      base: 9999,
      words: ['commission: rule r1: 10 % of 9999 = 1000', 'tier 1, distributor D1: 8 % of 9999 = 800'],
    })
  })

  it('survives JSON, as everything of a split', () => {
    const t = terms(ten, { distribution: tiers842, chain: chain('D1') })
    const split = splitLine(JSON.parse(JSON.stringify(t)), line(9999))
    expect(JSON.parse(JSON.stringify(split))).toEqual(split)
  })
})
