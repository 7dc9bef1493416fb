import { defineError, type ErrorFactory } from '../kernel/index.js'

export const methodNotFound: ErrorFactory<{ readonly methodId: string }> = defineError(
  'shipping.method_not_found',
  'not_found',
  (f) => `there is no shipping method ${f.methodId}; shipping.listMethods tells which there are`,
)

export const carrierUnknown: ErrorFactory<{ readonly carrier: string; readonly known: readonly string[] }> = defineError(
  'shipping.carrier_unknown',
  'invalid_data',
  (f) => `no carrier "${f.carrier}" is installed; pass its adapter to createCommerce (installed: ${f.known.join(', ') || 'none'})`,
)

export const carrierAnswer: ErrorFactory<{ readonly carrier: string; readonly problem: string }> = defineError(
  'shipping.carrier_answer',
  'unexpected_state',
  (f) => `carrier "${f.carrier}" gave an answer that cannot be used: ${f.problem}; its methods are not offered`,
)
