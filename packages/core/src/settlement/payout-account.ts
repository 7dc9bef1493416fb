/** Where a party is paid: personal data, and so in no book and no event; what the books know of a payout is its party and its amount. */
import type { Timestamp } from '../kernel/index.js'

/** A bank account, by its IBAN or as its country numbers accounts. */
export interface PayoutAccount {
  /** `supplier:sup_…`, `distributor:…` */
  readonly party: string
  /** As the bank has its name. */
  readonly holder: string
  /** Without spaces; null for an account that has none. */
  readonly iban: string | null
  /** Of an account without IBAN. */
  readonly accountNumber: string | null
  /** ISO 9362. */
  readonly bic: string | null
  /** What finds the bank in its country's clearing: a CNAPS code, a sort code, a routing number. */
  readonly bankCode: string | null
  readonly bankName: string | null
  /** Where the holder lives; ISO 3166-1 alpha-2. */
  readonly country: string
  readonly city: string | null
  readonly postalCode: string | null
  /** Street and number. */
  readonly street: string | null
  readonly updatedAt: Timestamp
}
