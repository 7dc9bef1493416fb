/** An empty database for one proof, that several processes can open. */
import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DatabaseLocation } from '@entrepot/core'
import { databaseLocation } from '../../packages/adapters/cli/src/database-location.js'

export interface ProofDatabase {
  readonly kind: string
  readonly location: DatabaseLocation
  readonly schema: string | undefined
  drop(): Promise<void>
}

/** @param url of a server, in which the proof makes a schema of its own; without one, an SQLite file in the temporary folder */
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
  const name = `entrepot_proof_${randomBytes(5).toString('hex')}`
  if (location.type === 'better-sqlite3') {
    return { kind: 'SQLite', location, schema: undefined, drop: async () => {} }
  }
  const run = async (text: string): Promise<void> => {
    const { Client } = await import('pg')
    const client = new Client({ connectionString: url })
    await client.connect()
    await client.query(text).finally(() => client.end())
  }
  await run(`CREATE SCHEMA ${name}`)
  return { kind: 'PostgreSQL', location, schema: name, drop: () => run(`DROP SCHEMA ${name} CASCADE`) }
}
