/** What every driver's connection is made into. */
import type { RawRow } from './table.js'

export interface QueryResult {
  readonly rows: readonly RawRow[]
  /** Rows that an INSERT, UPDATE or DELETE changed. */
  readonly affected: number
  /** What PostgreSQL says it did: a COMMIT of a transaction in which a statement had failed is answered with `ROLLBACK`. */
  readonly command?: string | undefined
  /** Whether a transaction is open after it, where the database tells. */
  readonly inTransaction?: boolean | undefined
}

export interface Connection {
  query(text: string, params: readonly unknown[]): Promise<QueryResult>
}
