/** A candidate for units that are handed out one by one. */
export interface Candidate {
  /** How much it is short of, in `1/unit`; each unit that it gets lowers this by `unit`. */
  readonly shortfall: bigint
  /** How many units it can take. */
  readonly room: bigint
}

/**
 * Hands out units one by one, each to the candidate with the largest shortfall among those with room, ties to the first; but found in
 * one go, because books that were corrected by hand may be any number of units apart. A candidate's k-th unit has the priority
 * `shortfall - k·unit`; the units given are the `count` highest priorities.
 */
export function handOut(count: bigint, candidates: readonly Candidate[], unit: bigint): bigint[] {
  const open = candidates.filter((candidate) => candidate.room > 0n)
  if (count === 0n || open.length === 0) return candidates.map(() => 0n)
  const takenAt = (level: bigint): bigint[] => candidates.map((candidate) => unitsAtOrAbove(level, candidate, unit))

  // The highest level at or above which at least `count` units lie. At the lowest, everything lies above it.
  let low = open.reduce((least, c) => smaller(least, c.shortfall - (c.room - 1n) * unit), open[0]?.shortfall ?? 0n)
  let high = open.reduce((most, c) => (c.shortfall > most ? c.shortfall : most), low)
  while (low < high) {
    const middle = high - (high - low) / 2n
    if (sum(takenAt(middle)) >= count) low = middle
    else high = middle - 1n
  }
  const above = takenAt(low + 1n)
  const reached = takenAt(low)
  let left = count - sum(above)
  return above.map((taken, index) => {
    const tied = smaller(left, (reached[index] ?? 0n) - taken)
    left -= tied
    return taken + tied
  })
}

function unitsAtOrAbove(level: bigint, { shortfall, room }: Candidate, unit: bigint): bigint {
  if (room <= 0n || shortfall < level) return 0n
  return smaller(room, (shortfall - level) / unit + 1n)
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((all, value) => all + value, 0n)
}
