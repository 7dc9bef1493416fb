import { type Kernel, type Sql, sql, type Tx } from '../kernel/index.js'
import { approveSilently } from './approve-statement.js'
import type { LockStatements } from './lock-statements.js'
import { statementTable } from './settlement.entity.js'

/** Statements in one transaction. */
const atOnce = 100

/** Counts the silence of parties whose time is over as their approval, and locks what has the approvals that it was drawn to wait for; all that there is by now. */
export function awaitApprovals(kernel: Pick<Kernel, 'database' | 'ids' | 'report'>, lock: LockStatements): () => Promise<void> {
  const { database, report } = kernel
  const silently = approveSilently({ kernel })

  const each = async (which: (now: string) => Sql, work: (tx: Tx, statementIds: readonly string[]) => Promise<unknown>): Promise<void> => {
    for (let after = ''; ; ) {
      const found = await database.read(undefined, async (reader) => {
        const rows = await reader.all(
          sql`SELECT id FROM ${statementTable} WHERE ${which(reader.now)} AND id > ${after} ORDER BY id LIMIT ${atOnce}`,
        )
        return rows.map((raw) => String(raw.id))
      })
      const last = found.at(-1)
      if (last === undefined) return
      after = last
      await database
        .transaction(undefined, (tx) => work(tx, found))
        .catch(async () => {
          // One of them spoils it for the others, or somebody was first with one.
          for (const statementId of found)
            await database
              .transaction(undefined, (tx) => work(tx, [statementId]))
              .catch((error: unknown) => report(`statement ${statementId} could not be moved on, and will be tried again`, error))
        })
    }
  }

  return async () => {
    await each((now) => sql`state = 'draft' AND silent_from <= ${now}`, silently)
    await each(
      () => sql`state = 'approved' AND approval_needed IS NOT NULL`,
      (tx, statementIds) => lock(tx, statementIds, 'approved', 'system'),
    )
  }
}
