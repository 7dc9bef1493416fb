import { type Emit, emit, type Hooks, type Kernel } from '../kernel/index.js'
import type { Ledger } from '../ledger/index.js'
import type { PaymentEvents } from './events.js'
import type { Gateway } from './gateway.js'
import type { PaymentHooks } from './hooks.js'
import type { Payment } from './payment.js'

/** What the room's use cases are built from. */
export interface PaymentDeps {
  readonly kernel: Kernel
  readonly hooks: Hooks<PaymentHooks>
  readonly ledger: Pick<Ledger, 'post'>
  readonly gateway: Gateway
}

export const emitPayment: Emit<PaymentEvents> = emit

/** What every event of a payment carries. */
export function about({ id, reference, provider, currency }: Pick<Payment, 'id' | 'reference' | 'provider' | 'currency'>): {
  readonly paymentId: string
  readonly reference: string
  readonly provider: string
  readonly currency: string
} {
  return { paymentId: id, reference, provider, currency }
}

/** How long a request that crashed halfway waits before somebody else takes it up: longer than a provider may take to answer. */
export const safetyNetMillis = 60_000

/** The room's jobs. */
export const jobs = {
  finalize: 'payment.finalize',
  capture: 'payment.capture',
  void: 'payment.void',
  refund: 'payment.refund',
  webhook: 'payment.webhook',
  sweep: 'payment.sweep',
} as const
