import { type ClaimRow, claimTable } from '../commission/index.js'
import { forUpdate, groupBy, inList, join, type Kernel, type Sql, sql, type Timestamp, type Tx, when } from '../kernel/index.js'
import type { Ledger, Passage, PostJournal, PostTransfer } from '../ledger/index.js'
import { type Rounding, sumAmounts } from '../money/index.js'
import type { Policies } from './policy.js'
import { newReserve, reservedOf, reserveTransfer } from './reserve.js'
import { reserveTable } from './settlement.entity.js'

/** Which claims and reserves to look at. */
export interface ReleaseScope {
  /** Those whose hold, or whose reserve's time, ends at this moment or earlier. */
  readonly until: Timestamp
  /** Only theirs; all parties' otherwise. */
  readonly parties?: readonly string[] | undefined
  /** Only on these lines; on all otherwise. */
  readonly lineIds?: readonly string[] | undefined
}

/** The part of a condition that narrows claims or reserves to a scope. */
function within({ parties, lineIds }: Pick<ReleaseScope, 'parties' | 'lineIds'>): Sql {
  const ofParties = when(parties !== undefined, sql` AND ${inList(sql`party`, parties ?? [])}`)
  return sql`${ofParties}${when(lineIds !== undefined, sql` AND ${inList(sql`line_id`, lineIds ?? [])}`)}`
}

/**
 * Whoever asks for all is the background's work: it takes the oldest first, so that its index leads past everything that was released before, and passes over what
 * another worker or a refund holds; its next run finds it. As it never waits, it needs no order of locks; who asks for some takes them in the order of all.
 */
function orderAndLock({ parties, lineIds }: Pick<ReleaseScope, 'parties' | 'lineIds'>, key: Sql): Sql {
  const all = parties === undefined && lineIds === undefined
  return sql` ORDER BY ${all ? sql`release_at` : key} LIMIT ${atOnce}${forUpdate(all ? 'skip' : 'wait')}`
}

/** What a batch came to. */
export interface ReleasedBatch {
  /** Claims that it made available. */
  readonly claims: number
  /** Whether there may be more. */
  readonly more: boolean
}

export interface Releases {
  /** Releases what is due, a batch in this transaction. */
  batch(tx: Tx, scope: ReleaseScope): Promise<ReleasedBatch>
  /** Releases all that is due. */
  all(tx: Tx, scope: ReleaseScope): Promise<void>
}

export interface ReleasesDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  readonly ledger: Ledger
  readonly policies: Policies
  readonly rounding: Rounding
}

/** How many claims, and how many reserves, are released at once. */
const atOnce = 500

/**
 * Makes claims available whose hold has ended: what each has pending moves to available, kind by kind and way by way, so that a statement can name it; less its
 * reserve, which follows when its own time has come. Effective at the end of the hold, to the millisecond, however late this runs.
 */
export function createReleases(deps: ReleasesDeps): Releases {
  const batch: Releases['batch'] = async (tx, scope) => {
    const claims = await releaseClaims(tx, deps, scope)
    // After the claims: a reserve whose time has come as well is withheld and released one after the other.
    const reserves = await releaseReserves(tx, deps.ledger, scope)
    return { claims, more: claims === atOnce || reserves === atOnce }
  }
  return {
    batch,
    async all(tx, scope) {
      while ((await batch(tx, scope)).more);
    },
  }
}

async function releaseClaims(tx: Tx, { kernel, ledger, policies, rounding }: ReleasesDeps, scope: ReleaseScope): Promise<number> {
  const { until } = scope
  const rows = await tx.all(sql`
    SELECT * FROM ${claimTable} WHERE state = 'pending' AND release_at <= ${until}${within(scope)}${orderAndLock(scope, sql`line_id, party`)}`)
  const claims = rows.map(claimTable.read).sort(byKey)
  if (claims.length === 0) return 0
  const lineIds = [...new Set(claims.map((claim) => claim.lineId))]
  const passages = groupBy(await ledger.passages(tx, lineIds), (passage) => passage.ref)
  const policyOf = await policies(tx, [...new Set(claims.map((claim) => claim.party))], until)
  const released = claims.map((claim) => {
    const moved = releasedOf(claim, passages.get(claim.lineId) ?? [])
    return { claim, moved, reserved: reservedOf(moved.net, policyOf(claim.party).reserve, rounding) }
  })
  await ledger.post(
    tx,
    released.flatMap(({ claim, moved, reserved }) => releaseJournal(claim, moved.transfers, reserved)),
  )
  const keys = join(claims.map((claim) => sql`(${claim.lineId}, ${claim.party})`))
  await tx.run(sql`UPDATE ${claimTable} SET state = 'available' WHERE (line_id, party) IN (${keys})`)
  const reserves = released.flatMap(({ claim, reserved }) => {
    const terms = policyOf(claim.party).reserve
    return reserved === 0 || terms === null
      ? []
      : [newReserve(kernel.ids('rsv'), { ...claim, withheld: reserved }, claim.releaseAt ?? until, terms)]
  })
  if (reserves.length > 0) await tx.insert(reserveTable, reserves)
  return claims.length
}

/** The order of their primary key. */
function byKey(a: ClaimRow, b: ClaimRow): number {
  if (a.lineId !== b.lineId) return a.lineId < b.lineId ? -1 : 1
  return a.party < b.party ? -1 : 1
}

/** What a claim has pending, as it becomes available, and the net of it. */
function releasedOf(
  { lineId, party, currency }: ClaimRow,
  passages: readonly Passage[],
): { readonly transfers: readonly PostTransfer[]; readonly net: number } {
  const pending = { party, purpose: 'pending' }
  const available = { party, purpose: 'available' }
  const isPending = (end: Passage['from']): boolean => end.party === party && end.purpose === 'pending'
  const transfers = passages
    .filter(({ from, to }) => isPending(from) !== isPending(to) && from.party !== to.party)
    .map(({ from, kind, amount }) => {
      // What had come in goes on to available; what had gone out of pending is now owed by available.
      const [source, target] = isPending(from) ? [available, pending] : [pending, available]
      return { from: source, to: target, amount, commodity: currency, kind, ref: lineId }
    })
  return { transfers, net: sumAmounts(transfers.map(({ to, amount }) => (to.purpose === 'available' ? amount : -amount))) }
}

function releaseJournal(
  { lineId, party, currency, releaseAt }: ClaimRow,
  transfers: readonly PostTransfer[],
  reserved: number,
): readonly PostJournal[] {
  if (transfers.length === 0) return []
  const [available, reserve] = [
    { party, purpose: 'available' },
    { party, purpose: 'reserve' },
  ]
  const withheld =
    reserved === 0 ? [] : [{ from: available, to: reserve, amount: reserved, commodity: currency, kind: 'reserve', ref: lineId }]
  return [
    {
      kind: 'release',
      source: lineId,
      key: `release:${lineId}:${party}`,
      effectiveAt: releaseAt ?? '',
      transfers: [...transfers, ...withheld],
    },
  ]
}

/** Makes available what is left of reserves whose time has come, effective at that time. */
async function releaseReserves(tx: Tx, ledger: Ledger, scope: ReleaseScope): Promise<number> {
  const rows = await tx.all(sql`
    SELECT * FROM ${reserveTable} WHERE state = 'held' AND release_at <= ${scope.until}${within(scope)}${orderAndLock(scope, sql`id`)}`)
  const due = rows.map(reserveTable.read)
  if (due.length === 0) return 0
  await ledger.post(
    tx,
    due.flatMap((reserve) => {
      const left = reserve.withheld - reserve.consumed
      if (left === 0) return []
      const transfers = [reserveTransfer(reserve, left, 'out')]
      return [{ kind: 'reserve_release', source: reserve.lineId, key: `reserve:${reserve.id}`, effectiveAt: reserve.releaseAt, transfers }]
    }),
  )
  await tx.update(reserveTable, { state: 'released' }, { id: due.map(({ id }) => id) })
  return due.length
}
