import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { assertRate, convert, partOfShare } from './index.js'

const coded = (code: string) => expect.objectContaining({ code })

describe('a conversion', () => {
  it('is exact, and rounded once, away from zero', () => {
    const rate = { from: 'EUR', to: 'USD', rate: '1.0825' }
    expect(convert(9000, rate)).toBe(9743)
    expect(convert(-9000, rate)).toBe(-9743)
    expect(convert(9000, rate, 'half-even')).toBe(9742)
    // A float says 1.0050000000000001 here, or 1.00499999.
    expect(convert(100, { from: 'EUR', to: 'USD', rate: '1.005' })).toBe(101)
    expect(convert(Number.MAX_SAFE_INTEGER, { from: 'EUR', to: 'USD', rate: '1.000000000000000000' })).toBe(Number.MAX_SAFE_INTEGER)
  })

  it('knows the minor units of both currencies', () => {
    expect(convert(10_000, { from: 'USD', to: 'JPY', rate: '157.345' })).toBe(15_735)
    expect(convert(15_735, { from: 'JPY', to: 'USD', rate: '0.0063555' })).toBe(10_000)
    expect(convert(10_000, { from: 'USD', to: 'KWD', rate: '0.3075' })).toBe(30_750)
    expect(convert(1, { from: 'JPY', to: 'KWD', rate: '0.0021' })).toBe(2)
    expect(convert(30_750, { from: 'KWD', to: 'JPY', rate: '511.2' })).toBe(15_719)
  })

  it('takes a rate as text, above nothing, and refuses all else by name', () => {
    for (const rate of ['0', '0.000', '-1', '1e3', '1,5', '', ' 1', '.5', '1.', '1.0000000000000000001', '1234567890123'])
      expect(() => assertRate({ from: 'EUR', to: 'USD', rate }), rate).toThrow(coded('money.invalid_rate'))
    expect(() => convert(1, { from: 'EUR', to: 'QQQ', rate: '1' })).toThrow(coded('money.unknown_currency'))
    expect(() => convert(Number.MAX_SAFE_INTEGER, { from: 'EUR', to: 'USD', rate: '2' })).toThrow(coded('money.unsafe_amount'))
  })
})

describe('a part of a share that stands alone', () => {
  it('has the sign of the share or is 0, is never ahead, and in any number of steps comes out at the share', () => {
    const share = fc.integer({ min: -100_000, max: 100_000 })
    const steps = fc.array(fc.integer({ min: 0, max: 500 }), { maxLength: 20 })
    fc.assert(
      fc.property(share, fc.integer({ min: 1, max: 10_000 }), steps, (of, whole, amounts) => {
        let [part, done] = [0, 0]
        for (const amount of [...amounts, whole]) {
          part = Math.min(whole, part + amount)
          const moved = partOfShare({ share: of, done, part, whole })
          expect(Math.sign(moved) * Math.sign(of)).toBeGreaterThanOrEqual(0)
          done += moved
          if (of > 0) expect(done).toBeLessThanOrEqual((of * part) / whole)
        }
        expect(done).toBe(of)
      }),
    )
  })
})
