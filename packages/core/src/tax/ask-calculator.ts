import type { Kernel } from '../kernel/index.js'
import { percentage } from '../money/index.js'
import type { CalculatedTax, TaxCalculator } from '../ports/index.js'
import { calculatorFailed } from './errors.js'
import type { RatesInput } from './read-rates.js'

export interface AskCalculatorDeps {
  readonly kernel: Kernel
  readonly calculator: TaxCalculator | undefined
}

/**
 * What the host's tax calculator says, to be asked between transactions; its answers go before `rates`, class by class. Nothing where there is no calculator.
 * @throws tx.outside_call, tax.calculator_failed
 */
export function askCalculator({
  kernel,
  calculator,
}: AskCalculatorDeps): (input: RatesInput) => Promise<ReadonlyMap<string, CalculatedTax>> {
  return async (input) => {
    if (!calculator || input.classes.length === 0) return new Map()
    kernel.database.assertOutside('the tax calculator')
    const { country, region } = input
    try {
      const asked = [...(await calculator.rates(input))].filter(([taxClass]) => input.classes.includes(taxClass))
      return new Map(asked.map(([taxClass, tax]) => [taxClass, checked(taxClass, tax)]))
    } catch (error) {
      throw calculatorFailed({ country, region, problem: error instanceof Error ? error.message : String(error) }, error)
    }
  }
}

/** What the outside says is checked where it comes in, not where it is reckoned with. @throws money.invalid_percentage */
function checked(taxClass: string, { percent, included, remits }: CalculatedTax): CalculatedTax {
  percentage(percent)
  if (typeof included !== 'boolean' || (remits !== 'supplier' && remits !== 'platform'))
    throw new TypeError(`its answer for class "${taxClass}" lacks included (true or false) or remits (supplier or platform)`)
  return { percent, included, remits }
}
