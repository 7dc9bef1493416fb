import { defineError, type ErrorFactory } from '../kernel/index.js'

export const supplierNotFound: ErrorFactory<{ supplierId: string }> = defineError(
  'supplier.not_found',
  'not_found',
  (f: { supplierId: string }) => `there is no supplier ${f.supplierId}`,
)

export const stepRefused: ErrorFactory<{ supplierId: string; step: string; status: string; from: readonly string[] }> = defineError(
  'supplier.step_refused',
  'not_allowed',
  (f: { supplierId: string; step: string; status: string; from: readonly string[] }) =>
    `supplier ${f.supplierId} is ${f.status}; ${f.step} takes one that is ${f.from.join(' or ')}`,
)

export const supplierRejected: ErrorFactory<{ supplierId: string }> = defineError(
  'supplier.rejected',
  'not_allowed',
  (f: { supplierId: string }) => `supplier ${f.supplierId} was rejected and its application is closed; let it apply again`,
)

export const documentsExpired: ErrorFactory<{ supplierId: string; kinds: readonly string[] }> = defineError(
  'supplier.documents_expired',
  'not_allowed',
  (f: { supplierId: string; kinds: readonly string[] }) =>
    `documents that supplier ${f.supplierId} must have are expired: ${f.kinds.join(', ')}; add valid ones of the same kind first`,
)
