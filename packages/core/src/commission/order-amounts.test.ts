import { describe, expect, it } from 'vitest'
import { percentage } from '../money/index.js'
import { allocateDiscounts, allocateShipping, assertWithinCap, type LineSplit, splitLine, supplierParty } from './index.js'

const coded = (code: string) => expect.objectContaining({ code })
const supplier = supplierParty('S')
const all = percentage(100)

describe('an order discount', () => {
  it('goes to the lines by price, then to its funders in party order', () => {
    const lines = [3333, 3333, 3334].map((price) => ({ supplier, price }))
    expect(allocateDiscounts(lines, [{ amount: 1000, funders: [{ funder: 'supplier', percent: all }] }])).toEqual([
      [{ funder: supplier, amount: 333 }],
      [{ funder: supplier, amount: 333 }],
      [{ funder: supplier, amount: 334 }],
    ])
    const shared = [
      { funder: 'supplier' as const, percent: percentage(50) },
      { funder: 'distributor:D1' as const, percent: percentage(25) },
      { funder: 'platform' as const, percent: percentage(25) },
    ]
    expect(allocateDiscounts([{ supplier, price: 100, distributors: ['distributor:D1'] }], [{ amount: 5, funders: shared }])).toEqual([
      [
        { funder: 'platform', amount: 1 },
        { funder: 'distributor:D1', amount: 1 },
        { funder: supplier, amount: 3 },
      ],
    ])
  })

  it('never takes a line below zero, even where two discounts round to the same line', () => {
    const lines = [1, 1, 1].map((price) => ({ supplier, price }))
    const funders = [{ funder: 'platform' as const, percent: all }]
    const parts = allocateDiscounts(
      lines,
      [1, 2].map((amount) => ({ amount, funders })),
    )
    expect(parts.map((line) => line.reduce((sum, part) => sum + part.amount, 0))).toEqual([1, 1, 1])
    expect(() => allocateDiscounts(lines, [{ amount: 4, funders }])).toThrow(coded('discount.exceeds_price'))
  })

  it('is borne in full by its funders', () => {
    const funders = [{ funder: 'platform' as const, percent: percentage(99) }]
    expect(() => allocateDiscounts([{ supplier, price: 9 }], [{ amount: 1, funders }])).toThrow(coded('discount.invalid_funding'))
  })
})

describe('the shipping of a parcel', () => {
  it('goes to its lines by price or by weight', () => {
    const lines = [
      { price: 3000, weight: 100 },
      { price: 1000, weight: 300 },
    ]
    expect(allocateShipping(799, lines)).toEqual([599, 200])
    expect(allocateShipping(799, lines, 'weight')).toEqual([200, 599])
  })
})

describe('a rail that caps what may be split off', () => {
  const split = (price: number): LineSplit =>
    splitLine(
      {
        rule: { id: 'r', terms: { calculation: { by: 'percent', percent: percentage(30) } } },
        distribution: null,
        chain: [],
        rounding: 'half-up',
      },
      { line: `l${price}`, supplier, price, quantity: 1 },
    )

  it('allows the cap itself and refuses a unit more, over the whole order', () => {
    expect(() => assertWithinCap([split(10000)], percentage(30))).not.toThrow()
    expect(() => assertWithinCap([split(10000), split(5)], percentage(30))).toThrow(coded('rail.split_exceeds_cap'))
  })
})
