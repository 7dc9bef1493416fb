import { defineError, type ErrorFactory } from '../kernel/index.js'

export const returnNotFound: ErrorFactory<{ readonly returnId: string }> = defineError(
  'return.not_found',
  'not_found',
  (f) => `there is no return ${f.returnId}`,
)

export const orderLineNotFound: ErrorFactory<{ readonly orderId: string; readonly lineId: string }> = defineError(
  'return.order_line_not_found',
  'not_found',
  (f) => `order ${f.orderId} has no line ${f.lineId}; take the line ids of this order`,
)

export const lineNotInReturn: ErrorFactory<{ readonly returnId: string; readonly lineId: string }> = defineError(
  'return.line_not_found',
  'not_found',
  (f) => `return ${f.returnId} has no line ${f.lineId}; receive what was asked for, and request a return for the rest`,
)

export const severalSuppliers: ErrorFactory<{ readonly orderId: string; readonly suppliers: readonly string[] }> = defineError(
  'return.several_suppliers',
  'invalid_data',
  (f) =>
    `the lines of order ${f.orderId} belong to ${f.suppliers.join(', ')}; goods go back to the supplier they came from, so request a return for each`,
)

export const exceedsDelivered: ErrorFactory<{
  readonly orderId: string
  readonly lineId: string
  readonly wanted: number
  readonly left: number
}> = defineError(
  'return.exceeds_delivered',
  'not_allowed',
  (f) =>
    `${f.wanted} units of line ${f.lineId} of order ${f.orderId} cannot be returned; ${f.left} are delivered and not returned or on their way back`,
)

export const exceedsRequested: ErrorFactory<{
  readonly returnId: string
  readonly lineId: string
  readonly received: number
  readonly requested: number
}> = defineError(
  'return.exceeds_requested',
  'not_allowed',
  (f) =>
    `${f.received} units of line ${f.lineId} came where return ${f.returnId} asked for ${f.requested}; receive those, and request a return for the rest`,
)

export const stepRefused: ErrorFactory<{
  readonly returnId: string
  readonly status: string
  readonly step: string
  readonly from: readonly string[]
}> = defineError(
  'return.step_refused',
  'not_allowed',
  (f) => `return ${f.returnId} is ${f.status}; to ${f.step} takes one that is ${f.from.join(' or ')}`,
)
