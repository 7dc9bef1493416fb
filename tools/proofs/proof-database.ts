/** An empty database for one proof, that several processes can open. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseLocation } from '@entrepot/core'
import { ownPlace } from '../../packages/adapters/cli/src/backtest/scratch-database.js'
import { databaseLocation } from '../../packages/adapters/cli/src/database-location.js'

export interface ProofDatabase {
  readonly kind: string
  readonly location: DatabaseLocation
  readonly schema: string | undefined
  drop(): Promise<void>
}

/** @param url of a server, on which the proof makes a schema or a database of its own; without one, an SQLite file in the temporary folder */
export async function createProofDatabase(url: string | undefined): Promise<ProofDatabase> {
  if (url === undefined) {
    const folder = await mkdtemp(join(tmpdir(), 'entrepot-proof-'))
    return {
      kind: 'SQLite',
      location: { type: 'better-sqlite3', database: join(folder, 'proof.db') },
      schema: undefined,
      drop: () => rm(folder, { recursive: true, force: true }),
    }
  }
  const location = databaseLocation(url)
  if (location.type === 'better-sqlite3') return { kind: 'SQLite', location, schema: undefined, drop: async () => {} }
  const { location: own, schema, drop } = await ownPlace(location, false, 'proof')
  return { kind: location.type === 'postgres' ? 'PostgreSQL' : 'MariaDB', location: own, schema, drop }
}
