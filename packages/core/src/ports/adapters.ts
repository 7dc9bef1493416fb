import type { Carrier } from './carrier.js'
import type { EventTransport } from './event-transport.js'
import type { PaymentProvider } from './payment-provider.js'
import type { PayoutProvider } from './payout-provider.js'
import type { TaxCalculator } from './tax-calculator.js'

/** The outside world as an instance knows it: what the host passed to `createCommerce` and what its plugins provide, together. Ids are unique per list. */
export interface Adapters {
  readonly payments: readonly PaymentProvider[]
  readonly payouts: readonly PayoutProvider[]
  readonly carriers: readonly Carrier[]
  /** Asked before the platform's own tax table. */
  readonly tax?: TaxCalculator | undefined
  /** Given every event, beside durable subscribers. */
  readonly events?: EventTransport | undefined
}
