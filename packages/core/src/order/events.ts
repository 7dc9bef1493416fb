/** What others may learn after the commit. All are aggregates of the order's id. */
export interface OrderEvents {
  'order.placed': {
    readonly orderId: string
    readonly number: string
    readonly customerId: string | null
    readonly suppliers: readonly string[]
    readonly total: number
    readonly currency: string
  }
  /** Instead of `order.placed`: nobody is to be written to about a past order. */
  'order.imported': { readonly orderId: string; readonly externalId: string | null }
  'order.authorized': { readonly orderId: string }
  'order.captured': { readonly orderId: string; readonly paymentId: string | null; readonly amount: number; readonly currency: string }
  'order.paid': { readonly orderId: string; readonly number: string; readonly customerId: string | null }
  'order.payment_failed': { readonly orderId: string; readonly paymentId: string }
  /** Money came that the order could not take; it goes back by itself. */
  'order.payment_returned': { readonly orderId: string; readonly paymentId: string; readonly amount: number; readonly currency: string }
  /** Money came that the order could not take and its provider cannot give back; an operator must see to it. */
  'order.payment_stranded': { readonly orderId: string; readonly paymentId: string; readonly amount: number; readonly currency: string }
  /** An expired order is open again: it was paid late, or is to be paid once more. */
  'order.reopened': { readonly orderId: string }
  'order.expired': { readonly orderId: string }
  /** Whole, or one supplier's part. */
  'order.canceled': { readonly orderId: string; readonly supplierId: string | null; readonly reason: string }
  /** Units that were refunded before they were sent, and will not be. */
  'order.units_canceled': {
    readonly orderId: string
    readonly refundId: string
    readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]
  }
  'order.refunded': {
    readonly orderId: string
    readonly refundId: string
    readonly amount: number
    readonly goodwill: number
    readonly currency: string
  }
  /** The customer's bank has taken money back; `amount` is what the order lost by it. */
  'order.charged_back': { readonly orderId: string; readonly disputeId: string; readonly amount: number; readonly currency: string }
  /** The money of a chargeback is back. */
  'order.chargeback_won': { readonly orderId: string; readonly disputeId: string; readonly amount: number; readonly currency: string }
  /** Goods were exchanged; `difference` is what the customer paid for it, or got back where it is negative. */
  'order.exchanged': {
    readonly orderId: string
    readonly exchangeId: string
    readonly lineId: string
    readonly newLineId: string
    readonly difference: number
    readonly currency: string
  }
  /** An exchange came to nothing: its payment did not come in time, or the line had changed. */
  'order.exchange_canceled': { readonly orderId: string; readonly exchangeId: string; readonly reason: string }
  'order.fulfilled': {
    readonly orderId: string
    readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]
    readonly complete: boolean
  }
  'order.delivered': {
    readonly orderId: string
    readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]
    readonly complete: boolean
  }
  'order.returned': {
    readonly orderId: string
    readonly lines: readonly { readonly lineId: string; readonly quantity: number }[]
    readonly complete: boolean
  }
}
