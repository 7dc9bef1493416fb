import type { Reader, Timestamp, Tx } from '../kernel/index.js'
import type { OrderPlacing } from '../order/index.js'
import type { ChainMember, DistributionTerms } from './chain.js'
import type { ClaimRow } from './commission.entity.js'

/** Who earns beside platform and supplier: what a distribution plugin answers for the lines that it knows of. */
export interface LineBeneficiaries {
  readonly lineId: string
  readonly distribution: DistributionTerms
  /** Tier 1 first. */
  readonly chain: readonly ChainMember[]
  /** The distributor who buys, if the customer is one. */
  readonly buyer?: string | undefined
}

/** What one capture, refund or chargeback did to a party's claim on a line. */
export interface ClaimMovement {
  readonly lineId: string
  readonly party: string
  readonly currency: string
  /** Where the claim lies, and so where the amount went. */
  readonly state: ClaimRow['state']
  /** Net, minor units: positive where the claim grew. */
  readonly amount: number
  /** The journal's kind, key and effective time. */
  readonly kind: string
  readonly key: string
  /** The journal that it takes back: a chargeback's, where that was won. */
  readonly reverses: string | undefined
  readonly at: Timestamp
}

export interface CommissionHooks {
  /** Names the beneficiaries of lines; a line that several answer for takes the first answer. Part of placing: what it throws refuses the order. */
  'commission.naming': (input: { readonly orders: readonly OrderPlacing[] }, tx: Tx) => Promise<readonly LineBeneficiaries[]>
  /** Knows what parties are called: `distributor:dst_…`; those that it does not know are left out. Run in reads. */
  'commission.describing': (
    input: { readonly parties: readonly string[] },
    reader: Reader,
  ) => Promise<readonly { readonly party: string; readonly name: string }[]>
  /** Claims on these lines, some of which are there already, are about to be booked or taken back: before it, what is due to be released by now is. */
  'commission.booking': (input: { readonly lineIds: readonly string[] }, tx: Tx) => Promise<void>
  /** Claims have been booked, taken back or charged; the lines whose claims moved, and how each moved, journal by journal. */
  'commission.booked': (
    input: { readonly lineIds: readonly string[]; readonly movements: readonly ClaimMovement[] },
    tx: Tx,
  ) => Promise<void>
}
