import { CommerceError, groupBy, inList, sql, type Timestamp, type Tx, textByKey } from '../kernel/index.js'
import type { Percentage } from '../money/index.js'
import type { OrderCapture, OrderLine } from '../order/index.js'
import { type TermsRow, termsTable } from './commission.entity.js'
import { isAboveCap, orderSplit } from './rail.js'
import { type LineSplit, splitLine } from './split.js'
import { bandsOf, type LineProgress, type VolumeKey, Volumes, volumeOf } from './volume.js'

/** What a capture of a line added to its supplier's volume. */
export interface CountedCapture {
  readonly lineId: string
  readonly captureId: string
  readonly key: VolumeKey
  readonly by: number
}

export interface EnteredBands {
  /** The terms as they are now. */
  readonly rows: readonly TermsRow[]
  readonly counted: readonly CountedCapture[]
}

export interface EnterBands {
  /** Nothing of the line was captured before. */
  readonly isFirst: (lineId: string) => boolean
  readonly monthOf: (at: Timestamp) => string
  /** The most that the payment rail lets be split off an order; undefined where it sets no cap. */
  readonly maxSplit: Percentage | undefined
}

const rowsAtOnce = 1000

/**
 * Splits lines under band rules anew at their first capture, by the volume at which they enter, and counts what every capture adds to it. Where no rule has bands
 * it asks the database for nothing.
 */
export async function enterBands(
  tx: Tx,
  captures: readonly OrderCapture[],
  rows: readonly TermsRow[],
  { isFirst, monthOf, maxSplit }: EnterBands,
): Promise<EnteredBands> {
  const terms = new Map(rows.map((row) => [row.lineId, row]))
  const entries = captures.flatMap(({ order: { currency }, captureId, lines, parts, at }) => {
    const moved = new Map(parts.map((part) => [part.lineId, part]))
    return lines.flatMap((line) => {
      const part = moved.get(line.id)
      const { rule, counts } = terms.get(line.id)?.terms ?? {}
      const bands = bandsOf(rule?.terms)
      const key: VolumeKey = { supplierId: line.supplierId, currency, period: monthOf(at) }
      return part && (bands || counts) ? [{ line, part, bands, key, at, captureId }] : []
    })
  })
  if (entries.length === 0) return { rows, counted: [] }
  const volumes = await Volumes.lock(
    tx,
    entries.map((entry) => entry.key),
  )
  const changed = new Map<string, TermsRow>()
  const seen = new Set<string>()
  const counted: CountedCapture[] = []
  // As the money came in: an import of past orders gives them in any order.
  for (const { line, part, bands, key, captureId } of entries.toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))) {
    const row = changed.get(line.id) ?? terms.get(line.id)
    if (!row) continue
    const first = isFirst(line.id) && !seen.has(line.id)
    seen.add(line.id)
    const entered = first && bands ? splitAt(row, volumes.at(key, bands)) : row
    if (first && bands) changed.set(line.id, entered)
    const by = volumeOf(entered.split, progressOf(row, line, part), first)
    volumes.raise(key, by)
    counted.push({ lineId: line.id, captureId, key, by })
  }
  await volumes.store(tx)
  for (const lineId of await linesAboveCap(tx, captures, [...changed.values()], maxSplit)) changed.delete(lineId)
  await storeSplits(
    tx,
    [...changed.values()].filter((row) => row !== terms.get(row.lineId)),
  )
  return { rows: rows.map((row) => changed.get(row.lineId) ?? row), counted }
}

/**
 * Lines whose split of now would take their order above the rail's cap: in another month, or after other sales, a line may enter at another rate than it was
 * placed at. The rail cannot split more off, and the money is here, so the whole order keeps the splits that it was placed with, which were held against the cap.
 */
async function linesAboveCap(
  tx: Tx,
  captures: readonly OrderCapture[],
  changed: readonly TermsRow[],
  cap: Percentage | undefined,
): Promise<readonly string[]> {
  if (cap === undefined || changed.length === 0) return []
  const byOrder = groupBy(changed, (row) => row.orderId)
  const lineIds = captures.filter(({ order }) => byOrder.has(order.id)).flatMap(({ lines }) => lines.map((line) => line.id))
  const stored = groupBy(await tx.find(termsTable, { lineId: [...new Set(lineIds)] }), (row) => row.orderId)
  return [...byOrder].flatMap(([orderId, its]) => {
    const now = new Map(its.map((row) => [row.lineId, row.split]))
    const splits = (stored.get(orderId) ?? []).map((row) => now.get(row.lineId) ?? row.split)
    return isAboveCap(orderSplit(splits), cap) ? [...now.keys()] : []
  })
}

/** The row by the volume at entry. The money is here and must be shared: a split that could not have been placed leaves the one that was. */
function splitAt(row: TermsRow, volume: number): TermsRow {
  if (row.amounts.volume === volume) return row
  const amounts = { ...row.amounts, volume }
  try {
    return { ...row, amounts, split: splitLine(row.terms, amounts) }
  } catch (error) {
    if (CommerceError.is(error) && error.code === 'discount.exceeds_share') return row
    throw error
  }
}

/** The commission is of the goods, or of goods and shipping, and so is the volume. */
function progressOf({ terms }: TermsRow, line: OrderLine, part: OrderCapture['parts'][number]): LineProgress {
  const shipping = terms.rule?.terms.base === 'net+shipping' ? 1 : 0
  const after = line.capturedGoods + shipping * line.capturedShipping
  return { before: after - part.goods - shipping * part.shipping, after, whole: line.goods + shipping * line.shipping }
}

async function storeSplits(tx: Tx, rows: readonly TermsRow[]): Promise<void> {
  for (let start = 0; start < rows.length; start += rowsAtOnce) {
    const some = rows.slice(start, start + rowsAtOnce)
    const json = (of: (row: TermsRow) => TermsRow['amounts'] | LineSplit) =>
      textByKey(
        sql`line_id`,
        some.map((row) => [row.lineId, JSON.stringify(of(row))] as const),
      )
    await tx.run(sql`
      UPDATE ${termsTable} SET amounts = ${json((row) => row.amounts)}, split = ${json((row) => row.split)} WHERE ${inList(
        sql`line_id`,
        some.map((row) => row.lineId),
      )}`)
  }
}
