import type { Kernel } from '../kernel/index.js'
import { percentage } from '../money/index.js'
import type { CalculatedTax, TaxCalculator } from '../ports/index.js'
import type { RatesInput } from './read-rates.js'

export interface AskCalculatorDeps {
  readonly kernel: Kernel
  readonly calculator: TaxCalculator | undefined
}

/**
 * What the host's tax calculator says, to be asked between transactions; its answers go before `rates`, class by class. Nothing where there is no calculator.
 * @throws tx.outside_call, money.invalid_percentage
 */
export function askCalculator({
  kernel,
  calculator,
}: AskCalculatorDeps): (input: RatesInput) => Promise<ReadonlyMap<string, CalculatedTax>> {
  return async (input) => {
    if (!calculator || input.classes.length === 0) return new Map()
    kernel.database.assertOutside('the tax calculator')
    const answers = await calculator.rates(input)
    const asked = [...answers].filter(([taxClass]) => input.classes.includes(taxClass))
    // What the outside says is checked where it comes in, not where it is reckoned with.
    for (const [, { percent }] of asked) percentage(percent)
    return new Map(asked)
  }
}
