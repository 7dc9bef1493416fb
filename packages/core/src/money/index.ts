/**
 * Amounts, percentages, rounding and allocation: the arithmetic of MONEY section 1, and nothing that knows what is sold.
 *
 * Invariants: an amount is a safe integer of minor units or the call is refused; products and quotients are taken in BigInt and rounded
 * once; what is allocated adds up, to the unit.
 */
export { allocate } from './allocate.js'
export { type Commodity, commodity, currencyExponent, isCurrency } from './commodity.js'
export { assertRate, convert, type ExchangeRate } from './exchange.js'
export { formatAmount } from './format.js'
export { currency, percent } from './inputs.js'
export { addMoney, assertAmount, type Money, money, negateMoney, sumAmounts, sumMoney, toAmount } from './money.js'
export { formatPercentage, isPercentage, type Percentage, percentage, percentageFromMillionths, percentOf } from './percentage.js'
export { type QuantityRefundInput, quantityRefund } from './quantity.js'
export { allocateByDeficit, allocatePart, type DeficitInput, type PartInput, partOfShare } from './reverse.js'
export { divideFloor, divideRounded, divideUp, type Rounding } from './rounding.js'
export { addedTax, type IncludedTax, includedTax, type LineTaxInput, taxOfLines } from './tax.js'
