/** What an instance offers: core's functions, events and hooks, each gathered from the rooms. */
import type { CartEvents, CartHooks, CartService } from './cart/index.js'
import type { CatalogEvents, CatalogHooks, CatalogService } from './catalog/index.js'
import type { CommissionEvents, CommissionHooks, CommissionService } from './commission/index.js'
import type { CustomerEvents, CustomerHooks, CustomerService } from './customer/index.js'
import type { FulfilmentEvents, FulfilmentHooks, FulfilmentService } from './fulfilment/index.js'
import type { InventoryEvents, InventoryService } from './inventory/index.js'
import type { Background, DeadJob, DeadLetter, EventEnvelope, SubscribeOptions, Tx } from './kernel/index.js'
import type { LedgerService } from './ledger/index.js'
import type { OrderEvents, OrderHooks, OrderService } from './order/index.js'
import type { PaymentEvents, PaymentHooks, PaymentService } from './payment/index.js'
import type { PricingEvents, PricingService } from './pricing/index.js'
import type { ReconciliationEvents, ReconciliationService } from './reconciliation/index.js'
import type { ReturnEvents, ReturnService } from './returns/index.js'
import type { SettlementEvents, SettlementService } from './settlement/index.js'
import type { ShippingService } from './shipping/index.js'
import type { StorefrontService } from './storefront/index.js'
import type { SupplierEvents, SupplierHooks, SupplierService } from './supplier/index.js'
import type { TaxService } from './tax/index.js'

/** What core tells after commit. */
export interface CoreEvents
  extends SupplierEvents,
    CustomerEvents,
    CatalogEvents,
    PricingEvents,
    InventoryEvents,
    CartEvents,
    PaymentEvents,
    OrderEvents,
    FulfilmentEvents,
    ReturnEvents,
    CommissionEvents,
    SettlementEvents,
    ReconciliationEvents {}

/** What core lets others take part in, inside its transactions. */
export interface CoreHooks
  extends SupplierHooks,
    CustomerHooks,
    CatalogHooks,
    CartHooks,
    PaymentHooks,
    OrderHooks,
    FulfilmentHooks,
    CommissionHooks {}

/** The functions of core, by room. */
export interface CommerceApi {
  readonly suppliers: SupplierService
  readonly customers: CustomerService
  readonly taxes: TaxService
  readonly ledger: LedgerService
  readonly catalog: CatalogService
  readonly pricing: PricingService
  readonly inventory: InventoryService
  readonly shipping: ShippingService
  readonly payments: PaymentService
  readonly carts: CartService
  readonly storefront: StorefrontService
  readonly orders: OrderService
  readonly fulfilment: FulfilmentService
  readonly returns: ReturnService
  readonly commission: CommissionService
  readonly settlement: SettlementService
  readonly reconciliation: ReconciliationService
}

/** What an operator does with events and jobs that failed. */
export interface Operations {
  /** Events that a subscriber could not take, oldest first. */
  deadLetters(most?: number): Promise<readonly DeadLetter[]>
  /** Delivers a dead letter again. @throws event.not_dead */
  replay(input: { readonly subscriber: string; readonly eventId: string }): Promise<void>
  /** Forgets a subscriber that no version of yours registers any more, and what waits for it: kept until then, it would grow with every event. @throws event.not_subscribed */
  unsubscribe(input: { readonly subscriber: string }): Promise<void>
  /** Jobs that failed in all their tries. */
  deadJobs(most?: number): Promise<readonly DeadJob[]>
  /** Runs a failed job again. @throws job.not_dead */
  retryJob(input: { readonly jobId: string }): Promise<void>
}

/** Core's API as an instance has it, its events and those of its plugins. */
export interface CoreInstance<Events> extends CommerceApi {
  /** Told in this process, after commit, and forgotten with it. A joined host transaction's events come by the relay after the host's commit. @returns how to stop */
  on<Name extends keyof Events & string>(name: Name, listener: (event: Events[Name]) => void): () => void
  /** Durable: at least once, in order per aggregate, retried, dead-lettered, shared by all processes that subscribe by this name. */
  subscribe<Name extends keyof Events & string>(
    name: string,
    event: Name,
    handler: (event: Events[Name], envelope: EventEnvelope) => Promise<void> | void,
    options?: SubscribeOptions,
  ): Promise<void>
  /** One transaction for several calls: hand `tx` on as `call.tx`. */
  transaction<Result>(work: (tx: Tx) => Promise<Result>): Promise<Result>
  readonly background: Background
  readonly operations: Operations
  /** Tells of every SQL statement before it runs. @returns how to stop */
  observe(observer: (statement: string) => void): () => void
  /** Finishes what is in hand and gives back every handle. */
  close(): Promise<void>
}
