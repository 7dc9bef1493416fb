import { defineError, type ErrorFactory } from '@entrepot/core'

export const promotionNotFound: ErrorFactory<{ promotionId: string }> = defineError(
  'promotions.not_found',
  'not_found',
  (f) => `there is no promotion ${f.promotionId}`,
)
export const codeTaken: ErrorFactory<{ code: string }> = defineError(
  'promotions.code_taken',
  'duplicate_error',
  (f) => `the code ${f.code} is or was another promotion's; choose one that customers cannot mix up with it`,
)
export const emptyValidity: ErrorFactory<{ validFrom: string; validTo: string }> = defineError(
  'promotions.empty_validity',
  'invalid_data',
  (f) => `a promotion from ${f.validFrom} to ${f.validTo} is never valid; it ends after it begins`,
)
export const usedUp: ErrorFactory<{ promotionIds: readonly string[] }> = defineError(
  'promotions.used_up',
  'not_allowed',
  (f) =>
    `promotion ${f.promotionIds.join(', ')} has been used for the last time; take its code out, and show the customer the cart without it`,
)
export const ended: ErrorFactory<{ promotionIds: readonly string[] }> = defineError(
  'promotions.ended',
  'not_allowed',
  (f) => `promotion ${f.promotionIds.join(', ')} has ended; take its code out, and show the customer the cart without it`,
)
