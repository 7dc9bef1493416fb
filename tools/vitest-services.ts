import { readFileSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'

/** Names in a test file by which we know that it also runs on a database server. */
const usesServer = /ENTREPOT_TEST_POSTGRES|testDatabases/

/**
 * Looks once, before the tests, for the servers they can use, and tells the workers: ENTREPOT_TEST_POSTGRES and ENTREPOT_TEST_MARIADB hold
 * the address, or nothing. Tests that need a missing server skip; with ENTREPOT_REQUIRE_SERVICES=1 (CI) the run fails instead.
 */
export default async function services(project: TestProject): Promise<void> {
  const postgres = process.env.ENTREPOT_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
  const mariadb = process.env.ENTREPOT_MARIADB_URL ?? 'mysql://root@127.0.0.1:3306'
  const [postgresFailure, mariadbFailure] = await Promise.all([failure(() => pingPostgres(postgres)), failure(() => pingMariadb(mariadb))])
  process.env.ENTREPOT_TEST_POSTGRES = postgresFailure === undefined ? postgres : ''
  process.env.ENTREPOT_TEST_MARIADB = mariadbFailure === undefined ? mariadb : ''
  if (postgresFailure === undefined) return
  const told = `PostgreSQL is not reachable at ${withoutPassword(postgres)} (${postgresFailure})`
  if (process.env.ENTREPOT_REQUIRE_SERVICES === '1') throw new Error(`${told}, and ENTREPOT_REQUIRE_SERVICES=1 asks for it`)
  const { testFiles } = await project.globTestFiles()
  const skipped = testFiles.filter((file) => usesServer.test(readFileSync(file, 'utf8'))).length
  console.warn(`\n${told}: ${skipped} suites will be skipped. Set ENTREPOT_POSTGRES_URL to run them.\n`)
}

async function pingPostgres(url: string): Promise<void> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
    await client.query('select 1')
  } finally {
    await client.end().catch(() => undefined)
  }
}

async function pingMariadb(url: string): Promise<void> {
  const connection = await createConnection({ uri: url, connectTimeout: 2_000 })
  await connection.query('select 1').finally(() => connection.end())
}

/** Why it failed, or undefined when it did not. A refused connection on several addresses has its reason in the code, not in the message. */
async function failure(attempt: () => Promise<void>): Promise<string | undefined> {
  try {
    await attempt()
    return undefined
  } catch (error) {
    if (!(error instanceof Error)) return String(error)
    return error.message || ('code' in error ? String(error.code) : error.name)
  }
}

function withoutPassword(url: string): string {
  return url.replace(/:\/\/([^:@/]*):[^@/]*@/, '://$1:…@')
}
