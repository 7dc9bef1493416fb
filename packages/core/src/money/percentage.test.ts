import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { divideRounded, formatPercentage, type Percentage, percentage, percentageFromMillionths, percentOf } from './index.js'

const coded = (code: string) => expect.objectContaining({ code })

describe('a percentage', () => {
  it('is read exactly from a number or a string', () => {
    expect([8.875, 0.0001, 100, 0, 12.3456, 0.07].map((value) => percentage(value))).toEqual([88750, 1, 1000000, 0, 123456, 700])
    expect(['8.875', '10', '12.50000', ' 3.1 '].map((value) => percentage(value))).toEqual([88750, 100000, 125000, 31000])
  })

  it('is refused with a fifth decimal, below zero, above the limit, or where it is no number', () => {
    for (const value of [0.00001, 1e-7, 8.12345, -1, Number.NaN, Number.POSITIVE_INFINITY, '', 'ten', '1e2', '-0.5', 100.0001, 0.1 + 0.2]) {
      expect(() => percentage(value), String(value)).toThrow(coded('money.invalid_percentage'))
    }
  })

  it('passes 100 only where the caller says so', () => {
    expect(percentage(250, { max: Number.POSITIVE_INFINITY })).toBe(2_500_000)
    expect(() => percentage(31, { max: 30 })).toThrow('above 30')
  })

  it('is written for people as it was read', () => {
    expect([8.875, 10, 0.0001, 100].map((value) => formatPercentage(percentage(value)))).toEqual(['8.875 %', '10 %', '0.0001 %', '100 %'])
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1_000_000 }), (millionths) => {
        const value = percentageFromMillionths(millionths)
        expect(percentage(formatPercentage(value).replace(' %', ''))).toBe(value)
      }),
    )
  })
})

describe('a share by a rate (R1)', () => {
  it('is rounded once, a half away from zero', () => {
    expect(percentOf(999, percentage(10))).toBe(100)
    expect(percentOf(5, percentage(10))).toBe(1)
    expect(percentOf(-5, percentage(10))).toBe(-1)
    expect(percentOf(4, percentage(10))).toBe(0)
  })

  it('takes a half to the even neighbour where that is chosen', () => {
    expect([5, 15, 25, -5, -15].map((amount) => percentOf(amount, percentage(10), 'half-even') + 0)).toEqual([0, 2, 2, 0, -2])
  })

  it('is exact where a float is not', () => {
    expect(percentOf(9007199254740991, percentage(99.9999))).toBe(9007190247541736)
    // 1.005 × 100 is 100.49999999999999 in floats.
    expect(percentOf(10050, percentage(1))).toBe(101)
  })

  it('is never further than half a unit from the exact value', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 1_000_000 }), fc.boolean(), (amount, millionths, even) => {
        const rate: Percentage = percentageFromMillionths(millionths)
        const twice =
          2n * (BigInt(percentOf(amount, rate, even ? 'half-even' : 'half-up')) * 1_000_000n - BigInt(amount) * BigInt(millionths))
        expect(twice <= 1_000_000n && twice >= -1_000_000n).toBe(true)
      }),
    )
  })

  it('rounds a negative quotient as the positive one', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 20n }), fc.bigInt({ min: 1n, max: 10n ** 9n }), (numerator, denominator) => {
        expect(divideRounded(-numerator, denominator, 'half-up')).toBe(-divideRounded(numerator, denominator, 'half-up'))
      }),
    )
  })
})
