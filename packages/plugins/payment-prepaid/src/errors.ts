import { defineError, type ErrorFactory } from '@entrepot/core'

export const paymentNotFound: ErrorFactory<{ paymentId: string }> = defineError(
  'prepaid.payment_not_found',
  'not_found',
  ({ paymentId }) => `no payment ${paymentId} was begun from a balance`,
)
export const referenceTaken: ErrorFactory<{ reference: string; transferId: string }> = defineError(
  'prepaid.reference_taken',
  'conflict',
  ({ reference, transferId }) =>
    `reference "${reference}" belongs to transfer ${transferId}, of another customer or amount; money moves once by a reference, so give another transfer another one`,
)
