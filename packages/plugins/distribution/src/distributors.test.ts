import { testDatabases } from '@entrepot/core/testing'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type DistributionFixture, openDistribution } from './distribution.fixture.js'
import type { Distributor } from './distributor.js'

for (const database of testDatabases()) {
  describe(`distributors on ${database.name}`, () => {
    let shop: DistributionFixture
    beforeAll(async () => {
      shop = await openDistribution(database, { levels: { bronze: 5, gold: 12 } })
    })
    afterAll(() => shop.close())

    it('apply, are approved, suspended and reinstated, and every step stands in the trail', async () => {
      const { distribution } = shop.commerce
      const { id: distributorId, status } = await distribution.apply({ name: 'Anna', code: 'anna' })
      expect(status).toBe('applied')
      await distribution.approve({ distributorId }, { actor: { type: 'staff', id: '42' } })
      await distribution.suspend({ distributorId, reason: 'false claims' })
      expect(await distribution.reinstate({ distributorId })).toMatchObject({ status: 'approved', code: 'ANNA' })
      const { items } = await distribution.trail({ distributorId })
      expect(items.map(({ action, by, reason }) => [action, by, reason])).toEqual([
        ['applied', 'system', null],
        ['approved', 'staff:42', null],
        ['suspended', 'system', 'false claims'],
        ['reinstated', 'system', null],
      ])
    })

    it('take no step out of turn', async () => {
      const { distribution } = shop.commerce
      const { id: distributorId } = await distribution.apply({ name: 'Ben' })
      await expect(distribution.suspend({ distributorId, reason: 'x' })).rejects.toMatchObject({ code: 'distribution.step_refused' })
      await expect(distribution.approve({ distributorId: 'dst_none' })).rejects.toMatchObject({ code: 'distribution.not_found' })
    })

    it('may apply again as the same distributor after a rejection', async () => {
      const { distribution } = shop.commerce
      const customerId = await shop.customer()
      const first = await distribution.apply({ name: 'Cleo', customerId })
      await distribution.reject({ distributorId: first.id, reason: 'no shop' })
      expect(await distribution.apply({ name: 'Cleo & Co', customerId })).toMatchObject({
        id: first.id,
        status: 'applied',
        name: 'Cleo & Co',
      })
      await expect(distribution.apply({ name: 'Cleo', customerId })).rejects.toMatchObject({ code: 'distribution.taken' })
    })

    it('have a code that is nobody else’s', async () => {
      const { distribution } = shop.commerce
      await distribution.apply({ name: 'Dora', code: 'DORA' })
      await expect(distribution.apply({ name: 'Dorothy', code: 'dora' })).rejects.toMatchObject({ code: 'distribution.taken' })
    })

    it('stand below approved distributors alone', async () => {
      const { distribution } = shop.commerce
      const { id: parentId } = await distribution.apply({ name: 'Emil' })
      await expect(distribution.apply({ name: 'Finn', parentId })).rejects.toMatchObject({ code: 'distribution.not_approved' })
    })

    it('never stand above themselves', async () => {
      const { distribution } = shop.commerce
      const top = await shop.distributor('top')
      const middle = await shop.distributor('middle', top.id)
      const bottom = await shop.distributor('bottom', middle.id)
      await expect(distribution.move({ distributorId: top.id, parentId: bottom.id })).rejects.toMatchObject({ code: 'distribution.cycle' })
      await expect(distribution.move({ distributorId: top.id, parentId: top.id })).rejects.toMatchObject({ code: 'distribution.cycle' })
      expect(await distribution.move({ distributorId: bottom.id, parentId: top.id })).toMatchObject({ parentId: top.id })
      expect((await distribution.list({ parentId: top.id })).items.map(({ name }) => name)).toEqual(['middle', 'bottom'])
    })

    it('make no ring when two move under each other at once', async () => {
      const { distribution } = shop.commerce
      const pairs = await Promise.all(Array.from({ length: 4 }, () => Promise.all([shop.distributor('left'), shop.distributor('right')])))
      const under = (child: Distributor, parent: Distributor) => distribution.move({ distributorId: child.id, parentId: parent.id })
      for (const [left, right] of pairs) {
        const moves = await Promise.allSettled([under(left, right), under(right, left)])
        expect(moves.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
      }
    })

    it('have only levels that the plan names', async () => {
      const { distribution } = shop.commerce
      const { id: distributorId } = await shop.distributor('Gold')
      expect(await distribution.update({ distributorId, level: 'gold' })).toMatchObject({ level: 'gold' })
      await expect(distribution.update({ distributorId, level: 'platinum' })).rejects.toMatchObject({ code: 'distribution.level_unknown' })
    })

    it('come over from elsewhere with their tree, once, in a number of statements that is not theirs', async () => {
      const { distribution } = shop.commerce
      const chain = (prefix: string, length: number) =>
        Array.from({ length }, (_, index) => ({
          externalId: `${prefix}${index}`,
          parentId: index === 0 ? undefined : `${prefix}${index - 1}`,
        }))
      const few = await shop.statements(() => distribution.import({ distributors: chain('few', 2) }))
      const many = await shop.statements(() => distribution.import({ distributors: chain('many', 200) }))
      expect(many.length).toBe(few.length)

      const [first, second] = await distribution.import({ distributors: chain('few', 2) })
      expect(second).toMatchObject({ externalId: 'few1', parentId: first?.id, status: 'approved' })
      expect(await distribution.register({ externalId: 'few1' })).toEqual(second)
      expect(await distribution.find({ externalId: 'few1' })).toEqual(second)
      await expect(distribution.register({ externalId: 'lost', parentId: 'nobody' })).rejects.toMatchObject({
        code: 'distribution.not_found',
      })
    })

    it('keep their place and lose their name when the customer that they are is erased', async () => {
      const customerId = await shop.customer()
      const { id: distributorId } = await shop.distributor('Hanna Schmidt', undefined, customerId)
      await shop.commerce.customers.erase({ customerId })
      expect(await shop.commerce.distribution.get({ distributorId })).toMatchObject({ name: '', status: 'approved', customerId })
    })
  })
}
