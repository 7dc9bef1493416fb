import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocate, sumAmounts } from './index.js'

const coded = (code: string) => expect.objectContaining({ code })

describe('largest remainder (R3)', () => {
  it('gives the unit that is left to the largest remainder', () => {
    expect(allocate(1000, [3333, 3333, 3334])).toEqual([333, 333, 334])
    expect(allocate(101, [1, 1])).toEqual([51, 50])
  })

  it('breaks ties by position', () => {
    expect(allocate(2, [1, 1, 1])).toEqual([1, 1, 0])
  })

  it('makes equal parts where all weights are zero', () => {
    expect(allocate(10, [0, 0, 0])).toEqual([4, 3, 3])
    expect(allocate(10, [0, 5, 0])).toEqual([0, 10, 0])
  })

  it('takes back what it gave', () => {
    expect(allocate(-1000, [3333, 3333, 3334])).toEqual([-333, -333, -334])
  })

  it('refuses weights that are no weights, and a total for nobody', () => {
    for (const weight of [-1, 0.5, Number.NaN, -1n]) expect(() => allocate(1, [1, weight])).toThrow(coded('money.invalid_weight'))
    expect(() => allocate(1, [])).toThrow(coded('money.no_shares'))
    expect(allocate(0, [])).toEqual([])
    expect(() => allocate(0.5, [1])).toThrow(coded('money.unsafe_amount'))
  })

  it('adds up, stays within a unit of the exact part, and mirrors', () => {
    const weights = fc.array(fc.oneof(fc.nat(20), fc.maxSafeNat(), fc.bigInt({ min: 0n, max: 10n ** 30n })), {
      minLength: 1,
      maxLength: 12,
    })
    fc.assert(
      fc.property(fc.maxSafeInteger(), weights, (total, given) => {
        const parts = allocate(total, given)
        expect(sumAmounts(parts)).toBe(total)
        expect(allocate(0 - total, given)).toEqual(parts.map((part) => 0 - part))
        const all = given.reduce<bigint>((sum, weight) => sum + BigInt(weight), 0n)
        if (all === 0n) return
        for (const [index, part] of parts.entries()) {
          const drift = BigInt(part) * all - BigInt(total) * BigInt(given[index] ?? 0)
          expect(drift < all && drift > -all).toBe(true)
        }
      }),
    )
  })
})
