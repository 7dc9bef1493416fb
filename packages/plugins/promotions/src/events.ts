interface OfPromotion {
  readonly promotionId: string
}

interface OfOrder extends OfPromotion {
  readonly orderId: string
  readonly customerId: string | null
  /** Minor units of `currency`. */
  readonly amount: number
  readonly currency: string
}

/** What promotions tell after commit. */
export interface PromotionsEvents {
  'promotions.created': OfPromotion
  'promotions.archived': OfPromotion
  /** An order was placed with it. */
  'promotions.redeemed': OfOrder
  /** The order was canceled or has expired: the use does not count any more. */
  'promotions.returned': OfOrder
}
