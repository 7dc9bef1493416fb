import { describe, expect, it } from 'vitest'
import { addMoney, assertAmount, commodity, currencyExponent, money, negateMoney, sumAmounts, sumMoney, toAmount } from './index.js'

const coded = (code: string) => expect.objectContaining({ code })

describe('an amount', () => {
  it('is a safe integer, and anything else is refused by name', () => {
    expect(assertAmount(Number.MAX_SAFE_INTEGER)).toBe(9007199254740991)
    for (const amount of [0.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53]) {
      expect(() => assertAmount(amount, 'the price')).toThrow(coded('money.unsafe_amount'))
    }
    expect(() => assertAmount(10.5, 'the price')).toThrow('the price is 10.5')
  })

  it('is refused as a sum that leaves the safe range, but may pass outside it on the way', () => {
    expect(() => sumAmounts([Number.MAX_SAFE_INTEGER, 1])).toThrow('the sum is 9007199254740992')
    expect(sumAmounts([Number.MAX_SAFE_INTEGER, 1, -1])).toBe(Number.MAX_SAFE_INTEGER)
    expect(() => toAmount(2n ** 60n)).toThrow(coded('money.unsafe_amount'))
  })

  it('is never minus zero', () => {
    expect(Object.is(negateMoney(money(0, 'CNY')).amount, 0)).toBe(true)
    expect(Object.is(assertAmount(-0), 0)).toBe(true)
  })
})

describe('money', () => {
  it('adds up in one currency only', () => {
    expect(addMoney(money(100, 'CNY'), money(-30, 'CNY'))).toEqual({ amount: 70, currency: 'CNY' })
    expect(sumMoney('CNY', [])).toEqual({ amount: 0, currency: 'CNY' })
    expect(() => addMoney(money(1, 'CNY'), money(1, 'JPY'))).toThrow(coded('money.mixed_currencies'))
  })

  it('has the exponent of ISO 4217, also where CLDR shows fewer decimals', () => {
    expect(['CNY', 'JPY', 'KWD', 'HUF', 'IDR', 'IQD', 'CLF'].map(currencyExponent)).toEqual([2, 0, 3, 2, 2, 3, 4])
    expect(() => money(1, 'ABC')).toThrow(coded('money.unknown_currency'))
    expect(() => currencyExponent('cny')).toThrow(coded('money.unknown_currency'))
  })

  it("counts commodities of the platform's own beside currencies", () => {
    expect(commodity('points', 0)).toEqual({ code: 'points', exponent: 0 })
    expect(commodity('JPY')).toEqual({ code: 'JPY', exponent: 0 })
    expect(() => commodity('JPY', 2)).toThrow(coded('money.invalid_commodity'))
    expect(() => commodity('points')).toThrow(coded('money.unknown_currency'))
  })
})
