/** Compares what a scenario expects with what came of it, and says both side by side. */
import type { FoundBuckets, ScenarioAmounts, ScenarioBuckets } from './scenario.js'

/** One value that is not as expected. */
export interface Deviation {
  /** `S`, `S available`, `discount of o1/l1` */
  readonly what: string
  readonly expected: string
  readonly found: string
}

/** A party that is not named should not have changed. */
export function compareChanges(expected: ScenarioAmounts, found: ReadonlyMap<string, number>): readonly Deviation[] {
  const names = [...new Set([...Object.keys(expected), ...found.keys()])]
  return names.flatMap((name) => deviation(name, expected[name] ?? 0, found.get(name) ?? 0))
}

/** Buckets that are not named are free. */
export function compareBuckets(party: string, expected: ScenarioBuckets, found: FoundBuckets): readonly Deviation[] {
  return (['pending', 'available', 'reserve', 'inPayout', 'paid'] as const).flatMap((bucket) => {
    const wanted = expected[bucket]
    return wanted === undefined ? [] : deviation(`${party} ${bucket}`, wanted, found[bucket])
  })
}

export function deviation(what: string, expected: number, found: number): readonly Deviation[] {
  return expected === found ? [] : [{ what, expected: `${expected}`, found: `${found}` }]
}

/** As a table: what, expected, found. */
export function tabulate(deviations: readonly Deviation[]): readonly string[] {
  const rows = [{ what: '', expected: 'expected', found: 'found' }, ...deviations]
  const width = (of: keyof Deviation): number => Math.max(...rows.map((row) => row[of].length))
  const [what, expected, found] = [width('what'), width('expected'), width('found')]
  return rows.map((row) => `${row.what.padEnd(what)}  ${row.expected.padStart(expected)}  ${row.found.padStart(found)}`.trimEnd())
}
