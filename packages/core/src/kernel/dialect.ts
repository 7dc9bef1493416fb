/** The one place where databases differ: types, quoting, locking, error codes, triggers. */
import { type DialectPart, identifier, join, type Param, type Sql, type SqlDialect, sql, sqlOf } from './sql.js'
import { type AnyTable, type Column, columnName } from './table.js'

/** A lock among all processes, by name. */
export interface ExclusiveLock {
  /** Run in the transaction, before all else; gives `taken`, which is not 1 where another held it to the end of the wait. */
  readonly acquire: Sql
  /** Run after the transaction's end, on its connection; absent where that end gives the lock back. */
  readonly release?: Sql
}

export interface Dialect extends SqlDialect {
  /** Statements that open a transaction at READ COMMITTED or what the database has above it. */
  readonly begin: string
  /** The most parameters one statement may carry. */
  readonly maxParams: number
  columnType(column: Column<unknown>): string
  /** After the table's name in CREATE TABLE, after its closing bracket. */
  readonly tableSuffix: string
  /** The rows locked are waited for; `skip`: rows that another holds are passed over. Empty where one writer has the whole database. */
  forUpdate(mode?: 'wait' | 'skip'): Sql
  /** Ends an INSERT: a row that is there already is left as it is, and does not count as affected. */
  onConflictDoNothing(anyColumn: string): Sql
  /** Of how many rows at least such an INSERT must be, for the database to say which of them it left as they were. */
  readonly fewestMissing: 1 | 2
  /** Indexes are a part of CREATE TABLE: where each DDL statement costs a wait for the disk, and none can be rolled back. */
  readonly inlineIndexes: boolean
  /** A migration that fails leaves nothing behind. False where every DDL statement commits by itself. */
  readonly transactionalDdl: boolean
  /** One transaction among all processes at a time. Undefined where every transaction is that already. */
  exclusiveLock(name: string): ExclusiveLock | undefined
  /** Finds a row where there is a table of that name. */
  tableExists(name: string, schema: string | undefined): Sql
  /** A whole number as a parameter, where the database cannot infer its type. */
  bigint(value: number): Sql
  /** Statements that make a table refuse UPDATE and DELETE (and what else the database offers to undo history). */
  refuseChange(table: string, quotedTable: string, definition: AnyTable): readonly string[]
  /** Statements that make a table refuse to change or remove a row that is final. */
  refuseFinal(table: FinalTable): readonly string[]
  /** Statements that let rows of an append-only table be removed until their owner is final, and none be added from then on. */
  keepWithOwner(table: OwnedTable): readonly string[]
  /** Statements that note the key of every row that is added to a table in another, a column of that name in each. */
  noteInserts(table: NotedTable): readonly string[]
  /** Another attempt of the whole transaction may succeed: deadlock, serialisation failure, lock timeout. */
  isRetryable(error: unknown): boolean
  isUniqueViolation(error: unknown): boolean
  /** The database has rolled back the whole transaction, not only the statement: what is sent next would be committed by itself. */
  endsTransaction(error: unknown): boolean
  /** DDL failed because what it makes is there already, or what it takes away is gone. */
  isDoneAlready(error: unknown): boolean
}

/** A table of which some rows are final. */
export interface FinalTable {
  /** With its prefix. */
  readonly name: string
  readonly quoted: string
  readonly definition: AnyTable
  readonly column: string
  readonly values: readonly string[]
}

/** A table whose rows belong to those of another. */
export interface OwnedTable {
  /** With its prefix. */
  readonly name: string
  readonly quoted: string
  readonly owner: {
    readonly quoted: string
    readonly column: string
    readonly values: readonly string[]
    /** The columns of the foreign key, and those of the owner that they name. */
    readonly keys: readonly (readonly [own: string, owners: string])[]
  }
}

function isFinal(column: string, values: readonly string[]): string {
  return `${column} IN (${values.map((value) => `'${value}'`).join(', ')})`
}

function finalMessage({ name, column, values }: Pick<FinalTable, 'name' | 'column' | 'values'>): string {
  return `${name} keeps rows whose ${column} is ${values.join(' or ')}`
}

function ownedMessage({ name, owner }: OwnedTable): string {
  return `${name} keeps rows whose owner is ${owner.values.join(' or ')}`
}

/** A table whose new rows are noted. */
export interface NotedTable {
  /** With its prefix. */
  readonly name: string
  readonly quoted: string
  /** The column that is its key. */
  readonly key: string
  readonly into: { readonly quoted: string; readonly column: string }
}

function codeOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : ''
}

const sqlite: Dialect = {
  name: 'sqlite',
  // IMMEDIATE takes the write lock at once: a transaction that read first could not upgrade later without failing.
  begin: 'BEGIN IMMEDIATE',
  maxParams: 30_000,
  tableSuffix: '',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  placeholder: () => '?',
  membership: (left, of, params) => listMembership(left, of, params, () => '?'),
  columnType: (column) => {
    switch (column.kind) {
      case 'sequence':
        return 'integer PRIMARY KEY AUTOINCREMENT NOT NULL'
      case 'integer':
      case 'flag':
        return 'integer'
      case 'amount':
        return 'bigint'
      case 'text':
      case 'json':
        return 'text'
      default:
        return `varchar(${column.length ?? 255})`
    }
  },
  forUpdate: () => sql``,
  onConflictDoNothing: () => sql` ON CONFLICT DO NOTHING`,
  fewestMissing: 1,
  inlineIndexes: false,
  transactionalDdl: true,
  exclusiveLock: () => undefined,
  tableExists: (name) => sql`SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ${name}`,
  // The driver hands numbers over as floats, and a sum with one is a float: exact only as long as it stays below 2^53.
  bigint: (value) => sql`CAST(${value} AS INTEGER)`,
  refuseChange: (table, quoted, { primaryKey }) => {
    const refuse = `BEGIN SELECT RAISE(ABORT, '${table} is append-only'); END`
    // INSERT OR REPLACE deletes without firing delete triggers; refused by looking for the row it would replace.
    const same = primaryKey.map((key) => `"${columnName(key)}" = NEW."${columnName(key)}"`).join(' AND ')
    return [
      `CREATE TRIGGER "${table}_no_update" BEFORE UPDATE ON ${quoted} ${refuse}`,
      `CREATE TRIGGER "${table}_no_delete" BEFORE DELETE ON ${quoted} ${refuse}`,
      `CREATE TRIGGER "${table}_no_replace" BEFORE INSERT ON ${quoted} WHEN EXISTS (SELECT 1 FROM ${quoted} WHERE ${same}) ${refuse}`,
    ]
  },
  refuseFinal: (table) => {
    const { name, quoted, definition, column, values } = table
    const refuse = `BEGIN SELECT RAISE(ABORT, '${finalMessage(table)}'); END`
    const [was, is] = [isFinal(`OLD."${column}"`, values), isFinal(`"${column}"`, values)]
    const same = (properties: readonly string[], as: 'OLD' | 'NEW'): string =>
      `(${properties.map((property) => `"${columnName(property)}" = ${as}."${columnName(property)}"`).join(' AND ')})`
    const uniques = (definition.indexes ?? []).filter((index) => index.unique).map((index) => index.columns)
    // What OR REPLACE removes fires no delete trigger; refused by looking for the rows it would replace, by any key.
    const replaced = `${is} AND (${[definition.primaryKey, ...uniques].map((key) => same(key, 'NEW')).join(' OR ')})`
    return [
      `CREATE TRIGGER "${name}_no_update" BEFORE UPDATE ON ${quoted} WHEN ${was} OR EXISTS (SELECT 1 FROM ${quoted} WHERE ${replaced} AND NOT ${same(definition.primaryKey, 'OLD')}) ${refuse}`,
      `CREATE TRIGGER "${name}_no_delete" BEFORE DELETE ON ${quoted} WHEN ${was} ${refuse}`,
      `CREATE TRIGGER "${name}_no_replace" BEFORE INSERT ON ${quoted} WHEN EXISTS (SELECT 1 FROM ${quoted} WHERE ${replaced}) ${refuse}`,
    ]
  },
  keepWithOwner: (table) => {
    const { name, quoted, owner } = table
    const refuse = `BEGIN SELECT RAISE(ABORT, '${ownedMessage(table)}'); END`
    const final = (row: 'OLD' | 'NEW'): string =>
      `EXISTS (SELECT 1 FROM ${owner.quoted} WHERE ${owner.keys.map(([own, owners]) => `"${owners}" = ${row}."${own}"`).join(' AND ')} AND ${isFinal(`"${owner.column}"`, owner.values)})`
    return [
      `CREATE TRIGGER "${name}_no_late_delete" BEFORE DELETE ON ${quoted} WHEN ${final('OLD')} ${refuse}`,
      `CREATE TRIGGER "${name}_no_late_insert" BEFORE INSERT ON ${quoted} WHEN ${final('NEW')} ${refuse}`,
      `DROP TRIGGER "${name}_no_delete"`,
    ]
  },
  noteInserts: ({ name, quoted, key, into }) => [
    `CREATE TRIGGER "${name}_noted" AFTER INSERT ON ${quoted} BEGIN INSERT INTO ${into.quoted} ("${into.column}") VALUES (NEW."${key}"); END`,
  ],
  isRetryable: (error) => codeOf(error).startsWith('SQLITE_BUSY'),
  isUniqueViolation: (error) => ['SQLITE_CONSTRAINT_UNIQUE', 'SQLITE_CONSTRAINT_PRIMARYKEY'].includes(codeOf(error)),
  endsTransaction: () => false,
  isDoneAlready: () => false,
}

const postgres: Dialect = {
  name: 'postgres',
  begin: 'BEGIN ISOLATION LEVEL READ COMMITTED',
  maxParams: 60_000,
  tableSuffix: '',
  quote: (name) => `"${name.replaceAll('"', '""')}"`,
  placeholder: (index) => `$${index}`,
  membership: (left, of, params) => {
    params.push(of)
    return `${left} = ANY($${params.length})`
  },
  columnType: (column) => {
    switch (column.kind) {
      case 'sequence':
        return 'bigserial PRIMARY KEY'
      case 'integer':
        return 'integer'
      case 'flag':
        return 'smallint'
      case 'amount':
        return 'bigint'
      case 'text':
      case 'json':
        return 'text'
      case 'id':
      case 'time':
        // "C": compared byte by byte, so that the order is the same here, in JavaScript and on every server, whatever its locale.
        return `varchar(${column.length ?? 64}) COLLATE "C"`
      default:
        return `varchar(${column.length ?? 255})`
    }
  },
  forUpdate: (mode = 'wait') => (mode === 'skip' ? sql` FOR UPDATE SKIP LOCKED` : sql` FOR UPDATE`),
  onConflictDoNothing: () => sql` ON CONFLICT DO NOTHING`,
  fewestMissing: 1,
  inlineIndexes: false,
  transactionalDdl: true,
  exclusiveLock: (name) => ({ acquire: sql`SELECT 1 AS taken FROM pg_advisory_xact_lock(hashtext(${name}))` }),
  tableExists: (name, schema) => sql`
    SELECT 1 FROM information_schema.tables
    WHERE table_schema = ${schema === undefined ? sql`current_schema()` : schema} AND table_name = ${name}`,
  bigint: (value) => sql`${value}::bigint`,
  refuseChange: (table, quoted) => {
    // Beside its table: "schema"."table" gives "schema"."table_append_only", so that two prefixes in one database do not share it.
    const refuse = quoted.replace(/"$/, '_append_only"')
    return [
      `CREATE FUNCTION ${refuse}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${table} is append-only' USING ERRCODE = 'restrict_violation'; END $$`,
      `CREATE TRIGGER "${table}_no_change" BEFORE UPDATE OR DELETE ON ${quoted} FOR EACH ROW EXECUTE FUNCTION ${refuse}()`,
      `CREATE TRIGGER "${table}_no_truncate" BEFORE TRUNCATE ON ${quoted} FOR EACH STATEMENT EXECUTE FUNCTION ${refuse}()`,
    ]
  },
  refuseFinal: (table) => {
    const { name, quoted, column, values } = table
    const refuse = quoted.replace(/"$/, '_final"')
    return [
      `CREATE FUNCTION ${refuse}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION '${finalMessage(table)}' USING ERRCODE = 'restrict_violation'; END $$`,
      `CREATE TRIGGER "${name}_no_change" BEFORE UPDATE OR DELETE ON ${quoted} FOR EACH ROW WHEN (${isFinal(`OLD."${column}"`, values)}) EXECUTE FUNCTION ${refuse}()`,
      `CREATE TRIGGER "${name}_no_truncate" BEFORE TRUNCATE ON ${quoted} FOR EACH STATEMENT EXECUTE FUNCTION ${refuse}()`,
    ]
  },
  keepWithOwner: (table) => {
    const { name, quoted, owner } = table
    const [refuse, change] = [quoted.replace(/"$/, '_final"'), quoted.replace(/"$/, '_append_only"')]
    const quoteAll = (columns: readonly string[]): string => columns.map((column) => `"${column}"`).join(', ')
    const [own, owners] = [quoteAll(owner.keys.map(([column]) => column)), quoteAll(owner.keys.map(([, column]) => column))]
    // Locked, so that an owner who is just becoming final is waited for.
    const asked = `SELECT "${owner.column}" AS value FROM ${owner.quoted} WHERE (${owners}) IN (SELECT ${own} FROM moved) ORDER BY ${owners} FOR SHARE`
    return [
      `CREATE FUNCTION ${refuse}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM 1 FROM (${asked}) asked WHERE ${isFinal('value', owner.values)}; ` +
        `IF FOUND THEN RAISE EXCEPTION '${ownedMessage(table)}' USING ERRCODE = 'restrict_violation'; END IF; RETURN NULL; END $$`,
      // Once a statement, however many rows it adds or removes.
      `CREATE TRIGGER "${name}_no_late_delete" AFTER DELETE ON ${quoted} REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION ${refuse}()`,
      `CREATE TRIGGER "${name}_no_late_insert" AFTER INSERT ON ${quoted} REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION ${refuse}()`,
      `CREATE TRIGGER "${name}_no_update" BEFORE UPDATE ON ${quoted} FOR EACH ROW EXECUTE FUNCTION ${change}()`,
      `DROP TRIGGER "${name}_no_change" ON ${quoted}`,
    ]
  },
  noteInserts: ({ name, quoted, key, into }) => {
    const note = quoted.replace(/"$/, '_note"')
    // Once a statement, however many rows it adds.
    return [
      `CREATE FUNCTION ${note}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO ${into.quoted} ("${into.column}") SELECT "${key}" FROM added; RETURN NULL; END $$`,
      `CREATE TRIGGER "${name}_noted" AFTER INSERT ON ${quoted} REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION ${note}()`,
    ]
  },
  isRetryable: (error) => ['40001', '40P01'].includes(codeOf(error)),
  isUniqueViolation: (error) => codeOf(error) === '23505',
  endsTransaction: () => false,
  isDoneAlready: () => false,
}

const backtick = (name: string): string => `\`${name.replaceAll('`', '``')}\``

function refusal(message: string): string {
  return `SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = '${message}'`
}

/** An update that changes nothing is what ON DUPLICATE KEY UPDATE does with a row that is there. Compared as bytes: as text, spaces at the end do not count. */
function isSame({ fields }: AnyTable): string {
  return fields.map(({ column }) => `CAST(NEW.${backtick(column)} AS BINARY) <=> CAST(OLD.${backtick(column)} AS BINARY)`).join(' AND ')
}

/** TRUNCATE fires no trigger; it is refused where another table refers to this one. */
function refuseTruncate(table: string, quoted: string, { fields, primaryKey }: AnyTable): string {
  const keys = primaryKey.map((key) => fields.find(({ property }) => property === key)).filter((field) => field !== undefined)
  const names = keys.map(({ column }) => backtick(column)).join(', ')
  return (
    `CREATE TABLE ${backtick(`${table}_kept`)} (${keys.map(({ column, type }) => `${backtick(column)} ${mysql.columnType(type)} NOT NULL`).join(', ')}, ` +
    `CONSTRAINT ${backtick(`${table}_no_truncate`)} FOREIGN KEY (${names}) REFERENCES ${quoted} (${names}))${mysql.tableSuffix}`
  )
}

/** MariaDB and MySQL. */
const mysql: Dialect = {
  name: 'mysql',
  // Our sessions are at READ COMMITTED, which is not said here: it would take a statement of its own.
  begin: 'BEGIN',
  // A statement goes as one packet of text, of which a server takes 16 MB.
  maxParams: 30_000,
  tableSuffix: ' ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin',
  quote: backtick,
  placeholder: () => '?',
  membership: (left, of, params) => listMembership(left, of, params, () => '?'),
  columnType: (column) => {
    switch (column.kind) {
      case 'sequence':
        return 'bigint NOT NULL AUTO_INCREMENT PRIMARY KEY'
      case 'integer':
        return 'int'
      case 'flag':
        return 'tinyint'
      case 'amount':
        return 'bigint'
      case 'text':
      case 'json':
        return `longtext ${byteWise}`
      default:
        // One character set for all of them: a column in ASCII cannot be compared with other text, nor joined to other columns by its index.
        return `varchar(${column.length ?? 255}) ${byteWise}`
    }
  },
  forUpdate: (mode = 'wait') => (mode === 'skip' ? sql` FOR UPDATE SKIP LOCKED` : sql` FOR UPDATE`),
  // INSERT IGNORE would also let pass text that is cut off and rows that refer to nothing; and the lock that this takes on a row that is there can be held on to.
  onConflictDoNothing: (anyColumn) => sql` ON DUPLICATE KEY UPDATE ${identifier(anyColumn)} = ${identifier(anyColumn)}`,
  // Of a single row the answer is the same whether it was there or not, of several their number and that of the duplicates are told.
  fewestMissing: 2,
  inlineIndexes: true,
  transactionalDdl: false,
  exclusiveLock: (name) => {
    // Names are of the whole server, and no longer than 64 characters. The lock is the session's, not the transaction's, which DDL would end.
    const lock = sql`CONCAT('entrepot.', SHA1(CONCAT(DATABASE(), ${name})))`
    return { acquire: sql`SELECT GET_LOCK(${lock}, ${lockWaitSeconds}) AS taken`, release: sql`DO RELEASE_LOCK(${lock})` }
  },
  tableExists: (name) => sql`SELECT 1 FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name = ${name}`,
  bigint: (value) => sql`${value}`,
  refuseChange: (table, quoted, definition) => {
    const refuse = refusal(`${table} is append-only`)
    return [
      `CREATE TRIGGER ${backtick(`${table}_no_update`)} BEFORE UPDATE ON ${quoted} FOR EACH ROW IF NOT (${isSame(definition)}) THEN ${refuse}; END IF`,
      `CREATE TRIGGER ${backtick(`${table}_no_delete`)} BEFORE DELETE ON ${quoted} FOR EACH ROW ${refuse}`,
      refuseTruncate(table, quoted, definition),
    ]
  },
  refuseFinal: (table) => {
    const { name, quoted, definition, column, values } = table
    const [refuse, was] = [refusal(finalMessage(table)), isFinal(`OLD.${backtick(column)}`, values)]
    return [
      `CREATE TRIGGER ${backtick(`${name}_no_update`)} BEFORE UPDATE ON ${quoted} FOR EACH ROW IF ${was} AND NOT (${isSame(definition)}) THEN ${refuse}; END IF`,
      `CREATE TRIGGER ${backtick(`${name}_no_delete`)} BEFORE DELETE ON ${quoted} FOR EACH ROW IF ${was} THEN ${refuse}; END IF`,
      refuseTruncate(name, quoted, definition),
    ]
  },
  keepWithOwner: (table) => {
    const { name, quoted, owner } = table
    const guard = (when: 'DELETE' | 'INSERT', row: 'OLD' | 'NEW'): string => {
      const same = owner.keys.map(([own, owners]) => `${backtick(owners)} = ${row}.${backtick(own)}`)
      // Locked, so that an owner who is just becoming final is waited for.
      const asked = `SELECT 1 FROM ${owner.quoted} WHERE ${same.join(' AND ')} AND ${isFinal(backtick(owner.column), owner.values)} LOCK IN SHARE MODE`
      return (
        `CREATE TRIGGER ${backtick(`${name}_no_late_${when.toLowerCase()}`)} BEFORE ${when} ON ${quoted} FOR EACH ROW ` +
        `IF EXISTS (${asked}) THEN ${refusal(ownedMessage(table))}; END IF`
      )
    }
    // The strict one goes last: each statement commits by itself, and between two of them nobody finds the door open.
    return [guard('DELETE', 'OLD'), guard('INSERT', 'NEW'), `DROP TRIGGER IF EXISTS ${backtick(`${name}_no_delete`)}`]
  },
  noteInserts: ({ name, quoted, key, into }) => [
    `CREATE TRIGGER ${backtick(`${name}_noted`)} AFTER INSERT ON ${quoted} FOR EACH ROW INSERT INTO ${into.quoted} (${backtick(into.column)}) VALUES (NEW.${backtick(key)})`,
  ],
  isRetryable: (error) => ['ER_LOCK_DEADLOCK', 'ER_LOCK_WAIT_TIMEOUT'].includes(codeOf(error)),
  isUniqueViolation: (error) => codeOf(error) === 'ER_DUP_ENTRY',
  endsTransaction: (error) => codeOf(error) === 'ER_LOCK_DEADLOCK',
  isDoneAlready: (error) => doneAlready.has(codeOf(error)),
}

/** A migration of another process may take a while. */
const lockWaitSeconds = 3_600

const byteWise = 'CHARACTER SET utf8mb4 COLLATE utf8mb4_bin'

// Table, trigger, index, column and foreign key that are there; table, and column or index, that are not.
const doneAlready: ReadonlySet<string> = new Set([
  'ER_TABLE_EXISTS_ERROR',
  'ER_TRG_ALREADY_EXISTS',
  'ER_DUP_KEYNAME',
  'ER_DUP_FIELDNAME',
  'ER_FK_DUP_NAME',
  'ER_BAD_TABLE_ERROR',
  'ER_CANT_DROP_FIELD_OR_KEY',
])

function listMembership(left: string, of: readonly Param[], params: unknown[], placeholder: () => string): string {
  params.push(...of)
  return `${left} IN (${of.map(placeholder).join(', ')})`
}

export type DatabaseType = 'better-sqlite3' | 'postgres' | 'mysql' | 'mariadb'

const dialects: Readonly<Record<SqlDialect['name'], Dialect>> = { sqlite, postgres, mysql }

export function dialectOf(type: DatabaseType): Dialect {
  if (type === 'postgres') return postgres
  return type === 'better-sqlite3' ? sqlite : mysql
}

/**
 * `CASE key WHEN … THEN … END`: another number for every row of one bulk UPDATE, in a form that every database reads.
 * @example sql`UPDATE ${stockTable} SET reserved = reserved + ${numberByKey(sql`id`, quantities)} WHERE ${inList(sql`id`, ids)}`
 */
export function numberByKey(key: Sql, numbers: readonly (readonly [key: string, value: number])[]): Sql {
  const branches = numbers.map(
    ([id, value]) => sql` WHEN ${id} THEN ${{ dialect: (dialect: SqlDialect) => asDialect(dialect).bigint(value) }}`,
  )
  return sqlOf(['CASE ', ...branches.map(() => ''), ' ELSE 0 END'], [key, ...branches])
}

/** The same for text; a key that is not named keeps nothing (NULL), so the statement names its rows. */
export function textByKey(key: Sql, texts: readonly (readonly [key: string, value: string])[]): Sql {
  const branches = texts.map(([id, value]) => sql` WHEN ${id} THEN ${value}`)
  return sqlOf(['CASE ', ...branches.map(() => ''), ' END'], [key, ...branches])
}

/** Texts put together; null if any of them is. */
export function concat(...texts: readonly [Sql, ...Sql[]]): DialectPart {
  return { dialect: ({ name }) => (name === 'mysql' ? sql`CONCAT(${join(texts)})` : sql`(${join(texts, ' || ')})`) }
}

/** ` FOR UPDATE`, or nothing on a database with one writer. */
export function forUpdate(mode: 'wait' | 'skip' = 'wait'): DialectPart {
  return { dialect: (dialect) => asDialect(dialect).forUpdate(mode) }
}

function asDialect({ name }: SqlDialect): Dialect {
  return dialects[name]
}
