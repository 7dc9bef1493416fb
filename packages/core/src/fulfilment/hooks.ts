import type { Timestamp, Tx } from '../kernel/index.js'

/** A line of which nothing is left to deliver. */
export interface DeliveredLine {
  readonly orderId: string
  readonly lineId: string
  /** When the last of it arrived. */
  readonly at: Timestamp
}

/** Upper rooms join these, inside the transaction of the delivery. */
export interface FulfilmentHooks {
  /** The whole of what remains of these lines has arrived: their hold begins. Many lines of many orders at once; each line once. */
  'fulfilment.delivered': (input: { readonly lines: readonly DeliveredLine[] }, tx: Tx) => Promise<void>
}
