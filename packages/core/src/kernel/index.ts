/**
 * The kernel: what every room stands on and none goes around.
 *
 * - Rooms write only through a `Tx`; its rows, its events, its jobs and its idempotency key commit together or not at all.
 * - Nothing calls the outside inside a transaction; `database.assertOutside` holds it.
 * - Time comes from the clock, ids from the generator.
 */
export { type Background, createBackground } from './background.js'
export { type Actor, actorName, type Call } from './call.js'
export { addDays, addMillis, type Clock, dayInMillis, systemClock, type Timestamp, timestamp } from './clock.js'
export { type Callable, type Caller, createUseCases, type UseCases } from './command.js'
export type { HostTransaction, PostgresConnection, SqliteConnection, TypeormManager } from './connection.js'
export type { DatabaseLocation, MysqlOptions, PostgresOptions, SqliteOptions } from './data-source.js'
export { Database, type Joining } from './database.js'
export { concat, forUpdate, numberByKey, textByKey } from './dialect.js'
export { CommerceError, defineError, type ErrorDetails, type ErrorFactory, type ErrorKind, errorKinds } from './errors.js'
export { type DeadLetter, type Emit, type EventMap, Events, emit, type Listener, type SubscribeOptions, type Subscriber } from './events.js'
export { groupBy, sumBy } from './group-by.js'
export { createHooks, type HookHandler, type HookMap, type Hooks } from './hooks.js'
export { canonicalJson, idempotencyTable } from './idempotency.js'
export { createIdGenerator, type IdGenerator, idFloor } from './ids.js'
export { amount, country, id, isCountry, line, type Metadata, metadata, mostUnits, quantity, reason, text, time } from './inputs.js'
export { type DeadJob, type JobHandler, Jobs, jobTable, nextTime, type Schedule } from './jobs.js'
export { createKernel, type Kernel, type KernelOptions, kernelMigrations, kernelTables } from './kernel.js'
export { fromMedusaError, medusaKinds, toMedusaError } from './medusa.js'
export {
  createTables,
  type Migration,
  type MigrationSet,
  migrate,
  migrationTables,
  pendingMigrations,
  requireMigrated,
  type SchemaChange,
  schemaFingerprint,
} from './migrations.js'
export { deliveryTable, type EventEnvelope, outboxTable, subscriptionTable, writeEvents } from './outbox.js'
export { defaultLimit, mapPage, type Page, type PageInput, type PageKey, pageOf, pageShape, readPage, readPageBy } from './page.js'
export type { Report } from './retry.js'
export { type Naming, toEntitySchema } from './schema.js'
export { type Identifier, identifier, inList, join, type Param, type Sql, type SqlValue, sql, when } from './sql.js'
export { type AnyTable, type Column, column, columnName, defineTable, nullable, type RawRow, type Table, wholeNumber } from './table.js'
export { columns, type EmittedEvent, type FindOptions, joined, type Reader, type Tx, type Where } from './transaction.js'
export { relayTo } from './transport.js'
export { type InputIssue, validate } from './validate.js'
export { holdsAt } from './validity.js'
