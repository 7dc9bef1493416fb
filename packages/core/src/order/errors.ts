import { defineError, type ErrorFactory } from '../kernel/index.js'

export const notFound: ErrorFactory<{ orderId: string }> = defineError(
  'order.not_found',
  'not_found',
  (f) => `there is no order ${f.orderId}`,
)

export const lineNotFound: ErrorFactory<{ orderId: string; lineId: string }> = defineError(
  'order.line_not_found',
  'not_found',
  (f) => `order ${f.orderId} has no line ${f.lineId}; take the line ids of this order`,
)

export const supplierOrderNotFound: ErrorFactory<{ orderId: string; supplierId: string }> = defineError(
  'order.supplier_order_not_found',
  'not_found',
  (f) => `order ${f.orderId} has nothing of supplier ${f.supplierId}`,
)

export const illegalMove: ErrorFactory<{ orderId: string; machine: 'payment' | 'fulfilment' | 'return'; from: string; to: string }> =
  defineError(
    'order.illegal_move',
    'unexpected_state',
    (f) => `the ${f.machine} state of order ${f.orderId} cannot go from ${f.from} to ${f.to}`,
  )

export const notCancelable: ErrorFactory<{ orderId: string; reason: string }> = defineError(
  'order.not_cancelable',
  'not_allowed',
  (f) => `order ${f.orderId} cannot be canceled: ${f.reason}`,
)

export const notPayable: ErrorFactory<{ orderId: string; reason: string }> = defineError(
  'order.not_payable',
  'not_allowed',
  (f) => `order ${f.orderId} takes no payment: ${f.reason}`,
)

export const paymentsMismatch: ErrorFactory<{ due: number; given: number; open: number }> = defineError(
  'order.payments_mismatch',
  'invalid_data',
  (f) =>
    `the payments come to ${f.given} where ${f.due} is due, and ${f.open} of them name no amount; name every amount but at most one, so that they add up`,
)

export const totalChanged: ErrorFactory<{ cartId: string; expected: number; total: number; currency: string }> = defineError(
  'order.total_changed',
  'conflict',
  (f) =>
    `cart ${f.cartId} comes to ${f.total} minor units of ${f.currency}, not to the ${f.expected} that the customer saw; show carts.get again, and place it with the total that it then has`,
)

export const notPaid: ErrorFactory<{ orderId: string; paymentStatus: string }> = defineError(
  'order.not_paid',
  'not_allowed',
  (f) => `order ${f.orderId} is ${f.paymentStatus}; goods are sent once it is paid or its payment is authorized`,
)

export const exceedsQuantity: ErrorFactory<{ orderId: string; lineId: string; step: string; wanted: number; left: number }> = defineError(
  'order.exceeds_quantity',
  'not_allowed',
  (f) => `${f.wanted} units of line ${f.lineId} of order ${f.orderId} cannot be ${f.step}; ${f.left} are left for it`,
)

/** One code with the commission's own check: what was not captured cannot be given back. */
export const exceedsCaptured: ErrorFactory<{ of: string; refund: number; refundable: number }> = defineError(
  'refund.exceeds_captured',
  'not_allowed',
  (f) => `a refund of ${f.refund} of ${f.of} is refused; ${f.refundable} is left of what was captured`,
)

export const refundTime: ErrorFactory<{ orderId: string; at: string; reason: string }> = defineError(
  'order.refund_time',
  'not_allowed',
  (f) => `a refund of order ${f.orderId} cannot have been given at ${f.at}: ${f.reason}`,
)

export const nothingToRefund: ErrorFactory<{ orderId: string }> = defineError(
  'order.nothing_to_refund',
  'invalid_data',
  (f) => `the refund of order ${f.orderId} comes to nothing; name lines, shipping or goodwill that have something left`,
)

export const unknownSupplier: ErrorFactory<{ suppliers: readonly string[] }> = defineError(
  'order.unknown_supplier',
  'invalid_data',
  (f) => `there is no supplier ${f.suppliers.join(', ')}; import the suppliers before their orders`,
)

export const numberTaken: ErrorFactory<{ orders: number }> = defineError(
  'order.number_taken',
  'conflict',
  (f) =>
    `${f.orders} order(s) carry a number that another order has, or were imported at this very moment by another call; nothing was written, look and try again`,
)

export const importRefused: ErrorFactory<{ by: string }> = defineError(
  'order.import_refused',
  'not_allowed',
  (f) => `${f.by} cannot import orders; the host's own code does it, without an actor`,
)

export const notExchangeable: ErrorFactory<{ orderId: string; lineId: string; reason: string }> = defineError(
  'order.not_exchangeable',
  'not_allowed',
  (f) => `line ${f.lineId} of order ${f.orderId} cannot be exchanged: ${f.reason}`,
)

export const notSellableInstead: ErrorFactory<{ offerId: string; lineId: string; reason: string }> = defineError(
  'order.not_sellable_instead',
  'not_allowed',
  (f) => `offer ${f.offerId} cannot take the place of line ${f.lineId}: ${f.reason}`,
)
