import { describe, expect, it } from 'vitest'
import { parcelsOf, shippingOfLines } from './parcel.js'
import { taxLines } from './tax.js'
import { paidFor, totalsOf } from './totals.js'

describe('totals', () => {
  it('adds tax on top to what is paid, and leaves included tax inside', () => {
    const inside = { price: 1130, discounts: [], tax: { included: true, amount: 130 }, shipping: 0 }
    const onTop = { price: 1000, discounts: [{ amount: 100 }], tax: { included: false, amount: 72 }, shipping: 50 }
    expect(paidFor(inside)).toBe(1130)
    expect(paidFor(onTop)).toBe(972)
    expect(totalsOf([inside, onTop])).toEqual({ goods: 2130, discount: 100, shipping: 50, tax: 202, taxOnTop: 72, total: 2152 })
  })

  it('refuses a sum that a number cannot hold exactly', () => {
    const line = { price: Number.MAX_SAFE_INTEGER, discounts: [], tax: null, shipping: 0 }
    expect(() => totalsOf([line, line])).toThrow('money.unsafe_amount')
  })
})

describe('tax of lines', () => {
  const rate = { id: 'txr_1', percent: 8.25, included: false, remits: 'platform', per: null } as const
  const reduced = { id: 'txr_2', percent: 5, included: true, remits: 'supplier', per: null } as const
  const rates = new Map<string, typeof rate | typeof reduced>([
    ['standard', rate],
    ['food', reduced],
  ])

  it('taxes each line by its class, and what has no rate not at all', () => {
    const taxes = taxLines(
      [
        { taxClass: 'standard', base: 1000 },
        { taxClass: 'food', base: 2100 },
        { taxClass: 'books', base: 500 },
      ],
      rates,
      {},
    )
    expect(taxes.map((tax) => tax?.amount)).toEqual([83, 100, undefined])
    expect(taxes[1]).toEqual({ rateId: 'txr_2', taxClass: 'food', percent: 5, included: true, remits: 'supplier', amount: 100 })
  })

  it('computes it once per order and allocates it, where the platform says so', () => {
    const lines = [
      { taxClass: 'standard', base: 18 },
      { taxClass: 'standard', base: 18 },
      { taxClass: 'standard', base: 18 },
    ]
    expect(taxLines(lines, rates, { per: 'line' }).map((tax) => tax?.amount)).toEqual([1, 1, 1])
    expect(taxLines(lines, rates, { per: 'order' }).map((tax) => tax?.amount)).toEqual([2, 1, 1])
    // A rate may say so itself, and goes before the platform.
    expect(taxLines(lines, new Map([['standard', { ...rate, per: 'order' }]]), { per: 'line' }).map((tax) => tax?.amount)).toEqual([
      2, 1, 1,
    ])
  })
})

describe('parcels', () => {
  const line = (id: string, supplierId: string, weightGrams: number, price: number, shippable = true) => ({
    id,
    supplierId,
    weightGrams,
    price,
    value: price,
    shippable,
  })

  it('is one per supplier that has something to send', () => {
    const parcels = parcelsOf([
      line('a', 'sup_2', 100, 10),
      line('b', 'sup_1', 5, 1),
      line('c', 'sup_2', 200, 20),
      line('d', 'sup_3', 0, 9, false),
    ])
    expect(parcels.map(({ supplierId, weightGrams, value }) => ({ supplierId, weightGrams, value }))).toEqual([
      { supplierId: 'sup_2', weightGrams: 300, value: 30 },
      { supplierId: 'sup_1', weightGrams: 5, value: 1 },
    ])
  })

  it('allocates its shipping by price or by weight, to the cent', () => {
    const [parcel] = parcelsOf([line('a', 's', 1200, 9999), line('b', 's', 300, 3333), line('c', 's', 0, 0)])
    if (!parcel) throw new Error('no parcel')
    expect([...shippingOfLines(parcel, { amount: 799, allocate: 'price' }).values()]).toEqual([599, 200, 0])
    expect([...shippingOfLines(parcel, { amount: 800, allocate: 'weight' }).values()]).toEqual([640, 160, 0])
  })
})
