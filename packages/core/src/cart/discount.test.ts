import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocateWithin, type Discount, discountLines, supplierFunded } from './discount.js'

const coupon = (over: Partial<Discount> = {}): Discount => ({
  source: 'prm_1',
  code: 'TEN',
  label: 'Ten off',
  amount: 1000,
  funders: { platform: 100 },
  ...over,
})
const line = (id: string, price: number, supplierId = 'sup_1') => ({ id, supplierId, price })

describe('discounts', () => {
  it('allocates a discount to lines by their price, and the cent that is over to the first of equals', () => {
    const parts = discountLines([line('a', 3333), line('b', 3333), line('c', 3333)], [coupon()], null)
    expect(parts.map(([part]) => part?.amount)).toEqual([334, 333, 333])
  })

  it('splits each line to its funders in party order, whatever the order of the keys', () => {
    const funders = { supplier: 40, 'distributor:D2': 20, 'distributor:D1': 20, platform: 20 }
    const [parts] = discountLines([line('a', 5000)], [coupon({ amount: 3, funders })], 'D1')
    // 0.6 0.6 0.6 1.2: two units by floor and remainder go round the first of equals.
    expect(parts?.[0]?.funders).toEqual([
      { party: 'platform', amount: 1 },
      { party: 'distributor:D1', amount: 1 },
      { party: 'supplier:sup_1', amount: 1 },
    ])
  })

  it('lets "supplier" be each line\'s own', () => {
    const parts = discountLines(
      [line('a', 100, 'sup_1'), line('b', 100, 'sup_2')],
      [coupon({ amount: 20, funders: { supplier: 100 } })],
      null,
    )
    expect(parts.flat().flatMap(({ funders }) => funders)).toEqual([
      { party: 'supplier:sup_1', amount: 10 },
      { party: 'supplier:sup_2', amount: 10 },
    ])
    expect(supplierFunded(parts.flat())).toBe(20)
  })

  it('keeps to the lines it is for', () => {
    const parts = discountLines([line('a', 100), line('b', 100)], [coupon({ amount: 30, lineIds: ['b'] })], null)
    expect(parts.map((all) => all.map(({ amount }) => amount))).toEqual([[], [30]])
  })

  it('grants no more than the goods cost, over all discounts together', () => {
    const parts = discountLines([line('a', 600), line('b', 300)], [coupon({ amount: 500, lineIds: ['a'] }), coupon({ amount: 500 })], null)
    expect(parts.map((all) => all.map(({ amount }) => amount))).toEqual([[500, 100], [300]])
  })

  it('refuses what a promotion may not answer', () => {
    const refuses = (over: Partial<Discount>) =>
      expect(() => discountLines([line('a', 100)], [coupon(over)], null)).toThrow('cart.discount_invalid')
    refuses({ amount: -1 })
    refuses({ amount: 1.5 })
    refuses({ funders: {} })
    refuses({ funders: { platform: 60, supplier: 30 } })
    refuses({ funders: { 'customer:1': 100 } })
  })

  it('always grants the whole amount while the lines can bear it, never more than a line costs, and funders add up', () => {
    const prices = fc.array(fc.nat(10_000), { minLength: 1, maxLength: 8 })
    const discounts = fc.array(fc.record({ amount: fc.nat(20_000), platform: fc.integer({ min: 0, max: 1_000_000 }) }), { maxLength: 4 })
    fc.assert(
      fc.property(prices, discounts, (given, wanted) => {
        const lines = given.map((price, index) => line(`l${index}`, price))
        const granted = discountLines(
          lines,
          wanted.map(({ amount, platform }) =>
            coupon({ amount, funders: { platform: platform / 10_000, supplier: (1_000_000 - platform) / 10_000 } }),
          ),
          null,
        )
        const sum = (numbers: readonly number[]) => numbers.reduce((all, number) => all + number, 0)
        const whole = sum(given)
        expect(sum(granted.flat().map(({ amount }) => amount))).toBe(Math.min(whole, sum(wanted.map(({ amount }) => amount))))
        for (const [index, price] of given.entries())
          expect(sum((granted[index] ?? []).map(({ amount }) => amount))).toBeLessThanOrEqual(price)
        for (const { amount, funders } of granted.flat()) expect(sum(funders.map((part) => part.amount))).toBe(amount)
      }),
    )
  })

  it('is plain R3 where no limit is met', () => {
    expect(allocateWithin(1000, [3333, 3333, 3334], [9999, 9999, 9999])).toEqual([333, 333, 334])
  })
})
