import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allocateByDeficit, allocatePart, sumAmounts } from './index.js'

const coded = (code: string) => expect.objectContaining({ code })

/** Moves a whole in steps and returns what each step gave. */
function run(shares: readonly number[], amounts: readonly number[]): number[][] {
  const whole = sumAmounts(shares)
  let done = shares.map(() => 0)
  let cumulative = 0
  return amounts.map((amount) => {
    cumulative += amount
    const given = allocateByDeficit({ shares, whole, cumulative, done })
    done = done.map((before, index) => before + (given[index] ?? 0))
    return given
  })
}

/** R4 as it is written, one unit after the other: slow, and plainly the rule. */
function asWritten(shares: readonly number[], whole: number, cumulative: number, done: readonly number[]): number[] {
  const owed = shares.map((share, i) => share * cumulative - (done[i] ?? 0) * whole)
  const rests = shares.map((share, i) => share - (done[i] ?? 0))
  const given = rests.map((rest, i) => {
    const floor = Math.floor((owed[i] ?? 0) / whole)
    return rest < 0 ? Math.max(rest, Math.min(0, floor)) : Math.max(0, Math.min(rest, floor))
  })
  const gap = (i: number): number => (owed[i] ?? 0) - (given[i] ?? 0) * whole
  const pick = (open: number[], better: (a: number, b: number) => boolean): number =>
    open.reduce((best, i) => (best < 0 || better(gap(i), gap(best)) ? i : best), -1)
  const all = shares.map((_, i) => i)
  for (let missing = cumulative - sumAmounts(done) - sumAmounts(given); missing !== 0; missing += missing > 0 ? -1 : 1) {
    const i =
      missing > 0
        ? pick(
            all.filter((j) => (given[j] ?? 0) < Math.max(0, rests[j] ?? 0)),
            (a, b) => a > b,
          )
        : pick(
            all.filter((j) => (given[j] ?? 0) > 0),
            (a, b) => a < b,
          )
    given[i] = (given[i] ?? 0) + (missing > 0 ? 1 : -1)
  }
  return given.map((part) => part + 0)
}

const positive = fc.array(fc.oneof(fc.nat(9), fc.nat(2_000)), { minLength: 2, maxLength: 7 }).filter((shares) => sumAmounts(shares) > 0)
const mixed = fc
  .array(fc.oneof(fc.integer({ min: -20, max: 20 }), fc.integer({ min: -300, max: 2_000 })), { minLength: 2, maxLength: 7 })
  .filter((shares) => sumAmounts(shares) > 0)

/** Shares, and a way to move all of them in steps: the cuts of the whole. */
const history = (shares: fc.Arbitrary<number[]>) =>
  shares
    .chain((all) => fc.tuple(fc.constant(all), fc.array(fc.integer({ min: 1, max: sumAmounts(all) }), { maxLength: 30 })))
    .map(([all, cuts]) => {
      const ends = [...cuts, sumAmounts(all)].sort((a, b) => a - b)
      return { shares: all, amounts: ends.map((end, index) => end - (ends[index - 1] ?? 0)) }
    })

describe('deficit largest remainder (R4)', () => {
  it('reverses three refunds of a third exactly', () => {
    // platform 10 %, tiers 8/4/2 %, supplier
    expect(run([1000, 800, 400, 200, 7599], [3333, 3333, 3333])).toEqual([
      [333, 267, 133, 67, 2533],
      [334, 266, 134, 66, 2533],
      [333, 267, 133, 67, 2533],
    ])
  })

  it('earns forwards by the same rule', () => {
    expect(run([1000, 9000], [6000, 3000])).toEqual([
      [600, 5400],
      [300, 2700],
    ])
  })

  it('never credits a positive share, and takes what a negative one was given', () => {
    expect(run([-500, 9500], [4501, 4499])).toEqual([
      [-250, 4751],
      [-250, 4749],
    ])
  })

  it('refuses a movement beyond the whole, a step back, and shares that do not add up', () => {
    const done = [10, 90]
    expect(() => allocateByDeficit({ shares: [100, 900], whole: 1000, cumulative: 1001, done })).toThrow(coded('money.invalid_movement'))
    expect(() => allocateByDeficit({ shares: [100, 900], whole: 1000, cumulative: 99, done })).toThrow(coded('money.invalid_movement'))
    expect(() => allocateByDeficit({ shares: [100, 900], whole: 999, cumulative: 100, done })).toThrow('add up to 1000')
  })

  it('adds up, keeps the sign of every share and ends exactly, in any number of steps', () => {
    fc.assert(
      fc.property(history(mixed), ({ shares, amounts }) => {
        const steps = run(shares, amounts)
        for (const [index, given] of steps.entries()) expect(sumAmounts(given)).toBe(amounts[index])
        for (const given of steps) {
          for (const [party, part] of given.entries()) expect(part === 0 || Math.sign(part) === Math.sign(shares[party] ?? 0)).toBe(true)
        }
        expect(shares.map((_, party) => sumAmounts(steps.map((given) => given[party] ?? 0)))).toEqual(shares.map((share) => share + 0))
      }),
    )
  })

  it('is the rule as it is written, unit by unit', () => {
    fc.assert(
      fc.property(history(mixed), ({ shares, amounts }) => {
        const whole = sumAmounts(shares)
        let done = shares.map(() => 0)
        let cumulative = 0
        for (const amount of amounts) {
          cumulative += amount
          const given = allocateByDeficit({ shares, whole, cumulative, done })
          expect(given).toEqual(asWritten(shares, whole, cumulative, done))
          done = done.map((before, index) => before + (given[index] ?? 0))
        }
      }),
    )
  })

  it('is the rule as it is written also over books that were corrected by hand', () => {
    fc.assert(
      fc.property(positive, fc.nat(), fc.infiniteStream(fc.nat()), (shares, seed, moved) => {
        const whole = sumAmounts(shares)
        const done = shares.map((share) => (share === 0 ? 0 : moved.next().value % (share + 1)))
        const before = sumAmounts(done)
        const cumulative = before + (seed % (whole - before + 1))
        expect(allocateByDeficit({ shares, whole, cumulative, done })).toEqual(asWritten(shares, whole, cumulative, done))
      }),
    )
  })

  it('is never ahead of a proportion by more than 1 − 1/n, where no share is negative', () => {
    fc.assert(
      fc.property(history(positive), ({ shares, amounts }) => {
        for (const { ahead } of drifts(shares, amounts)) expect(ahead * shares.length).toBeLessThanOrEqual(shares.length - 1 + 1e-9)
      }),
    )
  })

  it('stays within a unit for up to three parties, and within two for seven', () => {
    fc.assert(
      fc.property(history(mixed), ({ shares, amounts }) => {
        const bound = shares.length <= 3 ? 1 : 2
        for (const { ahead, behind } of drifts(shares, amounts)) expect(Math.max(ahead, behind)).toBeLessThan(bound)
      }),
    )
  })

  it('moves a whole of any size in one go', () => {
    const shares = [Number.MAX_SAFE_INTEGER - 3, 3, 0]
    const whole = Number.MAX_SAFE_INTEGER
    expect(allocateByDeficit({ shares, whole, cumulative: whole, done: [0, 3, 0] })).toEqual([whole - 3, 0, 0])
    // Far apart, as only a correction leaves books: found at once, not unit by unit.
    expect(allocateByDeficit({ shares: [5e15, 4e15], whole: 9e15, cumulative: 4e15 + 1, done: [0, 4e15] })).toEqual([1, 0])
  })
})

describe('a part with an amount of its own', () => {
  it('goes over components of mixed sign', () => {
    // A platform's commission of 360 less a coupon of 600, half of it given back: its net of -240 gives -120.
    expect(allocatePart({ shares: [360, -600], done: [0, 0], part: 1, whole: 2, amount: -120 })).toEqual([180, -300])
    expect(allocatePart({ shares: [1000, -1000], done: [0, 0], part: 1, whole: 3, amount: 0 })).toEqual([333, -333])
  })

  it('mirrors, and finds room wherever the amount fits', () => {
    const components = fc.array(fc.integer({ min: -500, max: 500 }), { minLength: 1, maxLength: 5 })
    fc.assert(
      fc.property(components, fc.integer({ min: 1, max: 1000 }), fc.nat(), fc.nat(), (shares, whole, step, seed) => {
        const [least, most] = [sumAmounts(shares.map((s) => Math.min(0, s))), sumAmounts(shares.map((s) => Math.max(0, s)))]
        const input = { shares, done: shares.map(() => 0), part: step % (whole + 1), whole, amount: least + (seed % (most - least + 1)) }
        const given = allocatePart(input)
        expect(sumAmounts(given)).toBe(input.amount)
        for (const [index, part] of given.entries()) expect(Math.abs(part) <= Math.abs(shares[index] ?? 0)).toBe(true)
        if (input.amount === 0) return
        const mirrored = allocatePart({ ...input, shares: shares.map((share) => -share), amount: -input.amount })
        expect(mirrored.map((part) => 0 - part)).toEqual(given)
      }),
    )
  })

  it('refuses an amount beyond what is left', () => {
    expect(() => allocatePart({ shares: [10, 5], done: [0, 0], part: 1, whole: 1, amount: 16 })).toThrow(coded('money.invalid_movement'))
    expect(() => allocatePart({ shares: [10], done: [0], part: 2, whole: 1, amount: 1 })).toThrow(coded('money.invalid_movement'))
  })
})

function drifts(shares: readonly number[], amounts: readonly number[]): { ahead: number; behind: number }[] {
  const whole = sumAmounts(shares)
  const done = shares.map(() => 0)
  let cumulative = 0
  return run(shares, amounts).flatMap((given, index) => {
    cumulative += amounts[index] ?? 0
    return shares.map((share, party) => {
      done[party] = (done[party] ?? 0) + (given[party] ?? 0)
      // On the absolute value: what a negative share has been given back counts as moved.
      const drift = ((done[party] ?? 0) * whole - share * cumulative) / whole
      return { ahead: drift, behind: -drift }
    })
  })
}
