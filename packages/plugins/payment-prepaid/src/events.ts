/** Beside every event of a balance. */
interface About {
  /** `ptr_…` */
  readonly transferId: string
  readonly customerId: string
  /** Minor units. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  readonly reference: string | null
}

/** What the plugin tells after commit. What is spent and refunded core tells, of every payment: `payment.captured`, `payment.refunded`. */
export interface PrepaidEvents {
  'prepaid.topped_up': About & { readonly source: string }
  'prepaid.withdrawn': About & { readonly destination: string }
}
