/** From a table's definition: its DDL on every database, and the entity that TypeORM compares the database with. */
import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm'
import type { Dialect, NotedTable, OwnedTable } from './dialect.js'
import { type AnyTable, type Column, columnName } from './table.js'

/** Where our tables lie beside the host's own. */
export interface Naming {
  /** Before every table, index and constraint name. @default 'entrepot_' */
  readonly prefix: string
  /** A PostgreSQL schema, which must exist. */
  readonly schema?: string | undefined
}

export function quotedName(table: AnyTable, naming: Naming, dialect: Dialect): string {
  const name = dialect.quote(naming.prefix + table.name)
  return naming.schema === undefined ? name : `${dialect.quote(naming.schema)}.${name}`
}

/** Statements that create a table with its indexes, constraints and, where it is append-only, its triggers. */
export function createTableStatements(table: AnyTable, naming: Naming, dialect: Dialect): readonly string[] {
  const quoted = quotedName(table, naming, dialect)
  const columns = table.fields.map(
    ({ column, type }) =>
      `${dialect.quote(column)} ${dialect.columnType(type)}${type.nullable || type.kind === 'sequence' ? '' : ' NOT NULL'}`,
  )
  const counted = table.fields.some(({ type }) => type.kind === 'sequence')
  const primaryKey = counted ? [] : [`PRIMARY KEY (${quoteAll(table.primaryKey, dialect)})`]
  const foreignKeys = (table.foreignKeys ?? []).map(
    (key) =>
      `CONSTRAINT ${dialect.quote(naming.prefix + key.name)} FOREIGN KEY (${quoteAll(key.columns, dialect)}) ` +
      // Said, since MariaDB calls the same thing RESTRICT where it is not.
      `REFERENCES ${quotedName(key.references(), naming, dialect)} (${quoteAll(key.referenced, dialect)}) ON DELETE NO ACTION ON UPDATE NO ACTION`,
  )
  const checks = Object.entries(table.checks ?? {}).map(
    ([name, condition]) => `CONSTRAINT ${dialect.quote(naming.prefix + name)} CHECK (${condition})`,
  )
  const indexes = table.indexes ?? []
  const inline = dialect.inlineIndexes
    ? indexes.map(
        (index) => `${index.unique ? 'UNIQUE ' : ''}KEY ${dialect.quote(naming.prefix + index.name)} (${quoteAll(index.columns, dialect)})`,
      )
    : []
  const refusals = table.appendOnly ? dialect.refuseChange(naming.prefix + table.name, quoted, table) : []
  return [
    `CREATE TABLE ${quoted} (${[...columns, ...primaryKey, ...inline, ...checks, ...foreignKeys].join(', ')})${dialect.tableSuffix}`,
    ...(dialect.inlineIndexes ? [] : indexes.map((index) => createIndex(index, table, naming, dialect))),
    ...refusals,
    ...guardStatements(table, naming, dialect),
    ...(table.notedIn ? dialect.noteInserts(noted(table, table.notedIn(), naming, dialect)) : []),
  ]
}

/** Statements that keep what is final as it is, beyond what append-only tables refuse anyway. */
export function guardStatements(table: AnyTable, naming: Naming, dialect: Dialect): readonly string[] {
  const [name, quoted] = [naming.prefix + table.name, quotedName(table, naming, dialect)]
  const { finalWhen, keptWith } = table
  const final =
    finalWhen === undefined
      ? []
      : dialect.refuseFinal({ name, quoted, definition: table, column: columnName(finalWhen.column), values: finalWhen.values })
  return keptWith === undefined
    ? final
    : [...final, ...dialect.keepWithOwner({ name, quoted, owner: ownerOf(table, keptWith, naming, dialect) })]
}

function ownerOf(table: AnyTable, keptWith: string, naming: Naming, dialect: Dialect): OwnedTable['owner'] {
  const key = table.foreignKeys?.find(({ name }) => name === keptWith)
  const owner = key?.references()
  if (key === undefined || owner?.finalWhen === undefined || !table.appendOnly)
    throw new RangeError(
      `table ${table.name} is kept with ${keptWith}, so it must be append-only, and that a foreign key to a table with finalWhen`,
    )
  const { column, values } = owner.finalWhen
  return {
    quoted: quotedName(owner, naming, dialect),
    column: columnName(column),
    values,
    keys: key.columns.map((own, index) => [columnName(own), columnName(key.referenced[index] ?? '')] as const),
  }
}

/** The statement that adds a column to a table that may have rows; it is empty in those. */
export function addColumnStatement(table: AnyTable, property: string, naming: Naming, dialect: Dialect): string {
  const field = table.fields.find((candidate) => candidate.property === property)
  if (!field?.type.nullable) throw new RangeError(`${table.name}.${property} is added to rows that have none, so it must be nullable`)
  return `ALTER TABLE ${quotedName(table, naming, dialect)} ADD COLUMN ${dialect.quote(field.column)} ${dialect.columnType(field.type)}`
}

/** The statement that adds an index to a table that is there. */
export function addIndexStatement(table: AnyTable, name: string, naming: Naming, dialect: Dialect): string {
  const index = table.indexes?.find((candidate) => candidate.name === name)
  if (!index) throw new RangeError(`${table.name} has no index ${name}`)
  return createIndex(index, table, naming, dialect)
}

function createIndex(index: NonNullable<AnyTable['indexes']>[number], table: AnyTable, naming: Naming, dialect: Dialect): string {
  const unique = index.unique ? 'UNIQUE ' : ''
  return `CREATE ${unique}INDEX ${dialect.quote(naming.prefix + index.name)} ON ${quotedName(table, naming, dialect)} (${quoteAll(index.columns, dialect)})`
}

function noted(table: AnyTable, into: AnyTable, naming: Naming, dialect: Dialect): NotedTable {
  const keyOf = ({ primaryKey }: AnyTable): string => columnName(primaryKey[0] ?? 'id')
  return {
    name: naming.prefix + table.name,
    quoted: quotedName(table, naming, dialect),
    key: keyOf(table),
    into: { quoted: quotedName(into, naming, dialect), column: keyOf(into) },
  }
}

function quoteAll(properties: readonly string[], dialect: Dialect): string {
  return properties.map((property) => dialect.quote(columnName(property))).join(', ')
}

/** The table as TypeORM knows tables, for its schema comparison and for hosts that read our rows through their own DataSource. */
export function toEntitySchema(table: AnyTable, naming: Naming, dialect: Dialect): EntitySchema {
  const columns = Object.fromEntries(
    table.fields.map(({ property, column, type }) => [property, entityColumn(table, property, column, type, dialect)]),
  )
  return new EntitySchema({
    name: naming.prefix + table.name,
    tableName: naming.prefix + table.name,
    ...(naming.schema === undefined ? {} : { schema: naming.schema }),
    columns,
    indices: (table.indexes ?? []).map((index) => ({
      name: naming.prefix + index.name,
      columns: [...index.columns],
      unique: index.unique ?? false,
    })),
    checks: Object.entries(table.checks ?? {}).map(([name, expression]) => ({ name: naming.prefix + name, expression })),
    foreignKeys: (table.foreignKeys ?? []).map((key) => ({
      name: naming.prefix + key.name,
      target: naming.prefix + key.references().name,
      columnNames: [...key.columns],
      referencedColumnNames: [...key.referenced],
    })),
  })
}

function entityColumn(table: AnyTable, property: string, name: string, type: Column<unknown>, dialect: Dialect): EntitySchemaColumnOptions {
  const primary = table.primaryKey.includes(property)
  const base = { name, primary, nullable: type.nullable }
  switch (type.kind) {
    case 'sequence':
      return { ...base, type: dialect.name === 'sqlite' ? 'integer' : 'bigint', generated: 'increment' }
    case 'integer':
      return { ...base, type: 'integer' }
    case 'flag':
      return { ...base, type: flagTypes[dialect.name] }
    case 'amount':
      return { ...base, type: 'bigint' }
    case 'text':
    case 'json':
      return dialect.name === 'mysql' ? { ...base, type: 'longtext', ...byteWise } : { ...base, type: 'text' }
    default:
      return { ...base, type: 'varchar', length: String(type.length ?? 255), ...collationOf(type, dialect) }
  }
}

const flagTypes = { sqlite: 'integer', postgres: 'smallint', mysql: 'tinyint' } as const
const byteWise = { charset: 'utf8mb4', collation: 'utf8mb4_bin' } as const

function collationOf({ kind }: Column<unknown>, dialect: Dialect): { readonly charset?: string; readonly collation?: string } {
  if (dialect.name === 'mysql') return byteWise
  return dialect.name === 'postgres' && (kind === 'id' || kind === 'time') ? { collation: 'C' } : {}
}
