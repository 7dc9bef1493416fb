/** What a provider can do beyond taking the whole amount at once. What it cannot is refused before it is asked. */
export interface PaymentCapabilities {
  /** Less than what was authorized can be captured. */
  readonly partialCapture: boolean
  /** A payment can be captured more than once, as parcels leave. */
  readonly multipleCaptures: boolean
  /** Less than what was captured can be refunded. */
  readonly partialRefund: boolean
  /** An authorization can be given back. Without it a canceled payment is only forgotten, and may still be paid. */
  readonly void: boolean
  /** It tells of disputes, by `fetchDisputes`. Without it an operator reports them. */
  readonly disputes?: boolean | undefined
}

/** Why a provider refused. */
export interface PaymentFailure {
  /** The provider's own code, stable: `card_declined`. */
  readonly code: string
  /** A sentence for the operator; never card data. */
  readonly message: string
  /** True where the same request may succeed later. */
  readonly retryable: boolean
}

/** What the customer must do before the payment can go on. */
export type PaymentAction =
  | { readonly type: 'redirect'; readonly url: string }
  /** A code to be scanned by the customer's wallet. */
  | { readonly type: 'qr'; readonly content: string }
  /** What the provider's own script in the browser needs, a client secret for one. */
  | { readonly type: 'client'; readonly parameters: Readonly<Record<string, unknown>> }
  /** A text that tells how to pay: an account and a reference. */
  | { readonly type: 'instructions'; readonly text: string }

/**
 * - `pending`: under way, no one need do anything.
 * - `requires_action`: the customer must do something; another try on the provider's page after a decline is this too.
 * - `authorized`: money is held and some of it can still be captured.
 * - `captured`: money came in and no more will, by itself, of this payment.
 * - `failed`: declined for good; `voided`: given back or lapsed. Nothing more comes of either.
 */
export type PaymentStatus = 'pending' | 'requires_action' | 'authorized' | 'captured' | 'failed' | 'voided'

/** A payment as the provider has it now. All amounts are cumulative, in minor units of the payment's currency. */
export interface PaymentState {
  readonly status: PaymentStatus
  /** The provider's own id of the payment; null where it gives none yet. */
  readonly providerRef: string | null
  /** All that was ever authorized, what is captured by now included. */
  readonly authorized: number
  /** All that was ever captured; refunds do not lower it. */
  readonly captured: number
  /** All that was ever refunded. */
  readonly refunded: number
  /** Why it failed, or why the capture or void just asked for was refused. */
  readonly failure?: PaymentFailure | undefined
  /** What the customer must do; with `requires_action`. */
  readonly action?: PaymentAction | undefined
}

/** A refund as the provider has it now. */
export interface RefundState {
  readonly status: 'pending' | 'succeeded' | 'failed'
  /** The provider's own id of the refund; null where it gives none yet. */
  readonly refundRef: string | null
  readonly failure?: PaymentFailure | undefined
}

/**
 * - `opened`: the money has been taken back from us, and the outcome is not known yet.
 * - `won`: it has been given back to us. `lost`: it has not, and will not be. Neither changes any more.
 */
export type DisputeStatus = 'opened' | 'won' | 'lost'

/** A chargeback as the provider has it now: a customer's bank that takes a payment back. An inquiry that takes no money is none. */
export interface DisputeState {
  /** The provider's own id of the dispute, the same for good. */
  readonly disputeRef: string
  readonly status: DisputeStatus
  /** Minor units of the payment's currency that were taken back; the same for good. */
  readonly amount: number
  /** Minor units that the provider has charged for it so far; only grows, and stays spent when the dispute is won. */
  readonly fee: number
  /** The network's or the provider's own code of why: `fraudulent`. */
  readonly reason: string | null
}

export interface StartPayment {
  /** Our id, and the idempotency key: the same id never takes money twice. */
  readonly paymentId: string
  /** Minor units, above 0. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  /** `automatic`: captured as soon as authorized. `manual`: captured when asked. */
  readonly capture: 'automatic' | 'manual'
  readonly customerId: string | null
  /** To be stored at the provider, so that a payment found there can be led back to its order. */
  readonly metadata: { readonly orderId: string }
  /** Where the customer's browser comes back to. */
  readonly returnUrl?: string | undefined
  /** What the host handed in for this provider: a card token, a wallet's choice. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
}

/** Names a payment. `providerRef` is null while we know none: a start whose answer was lost. */
export interface PaymentQuery {
  readonly paymentId: string
  readonly providerRef: string | null
}

export interface CapturePayment {
  readonly paymentId: string
  readonly providerRef: string
  /** Idempotency key: the same capture never takes money twice. */
  readonly captureId: string
  /** Minor units to capture now, in addition to what is captured already. */
  readonly amount: number
  readonly currency: string
}

export interface VoidPayment {
  readonly paymentId: string
  readonly providerRef: string
}

export interface RefundPayment {
  readonly paymentId: string
  readonly providerRef: string
  /** Idempotency key: the same refund never gives money twice. */
  readonly refundId: string
  /** Minor units to give back now. */
  readonly amount: number
  readonly currency: string
}

export interface RefundQuery extends PaymentQuery {
  readonly refundId: string
  readonly refundRef: string | null
}

/** A webhook as it came in. */
export interface IncomingWebhook {
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body byte by byte, before any parser: signatures are made over it. */
  readonly rawBody: Uint8Array
}

/** What a webhook hints at. It is never believed for its content: the state is fetched. */
export interface PaymentNotice {
  /** The provider's own id of the event, the same at every delivery of it. */
  readonly eventId: string
  /** The provider's own name of what happened, for the operator. */
  readonly type: string
  /** Our id, where the provider carries it; else null. */
  readonly paymentId: string | null
  /** The provider's id of the payment; null only where `paymentId` is given. */
  readonly providerRef: string | null
}

/**
 * Takes money and gives it back: a card processor, a wallet, a stored balance.
 *
 * A refusal is an answer: a state with `failure`. A thrown error means that the outcome is unknown, and the caller asks again with the same key; so every
 * method must be safe to repeat, and must answer or throw within a bounded time (30 s are usual). No method is called inside a transaction.
 */
export interface PaymentProvider {
  /** Stands in payments and in the account `psp:<id>`, so it never changes: `stripe`. At most 40 characters. */
  readonly id: string
  readonly capabilities: PaymentCapabilities
  /** Begins a payment, or answers with the state of the one begun under this id before. */
  start(payment: StartPayment): Promise<PaymentState>
  /** The payment as it is now; null where the provider knows of none, and only then. */
  fetch(payment: PaymentQuery): Promise<PaymentState | null>
  /** Captures once per `captureId`. A refusal is the unchanged state with `failure`. */
  capture(capture: CapturePayment): Promise<PaymentState>
  /** Gives back what is authorized and not captured. Where there is nothing to give back the state comes back as it is. */
  void(payment: VoidPayment): Promise<PaymentState>
  /** Refunds once per `refundId`; answers with the refund's state of now when asked again. */
  refund(refund: RefundPayment): Promise<RefundState>
  /** The refund as it is now; null where the provider knows of none. */
  fetchRefund(refund: RefundQuery): Promise<RefundState | null>
  /** With the capability `disputes`: all disputes that there ever were of a payment. */
  fetchDisputes?(payment: PaymentQuery): Promise<readonly DisputeState[]>
  /** What a genuine webhook hints at, possibly nothing; null where it is not genuine: a wrong signature, too old, no JSON. */
  verifyWebhook(webhook: IncomingWebhook): Promise<readonly PaymentNotice[] | null>
}
