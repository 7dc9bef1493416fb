import type { Timestamp, Tx } from '../kernel/index.js'
import type { AccountRef } from '../ledger/index.js'
import type { DisputeChargedInput } from '../payment/index.js'
import type { ExchangeTerms } from './exchange.js'
import type { OrderAggregate, OrderLine, OrderRefund, OrderWithLines } from './order.js'

/** What of one line's amounts moves now. */
export interface LinePart {
  readonly lineId: string
  /** Minor units of the line's goods: discounts off, tax in. */
  readonly goods: number
  /** Minor units of the line's shipping. */
  readonly shipping: number
}

/** An order that is written in this transaction, before it can be seen. */
export interface OrderPlacing extends OrderAggregate {
  /** True where it was placed elsewhere and in the past: `order.placedAt` is its time. */
  readonly imported: boolean
}

/** Money that came in for an order; the order's and its lines' counters stand as they are once this capture is counted. */
export interface OrderCapture extends OrderWithLines {
  /** Null where nothing was to be paid, or where it was paid outside of our payments. */
  readonly paymentId: string | null
  /** The capture's own id, and so the journal's source and key: a capture is handed in once. */
  readonly captureId: string
  /** Never more than the order lacked; 0 for an order of nothing to pay. */
  readonly amount: number
  /** The amount, line by line (R4 over the pots); lines of which nothing is captured now are left out, but a free line stands in the capture that completes the order. */
  readonly parts: readonly LinePart[]
  /** The order is paid in full by it. */
  readonly complete: boolean
  /** The account that the money came in through. */
  readonly clearing: AccountRef
  readonly at: Timestamp
}

/** One line of a refund. */
export interface RefundingLine extends LinePart {
  /** Units that this refund stands for; null where it is an amount. */
  readonly quantity: number | null
  /** Units refunded once this is done, all refunds by unit together: the proportion for a line that cost nothing. */
  readonly refundedUnits: number
}

/** Money that goes back; the counters stand as they are once this refund is counted. Who joins moves the parties' shares into `payable`. */
export interface OrderRefunding extends OrderAggregate {
  readonly refund: OrderRefund
  readonly parts: readonly RefundingLine[]
  /** The account out of which the customer is paid back; what is put in is amount and goodwill, to the unit. */
  readonly payable: AccountRef
  /** When it was given. What is booked for it is booked now. */
  readonly at: Timestamp
}

/** Money that the customer's bank has taken back, or had to give back; the counters stand as they are once this is counted. */
export interface OrderChargeback extends OrderAggregate {
  /** The dispute's own id, and so the journal's source and key. */
  readonly disputeId: string
  /** Minor units; never more than the order had left of what was captured. */
  readonly amount: number
  /** The amount, line by line (R4 over the pots); a line that cost nothing stands in the chargeback that leaves nothing of the order. */
  readonly parts: readonly LinePart[]
  /** The account that the money has left by, or came back to. */
  readonly clearing: AccountRef
  readonly at: Timestamp
}

/** A provider's fee for a dispute. */
export interface OrderChargebackFee extends OrderAggregate, Omit<DisputeChargedInput, 'dispute'> {
  readonly disputeId: string
  /** What the fee is charged by: what was taken of each line or, where that is nothing, what each was sold for. */
  readonly parts: readonly LinePart[]
}

/** A line that is sold in the place of another; it stands in the order already, the last of its lines. */
export interface OrderExchanging extends OrderAggregate {
  /** The id of the line whose goods were given back. */
  readonly from: string
  readonly to: OrderLine
  /** By whose terms the new line is split. */
  readonly terms: ExchangeTerms
}

/** Upper rooms join these. All run under the lock of the order's row, and take many orders, so that an import stays one piece of work. */
export interface OrderHooks {
  /** The terms of the sale are frozen here (R5). What throws refuses the order. */
  'order.placing': (input: { readonly orders: readonly OrderPlacing[] }, tx: Tx) => Promise<void>
  /** The money is split into claims here. */
  'order.captured': (input: { readonly orders: readonly OrderCapture[] }, tx: Tx) => Promise<void>
  /** The order is paid in full, after `order.captured`. */
  'order.paid': (input: { readonly orders: readonly OrderWithLines[] }, tx: Tx) => Promise<void>
  /** The claims shrink here. */
  'order.refunding': (input: { readonly orders: readonly OrderRefunding[] }, tx: Tx) => Promise<void>
  /** The terms of the new line are frozen here; its capture follows. What throws refuses the exchange. */
  'order.exchanging': (input: OrderExchanging, tx: Tx) => Promise<void>
  /** The claims shrink here, as by a refund of that amount, and the money leaves by the clearing account at once. */
  'order.charged_back': (input: { readonly orders: readonly OrderChargeback[] }, tx: Tx) => Promise<void>
  /** The very shares that `order.charged_back` took are given back. */
  'order.chargeback_won': (input: { readonly orders: readonly OrderChargeback[] }, tx: Tx) => Promise<void>
  /** Answers how much of the fee was charged to others; the platform bears the rest. */
  'order.chargeback_fee': (input: OrderChargebackFee, tx: Tx) => Promise<number>
  /** An expired order is to go on after all, its stock reserved again. What throws keeps it closed, and money that came for it goes back. */
  'order.reopening': (input: { readonly orders: readonly OrderAggregate[] }, tx: Tx) => Promise<void>
  /**
   * An order, one supplier's lines of it, or units of lines will not be sent: canceled, expired unpaid, or refunded before they were sent. What was paid for
   * them is refunded before. Of an order that is still open, the counters of the lines say whether some units go on.
   */
  'order.canceled': (
    input: { readonly orders: readonly (OrderAggregate & { readonly lineIds: readonly string[] })[] },
    tx: Tx,
  ) => Promise<void>
}
