/** Puts the plugins of one instance together: checks that they fit, sets them up, and gathers what they bring. */
import { satisfies, validRange } from 'semver'
import type { CommerceApi } from './api.js'
import { defineError, type ErrorFactory, type Kernel, type MigrationSet } from './kernel/index.js'
import { coreTables } from './migrations.js'
import type { Plugin, PluginContext } from './plugin.js'
import type { Carrier, PaymentProvider, PayoutProvider, TaxCalculator } from './ports/index.js'
import { version } from './version.js'

/** The ports of an instance; the lists grow while plugins are set up. */
export interface GatheredAdapters {
  readonly payments: PaymentProvider[]
  readonly payouts: PayoutProvider[]
  readonly carriers: Carrier[]
  tax: TaxCalculator | undefined
}

const invalidId: ErrorFactory<{ plugin: string }> = defineError(
  'plugin.invalid_id',
  'invalid_argument',
  (f) => `plugin id "${f.plugin}" must be camelCase, at most 50 characters, and no name that core has for itself`,
)
const duplicate: ErrorFactory<{ plugin: string }> = defineError(
  'plugin.duplicate',
  'duplicate_error',
  (f) => `plugin "${f.plugin}" is in the list twice; its API stands under its id, so one instance takes one`,
)
const wrongCore: ErrorFactory<{ plugin: string; needs: string; core: string }> = defineError(
  'plugin.core_mismatch',
  'not_allowed',
  (f) =>
    `plugin "${f.plugin}" fits @entrepot/core ${f.needs}, and this is @entrepot/core ${f.core}; install a version of the plugin that fits`,
)
const missing: ErrorFactory<{ plugin: string; requires: string }> = defineError(
  'plugin.requirement_missing',
  'invalid_argument',
  (f) => `plugin "${f.plugin}" requires plugin "${f.requires}", which is not in the list; add it to createCommerce({ plugins })`,
)
const circular: ErrorFactory<{ path: readonly string[] }> = defineError(
  'plugin.circular',
  'invalid_argument',
  (f) => `plugins require each other in a circle: ${f.path.join(' -> ')}`,
)

const tableTaken: ErrorFactory<{ plugin: string; table: string; owner: string }> = defineError(
  'plugin.table_taken',
  'duplicate_error',
  (f) => `plugin "${f.plugin}" has a table "${f.table}", which is ${f.owner}'s; begin the names of a plugin's tables with its id`,
)

/** @throws plugin.invalid_id, plugin.duplicate, plugin.table_taken, plugin.core_mismatch, plugin.requirement_missing, plugin.circular @returns the plugins, each after those that it requires */
export function orderPlugins(plugins: readonly Plugin[], reserved: ReadonlySet<string>): readonly Plugin[] {
  const byId = new Map<string, Plugin>()
  const owners = new Map(coreTables.map(({ name }) => [name, 'core']))
  for (const plugin of plugins) {
    if (!/^[a-z][a-zA-Z0-9]{0,49}$/.test(plugin.id) || reserved.has(plugin.id)) throw invalidId({ plugin: plugin.id })
    if (byId.has(plugin.id)) throw duplicate({ plugin: plugin.id })
    const { core } = plugin.definition
    if (validRange(core) === null || !satisfies(version, core, { includePrerelease: true }))
      throw wrongCore({ plugin: plugin.id, needs: core, core: version })
    byId.set(plugin.id, plugin)
    for (const { name } of plugin.definition.tables) {
      const owner = owners.get(name)
      if (owner !== undefined) throw tableTaken({ plugin: plugin.id, table: name, owner })
      owners.set(name, plugin.id)
    }
  }
  const ordered = new Set<Plugin>()
  const visit = (plugin: Plugin, path: readonly string[]): void => {
    if (ordered.has(plugin)) return
    if (path.includes(plugin.id)) throw circular({ path: [...path.slice(path.indexOf(plugin.id)), plugin.id] })
    for (const id of plugin.definition.requires) {
      const required = byId.get(id)
      if (!required) throw missing({ plugin: plugin.id, requires: id })
      visit(required, [...path, plugin.id])
    }
    ordered.add(plugin)
  }
  for (const plugin of plugins) visit(plugin, [])
  return [...ordered]
}

/** The migrations of plugins, each under its own name. */
export function pluginMigrations(plugins: readonly Plugin[]): readonly MigrationSet[] {
  return plugins.map((plugin) => ({ owner: `plugin:${plugin.id}`, migrations: plugin.definition.migrations }))
}

/** Plugins that are set up, and what is left to do once core's rooms stand. */
export interface SetUpPlugins {
  /** The plugins' APIs, by id. */
  readonly apis: Readonly<Record<string, object>>
  /** Lets the plugins join hooks, after the rooms have: what core books, it books before a plugin sees it. */
  join(): void
  /** Registers durable subscriptions, once the tables are there. */
  subscribe(): Promise<void>
}

export async function setUpPlugins(
  plugins: readonly Plugin[],
  kernel: Kernel,
  adapters: GatheredAdapters,
  commerce: CommerceApi,
): Promise<SetUpPlugins> {
  const apis: Record<string, object> = {}
  const joins: (() => void)[] = []
  const subscriptions: (() => Promise<void>)[] = []
  for (const { id, definition } of plugins) {
    const requires = Object.fromEntries(definition.requires.map((required) => [required, apis[required]]))
    const context: PluginContext<unknown, Record<string, object>, object> = {
      options: definition.options(),
      commerce,
      requires,
      transaction: (call, work) => kernel.database.transaction(call, work),
      read: (call, work) => kernel.database.read(call, work),
      command: (name, schema, run) => kernel.useCases.command(`${id}.${name}`, schema, run),
      query: (name, schema, run) => kernel.useCases.query(`${id}.${name}`, schema, run),
      join: (name, handler) => void joins.push(() => kernel.hooks<Record<string, typeof handler>>().join(name, handler)),
      emit: (tx, type, aggregate, payload) => tx.emit({ type, aggregate, payload }),
      subscribe: (name, event, handler, options) =>
        void subscriptions.push(() => kernel.events.subscribe(`${id}.${name}`, [event], handler, options)),
      job: (name, handler) => kernel.jobs.define(`${id}.${name}`, handler),
      enqueue: (tx, name, jobs) => kernel.jobs.enqueue(tx, `${id}.${name}`, jobs),
      every: (name, schedule, handler) => kernel.jobs.every(`${id}.${name}`, schedule, handler),
      provide: {
        payment: (provider) => void adapters.payments.push(provider),
        payout: (provider) => void adapters.payouts.push(provider),
        carrier: (carrier) => void adapters.carriers.push(carrier),
        tax: (calculator) => {
          adapters.tax = calculator
        },
      },
      id: (prefix) => kernel.ids(prefix),
      now: () => kernel.clock.now(),
    }
    apis[id] = await definition.setup(context as PluginContext<never, never, never>)
  }
  return {
    apis,
    join: () => {
      for (const join of joins) join()
    },
    subscribe: async () => {
      for (const subscribe of subscriptions) await subscribe()
    },
  }
}
