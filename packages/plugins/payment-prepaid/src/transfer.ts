import { isCurrency, type Timestamp } from '@entrepot/core'
import * as z from 'zod'
import { providerId } from './accounts.js'

/** Beside every transfer. */
interface TransferInput {
  readonly customerId: string
  /** Minor units, above 0. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  /** The other side's own id of the money, a charge or a bank entry: by a reference money moves once, however often it is reported and for ever. */
  readonly reference?: string | undefined
}

/** Money that a customer has paid in. */
export interface TopUpInput extends TransferInput {
  /** Through whom it came: `stripe`, `bank`. The books take it from `psp:<source>/clearing`. */
  readonly source: string
}

/** Money that is paid out to a customer. */
export interface WithdrawInput extends TransferInput {
  /** Through whom it leaves: `bank`. The books put it into `psp:<destination>/clearing`. */
  readonly destination: string
}

/** Money that came into a balance or left it without an order. */
export interface PrepaidTransfer {
  /** `ptr_…` */
  readonly id: string
  readonly type: 'top_up' | 'withdrawal'
  readonly customerId: string
  /** Minor units. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  /** A top-up's source, a withdrawal's destination. */
  readonly counterparty: string
  readonly reference: string | null
  /** Who did it: `staff:42`, or `system` for the host's own code. */
  readonly by: string
  readonly at: Timestamp
}

const counterparty = z
  .string()
  .regex(/^[a-z0-9][a-zA-Z0-9_-]{0,39}$/, 'must be the id of a provider, like "stripe"')
  .refine((id) => id !== providerId, 'must be where the money comes from or goes to, which is not the balance itself')

function transferShape(currencies: readonly string[] | undefined) {
  const isAccepted = (code: string): boolean => currencies?.includes(code) ?? isCurrency(code)
  return {
    customerId: z.string().min(1).max(64),
    amount: z.int().min(1),
    currency: z.string().refine(isAccepted, currencies ? `must be one of ${currencies.join(', ')}` : 'must be a code of ISO 4217'),
    reference: z.string().trim().min(1).max(160).optional(),
  }
}

/** @param currencies those that balances are kept in; undefined for any */
export function topUpSchema(currencies: readonly string[] | undefined): z.ZodType<TopUpInput> {
  return z.strictObject({ ...transferShape(currencies), source: counterparty })
}

/** In any currency: what is there may leave. */
export const withdrawSchema: z.ZodType<WithdrawInput> = z.strictObject({ ...transferShape(undefined), destination: counterparty })
