/** Every command told twice: the second time, under the same key, nothing may change. */
import type { CommerceApi, CoreInstance } from '../api.js'
import { identifier, join, sql, wholeNumber } from '../kernel/index.js'
import { coreTables } from '../migrations.js'

type Told = CommerceApi & Pick<CoreInstance<object>, 'transaction' | 'background'>

/** The functions that write in one transaction and take a key, by room. */
const commands: Readonly<Record<string, readonly string[]>> = {
  orders: ['import', 'pay', 'refund', 'cancel', 'exchange'],
  payments: ['capture', 'void', 'recordReceipt', 'reportDispute'],
  fulfilment: ['deliverLines'],
  settlement: ['draw', 'approve', 'lock', 'settle', 'withdraw', 'reportPayout', 'adjust', 'writeOff'],
  ledger: ['post', 'hold', 'capture', 'release'],
}

/** Tables that tell of the telling itself. */
const aside: readonly string[] = ['idempotency', 'job', 'payment_webhook']

export interface Replayable {
  /** The same marketplace; what is asked of it is remembered. */
  readonly commerce: Told
  /** Tells again whatever was done since the last time, in the same order. @returns what changed by it, which should be nothing */
  replay(): Promise<readonly string[]>
}

type Command = (input: unknown, call?: object) => Promise<unknown>

export function replayable(commerce: Told): Replayable {
  const done: { readonly name: string; readonly again: () => Promise<unknown> }[] = []
  let keys = 0
  const remembered = (name: string, command: Command): Command => {
    return async (input, call) => {
      const keyed = { ...call, idempotencyKey: `model-${++keys}` }
      const result = await command(input, keyed)
      done.push({ name, again: () => command(input, keyed) })
      return result
    }
  }
  const rooms = Object.entries(commerce).map(([room, functions]) => {
    const names = commands[room]
    if (names === undefined || typeof functions !== 'object') return [room, functions] as const
    const wrapped = Object.entries(functions as Record<string, Command>).map(([name, command]) => [
      name,
      names.includes(name) ? remembered(`${room}.${name}`, command) : command,
    ])
    return [room, Object.fromEntries(wrapped)] as const
  })
  return {
    // The rooms are those of the marketplace, each function as it was or remembered.
    commerce: Object.fromEntries(rooms) as unknown as Told,
    async replay() {
      const told = done.splice(0)
      if (told.length === 0) return []
      const before = await rowsOf(commerce)
      for (const { again } of told) await again()
      const after = await rowsOf(commerce)
      const names = told.map(({ name }) => name).join(', ')
      return [...after].filter(([table, rows]) => before.get(table) !== rows).map(([table]) => `${names} told again changed ${table}`)
    },
  }
}

/** What lies in every table: how many rows, and what their amounts and counters come to. */
async function rowsOf({ transaction }: Told): Promise<ReadonlyMap<string, string>> {
  return transaction(async (tx) => {
    const found = new Map<string, string>()
    for (const table of coreTables.filter(({ name }) => !aside.includes(name))) {
      const numbers = table.fields.filter(({ type }) => type.kind === 'amount' || type.kind === 'integer')
      const sums = numbers.map((field) => sql`SUM(${identifier(field.column)}) AS ${identifier(field.column)}`)
      const [row = {}] = await tx.all(sql`SELECT ${join([sql`COUNT(*) AS total_rows`, ...sums])} FROM ${table}`)
      found.set(
        table.name,
        Object.entries(row)
          .map(([name, value]) => `${name} ${wholeNumber(value)}`)
          .join(', '),
      )
    }
    return found
  })
}
