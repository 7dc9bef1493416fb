import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel } from '../kernel/index.js'
import { advance, openTestKernel, type TestClock, testDatabases } from '../testing/index.js'
import { createSuppliers, type SupplierEvents, type SupplierService, supplierTables } from './index.js'

type Expired = SupplierEvents['supplier.document_expired']

for (const database of testDatabases()) {
  describe(`expiry of documents on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestClock
    let close: () => Promise<void>
    let suppliers: SupplierService
    let supplierId: string
    let told: Expired[]

    beforeEach(async () => {
      ;({ kernel, clock, close } = await openTestKernel(database, [{ owner: 'core', migrations: [createTables('0001', supplierTables)] }]))
      suppliers = createSuppliers({ kernel }).service
      supplierId = (await suppliers.apply({ name: 'Lotus Tea' })).id
      told = []
      kernel.events.on('supplier.document_expired', (event: Expired) => told.push(event))
      await kernel.jobs.start()
    })
    afterEach(() => close())

    const licence = (expiresAt: string, kind = 'licence', mandatory = true) =>
      suppliers.addDocument({ supplierId, kind, expiresAt, mandatory })

    it('is told once, by the next daily run, and stands in the trail', async () => {
      const { id: documentId } = await licence('2026-02-01T00:00:00Z')
      await advance(kernel, clock, '2026-01-31T12:00:00.000Z')
      expect(told).toEqual([])
      await advance(kernel, clock, '2026-02-01T12:00:00.000Z')
      await advance(kernel, clock, '2026-02-03T12:00:00.000Z')
      expect(told).toEqual([{ supplierId, documentId, kind: 'licence', expiresAt: '2026-02-01T00:00:00.000Z' }])
      expect((await suppliers.trail({ supplierId })).items.at(-1)).toMatchObject({
        action: 'document_expired',
        subjectId: documentId,
        by: 'system',
        reason: 'licence',
      })
      expect(await suppliers.listDocuments({ supplierId })).toMatchObject([{ id: documentId, status: 'expired' }])
    })

    it('is not told of a document that was replaced or that is not mandatory', async () => {
      await licence('2026-02-01T00:00:00Z')
      await licence('2027-02-01T00:00:00Z')
      await licence('2026-02-01T00:00:00Z', 'award', false)
      await advance(kernel, clock, '2026-03-01T00:00:00.000Z')
      expect(told).toEqual([])
      expect((await suppliers.listDocuments({ supplierId })).map(({ kind, status }) => [kind, status])).toEqual([
        ['licence', 'replaced'],
        ['licence', 'valid'],
        ['award', 'expired'],
      ])
    })

    it('is told of more suppliers than one transaction takes', async () => {
      const more = await Promise.all(Array.from({ length: 120 }, (_, index) => suppliers.apply({ name: `S${index}` })))
      await Promise.all(more.map(({ id }) => suppliers.addDocument({ supplierId: id, kind: 'licence', expiresAt: '2026-01-02T00:00:00Z' })))
      await advance(kernel, clock, '2026-01-03T04:00:00.000Z')
      expect(told).toHaveLength(120)
    })

    it('keeps a supplier from approval until a valid one is there', async () => {
      await licence('2025-12-31T00:00:00Z')
      await suppliers.startReview({ supplierId })
      await expect(suppliers.approve({ supplierId })).rejects.toMatchObject({
        code: 'supplier.documents_expired',
        details: { kinds: ['licence'] },
      })
      expect((await suppliers.get({ supplierId })).status).toBe('in_review')
      await licence('2026-12-31T00:00:00Z')
      expect((await suppliers.approve({ supplierId })).status).toBe('approved')
    })

    it('leaves one current document of a kind when two are handed in at once', async () => {
      await Promise.all([licence('2026-06-01T00:00:00Z'), licence('2026-07-01T00:00:00Z')])
      expect((await suppliers.listDocuments({ supplierId })).filter(({ status }) => status === 'valid')).toHaveLength(1)
    })
  })
}
