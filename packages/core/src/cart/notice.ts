/** Why a line cannot be sold now. */
export type UnavailableReason = 'unlisted' | 'product_not_published' | 'supplier_not_approved' | 'currency_differs'

/** Something that is not as the customer saw or wants it. */
export type CartNotice = PriceChanged | StockShort | LineNotSellable | CodeRefused | ShippingMissing

/** Since the line was last added, updated or accepted. A rise must be accepted before the cart is placed. */
export interface PriceChanged {
  readonly type: 'price_changed'
  readonly lineId: string
  readonly offerId: string
  /** Unit prices, minor units. */
  readonly from: number
  readonly to: number
}

/** Less can be sold than the cart's lines want of the offer together. */
export interface StockShort {
  readonly type: 'stock_short'
  readonly offerId: string
  readonly wanted: number
  readonly available: number
}

export interface LineNotSellable {
  readonly type: 'not_sellable'
  readonly lineId: string
  readonly offerId: string
  readonly reason: UnavailableReason
}

/** A code that the customer entered is not, or no longer, good for a discount. `reason` is the promotion's, or `unknown`. */
export interface CodeRefused {
  readonly type: 'code_refused'
  readonly code: string
  readonly reason: string
}

/** A parcel that has an address and no way there. */
export interface ShippingMissing {
  readonly type: 'shipping_missing'
  readonly supplierId: string
  /** `not_available`: what was selected does not hold for the parcel as it is now. */
  readonly reason: 'not_selected' | 'not_available'
}

/** What a notice must know of a line: its row, with the unit price as it was seen, and the unit price as it is. */
export interface SeenLine {
  readonly row: { readonly id: string; readonly offerId: string; readonly seenUnitPrice: number }
  readonly unitPrice: number
}

export function priceNotices(lines: readonly SeenLine[]): readonly PriceChanged[] {
  return lines
    .filter(({ row, unitPrice }) => row.seenUnitPrice !== unitPrice)
    .map(({ row, unitPrice }) => ({ type: 'price_changed', lineId: row.id, offerId: row.offerId, from: row.seenUnitPrice, to: unitPrice }))
}

/** @param available by offer id; an offer that is not in it has none */
export function stockNotices(
  lines: readonly { readonly offerId: string; readonly quantity: number }[],
  available: ReadonlyMap<string, number>,
): readonly StockShort[] {
  return [...quantityByOffer(lines)]
    .map(([offerId, wanted]): StockShort => ({ type: 'stock_short', offerId, wanted, available: available.get(offerId) ?? 0 }))
    .filter((notice) => notice.wanted > notice.available)
}

/** Codes that none of the granted discounts came from. */
export function codeNotices(
  codes: readonly string[],
  granted: readonly { readonly code: string | null }[],
  refused: readonly { readonly code: string; readonly reason: string }[],
): readonly CodeRefused[] {
  return codes
    .filter((code) => granted.every((discount) => discount.code !== code))
    .map((code) => ({ type: 'code_refused', code, reason: refused.find((notice) => notice.code === code)?.reason ?? 'unknown' }))
}

/** What the lines want of each offer together: quantity tiers and stock look at that. */
export function quantityByOffer(lines: readonly { readonly offerId: string; readonly quantity: number }[]): ReadonlyMap<string, number> {
  const quantities = new Map<string, number>()
  for (const { offerId, quantity } of lines) quantities.set(offerId, (quantities.get(offerId) ?? 0) + quantity)
  return quantities
}

/** @param selected by supplier id */
export function shippingNotices(
  parcels: readonly { readonly supplierId: string; readonly shipping: object | null }[],
  selected: Readonly<Record<string, object>>,
): readonly ShippingMissing[] {
  return parcels
    .filter((parcel) => parcel.shipping === null)
    .map(({ supplierId }) => ({
      type: 'shipping_missing',
      supplierId,
      reason: selected[supplierId] === undefined ? 'not_selected' : 'not_available',
    }))
}
