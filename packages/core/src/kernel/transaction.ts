import type { Timestamp } from './clock.js'
import { type Dialect, forUpdate } from './dialect.js'
import { defineError, type ErrorFactory } from './errors.js'
import type { Connection } from './query.js'
import { type Level, nextSavepoint } from './savepoint.js'
import { identifier, inList, join, type Param, render, type Sql, sql, when } from './sql.js'
import { type AnyTable, columnName, type RawRow, type Table } from './table.js'

/** Rows that equal the given values; an array means any of them, null means empty. */
export type Where<Row> = { readonly [Key in keyof Row]?: Row[Key] | readonly Row[Key][] | undefined }

export interface FindOptions<Row> {
  readonly orderBy?: readonly (keyof Row & string)[] | undefined
  readonly descending?: boolean | undefined
  readonly limit?: number | undefined
}

/** Reads rows: inside a transaction, or beside all of them. */
export interface Reader {
  /** Rows as the driver gives them, columns in snake_case; for statements of a room's `*.sql.ts`. */
  all(statement: Sql): Promise<readonly RawRow[]>
  find<Row>(table: Table<Row>, where: Where<Row>, options?: FindOptions<Row>): Promise<readonly Row[]>
  findOne<Row>(table: Table<Row>, where: Where<Row>): Promise<Row | undefined>
  /** The moment the call began: one for everything that it writes. */
  readonly now: Timestamp
}

/** An event that was written in a transaction and is told after its commit. */
export interface EmittedEvent {
  readonly type: string
  /** The id of what it happened to: events of one aggregate are delivered in their order. */
  readonly aggregate: string
  readonly payload: object
}

/** An open transaction. Everything that must stand or fall together is done through the same one. */
export interface Tx extends Reader {
  /** Runs an INSERT, UPDATE or DELETE. @returns how many rows it changed */
  run(statement: Sql): Promise<number>
  insert<Row>(table: Table<Row>, rows: readonly Row[]): Promise<void>
  /** Inserts the rows that are not there yet by any unique key. @returns how many were new */
  insertMissing<Row>(table: Table<Row>, rows: readonly Row[]): Promise<number>
  /** @returns how many rows it changed; a conditional update whose number is not the expected one has lost a race */
  update<Row>(table: Table<Row>, set: Partial<Row>, where: Where<Row>): Promise<number>
  remove<Row>(table: Table<Row>, where: Where<Row>): Promise<number>
  /** Locks rows until the end, in primary-key order, so that two transactions that want the same rows never wait for each other in a ring. */
  lock<Row>(table: Table<Row>, where: Where<Row>): Promise<readonly Row[]>
  /** Writes an event to the outbox: it exists if and only if this transaction commits. */
  emit(event: EmittedEvent): void
  /** Runs after the commit, in this process, and is lost with it: for wake-ups and caches, never for duties. Does not run where a host owns the transaction. */
  afterCommit(work: () => void): void
  /** Runs work that stands or falls by itself: if it throws, what it wrote is undone and the transaction can go on. */
  savepoint<Result>(work: () => Promise<Result>): Promise<Result>
}

const ended = defineError(
  'tx.ended',
  'unexpected_state',
  () => 'the transaction has been committed or rolled back; await all work that uses it before it ends',
)

export const notOpen: ErrorFactory<Record<never, never>> = defineError(
  'tx.not_open',
  'invalid_argument',
  () => 'call.tx has no transaction open; begin one first, and hand in the connection that it is open on',
)

/** What the transaction needs of the database that opened it. */
export interface TransactionContext {
  /** The database that opened it, which alone may join it. */
  readonly owner: object
  readonly dialect: Dialect
  readonly now: Timestamp
  tableName(table: AnyTable): string
  /** Told of every statement before it runs. */
  observe(text: string): void
}

export class Transaction implements Tx {
  readonly now: Timestamp
  readonly events: EmittedEvent[] = []
  readonly afterCommits: (() => void)[] = []
  readonly #connection: Connection
  readonly #context: TransactionContext
  readonly #level: Level
  #ended = false
  /** Why the database has rolled all of it back before its end. */
  #lost: { readonly error: unknown } | undefined

  constructor(connection: Connection, context: TransactionContext, level: Level) {
    this.#connection = connection
    this.#context = context
    this.#level = level
    this.now = context.now
  }

  async all(statement: Sql): Promise<readonly RawRow[]> {
    return (await this.#send(statement)).rows
  }

  async run(statement: Sql): Promise<number> {
    return (await this.#send(statement)).affected
  }

  async find<Row>(table: Table<Row>, where: Where<Row>, options: FindOptions<Row> = {}): Promise<readonly Row[]> {
    const order = (options.orderBy ?? []).map((property) => sql`${column(table, property)}${when(options.descending === true, sql` DESC`)}`)
    const rows = await this.all(
      sql`SELECT ${columns(table)} FROM ${table}${condition(table, where)}${when(order.length > 0, sql` ORDER BY ${join(order)}`)}${when(
        options.limit !== undefined,
        sql` LIMIT ${options.limit ?? 0}`,
      )}`,
    )
    return rows.map(table.read)
  }

  async findOne<Row>(table: Table<Row>, where: Where<Row>): Promise<Row | undefined> {
    return (await this.find(table, where, { limit: 1 }))[0]
  }

  async lock<Row>(table: Table<Row>, where: Where<Row>): Promise<readonly Row[]> {
    const key = join(table.primaryKey.map((property) => column(table, property)))
    const rows = await this.all(sql`SELECT ${columns(table)} FROM ${table}${condition(table, where)} ORDER BY ${key}${forUpdate()}`)
    return rows.map(table.read)
  }

  async insert<Row>(table: Table<Row>, rows: readonly Row[]): Promise<void> {
    await this.#insert(table, rows, sql``)
  }

  insertMissing<Row>(table: Table<Row>, rows: readonly Row[]): Promise<number> {
    const { onConflictDoNothing, fewestMissing } = this.#context.dialect
    return this.#insert(table, rows, onConflictDoNothing(columnName(table.primaryKey[0] ?? 'id')), fewestMissing)
  }

  async update<Row>(table: Table<Row>, set: Partial<Row>, where: Where<Row>): Promise<number> {
    const assignments = table.fields
      .filter(({ property }) => set[property] !== undefined)
      .map(({ property, column: name, type }) => sql`${identifier(name)} = ${type.write(set[property])}`)
    return this.run(sql`UPDATE ${table} SET ${join(assignments)}${condition(table, decided(table, where))}`)
  }

  async remove<Row>(table: Table<Row>, where: Where<Row>): Promise<number> {
    return this.run(sql`DELETE FROM ${table}${condition(table, decided(table, where))}`)
  }

  emit(event: EmittedEvent): void {
    if (this.#ended) throw ended({})
    this.events.push(event)
  }

  afterCommit(work: () => void): void {
    this.afterCommits.push(work)
  }

  savepoint<Result>(work: () => Promise<Result>): Promise<Result> {
    return nextSavepoint(this.#level, async (name, enter) => {
      const [events, afterCommits] = [this.events.length, this.afterCommits.length]
      if (!(await this.command(`SAVEPOINT ${name}`))) throw notOpen({})
      try {
        const result = await enter(work)
        await this.command(`RELEASE SAVEPOINT ${name}`)
        return result
      } catch (error) {
        this.events.length = events
        this.afterCommits.length = afterCommits
        // The first error is the one to know. Where even this fails, nothing must be committed any more.
        await this.command(`ROLLBACK TO SAVEPOINT ${name}`)
          .then(() => this.command(`RELEASE SAVEPOINT ${name}`))
          .catch(() => this.end())
        throw error
      }
    })
  }

  ownedBy(database: object): boolean {
    return this.#context.owner === database
  }

  /** From here on it refuses every statement: its connection may be another's by now. */
  end(): void {
    this.#ended = true
  }

  /** Ends it, and says what the database made of it. */
  async finish(text: 'COMMIT' | 'ROLLBACK'): Promise<'COMMIT' | 'ROLLBACK'> {
    if (text === 'COMMIT' && this.#lost) throw this.#lost.error
    if (text === 'COMMIT' && this.#ended) throw ended({})
    this.end()
    this.#context.observe(text)
    const { command } = await this.#connection.query(text, [])
    return command === 'ROLLBACK' ? 'ROLLBACK' : text
  }

  /** Runs transaction control or DDL as it stands. @returns false where the database says that no transaction is open after it */
  async command(text: string): Promise<boolean> {
    return (await this.#query(text, [])).inTransaction !== false
  }

  async #insert<Row>(table: Table<Row>, rows: readonly Row[], ending: Sql, fewest = 1): Promise<number> {
    // A sequence counts by itself; every other column is written.
    const fields = table.fields.filter(({ type }) => type.kind !== 'sequence')
    const atOnce = Math.floor(this.#context.dialect.maxParams / fields.length)
    let inserted = 0
    for (let start = 0; start < rows.length; start += atOnce) {
      const values = rows
        .slice(start, start + atOnce)
        .map((row) => sql`(${join(fields.map(({ property, type }) => type.write(row[property])))})`)
      // Given twice, a row is its own duplicate, and only new once.
      if (values.length < fewest) values.push(...values)
      inserted += await this.run(
        sql`INSERT INTO ${table} (${join(fields.map((field) => identifier(field.column)))}) VALUES ${join(values)}${ending}`,
      )
    }
    return inserted
  }

  #send(statement: Sql): ReturnType<Connection['query']> {
    const { text, params } = render(statement, this.#context.dialect, (table) => this.#context.tableName(table))
    return this.#query(text, params)
  }

  async #query(text: string, params: readonly unknown[]): ReturnType<Connection['query']> {
    if (this.#lost) throw this.#lost.error
    if (this.#ended) throw ended({})
    this.#context.observe(text)
    try {
      return await this.#connection.query(text, params)
    } catch (error) {
      // Even where this error is swallowed, nothing more may be written, since it would be committed by itself.
      if (this.#context.dialect.endsTransaction(error)) this.#lost = { error }
      throw error
    }
  }
}

/** The columns of a table, for a SELECT that `table.read` then maps; with the alias that the statement gives the table. */
export function columns<Row>(table: Table<Row>, alias?: string): Sql {
  return join(
    table.fields.map((field) =>
      alias === undefined ? sql`${identifier(field.column)}` : sql`${identifier(alias)}.${identifier(field.column)}`,
    ),
  )
}

/** A table joined to another in one SELECT: its columns under names of their own, and its row; undefined where an outer join found none. */
export function joined<Row>(table: Table<Row>, alias: string): { readonly columns: Sql; readonly read: (raw: RawRow) => Row | undefined } {
  const names = table.fields.map(({ property, column: name }) => ({ property, name, as: `${alias}_${name}` }))
  const key = names.filter(({ property }) => table.primaryKey.includes(property))
  return {
    columns: join(names.map(({ name, as }) => sql`${identifier(alias)}.${identifier(name)} AS ${identifier(as)}`)),
    read: (raw) =>
      key.some(({ as }) => raw[as] === null) ? undefined : table.read(Object.fromEntries(names.map(({ name, as }) => [name, raw[as]]))),
  }
}

function column<Row>(table: Table<Row>, property: keyof Row & string): Sql {
  const field = table.fields.find((candidate) => candidate.property === property)
  if (!field) throw new TypeError(`table ${table.name} has no column for "${property}"`)
  return sql`${identifier(field.column)}`
}

/** For a change, a member left undefined is a value that got lost, and never means every row. */
function decided<Row>(table: Table<Row>, where: Where<Row>): Where<Row> {
  const open = Object.keys(where).find((property) => where[property as keyof Row] === undefined)
  if (open !== undefined) throw new TypeError(`which rows of ${table.name} to change is not said: "${open}" is undefined`)
  return where
}

function condition<Row>(table: Table<Row>, where: Where<Row>): Sql {
  const parts = conditions(table, where)
  return when(parts.length > 0, sql` WHERE ${join(parts, ' AND ')}`)
}

/** What a row must meet, a condition for each member that is given. */
export function conditions<Row>(table: Table<Row>, where: Where<Row>): readonly Sql[] {
  return table.fields
    .filter(({ property }) => where[property] !== undefined)
    .map(({ property, type }) => {
      const name = column(table, property)
      const value: unknown = where[property]
      if (Array.isArray(value))
        return sql`${inList(
          name,
          value.map((item): Param => type.write(item)),
        )}`
      return value === null ? sql`${name} IS NULL` : sql`${name} = ${type.write(value)}`
    })
}
