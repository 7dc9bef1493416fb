/** mysql2's connections as ours. Statements go as text: prepared ones would send every number as a float, and a server keeps no more than 16,000 of them for all. */
import type { Connection, QueryResult } from './query.js'
import type { RawRow } from './table.js'

/** mysql2's `Connection` or one of its pool, of its callback or its promise API, with a transaction open. */
export interface MysqlConnection {
  readonly threadId: number | null
  query(sql: string): unknown
  execute(sql: string): unknown
}

/** What of mysql2's callback API is used. */
interface CallbackConnection {
  query(options: MysqlQuery, done: (error: Error | null, result: unknown) => void): unknown
}

interface MysqlQuery {
  readonly sql: string
  // A host's own settings and type parsers change nothing.
  readonly typeCast: true
  readonly rowsAsArray: false
  readonly nestTables: false
  readonly supportBigNumbers: true
  readonly bigNumberStrings: true
  readonly namedPlaceholders: false
}

/** What a server answers to a statement that gives no rows. */
interface ResultHeader {
  readonly affectedRows: number
  /** `Rows matched: 2  Changed: 1  Warnings: 0`, or `Records: 3  Duplicates: 1  Warnings: 0`; the words are in the server's language. */
  readonly info: string
  readonly serverStatus: number
}

const inTransactionStatus = 1
const autocommitStatus = 2

export function isMysql(raw: unknown): raw is MysqlConnection {
  return typeof raw === 'object' && raw !== null && 'threadId' in raw && 'query' in raw && 'execute' in raw
}

export function mysqlConnection(raw: MysqlConnection): Connection {
  const connection = callbackOf(raw)
  return {
    query: (text, params) =>
      new Promise((resolve, reject) => {
        const options = { typeCast: true, rowsAsArray: false, nestTables: false, supportBigNumbers: true, bigNumberStrings: true } as const
        connection.query({ ...options, namedPlaceholders: false, sql: withValues(text, params) }, (error, result) =>
          error ? reject(error) : resolve(resultOf(text, result)),
        )
      }),
  }
}

/** A promise connection is one of callbacks in a wrapper. */
function callbackOf(raw: object): CallbackConnection {
  return ('connection' in raw && isMysql(raw.connection) ? raw.connection : raw) as CallbackConnection
}

function resultOf(text: string, result: unknown): QueryResult {
  if (Array.isArray(result)) return { rows: result as readonly RawRow[], affected: result.length }
  const header = result as ResultHeader
  // With autocommit off, a transaction begins by itself.
  const inTransaction = (header.serverStatus & inTransactionStatus) !== 0 || (header.serverStatus & autocommitStatus) === 0
  return { rows: [], affected: affectedRows(text, header), inTransaction }
}

/**
 * The rows that an UPDATE found, whether or not it changed them, and the rows that an INSERT added. The number of affected rows says the one or the other by a
 * flag of the connection, which on a joined one is the host's.
 */
function affectedRows(text: string, { affectedRows, info }: ResultHeader): number {
  const [first, second] = (info.match(/\d+/g) ?? []).map(Number)
  if (first === undefined || second === undefined) return affectedRows
  if (/^\s*UPDATE\b/i.test(text)) return first
  return /^\s*INSERT\b/i.test(text) ? affectedRows - second : affectedRows
}

/** Puts literals for the question marks that stand outside of quotes. */
export function withValues(text: string, params: readonly unknown[]): string {
  let next = 0
  return text.replace(/'(?:[^']|'')*'|`(?:[^`]|``)*`|\?/g, (part) => (part === '?' ? literal(params[next++]) : part))
}

/**
 * A value as text of a statement, in a form that means the same in every mode of the server: whether a backslash in quotes is an escape depends on
 * NO_BACKSLASH_ESCAPES, which a host may have set, so what contains one is written as its bytes.
 */
function literal(value: unknown): string {
  if (value === null) return 'NULL'
  if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  if (typeof value !== 'string') throw new TypeError(`${String(value)} is no value of a statement`)
  return value.includes('\\') || value.includes('\0')
    ? `_utf8mb4 X'${Buffer.from(value).toString('hex')}'`
    : `'${value.replaceAll("'", "''")}'`
}
