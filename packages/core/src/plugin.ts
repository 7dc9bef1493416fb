/** What a plugin is, and what it may touch. */
import type { ZodType } from 'zod'
import type { CommerceApi, CoreEvents, CoreHooks } from './api.js'
import type {
  AnyTable,
  Call,
  Callable,
  Caller,
  EventEnvelope,
  HookHandler,
  JobHandler,
  Migration,
  Reader,
  Schedule,
  SubscribeOptions,
  Timestamp,
  Tx,
} from './kernel/index.js'
import { validate } from './kernel/index.js'
import type { Carrier, PaymentProvider, PayoutProvider, TaxCalculator } from './ports/index.js'

/** Implementations of ports that a plugin brings; each goes beside those that the host passed. */
export interface ProvidedPorts {
  payment(provider: PaymentProvider): void
  payout(provider: PayoutProvider): void
  carrier(carrier: Carrier): void
  tax(calculator: TaxCalculator): void
}

/** All that a plugin may touch. Nothing of it may be kept beyond `commerce.close()`. */
export interface PluginContext<Options, Events extends object, Required extends object> {
  /** Parsed by the plugin's schema, defaults in. */
  readonly options: Options
  /** Core's API. Ready from the first call on, not during `setup`. */
  readonly commerce: CommerceApi
  /** The APIs of the plugins that this one requires, by their ids. */
  readonly requires: Required
  /** One transaction; with `call.tx`, that one. */
  transaction<Result>(call: Call | undefined, work: (tx: Tx) => Promise<Result>): Promise<Result>
  read<Result>(call: Call | undefined, work: (reader: Reader) => Promise<Result>): Promise<Result>
  /** Makes a function of the public API that writes: input checked, one transaction, one effect per idempotency key. */
  command<Parsed, Input, Output>(
    name: string,
    schema: ZodType<Parsed, Input>,
    run: (tx: Tx, input: Parsed, caller: Caller) => Promise<Output>,
  ): Callable<Input, Output>
  /** Makes a function of the public API that reads. */
  query<Parsed, Input, Output>(
    name: string,
    schema: ZodType<Parsed, Input>,
    run: (reader: Reader, input: Parsed, caller: Caller) => Promise<Output>,
  ): Callable<Input, Output>
  /** Takes part in what core does, inside its transaction, in the order in which plugins are set up; what the handler throws undoes the whole. */
  join<Name extends keyof CoreHooks & string>(name: Name, handler: HookHandler<CoreHooks, Name>): void
  /** Writes an event of the plugin's own to the outbox. */
  emit<Name extends keyof Events & string>(tx: Tx, name: Name, aggregate: string, event: Events[Name]): void
  /** Durable: at least once, retried, dead-lettered, shared by all processes. The name is put under the plugin's id. */
  subscribe<Name extends keyof CoreEvents & string>(
    name: string,
    event: Name,
    handler: (event: CoreEvents[Name], envelope: EventEnvelope) => Promise<void>,
    options?: SubscribeOptions,
  ): void
  /** Says how the plugin's jobs of a name are run. The name is put under the plugin's id. */
  job<Payload extends object>(name: string, handler: JobHandler<Payload>): void
  /** Writes jobs into a transaction. */
  enqueue(
    tx: Tx,
    name: string,
    jobs: readonly { readonly payload: object; readonly key?: string | undefined; readonly runAt?: Timestamp | undefined }[],
  ): Promise<void>
  every(name: string, schedule: Schedule, handler: JobHandler<object>): void
  readonly provide: ProvidedPorts
  /** A new id: `dst_…`. */
  id(prefix: string): string
  now(): Timestamp
}

/** A plugin, ready for `createCommerce`. */
export interface Plugin<Id extends string = string, Api extends object = object, Events extends object = object> {
  readonly id: Id
  /** Carries types; absent at run time. */
  readonly '~types'?: { readonly api: Api; readonly events: Events } | undefined
  readonly definition: PluginRuntime
}

/** What `createCommerce` does with a plugin, its types forgotten. */
export interface PluginRuntime {
  readonly core: string
  readonly requires: readonly string[]
  readonly tables: readonly AnyTable[]
  readonly migrations: readonly Migration[]
  readonly setup: (context: PluginContext<never, never, never>) => object | Promise<object>
  /** Parses the options it was made with. @throws input.invalid */
  readonly options: () => unknown
}

/** What a plugin package exports: call it with options. */
export interface PluginFactory<Id extends string, Options, Api extends object, Events extends object = object> {
  (...options: object extends Options ? [options?: Options] : [options: Options]): Plugin<Id, Api, Events>
  readonly id: Id
}

/** A plugin that another requires: its factory. */
export interface RequiredPlugin<Id extends string = string, Api extends object = object> {
  readonly id: Id
  (...options: never): Plugin<Id, Api, object>
}

/** The APIs of required plugins, by id. */
export type RequiredApis<Required extends readonly RequiredPlugin[]> = {
  readonly [P in Required[number] as P['id']]: P extends RequiredPlugin<string, infer Api> ? Api : never
}

export interface PluginDefinition<
  Id extends string,
  Input,
  Options,
  Api extends object,
  Events extends object,
  Required extends readonly RequiredPlugin[],
> {
  /** camelCase; the API stands under it: `commerce.<id>`. */
  readonly id: Id
  /** The versions of core that it fits, as a semver range: `>=0.1.0 <1.0.0`. */
  readonly core: string
  /** The schema of its options; a plugin without takes none. */
  readonly options?: ZodType<Options, Input> | undefined
  /** Plugins that must be in the list too; they are set up before this one. */
  readonly requires?: Required | undefined
  /** Tables of its own, named after the plugin. */
  readonly entities?: readonly AnyTable[] | undefined
  readonly migrations?: readonly Migration[] | undefined
  setup(context: PluginContext<Options, Events, RequiredApis<Required>>): Api | Promise<Api>
}

/**
 * Declares a plugin. Annotate the exported factory with its types, so that a consumer's compiler reads four names and infers nothing.
 * @example export const loyalty: PluginFactory<'loyalty', LoyaltyOptions, Loyalty, LoyaltyEvents> = definePlugin({ id: 'loyalty', … })
 */
export function definePlugin<
  const Id extends string,
  Input,
  Options,
  Api extends object,
  Events extends object = object,
  const Required extends readonly RequiredPlugin[] = readonly [],
>(definition: PluginDefinition<Id, Input, Options, Api, Events, Required>): PluginFactory<Id, Input, Api, Events> {
  const { id, core, requires, entities = [], migrations = [], setup } = definition
  const make = (options?: Input): Plugin<Id, Api, Events> => ({
    id,
    definition: {
      core,
      requires: (requires ?? []).map((required) => required.id),
      tables: entities,
      migrations,
      // `createCommerce` hands in the context that belongs to this very definition.
      setup: (context) => setup(context as PluginContext<Options, Events, RequiredApis<Required>>),
      options: () => (definition.options ? validate(definition.options, options ?? {}, `options of plugin ${id}`) : {}),
    },
  })
  return Object.assign(make, { id }) as PluginFactory<Id, Input, Api, Events>
}
