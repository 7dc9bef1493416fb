import { addMillis, type Metadata, type Timestamp, type Tx } from '../kernel/index.js'
import { type PaymentDeps, safetyNetMillis } from './deps.js'
import { type PaymentRow, paymentTable } from './payment.entity.js'

/** A payment to be asked for. */
export interface PaymentIntent {
  /** What is paid: the order's id. */
  readonly reference: string
  readonly provider: string
  /** Minor units, above 0; what costs nothing needs no payment. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  readonly customerId: string | null
  readonly capture: 'automatic' | 'manual'
  /** Handed to the provider at the start and then forgotten: a card's token. */
  readonly data?: Readonly<Record<string, unknown>> | undefined
  /** Where the customer's browser comes back to. */
  readonly returnUrl?: string | undefined
  readonly metadata?: Metadata | undefined
  /** The failed payment in whose place this one stands. */
  readonly retryOf?: string | undefined
}

/** A payment as it was just written, with what its start alone needs (a card's token): to be started, and neither kept nor shown. */
export type CreatedPayment = Readonly<PaymentRow>

/** Writes payments that nobody has asked for money yet, by one statement. @throws payment.provider_unknown */
export function createIntents({ kernel, gateway }: PaymentDeps) {
  return async (tx: Tx, intents: readonly PaymentIntent[]): Promise<readonly CreatedPayment[]> => {
    for (const { provider } of intents) gateway.capabilities(provider)
    const rows = intents.map((intent) => newPayment(kernel.ids('pay'), intent, tx.now))
    await tx.insert(paymentTable, rows)
    return rows
  }
}

function newPayment(id: string, intent: PaymentIntent, now: Timestamp): PaymentRow {
  return {
    id,
    reference: intent.reference,
    provider: intent.provider,
    providerRef: null,
    amount: intent.amount,
    currency: intent.currency,
    customerId: intent.customerId,
    capture: intent.capture,
    status: 'pending',
    authorized: 0,
    captured: 0,
    refunded: 0,
    refunding: 0,
    disputed: 0,
    excess: 0,
    failure: null,
    action: null,
    startData: intent.data ?? null,
    returnUrl: intent.returnUrl ?? null,
    retryOf: intent.retryOf ?? null,
    canceledAt: null,
    // The row is its own job: if the caller dies before it has asked the provider, the sweeper finds it here and asks.
    nextCheckAt: addMillis(now, safetyNetMillis),
    metadata: intent.metadata ?? {},
    createdAt: now,
    updatedAt: now,
  }
}
