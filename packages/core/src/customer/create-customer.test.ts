import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel } from '../kernel/index.js'
import { openTestKernel, testDatabases } from '../testing/index.js'
import { type Address, type CustomerService, createCustomers, customerTables } from './index.js'

const home: Address = { name: 'Li Lei', country: 'CN', city: '杭州', line1: '文三路 1' }

for (const database of testDatabases()) {
  describe(`customers on ${database.name}`, () => {
    let kernel: Kernel
    let close: () => Promise<void>
    let customers: CustomerService

    beforeEach(async () => {
      ;({ kernel, close } = await openTestKernel(database, [{ owner: 'core', migrations: [createTables('0001', customerTables)] }]))
      customers = createCustomers({ kernel }).service
    })
    afterEach(() => close())

    it('are found by the host’s own user id', async () => {
      const created = await customers.create({
        externalUserId: 'u-1',
        email: 'li@example.com',
        locale: 'zh-hans-cn',
        group: 'wholesale',
        metadata: { crm: [1, null] },
      })
      expect(created).toMatchObject({
        externalUserId: 'u-1',
        email: 'li@example.com',
        locale: 'zh-Hans-CN',
        name: null,
        erasedAt: null,
        metadata: { crm: [1, null] },
      })
      expect(await customers.findByUser({ externalUserId: 'u-1' })).toEqual(created)
      expect(await customers.findByUser({ externalUserId: 'u-2' })).toBeNull()
    })

    it('may be guests, as many as come', async () => {
      await Promise.all([customers.create(), customers.create({ email: 'a@example.com' }), customers.create({ email: 'a@example.com' })])
      expect((await customers.list()).items).toHaveLength(3)
      expect((await customers.list({ email: 'a@example.com' })).items).toHaveLength(2)
    })

    it('are one per user, also when twenty are created at once', async () => {
      const created = await Promise.allSettled(Array.from({ length: 20 }, () => customers.create({ externalUserId: 'u-1' })))
      expect(created.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
      const refused = created.find((result) => result.status === 'rejected')
      expect(refused?.reason).toMatchObject({ code: 'customer.user_taken', kind: 'duplicate_error' })
    })

    it('who were guests get a user at registration, unless another has it', async () => {
      const guest = await customers.create({ email: 'li@example.com' })
      const other = await customers.create()
      const registered = await customers.update({ customerId: guest.id, externalUserId: 'u-1', name: 'Li Lei' })
      expect(registered).toMatchObject({ externalUserId: 'u-1', email: 'li@example.com', name: 'Li Lei' })
      await expect(customers.update({ customerId: other.id, externalUserId: 'u-1' })).rejects.toMatchObject({ code: 'customer.user_taken' })
      expect((await customers.get({ customerId: other.id })).externalUserId).toBeNull()
    })

    it('leave the host’s transaction usable when a user is taken', async () => {
      await customers.create({ externalUserId: 'u-1' })
      const { id: customerId } = await customers.create()
      await kernel.database.transaction(undefined, async (tx) => {
        await customers.update({ customerId, externalUserId: 'u-1' }, { tx }).catch(() => {})
        await customers.update({ customerId, name: 'Han Meimei' }, { tx })
      })
      expect((await customers.get({ customerId })).name).toBe('Han Meimei')
    })

    it('change what is given and empty what is null', async () => {
      const { id: customerId } = await customers.create({ name: 'Li Lei', phone: '1', group: 'retail' })
      await customers.update({ customerId, phone: null, group: 'wholesale', name: undefined })
      expect(await customers.get({ customerId })).toMatchObject({ name: 'Li Lei', phone: null, group: 'wholesale' })
      expect((await customers.list({ group: 'wholesale' })).items).toHaveLength(1)
      expect((await customers.list({ group: 'retail' })).items).toHaveLength(0)
    })

    it('keep an address book of their own', async () => {
      const { id: customerId } = await customers.create()
      const { id: strangerId } = await customers.create()
      const { id: addressId } = await customers.addAddress({ customerId, address: { ...home, company: 'Lotus' } })
      await customers.addAddress({ customerId, address: { ...home, line1: '文三路 2' } })
      expect(await customers.updateAddress({ customerId, addressId, address: { ...home, line1: '文三路 3' } })).toMatchObject({
        line1: '文三路 3',
        company: null,
      })

      const stolen = { customerId: strangerId, addressId }
      await expect(customers.updateAddress({ ...stolen, address: home })).rejects.toMatchObject({ code: 'customer.address_not_found' })
      await expect(customers.removeAddress(stolen)).rejects.toMatchObject({ code: 'customer.address_not_found' })
      expect((await customers.listAddresses({ customerId })).map(({ line1 }) => line1)).toEqual(['文三路 3', '文三路 2'])

      await customers.removeAddress({ customerId, addressId })
      expect((await customers.listAddresses({ customerId })).map(({ line1 }) => line1)).toEqual(['文三路 2'])
    })

    it('are refused with what no database or post can take', async () => {
      const { id: customerId } = await customers.create()
      for (const country of ['UK', 'ZZ', 'de', 'Germany']) {
        await expect(customers.addAddress({ customerId, address: { ...home, country } })).rejects.toMatchObject({ code: 'input.invalid' })
      }
      await expect(customers.create({ name: 'x'.repeat(201) })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(customers.create({ name: 'a\0b' })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(customers.create({ locale: 'not a locale' })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(customers.create({ metadata: { when: new Date() } })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(customers.get({ customerId: 'cus_none' })).rejects.toMatchObject({ code: 'customer.not_found', kind: 'not_found' })
    })
  })
}
