import { defineError, type ErrorFactory } from '../kernel/index.js'
import type { CartNotice } from './notice.js'

export const cartNotFound: ErrorFactory<{ cartId: string }> = defineError(
  'cart.not_found',
  'not_found',
  (f) => `there is no cart ${f.cartId}`,
)
export const cartClosed: ErrorFactory<{ cartId: string; status: string }> = defineError(
  'cart.closed',
  'not_allowed',
  (f) => `cart ${f.cartId} is ${f.status} and does not change any more; create another`,
)
export const cartCompleted: ErrorFactory<{ cartId: string; orderId: string }> = defineError(
  'cart.completed',
  'conflict',
  (f) => `cart ${f.cartId} has become order ${f.orderId}; go on with the order`,
)
export const lineNotFound: ErrorFactory<{ cartId: string; lineId: string }> = defineError(
  'cart.line_not_found',
  'not_found',
  (f) => `cart ${f.cartId} has no line ${f.lineId}`,
)
export const offerNotFound: ErrorFactory<{ offerId: string }> = defineError(
  'cart.offer_not_found',
  'not_found',
  (f) => `there is no offer ${f.offerId}`,
)
export const customerNotFound: ErrorFactory<{ customerId: string }> = defineError(
  'cart.customer_not_found',
  'not_found',
  (f) => `there is no customer ${f.customerId}; create it by customers.create first`,
)
export const customerDiffers: ErrorFactory<{ cartId: string; customerId: string }> = defineError(
  'cart.customer_differs',
  'not_allowed',
  (f) => `cart ${f.cartId} belongs to customer ${f.customerId} and is not handed to another`,
)
export const notSellable: ErrorFactory<{ offers: Readonly<Record<string, string>> }> = defineError(
  'cart.not_sellable',
  'not_allowed',
  (f) =>
    `cannot be sold now: ${Object.entries(f.offers)
      .map(([offerId, reason]) => `offer ${offerId} (${reason})`)
      .join(', ')}; remove these lines`,
)
export const quantityLimit: ErrorFactory<{ offerId: string; quantity: number; most: number }> = defineError(
  'cart.quantity_limit',
  'not_allowed',
  (f) => `a line of ${f.quantity} of offer ${f.offerId} is above the limit of ${f.most}; order the rest separately`,
)
export const currencyDiffers: ErrorFactory<{ from: string; into: string }> = defineError(
  'cart.currency_differs',
  'not_allowed',
  (f) => `carts ${f.from} and ${f.into} have different currencies and cannot be merged; complete them one after the other`,
)
export const sameCart: ErrorFactory<{ cartId: string }> = defineError(
  'cart.merge_into_itself',
  'invalid_data',
  (f) => `cart ${f.cartId} cannot be merged into itself; give the guest's cart as from and the customer's as into`,
)
export const codeRefused: ErrorFactory<{ cartId: string; code: string; reason: string }> = defineError(
  'cart.code_refused',
  'not_allowed',
  (f) => `code "${f.code}" gives nothing on cart ${f.cartId}: ${f.reason}`,
)
export const tooManyCodes: ErrorFactory<{ cartId: string; most: number }> = defineError(
  'cart.too_many_codes',
  'not_allowed',
  (f) => `cart ${f.cartId} has ${f.most} codes already; remove one first`,
)
export const invalidDiscount: ErrorFactory<{ source: string; reason: string }> = defineError(
  'cart.discount_invalid',
  'unexpected_state',
  (f) => `promotion ${f.source} answered a discount that cannot be granted: ${f.reason}; mend the promotion`,
)
export const cartEmpty: ErrorFactory<{ cartId: string }> = defineError(
  'cart.empty',
  'not_allowed',
  (f) => `cart ${f.cartId} has no lines; add one first`,
)
export const cartChanged: ErrorFactory<{ cartId: string; changes: readonly CartNotice[] }> = defineError(
  'cart.changed',
  'conflict',
  (f) =>
    `prices of cart ${f.cartId} have risen since the customer saw them; show carts.get and call carts.acceptPrices, then place it again`,
)
export const addressMissing: ErrorFactory<{ cartId: string }> = defineError(
  'cart.address_missing',
  'not_allowed',
  (f) => `cart ${f.cartId} holds goods to be sent and has no address; call carts.setAddress first`,
)
export const taxUnknown: ErrorFactory<{ cartId: string }> = defineError(
  'cart.tax_unknown',
  'conflict',
  (f) =>
    `the tax of cart ${f.cartId} is not known for its goods and destination as they are now, and the tax calculator is not asked inside a transaction; call carts.get outside of it, then try again`,
)
export const shippingMissing: ErrorFactory<{ cartId: string; supplierIds: readonly string[] }> = defineError(
  'cart.shipping_missing',
  'not_allowed',
  (f) =>
    `cart ${f.cartId} has no shipping method that holds for the parcels of ${f.supplierIds.join(', ')}; choose one of carts.shippingOptions by carts.selectShipping`,
)
export const shippingUnavailable: ErrorFactory<{ cartId: string; supplierId: string; methodId: string }> = defineError(
  'cart.shipping_unavailable',
  'not_allowed',
  (f) => `supplier ${f.supplierId} does not send cart ${f.cartId} by method ${f.methodId}; choose one of carts.shippingOptions`,
)
