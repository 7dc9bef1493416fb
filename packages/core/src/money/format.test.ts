import { describe, expect, it } from 'vitest'
import { formatAmount } from './format.js'

describe('an amount', () => {
  it('is written with the decimals of its currency, to the last digit', () => {
    expect(formatAmount(12_800, 'CNY')).toBe('128.00 CNY')
    expect(formatAmount(5, 'CNY')).toBe('0.05 CNY')
    expect(formatAmount(-1234, 'USD')).toBe('-12.34 USD')
    expect(formatAmount(999, 'JPY')).toBe('999 JPY')
    expect(formatAmount(12_345, 'KWD')).toBe('12.345 KWD')
    expect(formatAmount(0, 'KWD')).toBe('0.000 KWD')
    expect(formatAmount(Number.MAX_SAFE_INTEGER, 'CNY')).toBe('90071992547409.91 CNY')
  })

  it('that is none, or in no currency, is refused', () => {
    expect(() => formatAmount(0.5, 'CNY')).toThrow('money.unsafe_amount')
    expect(() => formatAmount(1, 'NOPE')).toThrow('money.unknown_currency')
  })
})
