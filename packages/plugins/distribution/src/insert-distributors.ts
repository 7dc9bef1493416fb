import type { Tx } from '@entrepot/core'
import { readDistributors } from './directory.js'
import { distributorTable } from './distributor.entity.js'
import type { Distributor } from './distributor.js'
import { taken } from './errors.js'

/** Writes new distributors by one statement. @throws distribution.taken */
export async function insertDistributors(tx: Tx, distributors: readonly Distributor[]): Promise<void> {
  const written = await tx.insertMissing(distributorTable, distributors)
  if (written === distributors.length) return
  const holders = await readDistributors(tx, {
    names: distributors.flatMap(({ externalId }) => externalId ?? []),
    codes: distributors.map(({ code }) => code),
    customerIds: distributors.flatMap(({ customerId }) => customerId ?? []),
  })
  const ours = new Set(distributors.map(({ id }) => id))
  // Without another holder, two of the new ones want the same.
  throw taken({ holders: holders.filter(({ id }) => !ours.has(id)).map(({ id }) => id) })
}
