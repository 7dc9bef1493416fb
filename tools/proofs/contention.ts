/**
 * `npm run contention`: many buyers, too few goods, several processes, one database. Every buyer completes a cart of its own, some complete one cart many times at
 * once, and browser, webhook and poller report the same payments beside each other.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import type { Placed, Stocked, Webhook } from './commands.js'
import { openOutsideWorld } from './outside-world.js'
import { mustAsk, type Outcome, startWorker, type Worker } from './processes.js'
import { brokenPromises, census, reasonsLeft, unfinished } from './promises.js'
import { createProofDatabase } from './proof-database.js'
import { openTables, serverCounts } from './tables.js'

const usage = `npm run contention -- [--database URL] [--processes 2] [--stock 100] [--buyers 300] [--json OUT]

  --database URL   postgres://… or mysql://…, in which the proof makes a place of its own; without it, a temporary SQLite file
  --processes N    worker processes on that database
  --stock N        units of the one article
  --buyers N       carts of one unit each, all completed at once
  --json OUT       writes the figures there, too`

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    processes: { type: 'string', default: '2' },
    stock: { type: 'string', default: '100' },
    buyers: { type: 'string', default: '300' },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const [processes, stock, buyers] = [count(values.processes), count(values.stock), count(values.buyers)]

/** Attempts at one and the same cart; one buyer in ten clicks so often. */
const clicks = 20

const database = await createProofDatabase(values.database)
const world = await openOutsideWorld()
const heard = new Set<string>()
const workers: Worker[] = Array.from({ length: processes }, () => startWorker({ heard: (event) => heard.add(event.aggregate) }))
const worker = (index: number): Worker => workers[index % processes] as Worker
const began = performance.now()
try {
  const opening = { location: database.location, schema: database.schema, world: world.url, ahead: 0, background: true }
  for (const each of workers) await mustAsk(each, { do: 'open', opening })
  const goods = await mustAsk<Stocked>(worker(0), { do: 'stock', suppliers: 1, articles: 1, stock })
  const { methodId, supplierIds, offerIds } = goods
  const carts = await inGroups(buyers, 25, (buyer) =>
    mustAsk<string>(worker(buyer), { do: 'fill-cart', offers: offerIds, methodId, supplierIds, key: `buyer-${buyer}` }),
  )

  // Every change at the provider is reported by webhook at once, twice, to any process, beside the answer that the caller gets.
  const reports: Promise<Outcome>[] = []
  let told = 0
  world.onChange = (paymentId) => {
    const { headers, rawBody } = world.psp.webhook(paymentId)
    const webhook: Webhook = { headers: { ...headers }, rawBody: Buffer.from(rawBody).toString('base64') }
    reports.push(worker(told++).ask({ do: 'webhook', webhook }), worker(told++).ask({ do: 'webhook', webhook }))
  }
  const tables = await openTables(database.location, database.schema)
  const before = await serverCounts(database.location, tables)
  const placing = performance.now()
  const attempts = await Promise.all(
    carts.flatMap((cartId, buyer) =>
      Array.from({ length: buyer % 10 === 0 ? clicks : 1 }, (_, click) =>
        worker(buyer + click)
          .ask({ do: 'place', cartId, capture: 'automatic', key: `place-${buyer}-${click}` })
          .then((outcome) => ({ cartId, outcome })),
      ),
    ),
  )
  const seconds = (performance.now() - placing) / 1000
  const placed = attempts.flatMap(({ outcome }) => (outcome.kind === 'done' ? [outcome.value as Placed] : []))
  // Browser and poller, beside the webhooks that are still being worked off.
  const payments = [...new Set(placed.flatMap((order) => order.paymentIds))]
  reports.push(...payments.flatMap((paymentId, index) => [0, 1].map((more) => worker(index + more).ask({ do: 'finalize', paymentId }))))
  const reported = await Promise.all(reports)

  let ahead = 0
  let left = await unfinished(tables, now(ahead))
  for (let rounds = 0; left.size > 0 && rounds < 30; rounds++) {
    ahead += 60_000
    for (const each of workers) await mustAsk(each, { do: 'drain', ahead })
    left = await unfinished(tables, now(ahead))
  }
  const broken = [...(await brokenPromises(tables, { world, heard }))]
  if (left.size > 0)
    broken.push({
      promise: 'everything comes to an end',
      found: [...[...left].map(([what, count]) => `${count} ${what}`), ...(await reasonsLeft(tables))].join(', '),
    })
  const found = await census(tables)
  const expected = Math.min(stock, buyers)
  if (found.paid !== expected)
    broken.push({ promise: 'all that is there is sold, and no more', found: `${found.paid} orders paid of ${expected}` })

  const codes = new Map<string, number>()
  for (const outcome of [...attempts.map((attempt) => attempt.outcome), ...reported]) {
    if (outcome.kind === 'done') continue
    const code = outcome.kind === 'refused' ? outcome.code : 'the process died'
    codes.set(code, (codes.get(code) ?? 0) + 1)
    if (outcome.kind === 'died' || code.startsWith('unexpected'))
      broken.push({ promise: 'no request ends in an error that is not ours', found: code })
  }
  const orderOf = new Map<string, Set<string>>()
  for (const { cartId, outcome } of attempts) {
    if (outcome.kind === 'done') orderOf.set(cartId, (orderOf.get(cartId) ?? new Set()).add((outcome.value as Placed).orderId))
  }
  const duplicates = [...orderOf.values()].filter((orders) => orders.size > 1).length
  if (duplicates > 0) broken.push({ promise: 'one cart, one order', found: `${duplicates} carts were answered with several orders` })

  const figures = {
    database: database.kind,
    processes,
    buyers,
    stock,
    attempts: attempts.length,
    ...found,
    refused: Object.fromEntries(codes),
    duplicates,
    // Whoever was ended for another's sake has begun again: else a request would have been answered with an error that is not ours.
    deadlocksRetried: (await serverCounts(database.location, tables)).deadlocks - before.deadlocks,
    booksBalanced: !broken.some(({ promise }) => /books|guarded|booked/.test(promise)),
    seconds: Number(seconds.toFixed(1)),
    broken,
  }
  print(figures)
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  process.exitCode = broken.length === 0 ? 0 : 1
  await tables.close()
  for (const each of workers) await mustAsk(each, { do: 'close' })
} finally {
  for (const each of workers) await each.kill()
  await world.close()
  await database.drop()
}

function count(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number > 0 && number <= 10_000) return number
  console.error(`"${text}" is no whole number from 1 to 10,000\n\n${usage}`)
  process.exit(2)
}

function now(ahead: number): string {
  return new Date(Date.now() + ahead).toISOString()
}

async function inGroups<Value>(count: number, size: number, make: (index: number) => Promise<Value>): Promise<readonly Value[]> {
  const made: Value[] = []
  for (let start = 0; start < count; start += size) {
    made.push(...(await Promise.all(Array.from({ length: Math.min(size, count - start) }, (_, index) => make(start + index)))))
  }
  return made
}

function print(
  figures: { readonly broken: readonly { readonly promise: string; readonly found: string }[] } & Readonly<Record<string, unknown>>,
): void {
  const { broken, refused, ...rest } = figures
  for (const [name, value] of Object.entries(rest))
    console.log(`${name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`).padEnd(16)} ${String(value)}`)
  for (const [code, count] of Object.entries(refused as Record<string, number>)) console.log(`${'refused'.padEnd(16)} ${count} × ${code}`)
  for (const { promise, found } of broken) console.log(`BROKEN           ${promise}: ${found}`)
  console.log(
    broken.length === 0
      ? `Every promise was kept (${((performance.now() - began) / 1000).toFixed(1)} s).`
      : `${broken.length} promises are broken.`,
  )
}
