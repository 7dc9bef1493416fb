import type { Tx } from '../kernel/index.js'
import type { OrderPlacing } from '../order/index.js'
import type { ChainMember, DistributionTerms } from './chain.js'

/** Who earns beside platform and supplier: what a distribution plugin answers for the lines that it knows of. */
export interface LineBeneficiaries {
  readonly lineId: string
  readonly distribution: DistributionTerms
  /** Tier 1 first. */
  readonly chain: readonly ChainMember[]
  /** The distributor who buys, if the customer is one. */
  readonly buyer?: string | undefined
}

export interface CommissionHooks {
  /** Names the beneficiaries of lines; a line that several answer for takes the first answer. Part of placing: what it throws refuses the order. */
  'commission.naming': (input: { readonly orders: readonly OrderPlacing[] }, tx: Tx) => Promise<readonly LineBeneficiaries[]>
  /** Claims have been booked, taken back or charged; the lines whose claims moved. */
  'commission.booked': (input: { readonly lineIds: readonly string[] }, tx: Tx) => Promise<void>
}
