import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel } from '../kernel/index.js'
import { openTestKernel, type TestClock, testDatabases } from '../testing/index.js'
import { createTaxes, type SetTaxRateInput, type Taxes, taxTables } from './index.js'

const vat = { country: 'DE', percent: 19, included: true, remits: 'supplier' } as const satisfies SetTaxRateInput
const sales = { country: 'US', percent: 0, included: false, remits: 'platform' } as const satisfies SetTaxRateInput

for (const database of testDatabases()) {
  describe(`tax rates on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestClock
    let close: () => Promise<void>
    let taxes: Taxes

    beforeEach(async () => {
      ;({ kernel, clock, close } = await openTestKernel(database, [{ owner: 'core', migrations: [createTables('0001', taxTables)] }]))
      taxes = createTaxes({ kernel })
    })
    afterEach(() => close())

    async function percents(country: string, region: string | null = null, at = clock.now(), classes = ['standard', 'reduced']) {
      const rates = await kernel.database.read(undefined, (reader) => taxes.rates(reader, { country, region, classes, at }))
      return Object.fromEntries([...rates].map(([taxClass, { percent }]) => [taxClass, percent]))
    }

    it('are told by class, and a class without one bears none', async () => {
      await taxes.service.setRate(vat)
      await taxes.service.setRate({ ...vat, taxClass: 'reduced', percent: 7 })
      expect(await percents('DE')).toEqual({ standard: 19, reduced: 7 })
      expect(await percents('DE', null, clock.now(), ['books'])).toEqual({})
      expect(await percents('DE', null, clock.now(), [])).toEqual({})
      expect(await percents('FR')).toEqual({})
    })

    it('say whether prices contain them, who remits them, and which they are, to the fourth decimal', async () => {
      const { id: rateId } = await taxes.service.setRate({ ...sales, region: 'CA', percent: 8.8755 })
      const found = await kernel.database.read(undefined, (reader) =>
        taxes.rates(reader, { country: 'US', region: 'ca', classes: ['standard'], at: reader.now }),
      )
      expect(found.get('standard')).toEqual({ id: rateId, percent: 8.8755, included: false, remits: 'platform', per: null })
    })

    it('of the region go before those of the country, however old they are', async () => {
      await taxes.service.setRate({ ...sales, region: 'CA', percent: 7.25, validFrom: '2020-01-01T00:00:00Z' })
      await taxes.service.setRate({ ...sales, percent: 1, validFrom: '2025-01-01T00:00:00Z' })
      expect(await percents('US', 'US-CA')).toEqual({ standard: 7.25 })
      expect(await percents('US', 'NV')).toEqual({ standard: 1 })
      expect(await percents('US')).toEqual({ standard: 1 })
    })

    it('hold from inclusive to exclusive, and give way to a later one for its time', async () => {
      await taxes.service.setRate({ ...vat, validFrom: '2020-01-01T00:00:00Z' })
      await taxes.service.setRate({ ...vat, percent: 16, validFrom: '2020-07-01T00:00:00+02:00', validTo: '2021-01-01T00:00:00+01:00' })
      expect(await percents('DE', null, '2019-12-31T23:59:59.999Z')).toEqual({})
      expect(await percents('DE', null, '2020-06-30T21:59:59.999Z')).toEqual({ standard: 19 })
      expect(await percents('DE', null, '2020-06-30T22:00:00.000Z')).toEqual({ standard: 16 })
      expect(await percents('DE', null, '2020-12-31T22:59:59.999Z')).toEqual({ standard: 16 })
      expect(await percents('DE', null, '2020-12-31T23:00:00.000Z')).toEqual({ standard: 19 })
    })

    it('that begin together: the newer holds', async () => {
      await taxes.service.setRate(vat)
      await taxes.service.setRate({ ...vat, percent: 20 })
      expect(await percents('DE')).toEqual({ standard: 20 })
    })

    it('that are removed end now, keep their past, and may be removed again', async () => {
      const { id: rateId } = await taxes.service.setRate(vat)
      clock.set('2026-02-01T00:00:00.000Z')
      expect((await taxes.service.removeRate({ rateId })).validTo).toBe('2026-02-01T00:00:00.000Z')
      clock.set('2026-03-01T00:00:00.000Z')
      expect((await taxes.service.removeRate({ rateId })).validTo).toBe('2026-02-01T00:00:00.000Z')
      expect(await percents('DE')).toEqual({})
      expect(await percents('DE', null, '2026-01-31T23:59:59.999Z')).toEqual({ standard: 19 })
    })

    it('that are removed before they begin never hold', async () => {
      const { id: rateId } = await taxes.service.setRate({ ...vat, validFrom: '2026-06-01T00:00:00Z' })
      await taxes.service.removeRate({ rateId })
      expect(await percents('DE', null, '2026-06-01T00:00:00.000Z')).toEqual({})
    })

    it('are listed by country and moment', async () => {
      await taxes.service.setRate(vat)
      await taxes.service.setRate({ ...vat, percent: 20, validFrom: '2027-01-01T00:00:00Z' })
      await taxes.service.setRate(sales)
      const shown = async (input: Parameters<Taxes['service']['list']>[0]) =>
        (await taxes.service.list(input)).items.map(({ country, percent }) => [country, percent])
      expect(await shown({})).toEqual([
        ['DE', 19],
        ['DE', 20],
        ['US', 0],
      ])
      expect(await shown({ country: 'DE' })).toEqual([
        ['DE', 19],
        ['DE', 20],
      ])
      expect(await shown({ country: 'DE', at: '2026-05-01T00:00:00Z' })).toEqual([['DE', 19]])
    })

    it('are read by one statement, however many classes', async () => {
      const statements: string[] = []
      const stop = kernel.database.observe((text) => statements.push(text))
      await percents(
        'DE',
        'BY',
        clock.now(),
        Array.from({ length: 200 }, (_, index) => `class-${index}`),
      )
      stop()
      expect(statements).toHaveLength(1)
    })

    it('that cannot be are refused', async () => {
      const refused = [
        { percent: 100.5 },
        { percent: -1 },
        { percent: 1.23456 },
        { country: 'XX' },
        { country: 'UK' },
        { validFrom: 'tomorrow' },
      ]
      for (const wrong of refused)
        await expect(taxes.service.setRate({ ...vat, ...wrong })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(taxes.service.setRate({ ...vat, validTo: clock.now() })).rejects.toMatchObject({ code: 'tax.validity_empty' })
      await expect(taxes.service.removeRate({ rateId: 'txr_none' })).rejects.toMatchObject({
        code: 'tax.rate_not_found',
        kind: 'not_found',
      })
    })
  })
}
