import type { Reader, Tx } from '../kernel/index.js'
import { holdEnded, holdNotFound } from './errors.js'
import { type HoldEndRow, type HoldRow, holdEndTable, holdTable, openHoldTable } from './hold.entity.js'
import { type CaptureHoldInput, captured, freed, type HoldEnd, type HoldState, isLapsed, type ReleaseHoldInput } from './hold.js'
import { freeHeld } from './lapse-holds.js'
import { accountTable } from './ledger.entity.js'
import { toHold } from './place-hold.js'
import type { PostFreeing } from './post.js'

/**
 * Posts what was held, or a part of it; the rest is available again. Asked again for the same amount it answers the same.
 * @throws ledger.capture_exceeds_hold, ledger.hold_ended, ledger.hold_not_found
 */
export function captureHold({ post }: { readonly post: PostFreeing }) {
  return async (tx: Tx, { holdId, amount, effectiveAt }: CaptureHoldInput): Promise<HoldEnd> => {
    const { hold, end } = await lockHold(tx, holdId)
    const wanted = amount ?? hold.amount
    if (end?.outcome === 'captured' && end.captured === wanted) return end
    if (end) throw holdEnded({ holdId, outcome: end.outcome })
    // What may be is said before anything is posted.
    captured(hold, wanted, '', tx.now)
    const { from, to } = await endsOf(tx, hold)
    const { kind, source, commodity, ref } = hold
    const transfer = { from, to, amount: wanted, commodity, kind, ref: ref ?? undefined }
    const journal = { kind, source, key: `hold/${holdId}`, effectiveAt: effectiveAt ?? tx.now, transfers: [transfer] }
    const [posted] = await post(tx, [journal], new Map([[hold.fromAccount, hold.amount]]))
    return store(tx, captured(hold, wanted, posted?.id ?? '', tx.now))
  }
}

/** Makes what was held available again. Asked again, or after its time, it answers how the hold ended. @throws ledger.hold_ended, ledger.hold_not_found */
export async function releaseHold(tx: Tx, { holdId }: ReleaseHoldInput): Promise<HoldEnd> {
  const { hold, end } = await lockHold(tx, holdId)
  if (end?.outcome === 'captured') throw holdEnded({ holdId, outcome: end.outcome })
  if (end) return end
  await freeHeld(tx, [{ accountId: hold.fromAccount, amount: hold.amount }])
  return store(tx, freed(hold, tx.now))
}

/** By its id, or by the key that it was placed under. */
export type HoldQuery = { readonly holdId: string } | { readonly key: string }

/** @throws ledger.hold_not_found */
export async function findHold(reader: Reader, query: HoldQuery): Promise<HoldState> {
  const hold = await reader.findOne(holdTable, 'key' in query ? { key: query.key } : { id: query.holdId })
  if (!hold) throw holdNotFound({ hold: 'key' in query ? `of key "${query.key}"` : query.holdId })
  const end = await reader.findOne(holdEndTable, { holdId: hold.id })
  const booked = end ?? (isLapsed(hold, reader.now) ? freed(hold, reader.now) : null)
  return { ...toHold(hold, await endsOf(reader, hold)), end: booked }
}

/** A hold, locked by its open row; who finds none of that finds how it ended. @throws ledger.hold_not_found */
async function lockHold(tx: Tx, holdId: string): Promise<{ readonly hold: HoldRow; readonly end: HoldEndRow | undefined }> {
  // Before anything is read: of two at once, the second waits here, and then sees what the first did.
  const [open] = await tx.lock(openHoldTable, { holdId })
  const hold = await tx.findOne(holdTable, { id: holdId })
  if (!hold) throw holdNotFound({ hold: holdId })
  return { hold, end: open ? undefined : await tx.findOne(holdEndTable, { holdId }) }
}

async function store(tx: Tx, end: HoldEndRow): Promise<HoldEnd> {
  await tx.remove(openHoldTable, { holdId: end.holdId })
  await tx.insert(holdEndTable, [end])
  return end
}

async function endsOf(reader: Reader, { fromAccount, toAccount }: HoldRow) {
  const rows = new Map((await reader.find(accountTable, { id: [fromAccount, toAccount] })).map((row) => [row.id, row]))
  const ref = (id: string) => ({ party: rows.get(id)?.party ?? '', purpose: rows.get(id)?.purpose ?? '' })
  return { from: ref(fromAccount), to: ref(toAccount) }
}
