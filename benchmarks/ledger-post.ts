/**
 * `npm run bench:ledger`: journals of an order, five transfers each, posted through the public API; and beside it, in the same run and on the same server, the
 * same rows written by bare SQL. The two take turns, round by round, so that a busy machine is slow for both.
 */
import { randomUUID } from 'node:crypto'
import { parseArgs } from 'node:util'
import { createCommerce } from '@entrepot/core'
import { Pool } from 'pg'
import { createProofDatabase } from '../tools/proofs/proof-database.js'
import { openTables, serverCounts } from '../tools/proofs/tables.js'

const usage = `npm run bench:ledger -- [--database postgres://…] [--clients 1,16,64] [--seconds 3] [--rounds 5]

  --database URL  of a PostgreSQL server; the benchmark makes schemas of its own there and drops them
  --clients N,N   how many journals are in hand at once
  --seconds N     how long each of the two posts in a round
  --rounds N      of which the median is told`

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: process.env.ENTREPOT_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres' },
    clients: { type: 'string', default: '1,16,64' },
    seconds: { type: 'string', default: '3' },
    rounds: { type: 'string', default: '5' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}

const suppliers = 200
const distributors = 50

/** One order's money: from whom, to whom, how much, as what. */
interface Movement {
  readonly from: Account
  readonly to: Account
  readonly amount: number
  readonly kind: string
}

interface Account {
  readonly party: string
  readonly purpose: string
}

/** Something that posts the five transfers of an order in a transaction of its own. */
interface Poster {
  post(key: string, movements: readonly Movement[]): Promise<unknown>
  close(): Promise<void>
}

/** The customer's money goes from the provider to four parties, the supplier of a second parcel among them: one hot account gives, one hot account takes. */
function orderMovements(index: number): readonly Movement[] {
  const from = { party: 'till', purpose: 'clearing' }
  const to = (party: string, purpose: string, amount: number, kind: string): Movement => ({ from, to: { party, purpose }, amount, kind })
  return [
    to(`merchant:${index % suppliers}`, 'pending', 7_200, 'sale'),
    to(`merchant:${(index * 7 + 1) % suppliers}`, 'pending', 3_100, 'sale'),
    to('house', 'commission', 1_030, 'commission'),
    to(`agent:${index % distributors}`, 'pending', 412, 'tier'),
    to('treasury', 'payable', 1_500, 'tax'),
  ]
}

const now = new Date().toISOString()

async function throughTheApi(poolSize: number): Promise<Poster & { readonly schema: string; statements(): readonly string[] }> {
  const place = await createProofDatabase(values.database)
  const { location, schema } = place
  if (!('type' in location && location.type === 'postgres') || schema === undefined) throw new Error('this benchmark is for PostgreSQL')
  const commerce = await createCommerce({
    database: { ...location, poolSize },
    schema,
    background: 'manual',
    migrate: true,
  })
  let observed: string[] = []
  commerce.observe((statement) => {
    if (observed.length < 10) observed.push(statement)
  })
  return {
    schema,
    post: (key, movements) =>
      commerce.ledger.post({
        kind: 'order',
        source: key,
        key,
        effectiveAt: now,
        transfers: movements.map((movement) => ({ ...movement, commodity: 'EUR', ref: key })),
      }),
    statements() {
      const seen = observed
      observed = []
      return seen
    },
    async close() {
      await commerce.close()
      await place.drop()
    },
  }
}

/** What somebody would write who knows the ids of all accounts: two inserts in a transaction, into tables with the same keys, checks and triggers. */
async function byBareSql(schema: string, poolSize: number): Promise<Poster> {
  const pool = new Pool({ connectionString: values.database, max: poolSize })
  const accounts = new Map<string, string>()
  const { rows } = await pool.query(`SELECT id, party, purpose FROM "${schema}".entrepot_ledger_account`)
  for (const { id, party, purpose } of rows) accounts.set(`${party}/${purpose}`, id)
  const idOf = ({ party, purpose }: Account): string => accounts.get(`${party}/${purpose}`) ?? ''
  const row = (at: number): string => `($${at + 1}, $${at + 2}, $${at + 3}, $${at + 4}, $${at + 5}, $${at + 6}, $${at + 7}, $${at + 8})`
  const insertTransfers = `INSERT INTO "${schema}".entrepot_ledger_transfer
    (journal_id, position, kind, from_account, to_account, amount, commodity, ref) VALUES ${[0, 8, 16, 24, 32].map(row).join(', ')}`
  return {
    async post(key, movements) {
      const client = await pool.connect()
      try {
        await client.query('BEGIN')
        await client.query(
          `INSERT INTO "${schema}".entrepot_ledger_journal (id, kind, source, key, content_hash, effective_at, posted_at, reverses)
           VALUES ($1, $2, $3, $4, $5, $6, $7, NULL) ON CONFLICT DO NOTHING`,
          [key, 'order', key, key, ''.padEnd(64, '0'), now, now],
        )
        await client.query(
          insertTransfers,
          movements.flatMap(({ from, to, amount, kind }, position) => [key, position, kind, idOf(from), idOf(to), amount, 'EUR', key]),
        )
        await client.query('COMMIT')
      } catch (error) {
        await client.query('ROLLBACK')
        throw error
      } finally {
        client.release()
      }
    },
    close: () => pool.end(),
  }
}

let posted = 0

/** @returns journals a second */
async function rate(poster: Poster, clients: number, seconds: number): Promise<number> {
  const began = performance.now()
  const end = began + seconds * 1000
  let done = 0
  const client = async (): Promise<void> => {
    while (performance.now() < end) {
      // Like an id of ours: it rises with time, so that both write at the same place of their indexes.
      await poster.post(`b${String(posted++).padStart(10, '0')}_${randomUUID().slice(0, 12)}`, orderMovements(posted))
      done++
    }
  }
  await Promise.all(Array.from({ length: clients }, client))
  return (done * 1000) / (performance.now() - began)
}

const median = (numbers: readonly number[]): number => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN

/** Deadlocks that the server has seen in this database. */
async function deadlocks(): Promise<number> {
  const location = { type: 'postgres', url: values.database } as const
  const tables = await openTables(location, undefined)
  // The server's sessions report what they have counted within a second.
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  const counts = await serverCounts(location, tables)
  await tables.close()
  return counts.deadlocks
}

const seconds = Number(values.seconds)
const rounds = Number(values.rounds)
const clientCounts = values.clients.split(',').map(Number)
if (![seconds, rounds, ...clientCounts].every((count) => count > 0)) throw new Error(`a number above zero is wanted\n\n${usage}`)

// Half of what a server allows by default, for each of the two: more clients wait for a connection, as they do in a process that serves many.
const most = Math.min(40, Math.max(...clientCounts))
const ours = await throughTheApi(most)
for (let index = 0; index < suppliers; index++) await ours.post(`open-${index}`, orderMovements(index))
ours.statements()
await ours.post('counted', orderMovements(0))
console.log(`statements of one journal: ${ours.statements().length}, transaction control in\n`)
const bare = await byBareSql(ours.schema, most)
try {
  // Until code and caches are warm, both are something else than what they will be for the rest of their lives.
  for (const poster of [ours, bare]) await rate(poster, most, seconds)
  console.log('clients      ours/s   bare SQL/s     ratio  (its rounds)  deadlocks')
  for (const clients of clientCounts) {
    const before = await deadlocks()
    const found: { readonly ours: number; readonly bare: number }[] = []
    for (let round = 0; round < rounds; round++) {
      // Who begins changes with each round: the second finds the caches warm.
      const first = round % 2 === 0 ? await rate(ours, clients, seconds) : undefined
      const bareRate = await rate(bare, clients, seconds)
      found.push({ ours: first ?? (await rate(ours, clients, seconds)), bare: bareRate })
    }
    const ratios = found.map((round) => round.ours / round.bare)
    console.log(
      [
        String(clients).padStart(7),
        median(found.map((round) => round.ours))
          .toFixed(0)
          .padStart(11),
        median(found.map((round) => round.bare))
          .toFixed(0)
          .padStart(12),
        `${(median(ratios) * 100).toFixed(0)} %`.padStart(9),
        `(${(Math.min(...ratios) * 100).toFixed(0)}–${(Math.max(...ratios) * 100).toFixed(0)} %)`.padStart(13),
        String((await deadlocks()) - before).padStart(10),
      ].join(' '),
    )
  }
} finally {
  await bare.close()
  await ours.close()
}
