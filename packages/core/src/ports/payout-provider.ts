/** Why a payout was refused or came back. */
export interface PayoutFailure {
  /** The rail's own code: `account_closed`. */
  readonly code: string
  /** A sentence for the operator; never an account number. */
  readonly message: string
}

/**
 * - `submitted`: on its way. `paid`: arrived.
 * - `failed`: never left. `returned`: left and came back, possibly after `paid`. Neither is tried again under the same id.
 */
export type PayoutStatus = 'submitted' | 'paid' | 'failed' | 'returned'

/** A payout as the rail has it now. */
export interface PayoutState {
  readonly status: PayoutStatus
  /** The rail's own id; null where it gives none yet. */
  readonly providerRef: string | null
  readonly failure?: PayoutFailure | undefined
}

export interface SubmitPayout {
  /** Our id, and the idempotency key: the same id never pays twice. Another attempt has another id. */
  readonly payoutId: string
  /** Who is paid: `supplier:sup_…`, `distributor:…`. */
  readonly party: string
  /** Minor units, above 0. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  /** The statement that it pays, to be shown on the party's bank statement where the rail allows; null for a withdrawal. */
  readonly statementId: string | null
}

/** Names a payout. */
export interface PayoutQuery {
  readonly payoutId: string
  /** Null while we know none: a submission whose answer was lost. */
  readonly providerRef: string | null
}

/**
 * Pays parties out: a bank's API, a processor's connected accounts, a file that an operator uploads.
 *
 * A refusal is an answer. A thrown error means that the outcome is unknown, and the caller asks again with the same id, so both methods must be safe to
 * repeat. Neither is called inside a transaction.
 */
export interface PayoutProvider {
  /** Stands in payouts, so it never changes: `sepa-file`. At most 40 characters. */
  readonly id: string
  /** Submits a payout, or answers with the state of the one submitted under this id before. */
  submit(payout: SubmitPayout): Promise<PayoutState>
  /** The payout as it is now; null where the rail knows of none, and only then. */
  fetch(payout: PayoutQuery): Promise<PayoutState | null>
}
