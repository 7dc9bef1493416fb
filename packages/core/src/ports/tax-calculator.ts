import type { Timestamp } from '../kernel/index.js'

/** What the tax of some lines depends on. */
export interface TaxQuery {
  /** Destination, ISO 3166-1 alpha-2. */
  readonly country: string
  /** Destination's state or province as the address has it, or null. */
  readonly region: string | null
  /** Tax classes of the lines, each once: `standard`, `food`. */
  readonly classes: readonly string[]
  readonly at: Timestamp
}

/** The tax on a class of goods. Amounts are computed from it by core's money rules, so every provider rounds alike. */
export interface CalculatedTax {
  /** At most four decimals: `8.875`. */
  readonly percent: number
  /** True where prices contain it, false where it comes on top. */
  readonly included: boolean
  /** Who pays it to the authority. */
  readonly remits: 'supplier' | 'platform'
}

/**
 * Knows tax rates where the platform's own table does not. Answers replace the table's for the classes they name; a class left out is untaxed by it and falls
 * back to the table. Safe to repeat; never called inside a transaction.
 */
export interface TaxCalculator {
  /** Class → tax. */
  rates(query: TaxQuery): Promise<ReadonlyMap<string, CalculatedTax>>
}
