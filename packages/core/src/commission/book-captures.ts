import type { Hooks, Timestamp, Tx } from '../kernel/index.js'
import type { Ledger, PostJournal } from '../ledger/index.js'
import type { Percentage } from '../money/index.js'
import type { OrderCapture, OrderLine } from '../order/index.js'

import { addTo, booksOf, type ClaimStates, claimKey, isClaimant, type Movements, movementsOf, transfersOf } from './accounts.js'
import { type BandEarning, countEarnings, reopenTotals } from './band-totals.js'
import { earnLine, type Progress } from './capture.js'
import { type ClaimRow, claimTable, type TermsRow, termsTable } from './commission.entity.js'
import { convertCapture } from './conversion.js'
import { type CountedCapture, enterBands } from './enter-bands.js'
import { netOf } from './flow.js'

import type { CommissionHooks } from './hooks.js'
import type { Conversions } from './line.js'
import { bandsOf } from './volume.js'

export interface BookCapturesDeps {
  readonly ledger: Ledger
  readonly hooks: Hooks<CommissionHooks>
  /** The calendar month of a moment in the platform's time zone. */
  readonly monthOf: (at: Timestamp) => string
  /** The most that the payment rail lets be split off an order. */
  readonly maxSplit: Percentage | undefined
}

/**
 * Books captures: what each earns for every party, line by line, becomes a claim. All in the transaction that makes the capture known, so that no captured
 * money is without its claims. A number of statements that does not grow with orders or lines.
 */
export function bookCaptures({
  ledger,
  hooks,
  monthOf,
  maxSplit,
}: BookCapturesDeps): (captures: readonly OrderCapture[], tx: Tx) => Promise<void> {
  return async (captures, tx) => {
    const lineIds = [...new Set(captures.flatMap((capture) => capture.parts.map((part) => part.lineId)))]
    const placed = await tx.find(termsTable, { lineId: lineIds }, { orderBy: ['lineId'] })
    // Lines of an order that nothing was captured of have no claims yet, and the books have nothing of them.
    const continued = captures
      .filter(({ order, amount }) => order.captured > amount)
      .flatMap((capture) => capture.parts.map((part) => part.lineId))
    const claims = await lockClaims(tx, hooks, continued)
    const books = booksOf(await ledger.passages(tx, continued))
    const isFirst = (lineId: string): boolean => books(lineId).earned.flows.length === 0
    const { rows, counted } = await enterBands(tx, captures, placed, { isFirst, monthOf, maxSplit })
    const terms = new Map(rows.map((row) => [row.lineId, row]))
    const charged = new Map<string, number>()
    const journals = captures.flatMap((capture): PostJournal[] => {
      const { order, captureId, clearing, at } = capture
      const moved = capture.parts.flatMap((part): Movements[] => {
        const row = terms.get(part.lineId)
        if (!row) return []
        const { earned } = books(part.lineId)
        const its = earnPart(capture, row, part, earned)
        addTo(earned, its)
        return [its]
      })
      for (const flow of moved.flatMap(({ flows }) => flows)) {
        const key = chargeKey(flow.line, captureId)
        if (flow.kind === 'commission') charged.set(key, (charged.get(key) ?? 0) + netOf([flow], 'platform'))
      }
      const conversionsOf = (lineId: string): Conversions => terms.get(lineId)?.terms.conversions ?? {}
      const transfers = transfersOf(together(moved), { cash: clearing, claims, commodity: order.currency, conversionsOf })
      return transfers.length === 0 ? [] : [{ kind: 'capture', source: order.id, key: captureKey(captureId), effectiveAt: at, transfers }]
    })
    await tx.insertMissing(claimTable, newClaims(rows, claims))
    await ledger.post(tx, journals)
    await countEarnings(tx, retroactiveEarnings(counted, terms, charged))
    const now = monthOf(tx.now)
    await reopenTotals(
      tx,
      counted.map(({ key }) => key).filter(({ period }) => period < now),
    )
    await hooks.run(tx, 'commission.booked', { lineIds, movements: movementsOf(journals, claims) })
  }
}

function chargeKey(lineId: string, captureId: string): string {
  return `${lineId} ${captureId}`
}

/** What lines under retroactive bands brought and were charged. */
function retroactiveEarnings(
  counted: readonly CountedCapture[],
  terms: ReadonlyMap<string, TermsRow>,
  charged: ReadonlyMap<string, number>,
): readonly BandEarning[] {
  return counted.flatMap(({ lineId, captureId, key, by }) => {
    const rule = terms.get(lineId)?.terms.rule
    if (!rule || bandsOf(rule.terms)?.mode !== 'retroactive') return []
    return [{ ruleId: rule.id, key, base: by, charged: charged.get(chargeKey(lineId, captureId)) ?? 0 }]
  })
}

function earnPart(
  { order, lines }: OrderCapture,
  { lineId, split, terms: { conversions = {}, rounding } }: TermsRow,
  { goods, shipping }: OrderCapture['parts'][number],
  { flows: earned, converted }: Movements,
): Movements {
  const progress = progressOf(
    order,
    lines.find((candidate) => candidate.id === lineId),
  )
  const flows = earnLine({ split, earned, goods, shipping, progress })
  return { flows, converted: convertCapture({ line: lineId, conversions, rounding, split, flows, earned, converted, progress }) }
}

/** What moves of several lines, in their order. */
export function together(movements: readonly Movements[]): Movements {
  return { flows: movements.flatMap(({ flows }) => flows), converted: movements.flatMap(({ converted }) => converted) }
}

/**
 * How far what cost the customer nothing is earned: as far as the rest of its line is captured, so that the line's last capture earns the last of it; where all of
 * the line is free, as far as its order is.
 */
function progressOf(order: OrderCapture['order'], line: OrderLine | undefined): Progress {
  if (line && line.goods + line.shipping > 0) return { part: line.capturedGoods + line.capturedShipping, whole: line.goods + line.shipping }
  return order.total === 0 ? { part: 1, whole: 1 } : { part: order.captured, whole: order.total }
}

/** The states of the claims on these lines, their rows locked: a release in between would send money to where the claim no longer is. */
export async function lockClaims(tx: Tx, hooks: Hooks<CommissionHooks>, lineIds: readonly string[]): Promise<ClaimStates> {
  if (lineIds.length === 0) return new Map()
  await hooks.run(tx, 'commission.booking', { lineIds })
  const claims = await tx.lock(claimTable, { lineId: lineIds })
  return new Map(claims.map((claim) => [claimKey(claim.lineId, claim.party), claim.state]))
}

function newClaims(rows: readonly TermsRow[], known: ClaimStates): readonly ClaimRow[] {
  return rows.flatMap(({ lineId, orderId, currency: ofSale, split, terms: { conversions = {} } }) =>
    split.parties
      .filter((party) => isClaimant(party) && !known.has(claimKey(lineId, party)))
      .map((party): ClaimRow => {
        const currency = conversions[party]?.to ?? ofSale
        return { lineId, party, orderId, currency, state: 'pending', releaseAt: null }
      }),
  )
}

/** The key of the journal that splits a capture. */
export function captureKey(captureId: string): string {
  return `capture:${captureId}`
}
