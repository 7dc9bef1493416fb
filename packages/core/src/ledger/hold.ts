/** A two-phase transfer: reserved first, then posted, released or left to lapse. Pure. */
import { createHash } from 'node:crypto'
import { canonicalJson, type Timestamp } from '../kernel/index.js'
import type { TouchesCore } from './core-accounts.js'
import { captureExceedsHold, holdEnded } from './errors.js'
import type { HoldEndRow, HoldRow } from './hold.entity.js'
import { type AccountRef, accountPath } from './journal.js'

/** Reserves an amount: until it is captured, released or lapses, it stays on `from` and is not available there. */
export interface HoldInput extends TouchesCore {
  readonly from: AccountRef
  readonly to: AccountRef
  /** Minor units of the commodity; a positive safe integer. */
  readonly amount: number
  readonly commodity: string
  /** The kind of the journal and of the transfer that a capture posts. */
  readonly kind: string
  /** Id of what caused it. */
  readonly source: string
  /** Never expires: held once, however often it is asked for. */
  readonly key: string
  /** What it is for. */
  readonly ref?: string | undefined
  /** At this moment it lapses by itself. @default never */
  readonly expiresAt?: string | undefined
}

/** What was reserved. */
export interface Hold {
  readonly id: string
  readonly from: { readonly party: string; readonly purpose: string }
  readonly to: { readonly party: string; readonly purpose: string }
  /** Minor units of the commodity. */
  readonly amount: number
  readonly commodity: string
  readonly kind: string
  readonly source: string
  readonly key: string
  readonly ref: string | null
  readonly heldAt: Timestamp
  readonly expiresAt: Timestamp | null
}

/** How a hold ended. A part that was not captured is available again. */
export interface HoldEnd {
  readonly holdId: string
  readonly outcome: 'captured' | 'released' | 'lapsed'
  /** Minor units; 0 unless captured. */
  readonly captured: number
  /** The journal that was posted; null unless captured. */
  readonly journalId: string | null
  readonly endedAt: Timestamp
}

/** A hold, and how it ended; null while it is open. */
export interface HoldState extends Hold {
  readonly end: HoldEnd | null
}

export interface CaptureHoldInput {
  readonly holdId: string
  /** Minor units, at most what is held; the rest is available again. @default all of it */
  readonly amount?: number | undefined
  /** Of the journal. @default now */
  readonly effectiveAt?: string | undefined
}

export interface ReleaseHoldInput {
  readonly holdId: string
}

/** Equal requests have equal hashes: what tells a repetition from another hold under the same key. */
export function holdHash({ from, to, amount, commodity, kind, source, ref, expiresAt }: HoldInput): string {
  const content = [accountPath(from, commodity), accountPath(to, commodity), amount, kind, source, ref ?? null, expiresAt ?? null]
  return createHash('sha256').update(canonicalJson(content)).digest('hex')
}

/** Whether its time is over, booked or not. */
export function isLapsed({ expiresAt }: { readonly expiresAt: Timestamp | null }, now: Timestamp): boolean {
  return expiresAt !== null && expiresAt <= now
}

/** How an open hold ends by a capture. @throws ledger.capture_exceeds_hold, ledger.hold_ended */
export function captured(hold: HoldRow, amount: number, journalId: string, now: Timestamp): HoldEndRow {
  if (amount > hold.amount) throw captureExceedsHold({ holdId: hold.id, amount, held: hold.amount })
  if (isLapsed(hold, now)) throw holdEnded({ holdId: hold.id, outcome: 'lapsed' })
  return { holdId: hold.id, outcome: 'captured', captured: amount, journalId, endedAt: now }
}

/** How an open hold ends without one: it lapses at its own moment, whenever that is booked. */
export function freed(hold: { readonly id: string; readonly expiresAt: Timestamp | null }, now: Timestamp): HoldEndRow {
  const nothing = { holdId: hold.id, captured: 0, journalId: null }
  return hold.expiresAt !== null && isLapsed(hold, now)
    ? { ...nothing, outcome: 'lapsed', endedAt: hold.expiresAt }
    : { ...nothing, outcome: 'released', endedAt: now }
}
