import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CandidatePrice, type PricedItem, priceOf } from './price-list.js'

const item: PricedItem = { offerId: 'ofr_1', basePrice: 1000, currency: 'CNY', quantity: 10 }
const plain: CandidatePrice = {
  offerId: 'ofr_1',
  minQuantity: 1,
  price: 900,
  priceListId: 'pls_1',
  currency: 'CNY',
  validFrom: '2026-01-01T00:00:00.000Z',
  channel: null,
  customerGroup: null,
  distributorId: null,
}
const candidates = (...changes: readonly Partial<CandidatePrice>[]): readonly CandidatePrice[] =>
  changes.map((change, index) => ({ ...plain, priceListId: `pls_${index}`, price: index, ...change }))

/** What wins whichever way round the two come. */
function winner(better: Partial<CandidatePrice>, worse: Partial<CandidatePrice>): string {
  const pair = [
    { ...plain, priceListId: 'pls_1', ...better, price: 1 },
    { ...plain, priceListId: 'pls_2', ...worse, price: 2 },
  ]
  const [one, two] = [priceOf(item, pair).unitPrice, priceOf(item, [...pair].reverse()).unitPrice]
  return one === two ? (one === 1 ? 'first' : 'second') : 'depends on the order'
}

describe('the price of an offer', () => {
  it('is its own where no list has it', () => {
    expect(priceOf(item, [])).toEqual({ unitPrice: 1000, priceListId: null })
  })

  it("is the list's, also where that is higher", () => {
    expect(priceOf(item, candidates({ price: 1200 }))).toEqual({ unitPrice: 1200, priceListId: 'pls_0' })
  })

  it('comes from the list with more conditions, whatever they are', () => {
    expect(winner({ channel: 'app', customerGroup: 'vip' }, { distributorId: 'dst_1' })).toBe('first')
    expect(winner({ channel: 'app' }, { validFrom: '2026-06-01T00:00:00.000Z' })).toBe('first')
  })

  it('comes at equal count from the distributor, then the customer group, then the channel', () => {
    expect(winner({ distributorId: 'dst_1' }, { customerGroup: 'vip' })).toBe('first')
    expect(winner({ customerGroup: 'vip' }, { channel: 'app' })).toBe('first')
    expect(winner({ distributorId: 'd', channel: 'app' }, { customerGroup: 'vip', channel: 'app' })).toBe('first')
  })

  it('comes then from the later validFrom, then from the newer list', () => {
    expect(winner({ validFrom: '2026-01-02T00:00:00.000Z' }, {})).toBe('first')
    expect(winner({}, {})).toBe('second')
  })

  it('is that of the highest tier that the quantity reaches', () => {
    const tiers = [1, 5, 10, 11].map((minQuantity) => ({ ...plain, minQuantity, price: 1000 - minQuantity }))
    expect(priceOf(item, tiers).unitPrice).toBe(990)
    expect(priceOf({ ...item, quantity: 4 }, tiers).unitPrice).toBe(999)
  })

  it('comes from another list where the better one has no tier for the quantity, or another currency', () => {
    expect(winner({}, { channel: 'app', minQuantity: 11 })).toBe('first')
    expect(winner({}, { channel: 'app', currency: 'USD' })).toBe('first')
  })

  it('does not depend on the order in which the database gives the prices', () => {
    const condition = fc.constantFrom(null, 'x')
    const any = fc.record({
      minQuantity: fc.integer({ min: 1, max: 12 }),
      priceListId: fc.constantFrom('pls_1', 'pls_2', 'pls_3'),
      validFrom: fc.constantFrom('2026-01-01T00:00:00.000Z', '2026-01-02T00:00:00.000Z'),
      channel: condition,
      customerGroup: condition,
      distributorId: condition,
    })
    fc.assert(
      fc.property(fc.uniqueArray(any, { selector: (value) => JSON.stringify(value) }), (changes) => {
        const all = candidates(...changes).map((candidate, index) => ({ ...candidate, priceListId: changes[index]?.priceListId ?? '' }))
        expect(priceOf(item, [...all].reverse())).toEqual(priceOf(item, all))
      }),
    )
  })
})
