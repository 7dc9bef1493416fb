/**
 * Taxes: rates by country, region and class.
 *
 * - Of the rates that hold at a moment, one of the region goes before one of the country; then the later `validFrom`; then the newer rate.
 * - Validity is half open: from inclusive, to exclusive. A rate's percentage never changes and its row never goes, since orders name it.
 * - A tax calculator of the host's is asked between transactions alone; what it does not answer is the table's.
 * - What is not found bears no tax. The arithmetic of tax is `money/`'s.
 */
export type { TaxEvents } from './events.js'
export type { ListTaxRatesInput, RatesInput } from './read-rates.js'
export type { RemoveTaxRateInput, SetTaxRateInput } from './set-rate.js'
export { type TaxRateRow, taxRateTable, taxTables } from './tax-rate.entity.js'
export type { RegionalTaxRate, TaxRate, TaxRemitter } from './tax-rate.js'
export { createTaxes, type TaxDeps, type Taxes, type TaxService } from './tax-service.js'
