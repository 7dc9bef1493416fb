import { type Emit, emit } from '../kernel/index.js'

export interface TaxEvents {
  'tax.rate_set': { readonly rateId: string; readonly country: string; readonly region: string | null; readonly taxClass: string }
  'tax.rate_removed': { readonly rateId: string }
}

export const emitTax: Emit<TaxEvents> = emit
