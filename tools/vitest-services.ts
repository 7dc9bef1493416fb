import { readFileSync } from 'node:fs'
import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'

/** Names in a test file by which we know that it also runs on a database server. */
const usesServer = /ENTREPOT_TEST_(POSTGRES|MARIADB)|testDatabases/

/**
 * Looks once, before the tests, for the servers they can use, and tells the workers: ENTREPOT_TEST_POSTGRES and ENTREPOT_TEST_MARIADB hold
 * the address, or nothing. Tests that need a missing server skip; with ENTREPOT_REQUIRE_SERVICES=1 (CI) the run fails instead.
 */
export default async function services(project: TestProject): Promise<void> {
  const found = await Promise.all([
    find('PostgreSQL', 'POSTGRES', 'postgres://postgres@127.0.0.1:5432/postgres', pingPostgres),
    find('MariaDB', 'MARIADB', 'mysql://root@127.0.0.1:3306', pingMariadb),
  ])
  const missing = found.flatMap((told) => told ?? [])
  if (missing.length === 0) return
  if (process.env.ENTREPOT_REQUIRE_SERVICES === '1')
    throw new Error(`${missing.map(({ told }) => told).join('; ')}; and ENTREPOT_REQUIRE_SERVICES=1 asks for it`)
  const { testFiles } = await project.globTestFiles()
  const skipped = testFiles.filter((file) => usesServer.test(readFileSync(file, 'utf8'))).length
  for (const { told, variable } of missing) console.warn(`\n${told}: ${skipped} suites skip their part on it. Set ${variable} to run it.\n`)
}

/** @returns what to say of a server that does not answer, or undefined */
async function find(
  name: string,
  key: 'POSTGRES' | 'MARIADB',
  usual: string,
  ping: (url: string) => Promise<void>,
): Promise<{ readonly told: string; readonly variable: string } | undefined> {
  const variable = `ENTREPOT_${key}_URL`
  const url = process.env[variable] ?? usual
  const reason = await failure(() => ping(url))
  process.env[`ENTREPOT_TEST_${key}`] = reason === undefined ? url : ''
  return reason === undefined ? undefined : { told: `${name} is not reachable at ${withoutPassword(url)} (${reason})`, variable }
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
