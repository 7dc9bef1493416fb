import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel } from '../kernel/index.js'
import type { Carrier, Parcel } from '../ports/index.js'
import { openTestKernel, type Reported, testDatabases } from '../testing/index.js'
import { createShipping, type Shipping, shippingTables } from './index.js'

const parcel = (supplierId: string, rest: Partial<Parcel> = {}): Parcel => ({
  supplierId,
  country: 'CN',
  region: null,
  weightGrams: 900,
  value: 5000,
  currency: 'CNY',
  ...rest,
})

/** Carries everything by two services, and remembers what it was asked. */
function express(): Carrier & { readonly asked: (readonly Parcel[])[] } {
  const asked: (readonly Parcel[])[] = []
  const rates: Carrier['rates'] = async (parcels) => {
    asked.push(parcels)
    return parcels.map(({ weightGrams }) => [
      { service: 'next-day', name: 'Next day', amount: weightGrams * 2 },
      { service: 'standard', name: 'Standard', amount: weightGrams },
    ])
  }
  return { id: 'express', rates, asked }
}
const answering = (id: string, rates: Carrier['rates']): Carrier => ({ id, rates })

for (const database of testDatabases()) {
  describe(`shipping on ${database.name}`, () => {
    let kernel: Kernel
    let shipping: Shipping
    let carrier: ReturnType<typeof express>
    let close: () => Promise<void>
    let reports: readonly Reported[]
    beforeEach(async () => {
      ;({ kernel, close, reports } = await openTestKernel(database, [
        { owner: 'shipping', migrations: [createTables('0001', shippingTables)] },
      ]))
      carrier = express()
      const down = answering('down', () => Promise.reject(new Error('no route to host')))
      const odd = answering('odd', async () => [[{ service: 's', name: 'S', amount: 0.5 }]])
      const silent = answering('silent', async () => [])
      shipping = createShipping({ kernel, adapters: { carriers: [carrier, down, odd, silent] } })
    })
    afterEach(() => close())
    const post = { supplierId: null, name: 'Post', currency: 'CNY', flat: 800 } as const
    const quoted = (...parcels: Parcel[]) => kernel.database.read(undefined, (reader) => shipping.quote(reader, parcels))
    const amounts = (options: ReadonlyMap<string, readonly { amount: number }[]>) =>
      Object.fromEntries([...options].map(([id, some]) => [id, some.map(({ amount }) => amount)]))

    it('quotes every supplier its own methods and those for everybody, by one statement', async () => {
      await shipping.service.createMethod(post)
      await shipping.service.createMethod({
        ...post,
        supplierId: 'S1',
        flat: undefined,
        rates: [{ upToGrams: 500, amount: 300 }, { amount: 600 }],
      })
      await shipping.service.createMethod({ ...post, supplierId: 'S2', countries: ['US'] })
      let statements = 0
      const stop = kernel.database.observe(() => statements++)
      expect(amounts(await quoted(parcel('S1'), parcel('S2'), parcel('S3', { currency: 'USD' })))).toEqual({
        S1: [800, 600],
        S2: [800],
        S3: [],
      })
      stop()
      expect(statements).toBe(1)
    })

    it('offers a removed method no more, keeps it for the orders it carried, and may remove it twice', async () => {
      const method = await shipping.service.createMethod(post)
      await shipping.service.removeMethod({ methodId: method.id })
      await shipping.service.removeMethod({ methodId: method.id })
      expect(amounts(await quoted(parcel('S1')))).toEqual({ S1: [] })
      expect(await shipping.service.listMethods({})).toEqual({ items: [], next: null })
      const found = await kernel.database.read(undefined, (reader) => shipping.find(reader, [method.id]))
      expect(found.get(method.id)).toMatchObject({ name: 'Post', removedAt: '2026-01-01T00:00:00.000Z' })
      await expect(shipping.service.removeMethod({ methodId: 'shm_none' })).rejects.toMatchObject({ code: 'shipping.method_not_found' })
    })

    it('lists methods page by page, by whose they are', async () => {
      const first = await shipping.service.createMethod(post)
      const own = await shipping.service.createMethod({ ...post, supplierId: 'S1', metadata: { note: 'x' } })
      expect(await shipping.service.listMethods({ limit: 1 })).toEqual({ items: [first], next: first.id })
      expect(await shipping.service.listMethods({ limit: 1, after: first.id })).toEqual({ items: [own], next: null })
      expect((await shipping.service.listMethods({ supplierId: null })).items).toEqual([first])
      expect((await shipping.service.listMethods({ supplierId: 'S1' })).items).toEqual([own])
    })

    it('asks a carrier once for all parcels, and offers the service that is named or else the cheapest', async () => {
      const live = { supplierId: null, currency: 'CNY', carrier: 'express' } as const
      await shipping.service.createMethod({ ...live, name: 'Cheapest' })
      await shipping.service.createMethod({ ...live, name: 'Fast', service: 'next-day', freeFrom: 9000 })
      await shipping.service.createMethod({ ...live, name: 'By drone', service: 'drone' })
      await shipping.service.createMethod({ ...live, name: 'At a fixed price', flat: 1 })
      const options = await shipping.quoteCarriers([parcel('S1'), parcel('S2', { value: 9000 }), parcel('S3', { currency: 'USD' })])
      expect(amounts(options)).toEqual({ S1: [900, 1800], S2: [900, 0], S3: [] })
      expect(carrier.asked.map((parcels) => parcels.map(({ supplierId }) => supplierId))).toEqual([['S1', 'S2']])
    })

    it('leaves out the methods of a carrier that fails or answers nonsense, and no others', async () => {
      for (const carrier of ['down', 'odd', 'silent', 'express'])
        await shipping.service.createMethod({ supplierId: null, currency: 'CNY', name: carrier, carrier })
      const options = await shipping.quoteCarriers([parcel('S1')])
      expect(options.get('S1')?.map(({ name }) => name)).toEqual(['express'])
      expect(reports.map(({ message }) => message)).toEqual(['down', 'odd', 'silent'].map((carrier) => `carrier ${carrier} gave no rates`))
    })

    it('asks no carrier inside a transaction', async () => {
      const inside = kernel.database.transaction(undefined, () => shipping.quoteCarriers([parcel('S1')]))
      await expect(inside).rejects.toMatchObject({ code: 'tx.outside_call' })
    })

    it('refuses a method without a price, with two, of an unknown carrier, or to a country that is none', async () => {
      const { createMethod } = shipping.service
      await expect(createMethod({ supplierId: null, name: 'Post', currency: 'CNY' })).rejects.toThrow(/has no price/)
      await expect(createMethod({ ...post, rates: [{ amount: 1 }] })).rejects.toThrow(/has one price/)
      await expect(createMethod({ ...post, service: 'next-day' })).rejects.toThrow(/give the carrier too/)
      await expect(createMethod({ ...post, carrier: 'nobody' })).rejects.toMatchObject({ code: 'shipping.carrier_unknown' })
      await expect(createMethod({ ...post, countries: ['XX'] })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(createMethod({ ...post, regions: ['California'] })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(createMethod({ ...post, currency: 'cny' })).rejects.toMatchObject({ code: 'input.invalid' })
    })
  })
}
