import { describe, expect, it } from 'vitest'
import type { TaxQuery } from '../ports/index.js'
import { quotedTaxes, type TaxQuote } from './tax-quote.js'

const wanted: TaxQuery = { country: 'US', region: 'CA', classes: ['standard'], at: '2026-01-01T00:59:59.999Z' }
const standard = { percent: 7.25, included: false, remits: 'platform' } as const
const quote: TaxQuote = {
  ...wanted,
  classes: ['standard', 'food'],
  at: '2026-01-01T00:00:00.000Z',
  taxes: [['standard', standard]],
}

describe('what a tax calculator said', () => {
  it('holds for an hour, for its destination and for the classes that it was asked about', () => {
    expect(quotedTaxes(quote, wanted)).toEqual(new Map([['standard', standard]]))
    expect(quotedTaxes(quote, { ...wanted, classes: ['food'] })).toEqual(new Map([['standard', standard]]))
    expect(quotedTaxes(null, wanted)).toBeNull()
    expect(quotedTaxes(quote, { ...wanted, at: '2026-01-01T01:00:00.000Z' })).toBeNull()
    expect(quotedTaxes(quote, { ...wanted, country: 'CA' })).toBeNull()
    expect(quotedTaxes(quote, { ...wanted, region: null })).toBeNull()
    expect(quotedTaxes(quote, { ...wanted, classes: ['standard', 'toys'] })).toBeNull()
  })
})
