import type { Call, Kernel, Page, Reader } from '../kernel/index.js'
import type { Adapters, CalculatedTax } from '../ports/index.js'
import { askCalculator } from './ask-calculator.js'
import { findTaxRates, type ListTaxRatesInput, listTaxRates, listTaxRatesSchema, type RatesInput } from './read-rates.js'
import {
  type RemoveTaxRateInput,
  removeTaxRate,
  removeTaxRateSchema,
  type SetTaxRateInput,
  setTaxRate,
  setTaxRateSchema,
} from './set-rate.js'
import type { RegionalTaxRate, TaxRate } from './tax-rate.js'

/** What `commerce.taxes` is. */
export interface TaxService {
  /** Adds a rate, which goes before earlier ones of its place and class from its `validFrom` on. @throws tax.validity_empty */
  setRate(input: SetTaxRateInput, call?: Call): Promise<RegionalTaxRate>
  /** In the order of creation, by country and moment or all. */
  list(input?: ListTaxRatesInput, call?: Call): Promise<Page<RegionalTaxRate>>
  /** Ends a rate's validity now: what it went before holds again. Safe to repeat. @throws tax.rate_not_found */
  removeRate(input: RemoveTaxRateInput, call?: Call): Promise<RegionalTaxRate>
}

/** The tax room, as `createCommerce` and upper rooms hold it. */
export interface Taxes {
  readonly service: TaxService
  /** Whether the host has a tax calculator, which is to be asked first. */
  readonly calculates: boolean
  /** The rate of each class where goods go, by one statement; a class without one is missing, and bears no tax. */
  rates(reader: Reader, input: RatesInput): Promise<ReadonlyMap<string, TaxRate>>
  /** What the host's tax calculator says, to be asked between transactions; its answers go before `rates`, class by class. @throws tx.outside_call, tax.calculator_failed */
  calculated(input: RatesInput): Promise<ReadonlyMap<string, CalculatedTax>>
}

export interface TaxDeps {
  readonly kernel: Kernel
  readonly adapters?: Pick<Adapters, 'tax'> | undefined
}

export function createTaxes({ kernel, adapters }: TaxDeps): Taxes {
  const { command, query } = kernel.useCases
  const list = query('taxes.list', listTaxRatesSchema, listTaxRates)
  return {
    calculates: adapters?.tax !== undefined,
    rates: findTaxRates,
    calculated: askCalculator({ kernel, calculator: adapters?.tax }),
    service: {
      setRate: command('taxes.setRate', setTaxRateSchema, setTaxRate(kernel)),
      list: (input = {}, call) => list(input, call),
      removeRate: command('taxes.removeRate', removeTaxRateSchema, removeTaxRate),
    },
  }
}
