import { access, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { addDays, isCurrency } from '@entrepot/core'
import { addRules, openMarketplace, registerParties } from './backtest/marketplace.js'
import { type Plan, readPlan } from './backtest/plan.js'
import { createProgress, type Progress } from './backtest/progress.js'
import { type Complaint, type OrdersRead, readOrders } from './backtest/read-orders.js'
import { replay } from './backtest/replay.js'
import { type BacktestResult, describe, report } from './backtest/report.js'
import { makeFolder, openScratchDatabase, removeFolder } from './backtest/scratch-database.js'
import { openStaging, type Staging, type Totals } from './backtest/staging.js'
import { type Command, defineCommand, exitCodes, misunderstood, Refusal, type Terminal } from './command.js'

export const backtest: Command = defineCommand({
  name: 'backtest',
  summary: "Says what a plan would have paid on last year's orders.",
  usage: 'ORDERS.csv --plan PLAN.json [options]',
  options: {
    plan: { type: 'string', value: 'PLAN.json', about: 'commission, distribution and settlement' },
    database: { type: 'string', value: 'URL|FILE', about: 'where to keep the books meanwhile (default: a temporary SQLite file)' },
    json: { type: 'string', value: 'OUT', about: 'write the result there as JSON; - is the standard output' },
    strict: { type: 'boolean', about: 'do nothing at all where a row is bad' },
    keep: { type: 'boolean', about: 'leave the books where they are' },
  },
  positionals: ['ORDERS.csv'],
  details: `The file names its columns: order_id, line_id, product_id, supplier_id, quantity, price, shipping,
placed_at, delivered_at, refunded_at, refund_amount, distributors. A row is a line of an order; amounts
are minor units, price is that of one unit; distributors are the chain, tier 1 first, with | between.
A bad row is named, and its whole order left out.

Everything happens in a database of its own: a temporary file, a file that does not exist yet and stays,
in PostgreSQL (postgres://) a new schema, or on MariaDB or MySQL (mysql://) a new database; those two are
dropped afterwards unless --keep is given.`,
  async run({ values: { plan: planFile, database, json, strict, keep }, positionals: [file = ''] }, terminal) {
    if (planFile === undefined) throw misunderstood('--plan is missing')
    const plan = await readPlan(planFile)
    if (!isCurrency(plan.currency)) throw new Refusal(`${planFile}: currency: "${plan.currency}" is not an ISO 4217 code`)
    if (json !== undefined && json !== '-') {
      await access(dirname(json)).catch(() => {
        throw new Refusal(`--json: there is no folder ${dirname(json)}`)
      })
    }
    const folder = await makeFolder()
    const staging = openStaging(join(folder, 'orders.db'))
    try {
      const totals = await stage({ file, staging, strict: strict === true }, terminal)
      const result = await play({ plan, staging, totals, database, keep: keep === true, folder }, terminal)
      const text = JSON.stringify(result, null, 1)
      if (json !== undefined && json !== '-') await writeFile(json, text)
      terminal.out(json === '-' ? `${text}\n` : `${describe(result, plan.currency)}\n`)
    } finally {
      staging.close()
      await removeFolder(folder)
    }
    return exitCodes.done
  },
})

/** Reads the file into the staging area, and says what is left out. @throws Refusal */
async function stage({ file, staging, strict }: { file: string; staging: Staging; strict: boolean }, terminal: Terminal): Promise<Totals> {
  const { err, signal } = terminal
  const progress = createProgress(terminal)
  const complain = ({ line, column, problem }: Complaint): void => {
    progress.end()
    err(`${file}:${line}: ${column === null ? problem : `${column} ${problem}`}\n`)
  }
  const read = await readOrders({ file, staging, complain, signal, progress: (rows) => progress.tell(`${rows} rows read`) })
  progress.end()
  if (read.badRows > 0 && strict) throw new Refusal(`${count(read.badRows, 'bad row')} in ${file}; with --strict nothing is done`)
  staging.sort()
  const totals = staging.totals()
  if (!Number.isSafeInteger(totals.gross)) throw new Refusal(`${file}: the amounts together are too large to be held exactly`)
  if (read.badRows > 0) err(`${leftOut(read, staging.refusedOrders(), totals)}\n`)
  return totals
}

interface Play {
  readonly plan: Plan
  readonly staging: Staging
  readonly totals: Totals
  readonly database: string | undefined
  readonly keep: boolean
  readonly folder: string
}

async function play({ plan, staging, totals, database, keep, folder }: Play, terminal: Terminal): Promise<BacktestResult> {
  const { err, signal } = terminal
  const { from, to } = totals
  const start = from ?? new Date(0).toISOString()
  const scratch = await openScratchDatabase(database, folder, keep)
  const progress = createProgress(terminal)
  try {
    // The day before the first order everybody is there.
    const marketplace = await openMarketplace(plan, scratch, addDays(start, -1))
    const { commerce } = marketplace
    try {
      const payouts = { count: 0, amount: 0 }
      commerce.on('payout.paid', ({ amount }) => {
        payouts.count++
        payouts.amount += amount
      })
      await registerParties(marketplace, staging, signal)
      for (const remark of await addRules(marketplace, plan, staging)) err(`note: ${remark}\n`)
      if (to !== null) await replay({ marketplace, plan, staging, last: to, signal, progress: teller(progress, staging.countEvents()) })
      progress.end()
      return await report(marketplace, staging, totals, payouts)
    } finally {
      progress.end()
      await commerce.close()
    }
  } finally {
    await scratch.drop()
    if (scratch.stays) err(`The books are in ${scratch.where}\n`)
  }
}

function teller(progress: Progress, events: number): (done: number, now: string) => void {
  return (done, now) => progress.tell(`${now.slice(0, 10)}  ${Math.floor((done / events) * 100)} %  ${done} of ${events} events`)
}

function leftOut({ rows, badRows }: OrdersRead, orders: number, totals: Totals): string {
  return `left out: ${count(orders, 'order')} of ${count(rows - totals.lines, 'row')}, ${badRows} of them bad; ${count(totals.orders, 'order')} of ${count(totals.lines, 'row')} remain`
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
