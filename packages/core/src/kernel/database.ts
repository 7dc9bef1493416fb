import { AsyncLocalStorage } from 'node:async_hooks'
import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from './clock.js'
import { type HostTransaction, hostConnection, wrongTransaction } from './connection.js'
import { type Connections, connect, type DatabaseLocation, type Lease } from './data-source.js'
import type { Dialect } from './dialect.js'
import { defineError } from './errors.js'
import { idempotencyTable } from './idempotency.js'
import { requireFitSession } from './mysql-session.js'
import type { Report } from './retry.js'
import { topLevel } from './savepoint.js'
import { type Naming, quotedName } from './schema.js'
import type { Sql } from './sql.js'
import type { AnyTable } from './table.js'
import { type EmittedEvent, notOpen, type Reader, Transaction, type TransactionContext, type Tx } from './transaction.js'

const nested = defineError(
  'tx.missing',
  'unexpected_state',
  (f: { what: string }) =>
    `${f.what} was begun inside an open transaction without it; hand on the transaction as call.tx, else the two would not see each other's rows`,
)
const insideRead = defineError(
  'tx.inside_read',
  'unexpected_state',
  () =>
    'a transaction was begun inside a read, whose connection it might wait for; begin it when the read is done, or read in the transaction',
)
const rolledBack = defineError(
  'tx.rolled_back',
  'database_error',
  () =>
    'the database has rolled the transaction back instead of committing it, because a statement in it had failed; let such an error through, or run what may fail in tx.savepoint',
)
const hostRolledBack = defineError(
  'tx.host_rolled_back',
  'conflict',
  () =>
    "the database has rolled back the host's whole transaction to end a deadlock; begin it again from its start, since a statement after this would be committed by itself",
)
const outside = defineError(
  'tx.outside_call',
  'unexpected_state',
  (f: { what: string }) =>
    `${f.what} was called inside a transaction; a call to the outside can neither be rolled back nor be quick, so make it between transactions`,
)
const lockHeld = defineError(
  'database.lock_held',
  'unexpected_state',
  (f: { name: string }) => `another process held the lock "${f.name}" for longer than one waits for it; see what it is at, and try again`,
)
const busy = defineError(
  'database.busy',
  'unexpected_state',
  (f: { waited: number }) => `another process held the database's write lock for ${f.waited} ms; try again`,
)
const prefixInvalid = defineError(
  'database.prefix_invalid',
  'invalid_argument',
  (f: { prefix: string }) =>
    `table prefix "${f.prefix}" must be at most 20 of the letters a to z, digits and underscores, and not begin with a digit; else a name would be cut off or need quoting`,
)
const schemaUnsupported = defineError(
  'database.schema_unsupported',
  'invalid_argument',
  (f: { schema: string }) => `schema "${f.schema}" is for PostgreSQL alone; leave it out, and use a prefix`,
)
const closed = defineError('database.closed', 'unexpected_state', () => 'this commerce has been closed; create another')

/** Whoever may hand in a transaction: ours, or one that the host has open. */
export interface Joining {
  readonly tx?: Tx | HostTransaction | undefined
}

export interface DatabaseOptions {
  readonly location: DatabaseLocation
  readonly naming: Naming
  readonly clock: Clock
  /** Writes the events of a transaction to the outbox, as its last statement. */
  readonly writeEvents: (tx: Tx, events: readonly EmittedEvent[], joined: boolean) => Promise<void>
  /** Told after each commit of our own that wrote events. */
  readonly committed: (events: readonly EmittedEvent[]) => void
  readonly report: Report
  /** How often a transaction is tried when the database refuses it for another's sake. @default 8 */
  readonly attempts?: number | undefined
}

const defaultAttempts = 8
const lockWaitMillis = 15_000

/** The unit of work. All reading and writing goes through one of these, and nothing else knows a connection. */
export class Database {
  readonly dialect: Dialect
  readonly naming: Naming
  readonly #connections: Connections
  readonly #options: DatabaseOptions
  // Which transaction the running code is inside of, per database: two instances in one process do not know of each other.
  readonly #scope = new AsyncLocalStorage<{ open: boolean; readonly reader?: Reader }>()
  readonly #observers = new Set<(text: string) => void>()
  readonly #inHand = new Set<Promise<unknown>>()
  #queue: Promise<unknown> = Promise.resolve()
  #closing: Promise<void> | undefined

  private constructor(connections: Connections, options: DatabaseOptions) {
    this.#connections = connections
    this.#options = options
    this.dialect = connections.dialect
    this.naming = options.naming
  }

  static async open(options: DatabaseOptions): Promise<Database> {
    const { prefix, schema } = options.naming
    if (!/^([a-z_][a-z0-9_]{0,19})?$/i.test(prefix)) throw prefixInvalid({ prefix })
    const connections = await connect(options.location)
    if (schema === undefined || connections.dialect.name === 'postgres') return new Database(connections, options)
    await connections.close()
    throw schemaUnsupported({ schema })
  }

  /**
   * Runs work in one transaction at READ COMMITTED. If the database refuses it for another's sake (deadlock, serialisation failure, busy), work runs again
   * from its start, a bounded number of times. With `call.tx` it joins that transaction instead, inside a savepoint: if work throws, nothing of it stays.
   */
  transaction<Result>(call: Joining | undefined, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    if (call?.tx instanceof Transaction) {
      const { tx } = call
      if (!tx.ownedBy(this)) return Promise.reject(wrongTransaction(this.dialect))
      return tx.savepoint(() => work(tx))
    }
    if (call?.tx !== undefined) return this.#joinHost(call.tx as HostTransaction, work)
    return this.#retried(() => this.#own(work))
  }

  /** Reads beside all transactions, or inside `call.tx`. */
  async read<Result>(call: Joining | undefined, work: (reader: Reader) => Promise<Result>): Promise<Result> {
    if (call?.tx instanceof Transaction) {
      if (!call.tx.ownedBy(this)) throw wrongTransaction(this.dialect)
      return work(call.tx)
    }
    if (call?.tx !== undefined) {
      const { connection, level } = await hostConnection(this.dialect, call.tx as HostTransaction)
      return work(new Transaction(connection, this.#context(), level))
    }
    const around = this.#scope.getStore()
    // A read inside a read shares its connection: waiting for a second one, readers could wait for each other.
    if (around?.open && around.reader) return work(around.reader)
    this.#refuseInside('a query')
    const reading = async (): Promise<Result> => {
      const lease = await this.#connections.reader()
      const reader = new Transaction(lease.connection, this.#context(), topLevel())
      const scope = { open: true, reader }
      try {
        return await this.#scope.run(scope, () => work(reader))
      } finally {
        scope.open = false
        reader.end()
        await lease.release()
      }
    }
    // A file that another process left in the middle of its work is put in order by the next who reads, and locked as long.
    return this.#finished(this.#retried(() => (this.#connections.separateReads ? reading() : this.#queued(reading))))
  }

  /** One transaction among all processes at a time, by name. On SQLite every transaction is that already. */
  exclusively<Result>(name: string, work: (tx: Transaction) => Promise<Result>): Promise<Result> {
    const lock = this.dialect.exclusiveLock(`${this.naming.schema ?? ''}.${this.naming.prefix}${name}`)
    if (!lock) return this.#retried(() => this.#own(work))
    const locked = async (tx: Transaction): Promise<Result> => {
      const [answer] = await tx.all(lock.acquire)
      if (Number(answer?.taken) !== 1) throw lockHeld({ name })
      return work(tx)
    }
    return this.#retried(() => this.#own(locked, lock.release))
  }

  /** Throws where the running code is inside a transaction: what every call to a provider, carrier or broker begins with. @throws tx.outside_call */
  assertOutside(what: string): void {
    const around = this.#scope.getStore()
    if (around?.open && !around.reader) throw outside({ what })
  }

  /** @throws database.closed */
  assertOpen(): void {
    if (this.#closing) throw closed({})
  }

  hasTable(reader: Reader, table: AnyTable): Promise<boolean> {
    const query = this.dialect.tableExists(this.naming.prefix + table.name, this.naming.schema)
    return reader.all(query).then((rows) => rows.length > 0)
  }

  /** Tells of every statement, transaction control in, before it runs. @returns how to stop listening */
  observe(observer: (text: string) => void): () => void {
    this.#observers.add(observer)
    return () => this.#observers.delete(observer)
  }

  /** Waits for the transactions and reads in hand, and gives back the connections. */
  close(): Promise<void> {
    this.#closing ??= (async () => {
      while (this.#inHand.size > 0) await Promise.allSettled(this.#inHand)
      await this.#connections.close()
      // Or Node would go on handing this context to every promise of the process, of as many instances as it has ever had.
      this.#scope.disable()
    })()
    return this.#closing
  }

  #context(): TransactionContext {
    return {
      owner: this,
      dialect: this.dialect,
      now: this.#options.clock.now(),
      tableName: (table) => quotedName(table, this.naming, this.dialect),
      observe: (text) => {
        for (const observer of this.#observers) observer(text)
      },
    }
  }

  #refuseInside(what: string): void {
    this.assertOpen()
    const around = this.#scope.getStore()
    if (around?.open) throw around.reader ? insideRead({}) : nested({ what })
  }

  async #own<Result>(work: (tx: Transaction) => Promise<Result>, last?: Sql): Promise<Result> {
    this.#refuseInside('a transaction')
    return this.#finished(this.#connections.singleWriter ? this.#queued(() => this.#run(work)) : this.#run(work, last))
  }

  /** @param last run on the connection when the transaction has ended, whichever way */
  async #run<Result>(work: (tx: Transaction) => Promise<Result>, last?: Sql): Promise<Result> {
    const lease = await this.#connections.writer()
    try {
      const tx = new Transaction(lease.connection, this.#context(), topLevel())
      await this.#begin(tx)
      const result = await this.#inside(tx, work, async () => {
        if (tx.events.length > 0) await this.#options.writeEvents(tx, tx.events, false)
        if ((await tx.finish('COMMIT')) === 'ROLLBACK') throw rolledBack({})
      }).catch(async (error: unknown) => {
        // The first error is the one to know; a rollback fails only where the connection is gone, and then the server has rolled back.
        await tx.finish('ROLLBACK').catch(() => {})
        throw error
      })
      if (tx.events.length > 0) this.#options.committed(tx.events)
      for (const work of tx.afterCommits) this.#afterwards(work)
      return result
    } finally {
      // It fails only where the connection is gone, and the lock with it.
      if (last) await new Transaction(lease.connection, this.#context(), topLevel()).run(last).catch(() => {})
      await (lease as Lease).release()
    }
  }

  /** What has been committed stays so, whatever comes after: an error here must neither pass for a failed transaction nor have it tried again. */
  #afterwards(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.#options.report('what was to run after a commit failed', error)
    }
  }

  async #inside<Result>(tx: Transaction, work: (tx: Transaction) => Promise<Result>, finish: () => Promise<void>): Promise<Result> {
    const scope = { open: true }
    try {
      return await this.#scope.run(scope, async () => {
        const result = await work(tx)
        await finish()
        return result
      })
    } finally {
      // What was started inside and not awaited must not pass for being inside any more.
      scope.open = false
      tx.end()
    }
  }

  async #joinHost<Result>(host: HostTransaction, work: (tx: Tx) => Promise<Result>): Promise<Result> {
    const { connection, level } = await hostConnection(this.dialect, host)
    const tx = new Transaction(connection, this.#context(), level)
    if ('inTransaction' in host && !host.inTransaction) throw notOpen({})
    return this.#inside(
      tx,
      () =>
        tx
          .savepoint(async () => {
            if (this.dialect.name === 'mysql') await requireFitSession(tx, () => this.#readsCommitted(tx))
            const result = await work(tx)
            if (tx.events.length > 0) await this.#options.writeEvents(tx, tx.events, true)
            return result
          })
          .catch((error: unknown) => {
            // PostgreSQL allows a savepoint only inside a transaction: 25P01 says that the host has none open here.
            if (typeof error === 'object' && error !== null && 'code' in error && error.code === '25P01') throw notOpen({}, error)
            throw this.dialect.endsTransaction(error) ? hostRolledBack({}, error) : error
          }),
      async () => {},
    )
  }

  /** Whether a host's transaction, once it has read, sees what is committed after that: a row of our own comes and goes. */
  async #readsCommitted(tx: Transaction): Promise<boolean> {
    const where = { scope: 'kernel.isolation', key: randomUUID() }
    const beside = <Result>(work: (other: Tx) => Promise<Result>): Promise<Result> =>
      this.#scope.run({ open: false }, () => this.#own(work))
    await tx.findOne(idempotencyTable, where)
    await beside((other) => other.insert(idempotencyTable, [{ ...where, requestHash: '', result: null, createdAt: tx.now }]))
    try {
      return (await tx.findOne(idempotencyTable, where)) !== undefined
    } finally {
      await beside((other) => other.remove(idempotencyTable, where))
    }
  }

  // SQLite answers BUSY at once instead of blocking this process's one thread: the holder may be the host, in this very process, who could then never finish.
  async #begin(tx: Transaction): Promise<void> {
    const started = Date.now()
    for (let pause = 2; ; pause = Math.min(pause * 2, 100)) {
      try {
        await tx.command(this.dialect.begin)
        return
      } catch (error) {
        const waitable =
          this.#connections.singleWriter && (this.dialect.isRetryable(error) || String(error).includes('within a transaction'))
        if (!waitable) throw error
        if (Date.now() - started > lockWaitMillis) throw busy({ waited: lockWaitMillis }, error)
        await sleep(pause * (0.5 + Math.random()))
      }
    }
  }

  async #retried<Result>(attempt: () => Promise<Result>): Promise<Result> {
    const attempts = this.#options.attempts ?? defaultAttempts
    for (let tried = 1; ; tried++) {
      try {
        return await attempt()
      } catch (error) {
        if (tried >= attempts || !this.dialect.isRetryable(error)) throw error
        await sleep(Math.random() * Math.min(10 * 2 ** tried, 500))
      }
    }
  }

  /** Remembers what is in hand, so that closing waits for it. */
  #finished<Result>(running: Promise<Result>): Promise<Result> {
    this.#inHand.add(running)
    const forget = (): void => void this.#inHand.delete(running)
    running.then(forget, forget)
    return running
  }

  /** One after another: awaits of two pieces of work would interleave inside one connection's transaction. */
  #queued<Result>(work: () => Promise<Result>): Promise<Result> {
    const result = this.#queue.then(work, work)
    this.#queue = result.catch(() => {})
    return result
  }
}
