import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AnyTable, createTables, type Kernel, kernelTables, sql } from '../kernel/index.js'
import { openTestKernel, type TestClock, testDatabases } from '../testing/index.js'
import { type Address, type CustomerHooks, type Customers, createCustomers, customerTables } from './index.js'

const secret = 'Wang Fang'
const home: Address = {
  name: secret,
  company: `${secret} Ltd`,
  phone: `${secret} 1`,
  email: 'wang.fang@example.com',
  country: 'CN',
  region: 'ZJ',
  city: `${secret} city`,
  postalCode: `${secret} 2`,
  line1: `${secret} street`,
  line2: `${secret} floor`,
}

for (const database of testDatabases()) {
  describe(`erasure of a customer on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestClock
    let close: () => Promise<void>
    let room: Customers

    beforeEach(async () => {
      ;({ kernel, clock, close } = await openTestKernel(database, [{ owner: 'core', migrations: [createTables('0001', customerTables)] }]))
      room = createCustomers({ kernel })
    })
    afterEach(() => close())

    const snapshot = (customerId: string | null) =>
      kernel.database.transaction(undefined, (tx) => room.snapshot(tx, { customerId, address: home }))
    const contact = async (id: string) => (await kernel.database.read(undefined, (reader) => room.contacts(reader, [id]))).get(id)

    async function wangFang(): Promise<string> {
      const input = {
        externalUserId: `${secret} id`,
        email: 'wang.fang@example.com',
        name: secret,
        phone: `${secret} 3`,
        group: 'vip',
        metadata: { nick: secret },
      }
      return (await room.service.create(input, { idempotencyKey: 'k1' })).id
    }

    /** Everything that all tables hold, as text. */
    async function everything(): Promise<string> {
      const tables: readonly AnyTable[] = [...customerTables, ...kernelTables]
      return kernel.database.read(undefined, async (reader) => {
        const rows = []
        for (const table of tables) rows.push(await reader.all(sql`SELECT * FROM ${table}`))
        return JSON.stringify(rows).toLowerCase()
      })
    }

    it('leaves nothing of the person in any table, and every id', async () => {
      const customerId = await wangFang()
      await room.service.addAddress({ customerId, address: home }, { idempotencyKey: 'k2' })
      await room.service.update({ customerId, locale: 'zh-CN' }, { idempotencyKey: 'k3' })
      const contactId = await snapshot(customerId)
      expect(await everything()).toContain('wang')

      await room.service.erase({ customerId })
      expect(await everything()).not.toContain('wang')
      expect(await room.service.get({ customerId })).toMatchObject({
        id: customerId,
        erasedAt: clock.now(),
        externalUserId: null,
        email: null,
        metadata: {},
      })
      expect(await room.service.listAddresses({ customerId })).toEqual([])
      expect(await contact(contactId)).toMatchObject({
        id: contactId,
        customerId,
        erased: true,
        name: null,
        line1: null,
        country: 'CN',
        region: 'ZJ',
      })
    })

    it('leaves other customers as they were', async () => {
      const other = await room.service.create({ name: 'Han Meimei' }, { idempotencyKey: 'other' })
      const contactId = await snapshot(other.id)
      await room.service.erase({ customerId: await wangFang() })
      expect(await room.service.get({ customerId: other.id })).toEqual(other)
      expect(await contact(contactId)).toMatchObject({ erased: false, name: secret })
      expect(await room.service.create({ name: 'Han Meimei' }, { idempotencyKey: 'other' })).toEqual(other)
    })

    it('may be repeated, keeps its first moment, and is told once', async () => {
      const told: unknown[] = []
      kernel.events.on('customer.erased', (event) => told.push(event))
      const customerId = await wangFang()
      await room.service.erase({ customerId })
      const { erasedAt } = await room.service.get({ customerId })
      clock.set('2026-06-01T00:00:00.000Z')
      await room.service.erase({ customerId })
      expect((await room.service.get({ customerId })).erasedAt).toBe(erasedAt)
      expect(told).toEqual([{ customerId }])
    })

    it('lets nothing personal be written for that id again, and the user come back as another customer', async () => {
      const customerId = await wangFang()
      await room.service.erase({ customerId })
      const writes = [
        room.service.update({ customerId, name: secret }),
        room.service.addAddress({ customerId, address: home }),
        snapshot(customerId),
      ]
      for (const write of await Promise.allSettled(writes))
        expect(write).toMatchObject({ status: 'rejected', reason: { code: 'customer.erased' } })
      expect(await room.service.findByUser({ externalUserId: `${secret} id` })).toBeNull()
      expect((await room.service.create({ externalUserId: `${secret} id` })).id).not.toBe(customerId)
    })

    it('misses no address that is being written at the same moment', async () => {
      const customerId = await wangFang()
      await Promise.allSettled([
        ...Array.from({ length: 5 }, () => snapshot(customerId)),
        room.service.erase({ customerId }),
        ...Array.from({ length: 5 }, () => room.service.addAddress({ customerId, address: home })),
      ])
      expect(await everything()).not.toContain('wang')
    })

    it('reaches what a guest’s cart took before its customer was known, once it is adopted', async () => {
      const [mine, foreign] = [await snapshot(null), await snapshot((await room.service.create()).id)]
      const customerId = await wangFang()
      await kernel.database.transaction(undefined, (tx) => room.adopt(tx, { contactIds: [mine, foreign], customerId }))
      await room.service.erase({ customerId })
      expect(await contact(mine)).toMatchObject({ customerId, erased: true, name: null })
      expect(await contact(foreign)).toMatchObject({ erased: false, name: secret })
    })

    it('can be had for one contact that is nobody’s', async () => {
      const contactId = await snapshot(null)
      await room.service.eraseContact({ contactId })
      await room.service.eraseContact({ contactId })
      expect(await contact(contactId)).toMatchObject({ erased: true, name: null, country: 'CN' })
      await expect(room.service.eraseContact({ contactId: 'cnt_none' })).rejects.toMatchObject({ code: 'customer.contact_not_found' })
    })

    it('asks upper rooms and plugins to blank theirs, and stands or falls with them', async () => {
      const customerId = await wangFang()
      let refuse = true
      kernel.hooks<CustomerHooks>().join('customer.erasing', async (input) => {
        expect(input).toEqual({ customerId })
        if (refuse) throw new Error('not yet')
      })
      await expect(room.service.erase({ customerId })).rejects.toThrow('not yet')
      expect((await room.service.get({ customerId })).name).toBe(secret)
      refuse = false
      await room.service.erase({ customerId })
      expect((await room.service.get({ customerId })).name).toBeNull()
    })

    it('of nobody is refused', async () => {
      await expect(room.service.erase({ customerId: 'cus_none' })).rejects.toMatchObject({ code: 'customer.not_found' })
    })
  })
}
