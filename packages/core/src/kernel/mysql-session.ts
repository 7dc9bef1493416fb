/** What a session of MariaDB or MySQL must be like for our statements to mean the same on it as on our own. */
import { defineError } from './errors.js'
import { sql } from './sql.js'
import type { Reader } from './transaction.js'

const unfit = defineError(
  'tx.unfit_session',
  'invalid_argument',
  (f: { found: string; needed: string }) =>
    `call.tx is a transaction ${f.found}, in which the same statements would come to something else; ${f.needed}, and begin it again`,
)

/** Run on each of our own connections: text compared as bytes, each statement reading what is committed by then, no value stored that is not the one given. */
export const mysqlSession = [
  'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
  'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
  "SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'",
] as const

/**
 * Looks at the session of a host's transaction, which is the host's to set. The isolation it shows is that of its next transactions: what was set for this one
 * alone is not to be seen anywhere, and is found out by trying.
 * @param readsCommitted whether the transaction reads what another commits meanwhile
 * @throws tx.unfit_session
 */
export async function requireFitSession(host: Reader, readsCommitted: () => Promise<boolean>): Promise<void> {
  const rows = await host.all(
    sql`SHOW VARIABLES WHERE Variable_name IN ('character_set_client', 'sql_mode', 'transaction_isolation', 'tx_isolation')`,
  )
  const settings = new Map(rows.map((row) => [String(row.Variable_name), String(row.Value)]))
  const charset = settings.get('character_set_client') ?? ''
  if (charset !== 'utf8mb4') throw unfit({ found: `whose text is ${charset}`, needed: "open the connection with charset: 'utf8mb4'" })
  if (!/STRICT_(ALL|TRANS)_TABLES/.test(settings.get('sql_mode') ?? ''))
    throw unfit({ found: 'without strict sql_mode', needed: 'add STRICT_TRANS_TABLES to sql_mode' })
  // MySQL has the new name, old MariaDB the other.
  const isolation = settings.get('transaction_isolation') ?? settings.get('tx_isolation') ?? ''
  if (isolation === 'READ-COMMITTED' || (isolation === 'REPEATABLE-READ' && (await readsCommitted()))) return
  throw unfit({ found: `at ${isolation.replaceAll('-', ' ')}`, needed: 'SET TRANSACTION ISOLATION LEVEL READ COMMITTED first' })
}
