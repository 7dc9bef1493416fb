import { allocate } from './allocate.js'
import { assertAmount, sumAmounts, toAmount } from './money.js'
import { type Percentage, percentOf } from './percentage.js'
import { divideRounded, type Rounding } from './rounding.js'

/** A price taken apart. */
export interface IncludedTax {
  readonly net: number
  readonly tax: number
}

/** Tax inside a price: net = gross / (1 + rate), rounded by R1; the tax is what is left. */
export function includedTax(gross: number, rate: Percentage, rounding: Rounding = 'half-up'): IncludedTax {
  const net = toAmount(divideRounded(BigInt(assertAmount(gross)) * 1_000_000n, 1_000_000n + BigInt(rate), rounding))
  return { net, tax: gross - net }
}

/** Tax on top of a price, rounded by R1. */
export function addedTax(net: number, rate: Percentage, rounding: Rounding = 'half-up'): number {
  return percentOf(net, rate, rounding)
}

/** The tax of an order's lines. */
export interface LineTaxInput {
  /** Per line, what is taxed: the price less what the supplier discounts; what others fund of the price is still paid for the goods. */
  readonly amounts: readonly number[]
  readonly rate: Percentage
  /** Whether the tax is inside those amounts, or comes on top. */
  readonly included: boolean
  /** `order` computes it once on the sum and allocates it by R3; `line` unless given. */
  readonly per?: 'line' | 'order' | undefined
  readonly rounding?: Rounding | undefined
}

/** The tax of each line, in line order. */
export function taxOfLines({ amounts, rate, included, per = 'line', rounding = 'half-up' }: LineTaxInput): number[] {
  const taxOf = (amount: number): number => (included ? includedTax(amount, rate, rounding).tax : addedTax(amount, rate, rounding))
  return per === 'line' ? amounts.map(taxOf) : allocate(taxOf(sumAmounts(amounts)), amounts)
}
