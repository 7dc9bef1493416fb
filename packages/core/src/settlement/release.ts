import { type ClaimRow, claimTable } from '../commission/index.js'
import { forUpdate, groupBy, inList, join, sql, type Timestamp, type Tx, when } from '../kernel/index.js'
import type { Ledger, Passage, PostJournal } from '../ledger/index.js'

/** Which claims to look at. */
export interface ReleaseScope {
  /** Claims whose hold ends at this moment or earlier. */
  readonly until: Timestamp
  /** Only theirs; all parties' otherwise. */
  readonly parties?: readonly string[] | undefined
  readonly most: number
}

/**
 * Makes claims available whose hold has ended: what each has pending moves to available, kind by kind and way by way, so that a statement can name it.
 * Effective at the end of the hold, to the millisecond, however late this runs.
 * @returns how many claims were released; fewer than `most` means that none is left
 */
export async function releaseDue(tx: Tx, ledger: Ledger, { until, parties, most }: ReleaseScope): Promise<number> {
  // Claims that another worker or a refund holds are passed over; the next run finds them.
  const mode = parties === undefined ? 'skip' : 'wait'
  const rows = await tx.all(sql`
    SELECT * FROM ${claimTable} WHERE state = 'pending' AND release_at <= ${until}${when(parties !== undefined, sql` AND ${inList(sql`party`, parties ?? [])}`)}
    ORDER BY line_id, party LIMIT ${most}${forUpdate(mode)}`)
  const claims = rows.map(claimTable.read)
  if (claims.length === 0) return 0
  const lineIds = [...new Set(claims.map((claim) => claim.lineId))]
  const passages = groupBy(await ledger.passages(tx, lineIds), (passage) => passage.ref)
  await ledger.post(
    tx,
    claims.flatMap((claim) => releaseJournal(claim, passages.get(claim.lineId) ?? [])),
  )
  const keys = join(claims.map((claim) => sql`(${claim.lineId}, ${claim.party})`))
  await tx.run(sql`UPDATE ${claimTable} SET state = 'available' WHERE (line_id, party) IN (${keys})`)
  return claims.length
}

function releaseJournal({ lineId, party, currency, releaseAt }: ClaimRow, passages: readonly Passage[]): readonly PostJournal[] {
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
  if (transfers.length === 0) return []
  return [{ kind: 'release', source: lineId, key: `release:${lineId}:${party}`, effectiveAt: releaseAt ?? '', transfers }]
}
