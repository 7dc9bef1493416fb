import { addDays, type Clock } from './clock.js'
import type { Database } from './database.js'
import { idempotencyTable } from './idempotency.js'
import type { Jobs } from './jobs.js'
import { deliveryTable, outboxTable } from './outbox.js'
import { identifier, sql } from './sql.js'

/** How long a command's result is kept under its key, and an event after its delivery. A journal's key in the ledger never expires. */
export const retentionDays = 30

const atOnce = 1000

/** Forgets what is no longer asked for, in small pieces, so that no other writer waits long. An event that a subscriber still has to take, or could not take, stays. */
export async function forgetOld(database: Database, clock: Clock): Promise<void> {
  const before = addDays(clock.now(), -retentionDays)
  const forget = (keys: ReturnType<typeof sql>): Promise<number> => database.transaction(undefined, (tx) => tx.run(keys))
  // The keys are read into a table of their own first: MySQL neither deletes from what the same statement reads, nor limits a list.
  const key = identifier('key')
  const keys = sql`
    DELETE FROM ${idempotencyTable} WHERE (scope, ${key}) IN (
      SELECT scope, ${key} FROM (SELECT scope, ${key} FROM ${idempotencyTable} WHERE created_at < ${before} LIMIT ${atOnce}) old)`
  while ((await forget(keys)) === atOnce);
  const events = sql`
    DELETE FROM ${outboxTable} WHERE seq IN (SELECT seq FROM (
      SELECT o.seq FROM ${outboxTable} o
      WHERE o.status = 'sent' AND o.occurred_at < ${before} AND NOT EXISTS (SELECT 1 FROM ${deliveryTable} d WHERE d.seq = o.seq) LIMIT ${atOnce}) old)`
  while ((await forget(events)) === atOnce);
}

/** Once a day, in whichever process comes first. */
export function scheduleRetention(jobs: Jobs, database: Database, clock: Clock): void {
  jobs.every('kernel.forget_old', { everyMillis: 86_400_000 }, () => forgetOld(database, clock))
}
