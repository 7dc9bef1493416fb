import { percentage, type Rounding, taxOfLines } from '../money/index.js'
import type { CalculatedTax } from '../ports/index.js'
import type { LineTax } from './cart.js'

/** How a platform computes tax on a cart. */
export interface TaxPolicy {
  /** `order` computes each rate once on the sum of its lines and allocates it by R3. @default 'line' */
  readonly per?: 'line' | 'order' | undefined
  /** @default 'half-up' */
  readonly rounding?: Rounding | undefined
}

/** What tax must know of a line. */
export interface TaxableLine {
  readonly taxClass: string
  /** Price less what the supplier discounts: what others fund of a discount is still paid for the goods. */
  readonly base: number
}

/** A rate of the tax table, or what a calculator said, which has no id. */
export interface AppliedRate extends CalculatedTax {
  readonly id?: string | undefined
  /** Goes before the policy's. */
  readonly per?: 'line' | 'order' | null | undefined
}

/**
 * The tax of each line, in line order; null where its class has no rate.
 * @param rates by tax class
 */
export function taxLines(
  lines: readonly TaxableLine[],
  rates: ReadonlyMap<string, AppliedRate>,
  policy: TaxPolicy,
): readonly (LineTax | null)[] {
  const taxes: (LineTax | null)[] = lines.map(() => null)
  for (const rate of new Set(rates.values())) {
    const taxed = lines.flatMap((line, index) => (rates.get(line.taxClass) === rate ? [{ ...line, index }] : []))
    const amounts = taxOfLines({
      amounts: taxed.map((line) => line.base),
      rate: percentage(rate.percent),
      included: rate.included,
      ...policy,
      per: rate.per ?? policy.per,
    })
    for (const [at, { index, taxClass }] of taxed.entries()) {
      const { id: rateId = null, percent, included, remits } = rate
      taxes[index] = { rateId, taxClass, percent, included, remits, amount: amounts[at] ?? 0 }
    }
  }
  return taxes
}
