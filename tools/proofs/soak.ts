/**
 * `npm run soak`: processes under a mixed load for a long time. What they hold (memory, handles, connections) must be the same at the end as it was once they were
 * warm; and at the end, every promise of the checkout must have been kept.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createDice } from '../../packages/core/src/testing/dice.fixture.js'
import type { Command, Held, Stocked } from './commands.js'
import { openOutsideWorld } from './outside-world.js'
import { mustAsk, type Outcome, startWorker, type Worker } from './processes.js'
import { brokenPromises, census, unfinished } from './promises.js'
import { createProofDatabase } from './proof-database.js'
import { createShopper } from './shopper.js'
import { openTables, serverCounts } from './tables.js'

const usage = `npm run soak -- [--minutes 30] [--database URL] [--buyers 4] [--seed N] [--json OUT]

  --minutes N      how long
  --database URL   postgres://… or mysql://…, in which the proof makes a place of its own; without it, a temporary SQLite file
  --buyers N       how many shop at the same time, in each of two processes
  --seed N         of the load
  --json OUT       writes the figures there, too`

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    database: { type: 'string' },
    buyers: { type: 'string', default: '4' },
    seed: { type: 'string', default: '1' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const [minutes, buyers, seed] = [above(values.minutes), above(values.buyers), above(values.seed)]

/** One look at both processes and at the server. */
interface Sample extends Held {
  readonly seconds: number
  readonly connections: number
  /** Orders, since the look before. */
  readonly orders: number
}

/** How often is looked: enough for a chart, and never so often that the looking is the load. */
const everyMillis = Math.max(2_000, (minutes * 60_000) / 60)

/** What a measure may wander by itself: megabytes, or a number of handles or connections. */
const slack = { heap: 12, rss: 60, handles: 12, connections: 8 } as const

const dice = createDice(seed)
const database = await createProofDatabase(values.database)
const world = await openOutsideWorld()
const heard = new Set<string>()
const workers: readonly Worker[] = [0, 1].map(() =>
  startWorker({ heard: (event) => heard.add(event.aggregate), execArgv: ['--expose-gc'] }),
)
const refused = new Map<string, number>()
const wrong: string[] = []
let asked = 0

try {
  const opening = { location: database.location, schema: database.schema, world: world.url, ahead: 0, background: true }
  for (const worker of workers) await mustAsk(worker, { do: 'open', opening })
  const goods = await mustAsk<Stocked>(workers[0] as Worker, { do: 'stock', suppliers: 2, articles: 8, stock: 100_000_000 })
  const tables = await openTables(database.location, database.schema)
  world.onChange = (paymentId) => {
    const { headers, rawBody } = world.psp.webhook(paymentId)
    const webhook = { headers: { ...headers }, rawBody: Buffer.from(rawBody).toString('base64') }
    for (let times = dice.roll(3); times > 0; times--) void ask({ do: 'webhook', webhook }, dice.roll(2))
  }
  const shop = createShopper({
    dice,
    ask,
    severalOrders: (cart, orders) => wrong.push(`one cart, one order: ${cart} made ${orders.join(', ')}`),
  })
  const began = performance.now()
  const end = began + minutes * 60_000
  const customers = Array.from({ length: buyers * 2 }, async (_, customer) => {
    for (let nth = 0; performance.now() < end; nth++) await shop(`${customer}-${nth}`, goods, customer % 2)
  })
  const samples: Sample[] = []
  let ordersBefore = 0
  while (performance.now() + everyMillis / 2 < end) {
    await new Promise((resolve) => setTimeout(resolve, Math.min(everyMillis, end - performance.now())))
    for (const supplierId of goods.supplierIds)
      await ask({ do: 'settle', party: `supplier:${supplierId}`, key: `settle-${samples.length}-${supplierId}` }, samples.length % 2)
    const held = await Promise.all(workers.map((worker) => mustAsk<Held>(worker, { do: 'measure' })))
    const orders = await tables.number('SELECT COUNT(*) FROM {order}')
    const sum = (of: (each: Held) => number): number => held.reduce((total, each) => total + of(each), 0)
    const sample = {
      seconds: Math.round((performance.now() - began) / 1000),
      heap: sum(({ heap }) => heap),
      rss: sum(({ rss }) => rss),
      handles: sum(({ handles }) => handles),
      connections: (await serverCounts(database.location, tables)).connections,
      orders: orders - ordersBefore,
    }
    ordersBefore = orders
    samples.push(sample)
    console.log(
      `${String(sample.seconds).padStart(6)} s  heap ${sample.heap.toFixed(0)} MB  rss ${sample.rss.toFixed(0)} MB  handles ${sample.handles}  connections ${sample.connections}  orders ${sample.orders}`,
    )
  }
  await Promise.all(customers)
  let ahead = 0
  for (let round = 0; round < 30 && (await unfinished(tables, new Date(Date.now() + ahead).toISOString())).size > 0; round++) {
    ahead += 60_000
    for (const worker of workers) await mustAsk(worker, { do: 'drain', ahead })
  }
  const left = await unfinished(tables, new Date(Date.now() + ahead).toISOString())
  for (const [what, count] of left) wrong.push(`everything comes to an end: ${count} ${what}`)
  for (const { promise, found } of await brokenPromises(tables, { world, heard })) wrong.push(`${promise}: ${found}`)
  for (const measure of ['heap', 'rss', 'handles', 'connections'] as const) {
    const grown = growth(samples.map((sample) => sample[measure]))
    if (grown !== undefined && grown.late > grown.early * 1.1 + slack[measure])
      wrong.push(`${measure} is flat: it went from ${grown.early.toFixed(0)} to ${grown.late.toFixed(0)}`)
  }
  console.log()
  for (const measure of ['heap', 'rss', 'handles', 'connections', 'orders'] as const)
    console.log(`${measure.padEnd(12)} ${chart(samples.map((sample) => sample[measure]))}`)
  const figures = {
    database: database.kind,
    minutes,
    buyers: buyers * 2,
    seed,
    commands: asked,
    ...(await census(tables)),
    refused: Object.fromEntries(refused),
    samples,
    wrong,
  }
  console.log(`\n${asked} commands, ${figures.orders} orders, ${figures.paid} paid; refused: ${JSON.stringify(figures.refused)}`)
  for (const each of wrong) console.error(`BROKEN ${each}`)
  if (wrong.length === 0) console.log(`${minutes} minutes: memory, handles and connections are flat, and every promise was kept.`)
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  process.exitCode = wrong.length === 0 ? 0 : 1
  await tables.close()
  for (const worker of workers) await mustAsk(worker, { do: 'close' })
} finally {
  for (const worker of workers) await worker.kill()
  await world.close()
  await database.drop()
}

async function ask(command: Command, side: number): Promise<Outcome> {
  asked++
  const outcome = await (workers[side] as Worker).ask(command)
  if (outcome.kind === 'refused') {
    refused.set(outcome.code, (refused.get(outcome.code) ?? 0) + 1)
    if (outcome.code.startsWith('unexpected')) wrong.push(`no request ends in an error that is not ours: ${command.do}: ${outcome.code}`)
  } else if (outcome.kind === 'died') wrong.push(`no process dies: it did in ${command.do}`)
  return outcome
}

/** The median of the second quarter, in which everything is warm, and of the last. */
function growth(values: readonly number[]): { readonly early: number; readonly late: number } | undefined {
  const quarter = Math.floor(values.length / 4)
  if (quarter === 0) return undefined
  const median = (some: readonly number[]): number => [...some].sort((a, b) => a - b)[Math.floor(some.length / 2)] ?? 0
  return { early: median(values.slice(quarter, 2 * quarter)), late: median(values.slice(-quarter)) }
}

/** A row of bars, from nothing to the highest, and what they stand for. */
function chart(values: readonly number[]): string {
  const bars = '▁▂▃▄▅▆▇█'
  const highest = Math.max(...values, 1)
  const row = values.map((value) => bars[Math.min(bars.length - 1, Math.floor((value / highest) * bars.length))]).join('')
  return `${row}  ${Math.min(...values).toFixed(0)}–${highest.toFixed(0)}`
}

function above(text: string): number {
  const number = Number(text)
  if (number > 0 && Number.isFinite(number)) return number
  console.error(`"${text}" is no number above zero\n\n${usage}`)
  process.exit(2)
}
