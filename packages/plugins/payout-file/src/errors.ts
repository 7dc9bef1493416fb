import { defineError, type ErrorFactory } from '@entrepot/core'

export const fileNotFound: ErrorFactory<{ fileId: string }> = defineError(
  'payout_file.not_found',
  'not_found',
  ({ fileId }) => `there is no payout file ${fileId}`,
)
export const fileErased: ErrorFactory<{ fileId: string }> = defineError(
  'payout_file.erased',
  'unexpected_state',
  ({ fileId }) => `what stood in payout file ${fileId} has been erased; its sums are kept`,
)
export const noDebtor: ErrorFactory<{ currency: string }> = defineError(
  'payout_file.no_debtor',
  'invalid_argument',
  ({ currency }) => `no account pays in ${currency}; give one in the option "debtors"`,
)
export const unreadable: ErrorFactory<{ reason: string }> = defineError(
  'payout_file.unreadable',
  'invalid_data',
  ({ reason }) => `this is no camt.053 statement: ${reason}`,
)
