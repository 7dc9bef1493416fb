import type { PayoutAccount } from '@entrepot/core'

/** One payout, as it stands in a file. */
export interface FileTransfer {
  readonly reference: string
  /** Minor units. */
  readonly amount: number
  readonly account: PayoutAccount
  /** Shown on the party's bank statement. */
  readonly remittance: string
}
