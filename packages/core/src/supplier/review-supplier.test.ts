import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel, sql } from '../kernel/index.js'
import { openTestKernel, testDatabases } from '../testing/index.js'
import { createSuppliers, type SupplierHooks, type SupplierService, type Suppliers, supplierTables } from './index.js'
import { supplierTrailTable } from './trail.entity.js'

const staff = { actor: { type: 'staff', id: '42' } } as const

for (const database of testDatabases()) {
  describe(`review of a supplier on ${database.name}`, () => {
    let kernel: Kernel
    let close: () => Promise<void>
    let room: Suppliers
    let suppliers: SupplierService

    beforeEach(async () => {
      ;({ kernel, close } = await openTestKernel(database, [{ owner: 'core', migrations: [createTables('0001', supplierTables)] }]))
      room = createSuppliers({ kernel })
      suppliers = room.service
    })
    afterEach(() => close())

    async function approved(name = 'Lotus Tea'): Promise<string> {
      const { id: supplierId } = await suppliers.apply({ name })
      await suppliers.startReview({ supplierId })
      await suppliers.approve({ supplierId })
      return supplierId
    }

    it('leads from application over a request for more to approval, and the trail tells who did what and why', async () => {
      const { id: supplierId } = await suppliers.apply({ name: 'Lotus Tea', country: 'CN', contact: { email: 'tea@lotus.example' } })
      await suppliers.startReview({ supplierId }, staff)
      await suppliers.requestMore({ supplierId, what: 'business licence' }, staff)
      const { id: documentId } = await suppliers.addDocument({ supplierId, kind: 'business-licence', number: '91310000' })
      await suppliers.resubmit({ supplierId })
      await suppliers.startReview({ supplierId }, staff)
      expect(await suppliers.approve({ supplierId }, staff)).toMatchObject({ name: 'Lotus Tea', country: 'CN', status: 'approved' })

      const { items } = await suppliers.trail({ supplierId })
      expect(items.map(({ action, from, to, by, reason, subjectId }) => [action, from, to, by, reason, subjectId])).toEqual([
        ['applied', null, 'applied', 'system', null, null],
        ['review_started', 'applied', 'in_review', 'staff:42', null, null],
        ['more_requested', 'in_review', 'more_requested', 'staff:42', 'business licence', null],
        ['document_added', 'more_requested', 'more_requested', 'system', 'business-licence', documentId],
        ['resubmitted', 'more_requested', 'applied', 'system', null, null],
        ['review_started', 'applied', 'in_review', 'staff:42', null, null],
        ['approved', 'in_review', 'approved', 'staff:42', null, null],
      ])
      expect(items.every(({ at }) => at === '2026-01-01T00:00:00.000Z')).toBe(true)
    })

    it('closes a rejected application: no step, no document and no contract follows', async () => {
      const { id: supplierId } = await suppliers.apply({ name: 'Nobody Ltd' })
      await suppliers.startReview({ supplierId })
      expect((await suppliers.reject({ supplierId, reason: 'forged licence' }, staff)).status).toBe('rejected')
      await expect(suppliers.resubmit({ supplierId })).rejects.toMatchObject({ code: 'supplier.step_refused', kind: 'not_allowed' })
      await expect(suppliers.addDocument({ supplierId, kind: 'x' })).rejects.toMatchObject({ code: 'supplier.rejected' })
      await expect(suppliers.setContract({ supplierId, settlement: { cycle: 'manual', holdDays: 0 } })).rejects.toMatchObject({
        code: 'supplier.rejected',
      })
      await expect(suppliers.update({ supplierId, name: 'Somebody Ltd' })).rejects.toMatchObject({ code: 'supplier.rejected' })
      expect((await suppliers.trail({ supplierId })).items.at(-1)).toMatchObject({
        action: 'rejected',
        reason: 'forged licence',
        by: 'staff:42',
      })
    })

    it('suspends and reinstates, telling upper rooms inside the transaction', async () => {
      const told: string[] = []
      const hooks = kernel.hooks<SupplierHooks>()
      hooks.join('supplier.approved', async () => void told.push('approved'))
      hooks.join('supplier.suspended', async ({ reason }, tx) => {
        const [supplier] = (await room.find(tx, [supplierId])).values()
        told.push(`${supplier?.status}: ${reason}`)
      })
      hooks.join('supplier.reinstated', async () => void told.push('reinstated'))
      const supplierId = await approved()
      await suppliers.suspend({ supplierId, reason: 'complaints' })
      await suppliers.reinstate({ supplierId })
      expect(told).toEqual(['approved', 'suspended: complaints', 'reinstated'])
    })

    it('undoes the step, its trail and its event when a hook refuses', async () => {
      const supplierId = await approved()
      kernel.hooks<SupplierHooks>().join('supplier.suspended', async () => {
        throw new Error('not now')
      })
      const events: unknown[] = []
      kernel.events.on('supplier.suspended', (event) => events.push(event))
      await expect(suppliers.suspend({ supplierId, reason: 'x' })).rejects.toThrow('not now')
      expect((await suppliers.get({ supplierId })).status).toBe('approved')
      expect((await suppliers.trail({ supplierId })).items).toHaveLength(3)
      await kernel.background.drain()
      expect(events).toEqual([])
    })

    it('lets one of many decisions at once stand', async () => {
      const { id: supplierId } = await suppliers.apply({ name: 'Contested' })
      await suppliers.startReview({ supplierId })
      const decisions = await Promise.allSettled(
        Array.from({ length: 10 }, (_, index) =>
          index % 2 ? suppliers.approve({ supplierId }) : suppliers.reject({ supplierId, reason: 'no' }),
        ),
      )
      expect(decisions.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      expect((await suppliers.trail({ supplierId })).items).toHaveLength(3)
    })

    it('writes the same application once per idempotency key', async () => {
      const first = await suppliers.apply({ name: 'Lotus Tea' }, { idempotencyKey: 'a' })
      expect(await suppliers.apply({ name: 'Lotus Tea' }, { idempotencyKey: 'a' })).toEqual(first)
      expect((await suppliers.list()).items).toHaveLength(1)
    })

    it('corrects particulars, leaves what is not given, empties what is null', async () => {
      const { id: supplierId } = await suppliers.apply({ name: 'Lotus', legalName: 'Lotus Co.', metadata: { erp: 7 } })
      await suppliers.update({ supplierId, name: 'Lotus Tea', legalName: null, country: undefined }, staff)
      expect(await suppliers.get({ supplierId })).toMatchObject({ name: 'Lotus Tea', legalName: null, metadata: { erp: 7 } })
      expect((await suppliers.trail({ supplierId })).items.at(-1)).toMatchObject({
        action: 'updated',
        reason: 'name, legalName',
        by: 'staff:42',
      })
    })

    it('lists by status, page by page', async () => {
      const ids = [await approved('A'), await approved('B'), await approved('C')]
      await suppliers.apply({ name: 'D' })
      const first = await suppliers.list({ status: 'approved', limit: 2 })
      const second = await suppliers.list({ status: 'approved', limit: 2, after: first.next ?? '' })
      expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids)
      expect(second.next).toBeNull()
    })

    it('refuses what it does not know', async () => {
      await expect(suppliers.get({ supplierId: 'sup_none' })).rejects.toMatchObject({ code: 'supplier.not_found', kind: 'not_found' })
      await expect(suppliers.approve({ supplierId: 'sup_none' })).rejects.toMatchObject({ code: 'supplier.not_found' })
      await expect(suppliers.apply({ name: '  ' })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(suppliers.apply({ name: 'a\0b' })).rejects.toMatchObject({ code: 'input.invalid' })
      for (const country of ['UK', 'ZZ', 'EU', 'cn', 'CHN'])
        await expect(suppliers.apply({ name: 'A', country })).rejects.toMatchObject({ code: 'input.invalid' })
    })

    it('keeps a trail that nobody can change', async () => {
      await approved()
      await expect(
        kernel.database.transaction(undefined, (tx) => tx.run(sql`UPDATE ${supplierTrailTable} SET reason = 'bribed'`)),
      ).rejects.toThrow('append-only')
      await expect(kernel.database.transaction(undefined, (tx) => tx.run(sql`DELETE FROM ${supplierTrailTable}`))).rejects.toThrow(
        'append-only',
      )
    })
  })
}
