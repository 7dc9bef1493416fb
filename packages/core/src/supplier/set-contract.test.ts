import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel, sql } from '../kernel/index.js'
import { openTestKernel, type TestClock, testDatabases } from '../testing/index.js'
import {
  createSuppliers,
  type SupplierContract,
  type SupplierHooks,
  type Suppliers,
  supplierContractTable,
  supplierTables,
} from './index.js'

const monthly = { cycle: 'monthly', holdDays: 7, threshold: 5000 } as const

for (const database of testDatabases()) {
  describe(`contracts of a supplier on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestClock
    let close: () => Promise<void>
    let room: Suppliers
    let supplierId: string

    beforeEach(async () => {
      ;({ kernel, clock, close } = await openTestKernel(database, [{ owner: 'core', migrations: [createTables('0001', supplierTables)] }]))
      room = createSuppliers({ kernel })
      supplierId = (await room.service.apply({ name: 'Lotus Tea' })).id
    })
    afterEach(() => close())

    const at = (time: string) => room.service.contract({ supplierId, at: time })

    it('gives back the terms as they were agreed, to the fourth decimal', async () => {
      const contract = await room.service.setContract({
        supplierId,
        commission: { percent: 12.3456, campaign: 'spring' },
        settlement: monthly,
      })
      expect(contract).toMatchObject({
        version: 1,
        commission: { percent: 12.3456, campaign: 'spring' },
        settlement: monthly,
        validFrom: clock.now(),
        createdBy: 'system',
      })
      expect(await room.service.contract({ supplierId })).toEqual(contract)
    })

    it('holds from validFrom, inclusive, until a later one begins; the newer of two that begin together', async () => {
      await room.service.setContract({ supplierId, settlement: { cycle: 'daily', holdDays: 1 }, validFrom: '2026-02-01T00:00:00Z' })
      await room.service.setContract({ supplierId, settlement: { cycle: 'daily', holdDays: 2 }, validFrom: '2026-03-01T08:00:00+08:00' })
      await room.service.setContract({ supplierId, settlement: { cycle: 'daily', holdDays: 3 }, validFrom: '2026-02-01T00:00:00Z' })
      expect(await at('2026-01-31T23:59:59.999Z')).toBeNull()
      expect((await at('2026-02-01T00:00:00.000Z'))?.settlement.holdDays).toBe(3)
      expect((await at('2026-02-28T23:59:59.999Z'))?.settlement.holdDays).toBe(3)
      expect((await at('2026-03-01T00:00:00.000Z'))?.settlement.holdDays).toBe(2)
      expect((await room.service.listContracts({ supplierId })).map(({ version, settlement }) => [version, settlement.holdDays])).toEqual([
        [1, 1],
        [2, 2],
        [3, 3],
      ])
    })

    it('finds the contracts of many suppliers by one statement', async () => {
      const other = (await room.service.apply({ name: 'Bamboo' })).id
      const none = (await room.service.apply({ name: 'Cedar' })).id
      for (const [id, holdDays] of [
        [supplierId, 1],
        [other, 2],
        [other, 3],
      ] as const) {
        await room.service.setContract({ supplierId: id, settlement: { cycle: 'manual', holdDays } })
      }
      const statements: string[] = []
      const stop = kernel.database.observe((text) => statements.push(text))
      const found = await kernel.database.read(undefined, (reader) => room.contracts(reader, [supplierId, other, none], reader.now))
      stop()
      expect([...found].map(([id, { settlement }]) => [id, settlement.holdDays])).toEqual(
        expect.arrayContaining([
          [supplierId, 1],
          [other, 3],
        ]),
      )
      expect(found.size).toBe(2)
      expect(statements).toHaveLength(1)
    })

    it('counts versions without a gap when ten are set at once', async () => {
      await Promise.all(
        Array.from({ length: 10 }, (_, holdDays) => room.service.setContract({ supplierId, settlement: { cycle: 'manual', holdDays } })),
      )
      expect((await room.service.listContracts({ supplierId })).map(({ version }) => version)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    })

    it('is refused as a whole when the room that must understand its terms refuses it', async () => {
      const seen: SupplierContract[] = []
      kernel.hooks<SupplierHooks>().join('supplier.contracted', async ({ contract }) => {
        seen.push(contract)
        if (contract.commission?.percent === undefined) throw new Error('no rate')
      })
      await expect(room.service.setContract({ supplierId, commission: { perCent: 5 }, settlement: monthly })).rejects.toThrow('no rate')
      expect(await room.service.contract({ supplierId })).toBeNull()
      await room.service.setContract({ supplierId, commission: { percent: 5 }, settlement: monthly })
      expect(seen).toHaveLength(2)
    })

    it('is never edited', async () => {
      await room.service.setContract({ supplierId, settlement: monthly })
      const edit = kernel.database.transaction(undefined, (tx) => tx.run(sql`UPDATE ${supplierContractTable} SET hold_days = 0`))
      await expect(edit).rejects.toThrow('append-only')
    })

    it('refuses terms that cannot be', async () => {
      const refused = [
        { ...monthly, holdDays: -1 },
        { ...monthly, holdDays: 0.5 },
        { ...monthly, threshold: Number.MAX_SAFE_INTEGER + 1 },
        { ...monthly, reserve: { percent: 101, days: 90 } },
        { ...monthly, reserve: { percent: 10, days: 0 } },
      ]
      for (const settlement of refused)
        await expect(room.service.setContract({ supplierId, settlement })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(room.service.setContract({ supplierId: 'sup_none', settlement: monthly })).rejects.toMatchObject({
        code: 'supplier.not_found',
      })
    })
  })
}
