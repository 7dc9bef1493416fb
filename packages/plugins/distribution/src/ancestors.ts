/** Who stands above whom. */
import { inList, type Reader, sql } from '@entrepot/core'
import { distributorTable } from './distributor.entity.js'
import type { DistributorStatus } from './distributor.js'

/** One who stands in a chain, as far as earning is concerned. */
export interface Standing {
  readonly id: string
  readonly level: string | null
  readonly status: DistributorStatus
}

/** Deeper than any tree that is not a mistake; a chain ends there at the latest. */
const deepest = 100

/** The chains that begin with these distributors and go up to the top, by one statement. */
export async function readChains(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, readonly Standing[]>> {
  const starts = [...new Set(ids)]
  if (starts.length === 0) return new Map()
  const rows = await reader.all(sql`
    WITH RECURSIVE chain (start, id, parent_id, level, status, place) AS (
      SELECT id, id, parent_id, level, status, 1 FROM ${distributorTable} WHERE ${inList(sql`id`, starts)}
      UNION ALL
      SELECT chain.start, above.id, above.parent_id, above.level, above.status, chain.place + 1
      FROM chain JOIN ${distributorTable} above ON above.id = chain.parent_id WHERE chain.place < ${deepest}
    )
    SELECT start, id, level, status FROM chain ORDER BY start, place`)
  const chains = new Map<string, Standing[]>()
  for (const row of rows) {
    const start = String(row.start)
    const chain = chains.get(start) ?? []
    chain.push({ id: String(row.id), level: row.level === null ? null : String(row.level), status: row.status as DistributorStatus })
    chains.set(start, chain)
  }
  return chains
}
