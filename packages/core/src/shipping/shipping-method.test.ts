import { describe, expect, it } from 'vitest'
import type { Parcel } from '../ports/index.js'
import { carries, optionOf, type ShippingMethod, tableAmount, tableOptions } from './shipping-method.js'

const method: ShippingMethod = {
  id: 'shm_1',
  supplierId: null,
  name: 'Parcel post',
  carrier: null,
  service: null,
  countries: null,
  regions: null,
  rates: [{ amount: 800 }],
  currency: 'CNY',
  freeFrom: null,
  allocate: 'price',
  metadata: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  removedAt: null,
}
const parcel: Parcel = { supplierId: 'S1', country: 'US', region: 'CA', weightGrams: 900, value: 5000, currency: 'CNY' }

describe('a shipping method', () => {
  it("carries its own supplier's parcels, or everybody's", () => {
    expect(carries({ ...method, supplierId: 'S1' }, parcel)).toBe(true)
    expect(carries({ ...method, supplierId: 'S2' }, parcel)).toBe(false)
    expect(carries(method, parcel)).toBe(true)
  })

  it('goes everywhere, or to its countries and regions', () => {
    expect(carries({ ...method, countries: ['CN', 'US'] }, parcel)).toBe(true)
    expect(carries({ ...method, countries: ['CN'] }, parcel)).toBe(false)
    expect(carries({ ...method, countries: ['CN'], regions: ['US/CA'] }, parcel)).toBe(true)
    expect(carries({ ...method, regions: ['US/CA'] }, { ...parcel, region: 'NY' })).toBe(false)
    expect(carries({ ...method, regions: ['US/CA'] }, { ...parcel, region: null })).toBe(false)
  })

  it('has prices in one currency', () => {
    expect(carries(method, { ...parcel, currency: 'USD' })).toBe(false)
  })

  it('costs what the first step says that fits by weight and by price, bounds included', () => {
    const rates = [
      { upToGrams: 1000, upToValue: 2000, amount: 600 },
      { upToGrams: 1000, amount: 500 },
      { upToGrams: 5000, amount: 1200 },
    ]
    const at = (weightGrams: number, value: number) => tableAmount(rates, { weightGrams, value })
    expect([at(1000, 2000), at(1000, 2001), at(1001, 2000), at(5000, 1), at(5001, 1)]).toEqual([600, 500, 1200, 1200, undefined])
  })

  it('is free from its threshold on', () => {
    expect(optionOf({ ...method, freeFrom: 5000 }, parcel, 800).amount).toBe(0)
    expect(optionOf({ ...method, freeFrom: 5001 }, parcel, 800).amount).toBe(800)
  })

  it('is offered by table only where it has one that fits', () => {
    const methods = [
      method,
      { ...method, id: 'shm_2', rates: null, carrier: 'sf' },
      { ...method, id: 'shm_3', rates: [{ upToGrams: 100, amount: 1 }] },
    ]
    expect([...tableOptions([parcel], methods)]).toEqual([
      ['S1', [{ methodId: 'shm_1', name: 'Parcel post', amount: 800, currency: 'CNY', allocate: 'price', carrier: null }]],
    ])
  })
})
