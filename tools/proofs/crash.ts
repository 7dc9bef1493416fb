/**
 * `npm run crash`: processes under a mixed load are killed with SIGKILL, at named points and at any statement. The customers ask again with the same keys, the
 * marketplace is given marketplace time to put itself in order, and the tables are then read by a stranger to the code.
 */
import { writeFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { createDice } from '../../packages/core/src/testing/dice.fixture.js'
import type { Command, CrashPoint, Stocked, Webhook } from './commands.js'
import { anyMoment, crashPoints } from './crash-points.js'
import { openOutsideWorld } from './outside-world.js'
import { mustAsk, type Outcome, startWorker, type Worker } from './processes.js'
import { type Broken, brokenPromises, census, reasonsLeft, unfinished } from './promises.js'
import { createProofDatabase } from './proof-database.js'
import { createShopper } from './shopper.js'
import { openTables } from './tables.js'

const usage = `npm run crash -- [--database URL] [--kills 20] [--seed N] [--json OUT]

  --database URL   postgres://… or mysql://…, in which the proof makes a place of its own; without it, a temporary SQLite file
  --kills N        how often a process is killed; the named points first, then any statement
  --seed N         plays the same load and kills again, as far as processes that run at once can
  --json OUT       writes the figures there, too`

const { values } = parseArgs({
  options: {
    database: { type: 'string' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    json: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const kills = whole(values.kills)
const seed = whole(values.seed)
const dice = createDice(seed)
console.log(`seed ${seed}`)

/** A marketplace minute; the sweepers run each, and a dead worker's lease ends after two. */
const minute = 60_000
/** Within so many of them everything must be at rest again. */
const mostMinutes = 15
/** A point that was not reached so long after the load is given up, and the process killed wherever it is. */
const patienceMillis = 3_000

const database = await createProofDatabase(values.database)
const world = await openOutsideWorld()
const heard = new Set<string>()
const start = (): Worker => startWorker({ heard: (event) => heard.add(event.aggregate) })
let ahead = 0
const now = (): string => new Date(Date.now() + ahead).toISOString()
const opening = (): Command => ({
  do: 'open',
  opening: { location: database.location, schema: database.schema, world: world.url, ahead, background: true },
})
const shop = createShopper({
  dice,
  ask: persist,
  severalOrders: (cart, orderIds) => broken.push({ promise: 'one cart, one order', found: orderIds.join(', '), after: cart }),
})
const workers: Worker[] = [start(), start()]
let spare = start()
const began = performance.now()
const broken: (Broken & { readonly after: string })[] = []
const refused = new Map<string, number>()
const reached: string[] = []
const converged: number[] = []
let byTimer = 0
let asked = 0

try {
  for (const worker of workers) await mustAsk(worker, opening())
  const goods = await mustAsk<Stocked>(workers[0] as Worker, { do: 'stock', suppliers: 2, articles: 8, stock: 1_000_000 })
  const tables = await openTables(database.location, database.schema)
  world.loseAnswer = () => dice.chance(20)

  const waiting = [...dice.shuffle(crashPoints)]
  for (let kill = 1; kill <= kills; kill++) {
    const point = waiting.shift() ?? anyMoment(1 + dice.roll(250))
    const after = await oneKill(kill, point, goods)
    if (after !== point.name && point.name !== 'any statement') waiting.push(point)
    const minutes = await comeToRest()
    converged.push(minutes)
    for (const found of await brokenPromises(tables, { world, heard })) broken.push({ ...found, after })
    const left = await unfinished(tables, now())
    if (left.size > 0)
      broken.push({
        promise: 'everything comes to an end',
        found: [...[...left].map(([what, count]) => `${count} ${what}`), ...(await reasonsLeft(tables))].join(', '),
        after,
      })
    console.log(
      `${String(kill).padStart(4)}  ${after.padEnd(52)} at rest after ${minutes} min${broken.length > 0 ? `, ${broken.length} promises broken` : ''}`,
    )
    if (broken.length > 0) break
  }

  const figures = {
    database: database.kind,
    seed,
    kills: converged.length,
    byTimer,
    points: [...new Set(reached)].length,
    recoveries: converged.length,
    minutesToConverge: {
      most: Math.max(...converged),
      mean: Number((converged.reduce((sum, each) => sum + each, 0) / converged.length).toFixed(1)),
    },
    commands: asked,
    ...(await census(tables)),
    refused: Object.fromEntries(refused),
    broken,
  }
  await tables.close()
  console.log(JSON.stringify(figures, null, 2))
  console.log(
    broken.length === 0
      ? `${figures.kills} kills, every promise was kept (${((performance.now() - began) / 1000).toFixed(0)} s).`
      : `${broken.length} promises are broken; play it again with --seed ${seed}.`,
  )
  if (values.json) await writeFile(values.json, `${JSON.stringify(figures, null, 2)}\n`)
  process.exitCode = broken.length === 0 ? 0 : 1
} finally {
  for (const worker of [...workers, spare]) await worker.kill()
  await world.close()
  await database.drop()
}

/** Load on two processes, of which one dies. @returns at which point it died */
async function oneKill(kill: number, point: CrashPoint, goods: Stocked): Promise<string> {
  const index = kill % 2
  const victim = workers[index] as Worker
  await victim.ask({ do: 'arm', point })
  misbehave()
  let killed = point.name
  const replaced = victim.ended.then(async () => {
    const fresh = spare
    spare = start()
    await mustAsk(fresh, opening())
    workers[index] = fresh
  })
  const reports: Promise<Outcome>[] = []
  world.onChange = (paymentId) => {
    // Once, twice or never; the poller finds what no webhook told.
    const { headers, rawBody } = world.psp.webhook(paymentId)
    const webhook: Webhook = { headers: { ...headers }, rawBody: Buffer.from(rawBody).toString('base64') }
    for (let times = dice.roll(3); times > 0; times--) reports.push(persist({ do: 'webhook', webhook }, dice.roll(2)))
  }
  const load = Array.from({ length: 6 }, (_, buyer) => shop(`${kill}-${buyer}`, goods, buyer % 2))
  const settling = goods.supplierIds.map((id, nth) =>
    persist({ do: 'settle', party: `supplier:${id}`, key: `settle-${kill}-${id}` }, (nth + kill) % 2),
  )
  await Promise.all([...load, ...settling])
  // The relay and the jobs go on for a moment: points in them are reached now, as far as they are due.
  if (victim.alive) void victim.ask({ do: 'drain', ahead })
  await Promise.race([replaced, new Promise((resolve) => setTimeout(resolve, patienceMillis))])
  if (victim.alive) {
    killed = 'wherever it was'
    byTimer++
    await victim.kill()
  }
  await replaced
  await Promise.all(reports)
  world.onChange = () => {}
  reached.push(killed)
  return killed
}

/** Asks until there is an answer, as a customer does whose browser shows an error: the same command under the same key, to whichever process is there. */
async function persist(command: Command, side: number): Promise<Outcome> {
  asked++
  for (let at = side; ; at = 1 - at) {
    const worker = workers[at] as Worker
    const outcome = await worker.ask(command)
    if (outcome.kind === 'died') {
      if (!workers.some((each) => each.alive)) await new Promise((resolve) => setTimeout(resolve, 50))
      continue
    }
    if (outcome.kind === 'refused') {
      refused.set(outcome.code.split('\n')[0] ?? '', (refused.get(outcome.code) ?? 0) + 1)
      if (outcome.code.startsWith('unexpected'))
        broken.push({ promise: 'no request ends in an error that is not ours', found: `${command.do}: ${outcome.code}`, after: command.do })
    }
    return outcome
  }
}

/** The provider declines nothing here, and gives no answer now and then, before the effect or after it. */
function misbehave(): void {
  for (const method of ['start', 'capture', 'refund', 'fetch'] as const)
    if (dice.chance(30)) world.psp.next(method, dice.pick(['timeout-before', 'timeout-after'] as const))
}

/** Lets marketplace time pass until nothing is under way. @returns how many minutes */
async function comeToRest(): Promise<number> {
  const tables = await openTables(database.location, database.schema)
  try {
    for (let minutes = 0; minutes < mostMinutes; minutes++) {
      for (const worker of workers) await mustAsk(worker, { do: 'drain', ahead })
      if ((await unfinished(tables, now())).size === 0) return minutes
      ahead += minute
    }
    return mostMinutes
  } finally {
    await tables.close()
  }
}

function whole(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`"${text}" is no whole number\n\n${usage}`)
  process.exit(2)
}
