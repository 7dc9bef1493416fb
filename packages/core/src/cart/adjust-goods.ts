import type { Kernel, Reader } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import type { CartRow } from './cart.entity.js'
import { discountLines, type LineDiscount } from './discount.js'
import type { AdjustingInput, CartHooks } from './hooks.js'
import { type CodeRefused, codeNotices } from './notice.js'
import { type Parcel, parcelsOf } from './parcel.js'
import type { Goods, GoodsLine } from './price-goods.js'

/** Goods with what promotions take off them. */
export interface AdjustedGoods extends Goods {
  /** By line, in line order. */
  readonly discounts: readonly (readonly LineDiscount[])[]
  readonly refusedCodes: readonly CodeRefused[]
  /** One per supplier that has something to send. */
  readonly parcels: readonly Parcel[]
}

/** Asks the promotions, and allocates what they grant. */
export async function adjustGoods(kernel: Kernel, reader: Reader, cart: CartRow, goods: Goods): Promise<AdjustedGoods> {
  const hooks = kernel.hooks<CartHooks>()
  const answers = goods.lines.length === 0 ? [] : await hooks.run(reader, 'cart.adjusting', adjustingInput(cart, goods, reader.now))
  const granted = answers.flatMap((answer) => answer.discounts)
  const lines = goods.lines.map(({ row, offer, price }) => ({ id: row.id, supplierId: offer.supplierId, price }))
  const discounts = discountLines(lines, granted, goods.buyer.distributorId)
  const refusals = answers.flatMap((answer) => answer.notices ?? [])
  return {
    ...goods,
    discounts,
    refusedCodes: codeNotices(cart.codes, discounts.flat(), refusals),
    parcels: parcelsOf(goods.lines.map((line, index) => parcelLine(line, discounts[index] ?? []))),
  }
}

function adjustingInput(cart: CartRow, { buyer, lines }: Goods, at: string): AdjustingInput {
  return {
    cartId: cart.id,
    customerId: cart.customerId,
    ...buyer,
    currency: cart.currency,
    channel: cart.channel,
    codes: cart.codes,
    at,
    lines: lines.map(({ row, offer: { id: offerId, supplierId, productId, categoryPath }, unitPrice, price }) => ({
      id: row.id,
      offerId,
      supplierId,
      productId,
      categoryPath,
      quantity: row.quantity,
      unitPrice,
      price,
    })),
  }
}

function parcelLine({ row, offer, price }: GoodsLine, discounts: readonly LineDiscount[]): Parcel['lines'][number] {
  const { supplierId, shippable, weightGrams } = offer
  const value = price - sumAmounts(discounts.map(({ amount }) => amount))
  return { id: row.id, supplierId, shippable, weightGrams: weightGrams * row.quantity, price, value }
}
