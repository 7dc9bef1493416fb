import { claimTable } from '../commission/index.js'
import { addDays, groupBy, inList, sql, type Timestamp, type Tx, textByKey } from '../kernel/index.js'
import type { Policies } from './policy.js'

/** A line whose whole remaining quantity has arrived. */
export interface DeliveredLine {
  readonly lineId: string
  readonly at: Timestamp
}

/** Starts the hold of the claims on delivered lines; one statement for each length of hold that occurs. A line delivered twice keeps its first hold. */
export async function startHold(tx: Tx, policies: Policies, lines: readonly DeliveredLine[]): Promise<void> {
  const delivered = new Map(lines.map((line) => [line.lineId, line.at]))
  const claims = (await tx.lock(claimTable, { lineId: [...delivered.keys()], state: 'pending' })).filter(
    (claim) => claim.releaseAt === null,
  )
  const policyOf = await policies(tx, [...new Set(claims.map((claim) => claim.party))], tx.now)
  for (const [holdDays, held] of groupBy(claims, (claim) => policyOf(claim.party).holdDays)) {
    const lineIds = [...new Set(held.map((claim) => claim.lineId))]
    const releaseAt = textByKey(
      sql`line_id`,
      lineIds.map((lineId) => [lineId, addDays(delivered.get(lineId) ?? tx.now, holdDays)] as const),
    )
    await tx.run(sql`
      UPDATE ${claimTable} SET release_at = ${releaseAt}
      WHERE ${inList(sql`line_id`, lineIds)} AND ${inList(sql`party`, [...new Set(held.map((claim) => claim.party))])} AND release_at IS NULL`)
  }
}
