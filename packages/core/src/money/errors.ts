import { defineError, type ErrorFactory } from '../kernel/errors.js'

export const unsafeAmount: ErrorFactory<{ what: string; amount: string }> = defineError(
  'money.unsafe_amount',
  'invalid_data',
  (f) => `${f.what} is ${f.amount}, which is not a safe integer of minor units; split it, or mend what computed it`,
)

export const mixedCurrencies: ErrorFactory<{ expected: string; found: string }> = defineError(
  'money.mixed_currencies',
  'invalid_data',
  (f) => `an amount in ${f.found} cannot be added to one in ${f.expected}; convert it at a locked rate first`,
)

export const unknownCurrency: ErrorFactory<{ currency: string }> = defineError(
  'money.unknown_currency',
  'invalid_data',
  (f) => `"${f.currency}" is no ISO 4217 currency; write its code in capitals, or declare a commodity with its own exponent`,
)

export const invalidCommodity: ErrorFactory<{ code: string; exponent: number }> = defineError(
  'money.invalid_commodity',
  'invalid_data',
  (f) => `commodity "${f.code}" with exponent ${f.exponent} is refused: use 2 to 32 letters, digits, "_" or "-", and an exponent of 0 to 8`,
)

export const invalidPercentage: ErrorFactory<{ percentage: string; reason: string }> = defineError(
  'money.invalid_percentage',
  'invalid_data',
  (f) => `"${f.percentage}" is no percentage here: ${f.reason}`,
)

export const invalidWeight: ErrorFactory<{ weight: string; index: number }> = defineError(
  'money.invalid_weight',
  'invalid_data',
  (f) => `weight ${f.weight} at position ${f.index} is refused; a weight is an integer of 0 or more`,
)

export const nothingToAllocateTo: ErrorFactory<{ total: number }> = defineError(
  'money.no_shares',
  'invalid_data',
  (f) => `${f.total} cannot be allocated, because there is nobody to allocate it to`,
)

export const invalidMovement: ErrorFactory<{ reason: string }> = defineError(
  'money.invalid_movement',
  'invalid_data',
  (f) => `the part cannot be taken from the shares: ${f.reason}`,
)

export const invalidRate: ErrorFactory<{ from: string; to: string; rate: string }> = defineError(
  'money.invalid_rate',
  'invalid_data',
  (f) =>
    `"${f.rate}" is no rate from ${f.from} to ${f.to}; write a decimal above 0 as text, with at most 12 digits before the point and 18 behind it, like "1.0825"`,
)
