import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Percentage, percentage, percentageFromMillionths, sumAmounts } from '../money/index.js'
import {
  allocateCapture,
  allocateRefund,
  type CommissionTerms,
  capturedBase,
  earnLine,
  type Flow,
  type LineAmounts,
  type LineSplit,
  type LineTerms,
  movedAlong,
  netOf,
  type RefundFee,
  reverseLine,
  splitLine,
  supplierParty,
} from './index.js'

const coded = (code: string) => expect.objectContaining({ code })
const ten: CommissionTerms = { calculation: { by: 'percent', percent: percentage(10) } }
const percents = (...values: number[]): Percentage[] => values.map((value) => percentage(value))
const base: LineTerms = { rule: { id: 'r', terms: ten }, distribution: null, chain: [], rounding: 'half-up' }
const amounts: LineAmounts = { line: 'l1', supplier: supplierParty('S'), price: 10000, quantity: 1 }

function nets(split: LineSplit, flows: readonly Flow[]): Record<string, number> {
  const short = (party: string) => party.replace('platform', 'P').replace('tax', 'X').replace(/^\w+:/, '')
  return Object.fromEntries(split.parties.map((party) => [short(party), netOf(flows, party)] as const).filter(([, amount]) => amount !== 0))
}

/** A line that is captured in full and then refunded, step by step. */
function refunds(split: LineSplit, steps: readonly { goods: number; shipping?: number }[], refundFee?: RefundFee): Flow[][] {
  const earned = earnLine({ split, earned: [], ...split.paid })
  const reversed: Flow[] = []
  return steps.map((step) => {
    const back = reverseLine({ line: split.line, parties: split.parties, earned, reversed, ...step, refundFee })
    reversed.push(...back)
    return back
  })
}

const splitOf = (terms: Partial<LineTerms>, line: Partial<LineAmounts> = {}) => splitLine({ ...base, ...terms }, { ...amounts, ...line })
const withTerms = (terms: Partial<CommissionTerms>): Partial<LineTerms> => ({ rule: { id: 'r', terms: { ...ten, ...terms } } })
const refunded = (split: LineSplit, ...steps: { goods: number; shipping?: number }[]) =>
  refunds(split, steps).map((flows) => nets(split, flows))

describe('a refund', () => {
  it('reverses every share exactly over three thirds', () => {
    const split = splitOf(
      {
        distribution: { rates: { by: 'tier', percents: percents(8, 4, 2) }, fundedBy: 'supplier' },
        chain: ['D1', 'D2', 'D3'].map((distributor) => ({ distributor })),
      },
      { price: 9999 },
    )
    expect(refunded(split, { goods: 3333 }, { goods: 3333 }, { goods: 3333 })).toEqual([
      { P: -333, D1: -267, D2: -133, D3: -67, S: -2533 },
      { P: -334, D1: -266, D2: -134, D3: -66, S: -2533 },
      { P: -333, D1: -267, D2: -133, D3: -67, S: -2533 },
    ])
  })

  it('gives back a part of a minimum', () => {
    expect(refunded(splitOf(withTerms({ min: 100 }), { price: 500 }), { goods: 250 })).toEqual([{ P: -50, S: -200 }])
  })

  it('leaves shipping alone, which is refunded by its own amount', () => {
    const split = splitOf(withTerms({ base: 'net+shipping' }), { shipping: 800 })
    expect(refunded(split, { goods: 10000 }, { goods: 0, shipping: 800 })).toEqual([
      { P: -1000, S: -9000 },
      { P: -80, S: -720 },
    ])
  })

  it('takes a platform-funded coupon back from the supplier', () => {
    const split = splitOf({}, { discounts: [{ funder: 'platform', amount: 1600 }] })
    expect(refunded(split, { goods: 4200 }, { goods: 4200 })).toEqual([
      { P: 300, S: -4500 },
      { P: 300, S: -4500 },
    ])
  })

  it('keeps the fixed part and its tax, unless it is refundable', () => {
    const fixed = splitOf(withTerms({ fixed: 30, taxPercent: percentage(20) }))
    expect(refunded(fixed, { goods: 10000 })).toEqual([{ P: -1000, X: -200, S: -8800 }])
    const refundable = splitOf(withTerms({ fixed: 30, fixedRefundable: true }))
    expect(refunded(refundable, { goods: 10000 })).toEqual([{ P: -1030, S: -8970 }])
  })

  it('costs the supplier a fee on the refunded commission, up to its maximum', () => {
    const split = splitOf({})
    const fee = { percent: percentage(20), max: 150 }
    const [small, large] = refunds(split, [{ goods: 5000 }, { goods: 5000 }], { ...fee, max: 90 })
    expect([small, large].map((flows) => nets(split, flows ?? []))).toEqual([
      { P: -410, S: -4590 },
      { P: -410, S: -4590 },
    ])
    expect(refunds(split, [{ goods: 10000 }], fee).map((flows) => nets(split, flows))).toEqual([{ P: -850, S: -9150 }])
  })

  it('finds its way where the platform pays out all of its commission and a coupon besides', () => {
    // The tiers give back a unit more by rounding than the coupon and the commission have room for; a later refund evens it out.
    const percent = percentageFromMillionths
    const split = splitOf(
      {
        rule: { id: 'r', terms: { calculation: { by: 'unit', amount: 14 }, taxPercent: percentage(20) } },
        distribution: { rates: { by: 'tier', percents: [percent(120_000), percent(40_000), percent(120_000)] }, fundedBy: 'platform' },
        chain: ['D1', 'D2', 'D3'].map((distributor) => ({ distributor })),
      },
      { price: 50, discounts: [{ funder: 'platform', amount: 1 }] },
    )
    const steps = refunds(split, [{ goods: 10 }, { goods: 14 }, { goods: 2 }, { goods: 23 }])
    expect(steps.map((flows) => netOf(flows, 'platform')).every((net) => net >= 0)).toBe(true)
    const left = [...split.flows, ...steps.flat()]
    expect(split.flows.map((way) => movedAlong(way, left))).toEqual(split.flows.map(() => 0))
  })

  it('is refused beyond what was captured', () => {
    expect(() => refunds(splitOf({}), [{ goods: 6000 }, { goods: 4001 }])).toThrow(coded('refund.exceeds_captured'))
    expect(() => refunds(splitOf({}), [{ goods: 0, shipping: 1 }])).toThrow(coded('refund.exceeds_captured'))
  })

  it('gives a line that cost nothing back by its units', () => {
    const split = splitOf({}, { discounts: [{ funder: 'platform', amount: 10000 }] })
    const earned = earnLine({ split, earned: [], goods: 0, shipping: 0 })
    expect(nets(split, earned)).toEqual({ P: -9000, S: 9000 })
    const back = reverseLine({ line: 'l1', parties: split.parties, earned, reversed: [], goods: 0, returned: { part: 1, whole: 3 } })
    expect(nets(split, back)).toEqual({ P: 3000, S: -3000 })
  })
})

describe('a partial capture', () => {
  it('earns shares forwards, and its charges at once', () => {
    const split = splitOf(withTerms({ fixed: 30 }))
    const first = earnLine({ split, earned: [], goods: 6000, shipping: 0 })
    const second = earnLine({ split, earned: first, goods: 3000, shipping: 0 })
    expect([first, second].map((flows) => nets(split, flows))).toEqual([
      { P: 630, S: 5370 },
      { P: 300, S: 2700 },
    ])
    expect(() => earnLine({ split, earned: [...first, ...second], goods: 1001, shipping: 0 })).toThrow(coded('capture.exceeds_authorized'))
    expect([capturedBase(10000, 6000, 10000), capturedBase(9999, 1, 3)]).toEqual([6000, 3333])
  })

  it('is allocated to the pots of the order', () => {
    const pots = [
      { line: 'a', pot: 'goods' as const, whole: 1000, moved: 0 },
      { line: 'a', pot: 'shipping' as const, whole: 500, moved: 0 },
      { line: 'b', pot: 'goods' as const, whole: 1500, moved: 0 },
    ]
    expect(allocateCapture('o1', pots, 1001).map((part) => part.amount)).toEqual([334, 167, 500])
    expect(() => allocateCapture('o1', pots, 3001)).toThrow(coded('capture.exceeds_authorized'))
    expect(() => allocateRefund('o1', pots, 3001)).toThrow(coded('refund.exceeds_captured'))
  })
})

describe('any line', () => {
  const rate = (max: number) => fc.nat(max * 10_000).map(percentageFromMillionths)
  const lineOf = fc
    .record({
      price: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 50_000 })),
      percent: rate(40),
      tiers: fc.array(rate(20), { maxLength: 3 }),
      fundedBy: fc.constantFrom('supplier' as const, 'platform' as const),
      coupon: fc.nat(100),
      own: fc.nat(100),
      fixed: fc.nat(50),
      fixedRefundable: fc.boolean(),
      onTop: rate(25),
      commissionTax: rate(25),
      shipping: fc.nat(900),
      shippingToo: fc.boolean(),
    })
    .map((given) => {
      const terms: LineTerms = {
        rule: {
          id: 'r',
          terms: {
            calculation: { by: 'percent', percent: given.percent },
            base: given.shippingToo ? 'net+shipping' : 'net',
            fixed: given.fixed,
            fixedRefundable: given.fixedRefundable,
            taxPercent: given.commissionTax,
          },
        },
        distribution: { rates: { by: 'tier', percents: given.tiers }, fundedBy: given.fundedBy },
        chain: ['D1', 'D2', 'D3'].map((distributor) => ({ distributor })),
        rounding: 'half-up',
      }
      const line: LineAmounts = {
        line: 'l1',
        supplier: supplierParty('S'),
        price: given.price,
        quantity: 1,
        tax: { amount: Math.floor((given.price * given.onTop) / 1e6), included: false, remits: 'platform' },
        shipping: given.shipping,
      }
      const tier1 = splitLine(terms, line).shares.find((share) => share.party === 'distributor:D1')?.amount ?? 0
      const own = Math.floor((tier1 * given.own) / 100)
      const coupon = Math.floor(((given.price - own) * given.coupon) / 100)
      const discounts = [
        { funder: 'platform' as const, amount: coupon },
        { funder: 'distributor:D1' as const, amount: own },
      ]
      return splitLine(terms, { ...line, discounts })
    })
  const cuts = fc.array(fc.tuple(fc.nat(), fc.nat()), { maxLength: 12 })
  /** Steps that add up to the paid amounts; the last one takes what is left. */
  const stepsOf = (paid: LineSplit['paid'], parts: readonly (readonly [number, number])[]) => {
    let [goods, shipping] = [paid.goods, paid.shipping]
    const steps = parts.map(([g, s]) => {
      const step = { goods: g % (goods + 1), shipping: s % (shipping + 1) }
      goods -= step.goods
      shipping -= step.shipping
      return step
    })
    return [...steps, { goods, shipping }]
  }

  it('is captured in parts where the platform has nothing of the goods but the tier that it pays', () => {
    const terms: LineTerms = {
      ...base,
      rule: { id: 'r', terms: { calculation: { by: 'percent', percent: percentage(0.0721) }, base: 'net+shipping' } },
      distribution: { rates: { by: 'tier', percents: percents(7.1429) }, fundedBy: 'platform' },
      chain: [{ distributor: 'D1' }],
    }
    const split = splitLine(terms, { ...amounts, price: 7, shipping: 687, tax: { amount: 1, included: false, remits: 'platform' } })
    expect(nets(split, split.flows)).toEqual({ D1: 1, X: 1, S: 693 })
    for (let goods = 0; goods <= split.paid.goods; goods++) {
      const first = earnLine({ split, earned: [], goods, shipping: 0 })
      const rest = earnLine({ split, earned: first, goods: split.paid.goods - goods, shipping: split.paid.shipping })
      expect(nets(split, [...first, ...rest]), `${goods} first`).toEqual({ D1: 1, X: 1, S: 693 })
    }
    for (let goods = 1; goods < split.paid.goods; goods++) {
      const back = refunds(split, [{ goods }, { goods: split.paid.goods - goods, shipping: split.paid.shipping }])
      expect(nets(split, [...split.flows, ...back.flat()]), `${goods} back`).toEqual({})
    }
  })

  it('is captured in parts as in one', () => {
    fc.assert(
      fc.property(lineOf, cuts, (split, parts) => {
        const earned: Flow[] = []
        for (const step of stepsOf(split.paid, parts)) {
          const now = earnLine({ split, earned, ...step, progress: { part: 1, whole: 1 } })
          expect(0 - netOf(now, 'customer')).toBe(step.goods + step.shipping)
          earned.push(...now)
        }
        for (const { party, amount } of split.shares) expect(netOf(earned, party)).toBe(amount)
      }),
      { numRuns: 300 },
    )
  })

  it('is refunded in parts to the last unit, and no positive share is credited on the way', () => {
    fc.assert(
      fc.property(lineOf, cuts, (split, parts) => {
        const earned = earnLine({ split, earned: [], ...split.paid })
        const reversed: Flow[] = []
        const done = new Map<string, number>()
        for (const step of stepsOf(split.paid, parts)) {
          const returned = { part: 1, whole: 1 }
          const now = reverseLine({ line: 'l1', parties: split.parties, earned, reversed, ...step, returned })
          expect(netOf(now, 'customer')).toBe(step.goods + step.shipping)
          for (const pot of ['goods', 'shipping'] as const) {
            const of = (flows: readonly Flow[]) => flows.filter((flow) => flow.pot === pot)
            for (const party of split.parties) {
              const [share, back] = [netOf(of(split.flows), party), netOf(of(now), party)]
              expect(back === 0 || Math.sign(back) === -Math.sign(share)).toBe(true)
              done.set(party + pot, (done.get(party + pot) ?? 0) + back)
            }
          }
          reversed.push(...now)
        }
        const left = [...earned, ...reversed]
        const charges = split.flows.filter((flow) => flow.pot === 'charge')
        for (const party of split.parties) expect(netOf(left, party)).toBe(netOf(charges, party))
        expect(sumAmounts(split.shares.map((share) => share.amount))).toBe(split.paid.goods + split.paid.shipping)
      }),
      { numRuns: 300 },
    )
  })
})
