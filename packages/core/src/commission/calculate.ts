import { formatPercentage, percentOf, type Rounding, toAmount } from '../money/index.js'
import { bandCommission, bandParts } from './bands.js'
import type { CommissionTerms } from './rule.js'
import { plainWording, type Wording } from './wording.js'

/** What a commission is calculated from. */
export interface CalculationInput {
  readonly terms: CommissionTerms
  /** Minor units; by the terms' `base`, net or net and shipping. */
  readonly base: number
  readonly quantity: number
  /** The supplier's captured base in the period before this line; only bands look at it. */
  readonly volume: number
  readonly rounding: Rounding
  readonly wording?: Wording | undefined
}

/** A commission before its fixed part and its tax, with the arithmetic in words. */
export interface CalculatedCommission {
  readonly amount: number
  readonly words: string
}

/** The calculated commission: by rate, unit or bands, rounded once, then held between minimum and maximum. */
export function calculateCommission(input: CalculationInput): CalculatedCommission {
  const { amount, words } = byCalculation(input)
  const { min = 0, max = Number.POSITIVE_INFINITY } = input.terms
  const { amount: written } = input.wording ?? plainWording
  if (amount < min) return { amount: min, words: `${words} = ${written(amount)}, raised to the minimum ${written(min)}` }
  if (amount > max) return { amount: max, words: `${words} = ${written(amount)}, lowered to the maximum ${written(max)}` }
  return { amount, words: `${words} = ${written(amount)}` }
}

function byCalculation({
  terms: { calculation },
  base,
  quantity,
  volume,
  rounding,
  wording: { amount } = plainWording,
}: CalculationInput): CalculatedCommission {
  switch (calculation.by) {
    case 'percent':
      return {
        amount: percentOf(base, calculation.percent, rounding),
        words: `${formatPercentage(calculation.percent)} of ${amount(base)}`,
      }
    case 'unit':
      return {
        amount: toAmount(BigInt(calculation.amount) * BigInt(quantity)),
        words: `${amount(calculation.amount)} for each of ${quantity} units`,
      }
    case 'bands': {
      const parts = bandParts(calculation.bands, volume, base)
      const words = parts.map((part) => `${formatPercentage(part.percent)} of ${amount(part.amount)}`).join(' + ') || '0'
      return { amount: bandCommission(parts, rounding), words: `${words} (${calculation.bands.mode}, from volume ${amount(volume)})` }
    }
  }
}
