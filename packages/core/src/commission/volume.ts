/** The volume that band rules go by: what a supplier's lines have brought in a calendar month. */
import { groupBy, inList, numberByKey, type Reader, sql, type Timestamp, type Tx } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import type { Bands } from './bands.js'
import { capturedBase } from './capture.js'
import { type VolumeRow, volumeTable } from './commission.entity.js'
import type { CommissionTerms } from './rule.js'
import type { LineSplit } from './split.js'

/** Whose volume, of which month. */
export type VolumeKey = Omit<VolumeRow, 'volume'>

/** The bands of a rule that goes by volume. */
export function bandsOf(terms: CommissionTerms | undefined): Bands | undefined {
  return terms?.calculation.by === 'bands' ? terms.calculation.bands : undefined
}

/** The calendar month of a moment in a time zone: `2026-01`. */
export function monthIn(timezone: string): (at: Timestamp) => string {
  // Made when first needed: a zone that does not exist is refused by the options that name it, and by their own error.
  let format: Intl.DateTimeFormat | undefined
  return (at) => {
    format ??= new Intl.DateTimeFormat('en', { timeZone: timezone, calendar: 'gregory', year: 'numeric', month: '2-digit' })
    const parts = new Map(format.formatToParts(new Date(at)).map((part) => [part.type, part.value]))
    return `${parts.get('year')}-${parts.get('month')}`
  }
}

/** The volumes of some suppliers and months; one that was never raised is 0. */
export class Volumes {
  readonly #read: ReadonlyMap<string, VolumeRow>
  readonly #raised = new Map<string, { readonly key: VolumeKey; readonly by: number }>()

  private constructor(rows: readonly VolumeRow[]) {
    this.#read = new Map(rows.map((row) => [nameOf(row), row]))
  }

  /** As they are; nothing is locked. */
  static async read(reader: Reader, keys: readonly VolumeKey[]): Promise<Volumes> {
    return new Volumes(keys.length === 0 ? [] : await reader.find(volumeTable, among(keys)))
  }

  /** Locked until the end: two captures of one supplier enter one after the other, so that no part of a band is given twice. */
  static async lock(tx: Tx, keys: readonly VolumeKey[]): Promise<Volumes> {
    if (keys.length === 0) return new Volumes([])
    const distinct = [...new Map(keys.map((key) => [nameOf(key), key]))].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, key]) => key)
    await tx.insertMissing(
      volumeTable,
      distinct.map(({ supplierId, currency, period }) => ({ supplierId, currency, period, volume: 0 })),
    )
    return new Volumes(await tx.lock(volumeTable, among(distinct)))
  }

  /** What a line enters at: what was captured before it, and what preceded this system if that was in the same month. */
  at(key: VolumeKey, { prior }: Bands): number {
    const preceding = prior?.period === key.period ? prior.volume : 0
    return sumAmounts([this.#read.get(nameOf(key))?.volume ?? 0, this.#raised.get(nameOf(key))?.by ?? 0, preceding])
  }

  raise(key: VolumeKey, by: number): void {
    this.#raised.set(nameOf(key), { key, by: sumAmounts([this.#raised.get(nameOf(key))?.by ?? 0, by]) })
  }

  /** Writes what was raised: one statement for each month and currency. */
  async store(tx: Tx): Promise<void> {
    const raised = [...this.#raised.values()].filter(({ by }) => by !== 0)
    for (const ofMonth of groupBy(raised, ({ key }) => `${key.currency} ${key.period}`).values()) {
      const [first] = ofMonth
      if (!first) continue
      const { currency, period } = first.key
      const bySupplier = ofMonth.map(({ key, by }) => [key.supplierId, by] as const)
      await tx.run(sql`
        UPDATE ${volumeTable} SET volume = volume + ${numberByKey(sql`supplier_id`, bySupplier)}
        WHERE currency = ${currency} AND period = ${period} AND ${inList(
          sql`supplier_id`,
          bySupplier.map(([supplierId]) => supplierId),
        )}`)
    }
  }
}

function nameOf({ supplierId, currency, period }: VolumeKey): string {
  return `${supplierId} ${currency} ${period}`
}

function among(keys: readonly VolumeKey[]): { supplierId: readonly string[]; currency: readonly string[]; period: readonly string[] } {
  const all = (of: keyof VolumeKey): readonly string[] => [...new Set(keys.map((key) => key[of]))]
  return { supplierId: all('supplierId'), currency: all('currency'), period: all('period') }
}

/** How far a line is captured, before and after a capture; amounts of the pots that its commission is of. */
export interface LineProgress {
  readonly before: number
  readonly after: number
  readonly whole: number
}

/** What a capture of a line adds to its supplier's volume; all captures together add its base exactly. */
export function volumeOf({ explanation: { base } }: LineSplit, { before, after, whole }: LineProgress, first: boolean): number {
  return capturedBase(base, after, whole) - (first ? 0 : capturedBase(base, before, whole))
}
