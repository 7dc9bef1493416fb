import { readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { createConnection } from 'mysql2/promise'
import { Client } from 'pg'
import type { TestProject } from 'vitest/node'

type Service = 'POSTGRES' | 'MARIADB' | 'REDIS' | 'NATS' | 'RABBITMQ'

/** Names in a test file by which we know that it also runs on a database server, or on a broker. */
const usesDatabase = /ENTREPOT_TEST_(POSTGRES|MARIADB)|testDatabases/
const uses: Readonly<Record<Service, RegExp>> = {
  POSTGRES: usesDatabase,
  MARIADB: usesDatabase,
  REDIS: /ENTREPOT_TEST_REDIS/,
  NATS: /ENTREPOT_TEST_NATS/,
  RABBITMQ: /ENTREPOT_TEST_RABBITMQ/,
}

/**
 * Looks once, before the tests, for the servers they can use, and tells the workers: ENTREPOT_TEST_POSTGRES, _MARIADB, _REDIS, _NATS and _RABBITMQ hold
 * the address, or nothing. Tests that need a missing server skip; with ENTREPOT_REQUIRE_SERVICES=1 (CI) the run fails instead.
 */
export default async function services(project: TestProject): Promise<void> {
  const found = await Promise.all([
    find('PostgreSQL', 'POSTGRES', 'postgres://postgres@127.0.0.1:5432/postgres', pingPostgres),
    find('MariaDB', 'MARIADB', 'mysql://root@127.0.0.1:3306', pingMariadb),
    find('Redis', 'REDIS', 'redis://127.0.0.1:6379', (url) => greets(url, 'PING\r\n', /^[+-]/)),
    find('NATS with JetStream', 'NATS', 'nats://127.0.0.1:4222', (url) => greets(url, '', /^INFO .*"jetstream":true/)),
    find('RabbitMQ', 'RABBITMQ', 'amqp://guest:guest@127.0.0.1:5672', (url) => greets(url, 'AMQP\x00\x00\x09\x01', /RabbitMQ/)),
  ])
  const missing = found.flatMap((told) => told ?? [])
  if (missing.length === 0) return
  if (process.env.ENTREPOT_REQUIRE_SERVICES === '1')
    throw new Error(`${missing.map(({ told }) => told).join('; ')}; and ENTREPOT_REQUIRE_SERVICES=1 asks for it`)
  const { testFiles } = await project.globTestFiles()
  const texts = testFiles.map((file) => readFileSync(file, 'utf8'))
  for (const { told, variable, key } of missing) {
    const skipped = texts.filter((text) => uses[key].test(text)).length
    console.warn(`\n${told}: ${skipped} suites skip their part on it. Set ${variable} to run it.\n`)
  }
}

/** @returns what to say of a server that does not answer, or undefined */
async function find(
  name: string,
  key: Service,
  usual: string,
  ping: (url: string) => Promise<void>,
): Promise<{ readonly told: string; readonly variable: string; readonly key: Service } | undefined> {
  const variable = `ENTREPOT_${key}_URL`
  const url = process.env[variable] ?? usual
  const reason = await failure(() => ping(url))
  process.env[`ENTREPOT_TEST_${key}`] = reason === undefined ? url : ''
  return reason === undefined ? undefined : { told: `${name} is not reachable at ${withoutPassword(url)} (${reason})`, variable, key }
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

/** Connects, says a greeting, and looks at the answer's beginning. */
function greets(url: string, greeting: string, expected: RegExp): Promise<void> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect({ host: hostname, port: Number(port) })
    socket.setTimeout(2_000, () => socket.destroy(new Error('no answer')))
    socket.on('error', reject)
    socket.on('connect', () => socket.write(greeting, 'latin1'))
    socket.on('data', (answer) => {
      socket.destroy()
      if (expected.test(answer.toString('latin1'))) resolve()
      else reject(new Error('it answers as another server would'))
    })
  })
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
