/**
 * Returns: goods that go back to their supplier, and the money that goes back for them.
 *
 * Invariants:
 * - Of a line never more is on its way back or back than was delivered; the lock of the order's row holds it, however many ask at once.
 * - A return is of one supplier. It moves only along its table of steps, and ends once.
 * - What was received is refunded by units in the same transaction, once; what was refunded by hand while it was on its way is not refunded again; what did not come is free to be asked back again.
 */
export type { ReturnsDeps } from './deps.js'
export type { ReturnEvents } from './events.js'
export type { ListReturnsInput } from './read-returns.js'
export type { ReceiveReturnInput } from './receive-return.js'
export type { RequestedLine, RequestReturnInput } from './request-return.js'
export { returnLineTable, returnTable, returnTables } from './return.entity.js'
export type { ReceivedUnits, Return, ReturnLine, ReturnStatus } from './return.js'
export type { CancelReturnInput, RejectReturnInput, ReturnIdInput } from './return-steps.js'
export { createReturns, type ReturnService, type Returns } from './returns-service.js'
