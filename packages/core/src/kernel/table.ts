import { defineError } from './errors.js'

/** How a value lies in the database; each dialect says its own type for it. */
export type ColumnKind = 'id' | 'string' | 'text' | 'integer' | 'amount' | 'time' | 'json' | 'flag' | 'sequence'

export interface Column<Value> {
  readonly kind: ColumnKind
  readonly nullable: boolean
  readonly length?: number | undefined
  /** From a column's value in a row as a driver gave it. */
  readonly read: (raw: unknown) => Value
  /** To a parameter. */
  readonly write: (value: Value) => string | number | null
}

const outOfRange = defineError(
  'database.unsafe_integer',
  'database_error',
  (f: { value: string }) => `the database holds ${f.value}, which is no integer that a number can hold exactly`,
)

/** A whole number as a driver gave it: BIGINT and SUM come back as text. Null counts as 0, which is what an empty SUM gives. @throws database.unsafe_integer */
export function wholeNumber(raw: unknown): number {
  const value = raw === null ? 0 : Number(raw)
  if (!Number.isSafeInteger(value)) throw outOfRange({ value: String(raw) })
  return value
}

function plain<Value extends string | number>(kind: ColumnKind, read: (raw: unknown) => Value, length?: number): Column<Value> {
  return { kind, nullable: false, length, read, write: (value) => value }
}

/** The column types; amounts are integers in minor units, times are UTC text, JSON is text on every database, so that a host's own type parsers change nothing. */
export const column = {
  /** A prefixed id. */
  id: <Value extends string = string>(): Column<Value> => plain<Value>('id', (raw) => String(raw) as Value, 64),
  /** Text of limited length that may be indexed. The type parameter narrows it to a union that the room alone writes. */
  string: <Value extends string = string>(length: number): Column<Value> => plain<Value>('string', (raw) => String(raw) as Value, length),
  /** Text of any length, not indexed. */
  text: (): Column<string> => plain('text', String),
  integer: (): Column<number> => plain('integer', wholeNumber),
  /** Minor units of a currency. */
  amount: (): Column<number> => plain('amount', wholeNumber),
  time: (): Column<string> => plain('time', String, 24),
  flag: (): Column<boolean> => ({ kind: 'flag', nullable: false, read: (raw) => Number(raw) === 1, write: (value) => (value ? 1 : 0) }),
  /** Counts up by itself, and is the primary key. Its order is the order of insertion, not of commit. */
  sequence: (): Column<number> => plain('sequence', wholeNumber),
  json: <Value>(): Column<Value> => ({
    kind: 'json',
    nullable: false,
    read: (raw) => (typeof raw === 'string' ? JSON.parse(raw) : raw) as Value,
    write: (value) => JSON.stringify(value),
  }),
} as const

/** The same column, which may be empty. */
export function nullable<Value>(of: Column<Value>): Column<Value | null> {
  return {
    ...of,
    nullable: true,
    read: (raw) => (raw === null || raw === undefined ? null : of.read(raw)),
    write: (value) => (value === null ? null : of.write(value)),
  }
}

/** Every value of a column, typed as its row has it. */
export type Columns<Row> = { readonly [Key in keyof Row]-?: Column<Row[Key]> }

export interface Index<Row> {
  readonly name: string
  readonly columns: readonly (keyof Row & string)[]
  readonly unique?: boolean | undefined
}

export interface ForeignKey<Row> {
  readonly name: string
  readonly columns: readonly (keyof Row & string)[]
  readonly references: () => AnyTable
  /** The referenced columns, in their property names. */
  readonly referenced: readonly string[]
}

export interface TableDefinition<Row> {
  /** Without prefix, singular, snake_case: `order_line`. */
  readonly name: string
  readonly columns: Columns<Row>
  readonly primaryKey: readonly (keyof Row & string)[]
  readonly indexes?: readonly Index<Row>[] | undefined
  readonly foreignKeys?: readonly ForeignKey<Row>[] | undefined
  /** CHECK constraints by name, in SQL that every database reads; columns in snake_case. */
  readonly checks?: Readonly<Record<string, string>> | undefined
  /** Rows of it may be added and never changed or removed: triggers refuse UPDATE and DELETE. */
  readonly appendOnly?: boolean | undefined
  /** Of an append-only table: its rows belong to the row that this foreign key names. Until that one is final they may be removed, from then on none may be added. */
  readonly keptWith?: string | undefined
  /** Rows that have come to their end: triggers refuse to change or remove one whose column has one of these values. */
  readonly finalWhen?: { readonly column: keyof Row & string; readonly values: readonly string[] } | undefined
  /**
   * The key of every new row is noted in this table of one column, by a trigger, in the transaction that adds it: who works off what is new claims it there by its
   * being there, and never by an order of ids, which is not the order of commits.
   */
  readonly notedIn?: (() => AnyTable) | undefined
}

/** A table: from one definition come its DDL, its TypeORM entity, and the reading and writing of its rows. */
export interface Table<Row> extends TableDefinition<Row> {
  /** Property and column names, in the order of the definition. */
  readonly fields: readonly { readonly property: keyof Row & string; readonly column: string; readonly type: Column<unknown> }[]
  /** A row as the driver gave it (snake_case), typed and checked. */
  read(raw: RawRow): Row
}

/** A table whose row type does not matter: what DDL, entities and statements need of it. */
export interface AnyTable {
  readonly name: string
  readonly fields: readonly { readonly property: string; readonly column: string; readonly type: Column<unknown> }[]
  readonly primaryKey: readonly string[]
  readonly indexes?:
    | readonly { readonly name: string; readonly columns: readonly string[]; readonly unique?: boolean | undefined }[]
    | undefined
  readonly foreignKeys?:
    | readonly {
        readonly name: string
        readonly columns: readonly string[]
        readonly references: () => AnyTable
        readonly referenced: readonly string[]
      }[]
    | undefined
  readonly checks?: Readonly<Record<string, string>> | undefined
  readonly appendOnly?: boolean | undefined
  readonly keptWith?: string | undefined
  readonly finalWhen?: { readonly column: string; readonly values: readonly string[] } | undefined
  readonly notedIn?: (() => AnyTable) | undefined
}

export type RawRow = Readonly<Record<string, unknown>>

/** `supplierId` → `supplier_id`. */
export function columnName(property: string): string {
  return property.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/**
 * @example
 * export const brandTable: Table<BrandRow> = defineTable({
 *   name: 'brand', primaryKey: ['id'],
 *   columns: { id: column.id(), name: column.string(120), logoUrl: nullable(column.text()) },
 * })
 */
export function defineTable<Row>(definition: TableDefinition<Row>): Table<Row> {
  const properties = Object.keys(definition.columns) as (keyof Row & string)[]
  const fields = properties.map((property) => ({
    property,
    column: columnName(property),
    type: definition.columns[property] as Column<unknown>,
  }))
  const read = (raw: RawRow): Row =>
    Object.fromEntries(fields.map(({ property, column: name, type }) => [property, type.read(raw[name])])) as Row
  return { ...definition, fields, read }
}
