/** The composition root: opens the database, wires the rooms, sets up the plugins. */
import { asFunction, asValue, createContainer, InjectionMode } from 'awilix'
import * as z from 'zod'
import type { CommerceApi, CoreEvents, CoreInstance } from './api.js'
import { type CartSettings, createCarts } from './cart/index.js'
import { createCatalog } from './catalog/index.js'
import { type CommissionDeps, type CommissionOptions, createCommission } from './commission/index.js'
import { createCustomers } from './customer/index.js'
import { createFulfilment } from './fulfilment/index.js'
import { createInventory } from './inventory/index.js'
import {
  type Clock,
  createKernel,
  type DatabaseLocation,
  id,
  type Kernel,
  line,
  type MigrationSet,
  migrate,
  type Report,
  relayTo,
  requireMigrated,
  validate,
} from './kernel/index.js'
import { createLedger } from './ledger/index.js'
import { coreMigrations } from './migrations.js'
import { createOrders, type OrderOptions } from './order/index.js'
import { createPayments } from './payment/index.js'
import type { Plugin } from './plugin.js'
import { type GatheredAdapters, orderPlugins, pluginMigrations, setUpPlugins } from './plugins.js'
import type { Adapters } from './ports/index.js'
import { createPricing } from './pricing/index.js'
import { createReconciliation } from './reconciliation/index.js'
import { createReturns } from './returns/index.js'
import { createSettlement, type SettlementOptions } from './settlement/index.js'
import { createShipping } from './shipping/index.js'
import { createStorefront } from './storefront/index.js'
import { createSuppliers } from './supplier/index.js'
import { createTaxes } from './tax/index.js'

type AnyPlugin = Plugin<string, object, object>
type ApiOf<P> = P extends Plugin<string, infer Api, object> ? Api : never
type EventsOf<P> = P extends Plugin<string, object, infer Events> ? Events : never
type Merge<Union> = (Union extends unknown ? (union: Union) => void : never) extends (all: infer All) => void ? All : never
type AllEvents<Plugins extends readonly AnyPlugin[]> = CoreEvents & Merge<EventsOf<Plugins[number]>>

/** Core's API, with each plugin's under its id. */
export type Commerce<Plugins extends readonly AnyPlugin[] = readonly []> = CoreInstance<AllEvents<Plugins>> & {
  readonly [P in Plugins[number] as P['id']]: ApiOf<P>
}

/** How single rooms are to work. */
export interface RoomOptions {
  readonly carts?: CartSettings | undefined
  readonly orders?: OrderOptions | undefined
  readonly commission?: CommissionOptions | undefined
  readonly settlement?: SettlementOptions | undefined
}

export interface CommerceOptions<Plugins extends readonly AnyPlugin[] = readonly []> extends RoomOptions {
  /** `{ type: 'postgres', url }`, `{ type: 'better-sqlite3', database: 'shop.db' }`, or an initialised TypeORM DataSource of yours. */
  readonly database: DatabaseLocation
  /** Before every table's name, so that ours stand beside yours. @default 'entrepot_' */
  readonly prefix?: string | undefined
  /** A PostgreSQL schema for our tables; it must exist. */
  readonly schema?: string | undefined
  readonly plugins?: Plugins | undefined
  /** Implementations of ports, beside those that plugins bring. */
  readonly adapters?: Partial<Adapters> | undefined
  /** Whether missing migrations are applied at start. @default true on the embedded database, else false: then a schema that is behind is refused */
  readonly migrate?: boolean | undefined
  /** `auto`: this process relays events and runs jobs. `manual`: only by `commerce.background`. @default 'auto' */
  readonly background?: 'auto' | 'manual' | undefined
  readonly clock?: Clock | undefined
  /** Bytes for ids; a test gives its own to repeat itself. */
  readonly random?: ((size: number) => Uint8Array) | undefined
  /** Told of failures in the background. @default a process warning */
  readonly report?: Report | undefined
}

const mostRows = z.int().min(1).max(1000).optional()
const letter = z.object({ subscriber: line(120), eventId: id })
const job = z.object({ jobId: id })

/** Names that stand in the API itself; no plugin may take one. */
const instanceNames = ['on', 'subscribe', 'transaction', 'background', 'operations', 'observe', 'close', 'then']

/**
 * Opens a marketplace on a database. Nothing is global: several may live in one process.
 * @throws schema.behind, schema.migration_changed, plugin.core_mismatch, plugin.requirement_missing, plugin.duplicate, plugin.table_taken, plugin.invalid_id, plugin.circular, database.unsupported
 */
export async function createCommerce<const Plugins extends readonly AnyPlugin[] = readonly []>(
  options: CommerceOptions<Plugins>,
): Promise<Commerce<Plugins>> {
  const plugins = orderPlugins(options.plugins ?? [], reservedNames)
  const kernel = await createKernel(options)
  try {
    return await assemble(kernel, plugins, options)
  } catch (error) {
    // Whatever did not fit, no connection is left behind.
    await kernel.close()
    throw error
  }
}

/** Applies the migrations of core and plugins, and closes again. @returns what was applied, `owner/name` */
export async function migrateDatabase(
  options: Pick<CommerceOptions<readonly AnyPlugin[]>, 'database' | 'prefix' | 'schema' | 'plugins'>,
): Promise<readonly string[]> {
  const kernel = await createKernel(options)
  try {
    return await migrate(
      kernel.database,
      [...coreMigrations, ...pluginMigrations(orderPlugins(options.plugins ?? [], reservedNames))],
      kernel.clock,
    )
  } finally {
    await kernel.close()
  }
}

async function assemble<Plugins extends readonly AnyPlugin[]>(
  kernel: Kernel,
  plugins: readonly Plugin[],
  options: CommerceOptions<Plugins>,
): Promise<Commerce<Plugins>> {
  await prepareSchema(kernel, [...coreMigrations, ...pluginMigrations(plugins)], options)
  const given = options.adapters ?? {}
  const adapters: GatheredAdapters = {
    payments: [...(given.payments ?? [])],
    payouts: [...(given.payouts ?? [])],
    carriers: [...(given.carriers ?? [])],
    tax: given.tax,
  }
  // Plugins first: the rooms are given every port that plugins bring. What plugins see of core is filled in once it stands.
  const commerce = {} as { -readonly [Room in keyof CommerceApi]: CommerceApi[Room] }
  const setUp = await setUpPlugins(plugins, kernel, adapters, commerce)
  Object.assign(commerce, createRooms(kernel, adapters, options))
  setUp.join()
  await setUp.subscribe()
  if (given.events) await relayTo(kernel.events, given.events)
  await kernel.jobs.start()
  if (options.background !== 'manual') kernel.background.start()

  const { events, jobs, database, background } = kernel
  const instance: CoreInstance<Record<string, never>> = {
    ...commerce,
    on: (name, listener) => events.on(name, listener),
    subscribe: (name, event, handler, subscribeOptions) => events.subscribe(name, [event], handler, subscribeOptions),
    transaction: (work) => database.transaction(undefined, work),
    background,
    operations: {
      deadLetters: async (most) => events.deadLetters(validate(mostRows, most, 'operations.deadLetters')),
      replay: async (input) => events.replay(validate(letter, input, 'operations.replay')),
      unsubscribe: async (input) => events.unsubscribe(validate(letter.pick({ subscriber: true }), input, 'operations.unsubscribe')),
      deadJobs: async (most) => jobs.dead(validate(mostRows, most, 'operations.deadJobs')),
      retryJob: async (input) => jobs.retry(validate(job, input, 'operations.retryJob')),
    },
    observe: (observer) => database.observe(observer),
    close: () => kernel.close(),
  }
  // The plugins' ids and APIs are those of the list, which is what the type says.
  return Object.freeze({ ...instance, ...setUp.apis }) as Commerce<Plugins>
}

async function prepareSchema(
  kernel: Kernel,
  migrations: readonly MigrationSet[],
  options: Pick<CommerceOptions, 'migrate'>,
): Promise<void> {
  const { database, clock } = kernel
  if (options.migrate ?? database.dialect.name === 'sqlite') await migrate(database, migrations, clock)
  else await requireMigrated(database, migrations)
}

/** Every room with what it is built on, by name; a room that asks for what is not here fails with the path that led to it. */
function createRooms(kernel: Kernel, adapters: Adapters, options: RoomOptions): CommerceApi {
  const container = createContainer<Rooms>({ injectionMode: InjectionMode.PROXY, strict: true })
  container.register({
    kernel: asValue(kernel),
    adapters: asValue(adapters),
    suppliers: asFunction(createSuppliers).singleton(),
    customers: asFunction(createCustomers).singleton(),
    taxes: asFunction(({ adapters }: Rooms) => createTaxes({ kernel, adapters })).singleton(),
    ledger: asFunction(createLedger).singleton(),
    catalog: asFunction(createCatalog).singleton(),
    pricing: asFunction(createPricing).singleton(),
    inventory: asFunction(createInventory).singleton(),
    shipping: asFunction(createShipping).singleton(),
    payments: asFunction(createPayments).singleton(),
    carts: asFunction(({ pricing, inventory, shipping, taxes, customers }: Rooms) =>
      createCarts({ kernel, pricing, inventory, shipping, taxes, customers, settings: options.carts }),
    ).singleton(),
    storefront: asFunction(createStorefront).singleton(),
    orders: asFunction((rooms: Rooms) => createOrders(rooms, options.orders)).singleton(),
    fulfilment: asFunction(createFulfilment).singleton(),
    returns: asFunction(createReturns).singleton(),
    commission: asFunction(({ ledger, suppliers }: Rooms) =>
      createCommission({
        kernel,
        ledger,
        suppliers,
        options: options.commission,
        timezone: options.settlement?.timezone,
        chargebackFeeFrom: options.settlement?.chargebackFeeFrom,
        payouts: payoutTerms(options.settlement),
      }),
    ).singleton(),
    settlement: asFunction(({ ledger, suppliers }: Rooms) =>
      createSettlement({ kernel, ledger, suppliers, adapters, options: options.settlement, rounding: options.commission?.rounding }),
    ).singleton(),
    reconciliation: asFunction(createReconciliation).singleton(),
  })
  // By floor: a room joins the hooks of lower rooms as it is created, and lower floors come first.
  const rooms = container.cradle
  return {
    suppliers: rooms.suppliers.service,
    customers: rooms.customers.service,
    taxes: rooms.taxes.service,
    ledger: rooms.ledger.service,
    catalog: rooms.catalog.service,
    pricing: rooms.pricing.service,
    inventory: rooms.inventory.service,
    shipping: rooms.shipping.service,
    payments: rooms.payments.service,
    carts: rooms.carts.service,
    storefront: rooms.storefront.service,
    orders: rooms.orders.service,
    fulfilment: rooms.fulfilment.service,
    returns: rooms.returns.service,
    commission: rooms.commission.service,
    settlement: rooms.settlement.service,
    reconciliation: rooms.reconciliation.service,
  }
}

function payoutTerms({ exchangeRate, payoutCurrency }: SettlementOptions = {}): CommissionDeps['payouts'] {
  return exchangeRate ? { exchangeRate, currency: payoutCurrency ?? null } : undefined
}

interface Rooms {
  readonly kernel: Kernel
  readonly adapters: Adapters
  readonly suppliers: ReturnType<typeof createSuppliers>
  readonly customers: ReturnType<typeof createCustomers>
  readonly taxes: ReturnType<typeof createTaxes>
  readonly ledger: ReturnType<typeof createLedger>
  readonly catalog: ReturnType<typeof createCatalog>
  readonly pricing: ReturnType<typeof createPricing>
  readonly inventory: ReturnType<typeof createInventory>
  readonly shipping: ReturnType<typeof createShipping>
  readonly payments: ReturnType<typeof createPayments>
  readonly carts: ReturnType<typeof createCarts>
  readonly storefront: ReturnType<typeof createStorefront>
  readonly orders: ReturnType<typeof createOrders>
  readonly fulfilment: ReturnType<typeof createFulfilment>
  readonly returns: ReturnType<typeof createReturns>
  readonly commission: ReturnType<typeof createCommission>
  readonly settlement: ReturnType<typeof createSettlement>
  readonly reconciliation: ReturnType<typeof createReconciliation>
}

/** What core calls its rooms. */
const roomNames: Readonly<Record<keyof CommerceApi, true>> = {
  suppliers: true,
  customers: true,
  taxes: true,
  ledger: true,
  catalog: true,
  pricing: true,
  inventory: true,
  shipping: true,
  payments: true,
  carts: true,
  storefront: true,
  orders: true,
  fulfilment: true,
  returns: true,
  commission: true,
  settlement: true,
  reconciliation: true,
}

const reservedNames: ReadonlySet<string> = new Set([...Object.keys(roomNames), ...instanceNames])
