import type { AnyTable } from './table.js'

/** What a statement may carry to the database as a parameter. */
export type Param = string | number | null

/** By it a part of a statement is known. What came in as JSON cannot have it: a value that passes for data by no check becomes no text of a statement either. */
const brand: unique symbol = Symbol.for('entrepot.sql') as never

/** A statement or a part of one, written once for all databases; it becomes text when a connection's dialect renders it. */
export interface Sql {
  readonly [brand]: true
  readonly strings: readonly string[]
  readonly values: readonly SqlValue[]
}

/** A column or other name that is quoted as the database quotes names. */
export interface Identifier {
  readonly [brand]: true
  readonly identifier: string
}

/** `column IN (…)`, in the form that keeps the statement's text the same for every length where the database can. */
export interface Membership {
  readonly [brand]: true
  readonly membership: Sql
  readonly of: readonly Param[]
}

/** A place where databases differ: the dialect's own text. */
export interface DialectPart {
  readonly dialect: (dialect: SqlDialect) => Sql
}

export type SqlValue = Param | Sql | AnyTable | Identifier | Membership | DialectPart

/** What rendering must know of a database. */
export interface SqlDialect {
  readonly name: 'sqlite' | 'postgres' | 'mysql'
  quote(identifier: string): string
  placeholder(index: number): string
  /** `left = ANY($1)` or `left IN (?, ?)`; pushes the parameters it uses. */
  membership(left: string, of: readonly Param[], params: unknown[]): string
}

/**
 * Writes a statement. Interpolated values become parameters, never text; tables become their quoted, prefixed names; other `sql` parts are set in.
 * @example sql`SELECT id FROM ${orderTable} WHERE status = ${'paid'} AND ${inList(sql`id`, ids)}`
 */
export function sql(strings: TemplateStringsArray, ...values: readonly SqlValue[]): Sql {
  return sqlOf(strings, values)
}

/** The same of texts and values that are put together by code. */
export function sqlOf(strings: readonly string[], values: readonly SqlValue[]): Sql {
  return { [brand]: true, strings, values }
}

export function identifier(name: string): Identifier {
  return { [brand]: true, identifier: name }
}

export function inList(left: Sql, of: readonly Param[]): Membership {
  return { [brand]: true, membership: left, of }
}

const empty: Sql = sqlOf([''], [])

/** Parts with a separator between them. */
export function join(parts: readonly SqlValue[], separator: ', ' | ' AND ' | ' OR ' | ' UNION ALL ' | ' || ' = ', '): Sql {
  if (parts.length === 0) return empty
  return sqlOf(['', ...Array.from({ length: parts.length - 1 }, () => separator), ''], parts)
}

/** The part where the condition holds, else nothing. */
export function when(condition: boolean, part: Sql): Sql {
  return condition ? part : empty
}

export interface RenderedSql {
  readonly text: string
  readonly params: unknown[]
}

/** @param tableName gives a table's quoted name, prefix or schema included */
export function render(statement: Sql, dialect: SqlDialect, tableName: (table: AnyTable) => string): RenderedSql {
  const params: unknown[] = []
  const write = (part: Sql): string => {
    let text = part.strings[0] ?? ''
    part.values.forEach((value, index) => {
      text += writeValue(value) + (part.strings[index + 1] ?? '')
    })
    return text
  }
  const writeValue = (value: SqlValue): string => {
    if (value === null || typeof value !== 'object') {
      params.push(value)
      return dialect.placeholder(params.length)
    }
    if (brand in value) {
      if ('strings' in value) return write(value)
      if ('identifier' in value) return dialect.quote(value.identifier)
      return value.of.length === 0 ? '1 = 0' : dialect.membership(write(value.membership), value.of, params)
    }
    if ('fields' in value) return tableName(value)
    if (typeof value.dialect !== 'function') throw new TypeError(`an object is no value of a statement: ${Object.keys(value).join(', ')}`)
    return write(value.dialect(dialect))
  }
  return { text: write(statement), params }
}
