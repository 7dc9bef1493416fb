/** Chance that can be played again: numbers from a seed, the same every time (mulberry32). */
export interface Dice {
  /** From 0 up to and without `below`. */
  roll(below: number): number
  pick<Of>(from: readonly Of[]): Of
  chance(percent: number): boolean
  shuffle<Of>(from: readonly Of[]): readonly Of[]
}

export function createDice(seed: number): Dice {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const roll = (below: number): number => Math.floor(next() * below)
  return {
    roll,
    pick(from) {
      const picked = from[roll(from.length)]
      if (picked === undefined) throw new RangeError('there is nothing to pick from')
      return picked
    },
    chance: (percent) => roll(100) < percent,
    shuffle: (from) =>
      from
        .map((value) => ({ value, at: next() }))
        .sort((a, b) => a.at - b.at)
        .map(({ value }) => value),
  }
}
