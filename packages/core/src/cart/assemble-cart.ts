import type { ShippingOption } from '../shipping/index.js'
import type { AdjustedGoods } from './adjust-goods.js'
import type { CartRow } from './cart.entity.js'
import type { LineTax, PricedCart, PricedLine } from './cart.js'
import { attributionOf, destinationOf } from './cart-rows.js'
import type { LineDiscount } from './discount.js'
import { shippingOfLines } from './parcel.js'
import type { GoodsLine } from './price-goods.js'
import { paidFor, totalsOf } from './totals.js'

/**
 * Puts together what was found.
 * @param taxes by line, in line order
 * @param chosen how each supplier's parcel is sent, by supplier id
 */
export function assembleCart(
  cart: CartRow,
  { buyer, lines: goods, discounts, parcels }: AdjustedGoods,
  taxes: readonly (LineTax | null)[],
  chosen: ReadonlyMap<string, ShippingOption | null>,
): PricedCart {
  const shipping = new Map(
    parcels.flatMap((parcel) => {
      const option = chosen.get(parcel.supplierId) ?? null
      return option === null ? [] : [...shippingOfLines(parcel, option)]
    }),
  )
  const lines = goods.map((line, index) => pricedLine(line, discounts[index] ?? [], taxes[index] ?? null, shipping.get(line.row.id) ?? 0))
  return {
    id: cart.id,
    currency: cart.currency,
    customerId: cart.customerId,
    contactId: cart.contactId,
    destination: destinationOf(cart),
    channel: cart.channel,
    attribution: attributionOf(cart),
    distributorId: buyer.distributorId,
    codes: cart.codes,
    lines,
    parcels: parcels.map(({ supplierId, lines: sent, weightGrams, value }) => ({
      supplierId,
      lineIds: sent.map((line) => line.id),
      weightGrams,
      value,
      shipping: chosen.get(supplierId) ?? null,
    })),
    totals: totalsOf(lines),
    metadata: cart.metadata,
  }
}

function pricedLine(
  { row, offer, unitPrice, priceListId, price }: GoodsLine,
  discounts: readonly LineDiscount[],
  tax: LineTax | null,
  shipping: number,
): PricedLine {
  const { id: offerId, supplierId, productId, variantId, categoryPath, sku, names, variantTitle, weightGrams, shippable } = offer
  return {
    id: row.id,
    offerId,
    supplierId,
    productId,
    variantId,
    categoryPath,
    sku,
    names,
    variantTitle,
    attribution: attributionOf(row),
    quantity: row.quantity,
    unitPrice,
    priceListId,
    price,
    discounts,
    tax,
    shipping,
    paid: paidFor({ price, discounts, tax }),
    weightGrams: weightGrams * row.quantity,
    shippable,
  }
}
