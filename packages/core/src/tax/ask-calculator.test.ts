import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Kernel } from '../kernel/index.js'
import type { CalculatedTax, TaxQuery } from '../ports/index.js'
import { openTestKernel, testDatabases } from '../testing/index.js'
import { createTaxes } from './index.js'

const query: TaxQuery = { country: 'US', region: 'CA', classes: ['standard', 'food'], at: '2026-01-01T00:00:00.000Z' }
const standard: CalculatedTax = { percent: 7.25, included: false, remits: 'platform' }

for (const database of testDatabases()) {
  describe(`a tax calculator on ${database.name}`, () => {
    let kernel: Kernel
    let close: () => Promise<void>

    beforeEach(async () => {
      ;({ kernel, close } = await openTestKernel(database))
    })
    afterEach(() => close())

    const taxesOf = (answers: Readonly<Record<string, CalculatedTax>>) =>
      createTaxes({ kernel, adapters: { tax: { rates: async () => new Map(Object.entries(answers)) } } })

    it('answers for the classes it knows of those asked about', async () => {
      expect(await taxesOf({ standard, toys: standard }).calculated(query)).toEqual(new Map([['standard', standard]]))
    })

    it('answers nothing where there is none', async () => {
      expect(await createTaxes({ kernel }).calculated(query)).toEqual(new Map())
    })

    it('is never asked inside a transaction', async () => {
      const asked = kernel.database.transaction(undefined, () => taxesOf({ standard }).calculated(query))
      await expect(asked).rejects.toMatchObject({ code: 'tx.outside_call' })
    })

    it('is refused where its answer is none that tax could be reckoned with', async () => {
      const refused = { code: 'tax.calculator_failed', details: { country: 'US', region: 'CA' } }
      await expect(taxesOf({ standard: { ...standard, percent: 7.123456 } }).calculated(query)).rejects.toMatchObject(refused)
      const nobody = JSON.parse('{"percent":7,"included":false,"remits":"nobody"}')
      await expect(taxesOf({ standard: nobody }).calculated(query)).rejects.toMatchObject(refused)
      const failing = createTaxes({ kernel, adapters: { tax: { rates: () => Promise.reject(new Error('503')) } } })
      await expect(failing.calculated(query)).rejects.toThrow('503')
    })
  })
}
