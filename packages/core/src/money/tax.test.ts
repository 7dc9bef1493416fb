import { describe, expect, it } from 'vitest'
import { addedTax, includedTax, percentage, quantityRefund, sumAmounts, taxOfLines } from './index.js'

const coded = (code: string) => expect.objectContaining({ code })

describe('tax', () => {
  it('lies inside a price: the net is rounded, the tax is what is left', () => {
    expect(includedTax(11300, percentage(13))).toEqual({ net: 10000, tax: 1300 })
    expect(includedTax(999, percentage(13))).toEqual({ net: 884, tax: 115 })
  })

  it('comes on top of a price', () => {
    expect(addedTax(9999, percentage(8.25))).toBe(825)
    expect(addedTax(100, percentage(8.5), 'half-even')).toBe(8)
  })

  it('is computed line by line, or once and allocated', () => {
    const amounts = [333, 333, 334]
    expect(taxOfLines({ amounts, rate: percentage(10), included: false })).toEqual([33, 33, 33])
    const once = taxOfLines({ amounts, rate: percentage(10), included: false, per: 'order' })
    expect(once).toEqual([33, 33, 34])
    expect(sumAmounts(once)).toBe(100)
    expect(taxOfLines({ amounts: [1130, 1131], rate: percentage(13), included: true, per: 'order' })).toEqual([130, 130])
  })
})

describe('a refund by units', () => {
  it('is rounded up, less what units gave back before', () => {
    const line = { net: 1000, quantity: 3 }
    expect(quantityRefund({ ...line, cumulativeUnits: 1, refundedByUnits: 0 })).toBe(334)
    expect(quantityRefund({ ...line, cumulativeUnits: 2, refundedByUnits: 334 })).toBe(333)
    expect(quantityRefund({ ...line, cumulativeUnits: 3, refundedByUnits: 667 })).toBe(333)
  })

  it('is refused beyond the units bought', () => {
    expect(() => quantityRefund({ net: 10, quantity: 2, cumulativeUnits: 3, refundedByUnits: 0 })).toThrow(coded('money.invalid_movement'))
    expect(() => quantityRefund({ net: 10, quantity: 0, cumulativeUnits: 0, refundedByUnits: 0 })).toThrow(coded('money.invalid_movement'))
  })
})
