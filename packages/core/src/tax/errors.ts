import { defineError, type ErrorFactory } from '../kernel/index.js'

export const rateNotFound: ErrorFactory<{ rateId: string }> = defineError(
  'tax.rate_not_found',
  'not_found',
  (f: { rateId: string }) => `there is no tax rate ${f.rateId}`,
)

export const validityEmpty: ErrorFactory<{ validFrom: string; validTo: string }> = defineError(
  'tax.validity_empty',
  'invalid_data',
  (f: { validFrom: string; validTo: string }) => `a rate from ${f.validFrom} to ${f.validTo} would never hold; let it end after it begins`,
)

export const calculatorFailed: ErrorFactory<{ country: string; region: string | null; problem: string }> = defineError(
  'tax.calculator_failed',
  'unexpected_state',
  (f: { country: string; region: string | null; problem: string }) =>
    `the tax calculator gave no tax for ${f.region === null ? f.country : `${f.country}, ${f.region}`}: ${f.problem}; nothing was changed, so try again, or create the marketplace without it and keep the rates in taxes.setRate`,
)
