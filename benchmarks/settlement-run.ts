/**
 * `npm run bench:settlement`: settles everybody, whose claims of many order lines have just passed their hold. The books are laid by bulk SQL, the run goes through
 * the public API in a process of its own, is killed on its way and goes on in a second one; then every party must have been paid once, and exactly what it is owed.
 */
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { createCommerce } from '@entrepot/core'
import { Client } from 'pg'
import { createProofDatabase } from '../tools/proofs/proof-database.js'

const usage = `npm run bench:settlement -- [--database postgres://…] [--lines 10000,100000,1000000] [--lines-per-party 200]

  --database URL       of a PostgreSQL server; the benchmark makes schemas of its own there and drops them
  --lines N,N          order lines to settle, one run after the other
  --lines-per-party N  how many lines a party has`

const { values } = parseArgs({
  options: {
    database: { type: 'string', default: process.env.ENTREPOT_POSTGRES_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres' },
    lines: { type: 'string', default: '10000,100000,1000000' },
    'lines-per-party': { type: 'string', default: '200' },
    // The process that settles, which this one starts.
    settle: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})

interface Progress {
  readonly released: number
  readonly statements: number
  /** Megabytes, the highest so far. */
  readonly rss: number
}

const megabyte = 1024 * 1024

async function settle(schema: string): Promise<void> {
  const commerce = await createCommerce({
    database: { type: 'postgres', url: values.database, poolSize: 4 },
    schema,
    background: 'manual',
    settlement: { holdDays: 0 },
  })
  const tell = (progress: Progress): void => void process.stdout.write(`${JSON.stringify(progress)}\n`)
  let rss = 0
  const sample = setInterval(() => (rss = Math.max(rss, process.memoryUsage().rss / megabyte)), 50)
  const run = await commerce.settlement.run({
    onProgress: ({ released, statements }) => tell({ released, statements, rss }),
  })
  clearInterval(sample)
  if (run.finishedAt === null) throw new Error('the run was not finished')
  await commerce.close()
}

/** Runs `settle` in a process of its own. @param killAt told each progress; true kills the process there */
async function settleElsewhere(schema: string, killAt: (progress: Progress) => boolean): Promise<Progress> {
  const self = fileURLToPath(import.meta.url)
  const child = spawn(process.execPath, ['--import', 'tsx', self, '--settle', schema, '--database', values.database], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let last: Progress = { released: 0, statements: 0, rss: 0 }
  let rest = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      last = JSON.parse(line)
      if (process.stdout.isTTY) process.stdout.write(`\r  ${last.released} claims released, ${last.statements} statements`)
      if (killAt(last)) child.kill('SIGKILL')
    }
  })
  const [code, signal] = await new Promise<readonly [number | null, string | null]>((resolve) =>
    child.on('close', (...ended) => resolve(ended)),
  )
  if (code !== 0 && signal !== 'SIGKILL') throw new Error(`the process that settles ended with ${code ?? signal}`)
  return last
}

const id = (prefix: string, number: string): string => `'${prefix}_' || lpad((${number})::text, 26, '0')`

/** Each line: a sale of 100.00 pending for its party, 10.00 of it the platform's commission; the hold has passed. */
async function layTheBooks(client: Client, schema: string, lines: number, parties: number): Promise<void> {
  const table = (name: string): string => `"${schema}".entrepot_${name}`
  const at = `'2026-01-01T00:00:00.000Z'`
  const account = (number: string, party: string, purpose: string): string =>
    `${id('acc', number)}, ${party}, '${purpose}', 'EUR', 0, ${at}`
  const party = `'distributor:dst_' || lpad((n % ${parties})::text, 26, '0')`
  // 1 and 2 are the provider's and the platform's; then each party's pending account, and behind those the available ones.
  const pending = id('acc', `3 + n % ${parties}`)
  await client.query(`INSERT INTO ${table('ledger_account')} (id, party, purpose, commodity, guarded, created_at)
    SELECT ${account('1', `'psp:card'`, 'clearing')} UNION ALL SELECT ${account('2', `'platform'`, 'commission')}
    UNION ALL SELECT ${account('3 + n', party, 'pending')} FROM generate_series(0, ${parties - 1}) n
    UNION ALL SELECT ${account(`3 + n + ${parties}`, party, 'available')} FROM generate_series(0, ${parties - 1}) n`)
  await client.query(`INSERT INTO ${table('ledger_journal')} (id, kind, source, key, content_hash, effective_at, posted_at, reverses)
    SELECT ${id('jrn', 'n')}, 'capture', ${id('ord', 'n')}, 'capture:' || n, repeat('0', 64), ${at}, ${at}, NULL FROM generate_series(1, ${lines}) n`)
  await client.query(`INSERT INTO ${table('ledger_transfer')} (journal_id, position, kind, from_account, to_account, amount, commodity, ref)
    SELECT ${id('jrn', 'n')}, 0, 'tier:goods', ${id('acc', '1')}, ${pending}, 10000, 'EUR', ${id('lin', 'n')} FROM generate_series(1, ${lines}) n
    UNION ALL
    SELECT ${id('jrn', 'n')}, 1, 'promotion_funding:goods', ${pending}, ${id('acc', '2')}, 1000, 'EUR', ${id('lin', 'n')} FROM generate_series(1, ${lines}) n`)
  await client.query(`INSERT INTO ${table('commission_claim')} (line_id, party, order_id, currency, state, release_at)
    SELECT ${id('lin', 'n')}, ${party}, ${id('ord', 'n')}, 'EUR', 'pending', ${at} FROM generate_series(1, ${lines}) n`)
  // As the closing of the books leaves it: in the snapshots, and not in the tail.
  await client.query(`DELETE FROM ${table('ledger_tail')}`)
  await client.query(`INSERT INTO ${table('ledger_snapshot')} (account_id, balance)
    SELECT account_id, SUM(amount) FROM (
      SELECT to_account AS account_id, amount FROM ${table('ledger_transfer')} UNION ALL SELECT from_account, -amount FROM ${table('ledger_transfer')}
    ) m GROUP BY account_id`)
  for (const name of ['ledger_account', 'ledger_journal', 'ledger_transfer', 'commission_claim', 'ledger_snapshot'])
    await client.query(`ANALYZE ${table(name)}`)
}

/** @returns what is not as it must be */
async function check(client: Client, schema: string, lines: number, parties: number): Promise<readonly string[]> {
  const table = (name: string): string => `"${schema}".entrepot_${name}`
  const one = async (text: string): Promise<number> => Number((await client.query<{ found: string }>(text)).rows[0]?.found)
  const facts: readonly (readonly [string, number, number])[] = [
    ['statements', await one(`SELECT COUNT(*) AS found FROM ${table('settlement_statement')}`), parties],
    ['payouts', await one(`SELECT COUNT(*) AS found FROM ${table('settlement_payout')}`), parties],
    ['parties paid', await one(`SELECT COUNT(DISTINCT party) AS found FROM ${table('settlement_payout')}`), parties],
    ['paid in all', await one(`SELECT SUM(amount) AS found FROM ${table('settlement_payout')}`), lines * 9000],
    [
      'parties paid another amount than they are owed',
      await one(`SELECT COUNT(*) AS found FROM ${table('settlement_payout')} p
        LEFT JOIN (SELECT party, COUNT(*) * 9000 AS owed FROM ${table('commission_claim')} GROUP BY party) c ON c.party = p.party
        WHERE c.owed IS DISTINCT FROM p.amount`),
      0,
    ],
    ['claims left pending', await one(`SELECT COUNT(*) AS found FROM ${table('commission_claim')} WHERE state = 'pending'`), 0],
  ]
  return facts.filter(([, found, wanted]) => found !== wanted).map(([what, found, wanted]) => `${what}: ${found}, not ${wanted}`)
}

async function measure(lines: number, parties: number): Promise<boolean> {
  const place = await createProofDatabase(values.database)
  if (place.schema === undefined) throw new Error('this benchmark is for PostgreSQL')
  const client = new Client({ connectionString: values.database })
  await client.connect()
  try {
    await (await createCommerce({ database: place.location, schema: place.schema, background: 'manual', migrate: true })).close()
    await layTheBooks(client, place.schema, lines, parties)
    const began = performance.now()
    const first = await settleElsewhere(place.schema, ({ statements }) => statements >= parties / 2)
    const killedAfter = performance.now() - began
    const second = await settleElsewhere(place.schema, () => false)
    const seconds = (performance.now() - began) / 1000
    if (process.stdout.isTTY) process.stdout.write('\r')
    console.log(
      [
        String(lines).padStart(9),
        String(parties).padStart(8),
        seconds.toFixed(1).padStart(9),
        ((seconds * 1000) / lines).toFixed(3).padStart(12),
        Math.max(first.rss, second.rss).toFixed(0).padStart(9),
        `  after ${(killedAfter / 1000).toFixed(1)} s, at ${first.statements} statements`,
      ].join(' '),
    )
    const wrong = await check(client, place.schema, lines, parties)
    for (const each of wrong) console.error(`  WRONG ${each}`)
    return wrong.length === 0
  } finally {
    await client.end()
    await place.drop()
  }
}

if (values.help) {
  console.log(usage)
} else if (values.settle !== undefined) {
  await settle(values.settle)
} else {
  const perParty = Number(values['lines-per-party'])
  const counts = values.lines.split(',').map(Number)
  if (![perParty, ...counts].every((count) => Number.isInteger(count) && count > 0)) throw new Error(`a whole number is wanted\n\n${usage}`)
  console.log('    lines  parties   seconds  ms per line  RSS in MB   killed')
  for (const lines of counts) if (!(await measure(lines, Math.max(1, Math.round(lines / perParty))))) process.exitCode = 1
}
