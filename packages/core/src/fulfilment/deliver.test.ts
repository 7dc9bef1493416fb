import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Order } from '../order/index.js'
import { testDatabases } from '../testing/index.js'
import { openSales, type SaleFixture } from '../testing/sale.fixture.js'
import type { DeliveredLine, FulfilmentHooks } from './index.js'

const staff = { actor: { type: 'staff', id: '42' } } as const
const past = '2025-12-24T18:00:00.000Z'

for (const database of testDatabases()) {
  describe(`delivery on ${database.name}`, () => {
    let shop: SaleFixture
    let supplierId: string
    let offers: readonly string[]
    let order: Order
    let delivered: DeliveredLine[]
    const fulfilment = () => shop.fulfilment.service
    const line = (index: number): string => order.lines[index]?.id ?? ''
    const send = (index: number, quantity: number, announced = false) =>
      fulfilment().ship({ orderId: order.id, lines: [{ lineId: line(index), quantity }], announced })
    const deliverLine = (index: number, at?: string) =>
      fulfilment().deliverLines({ lines: [{ orderId: order.id, lineId: line(index), at }] })
    const counted = async (index: number): Promise<readonly number[]> => {
      const { lines } = await shop.orders.service.get({ orderId: order.id })
      return [lines[index]?.fulfilled ?? 0, lines[index]?.delivered ?? 0]
    }

    beforeAll(async () => {
      shop = await openSales(database)
      supplierId = await shop.supplier()
      shop.kernel.hooks<FulfilmentHooks>().join('fulfilment.delivered', async ({ lines }) => {
        delivered.push(...lines)
      })
    })
    afterAll(() => shop.close())
    beforeEach(async () => {
      delivered = []
      offers = await shop.goods(supplierId, [{ shippable: false }, { shippable: false }])
      order = await shop.order(offers.map((offerId) => ({ offerId, quantity: 3 })))
    })

    it('tells of a line once, when the last of it arrives', async () => {
      const [first, second] = [await send(0, 1), await send(0, 2)]
      await fulfilment().deliver({ shipmentId: first.id })
      expect(delivered).toEqual([])
      const { deliveredAt: at } = await fulfilment().deliver({ shipmentId: second.id })
      expect(delivered).toEqual([{ orderId: order.id, lineId: line(0), at }])
      await expect(fulfilment().deliver({ shipmentId: second.id })).rejects.toMatchObject({ code: 'fulfilment.step_refused' })
      expect(delivered).toHaveLength(1)
    })

    it('of a line is as late as the latest of its parcels, whichever is told of first', async () => {
      const [first, second] = [await send(0, 1), await send(0, 2)]
      const { deliveredAt: at } = await fulfilment().deliver({ shipmentId: first.id })
      await fulfilment().deliver({ shipmentId: second.id, at: past })
      expect(delivered).toEqual([{ orderId: order.id, lineId: line(0), at }])
    })

    it('of one parcel by many at once happens once', async () => {
      const { id: shipmentId } = await send(0, 3)
      const tries = await Promise.allSettled(Array.from({ length: 6 }, () => fulfilment().deliver({ shipmentId })))
      expect(tries.filter((one) => one.status === 'fulfilled')).toHaveLength(1)
      expect(delivered).toHaveLength(1)
      expect(await counted(0)).toEqual([3, 3])
    })

    it('in the past is believed of the host alone', async () => {
      const { id: shipmentId } = await send(0, 3)
      await expect(fulfilment().deliver({ shipmentId, at: past }, staff)).rejects.toMatchObject({ code: 'fulfilment.backdated' })
      await expect(fulfilment().deliverLines({ lines: [{ orderId: order.id, lineId: line(1), at: past }] }, staff)).rejects.toMatchObject({
        code: 'fulfilment.backdated',
      })
      expect(await fulfilment().deliver({ shipmentId, at: past })).toMatchObject({ status: 'delivered', deliveredAt: past })
      expect(delivered).toEqual([{ orderId: order.id, lineId: line(0), at: past }])
    })

    it('is undone with whoever holds the money', async () => {
      const { id: shipmentId } = await send(0, 3)
      await expect(
        shop.kernel.database.transaction(undefined, async (tx) => {
          await fulfilment().deliver({ shipmentId }, { tx })
          throw new Error('the books refuse')
        }),
      ).rejects.toThrow('the books refuse')
      expect(await fulfilment().get({ shipmentId })).toMatchObject({ status: 'in_transit', deliveredAt: null })
      expect(await counted(0)).toEqual([3, 0])
    })

    describe('of lines', () => {
      it('needs no parcel: what was never shipped is shipped by it, and leaves its shelf', async () => {
        expect(await deliverLine(0, past)).toEqual({ delivered: 1 })
        expect(await counted(0)).toEqual([3, 3])
        expect(delivered).toEqual([{ orderId: order.id, lineId: line(0), at: past }])
        expect(await shop.inventory.service.level({ offerId: offers[0] ?? '' })).toMatchObject({ onHand: 97, reserved: 0 })
        expect((await fulfilment().list({ orderId: order.id })).items).toMatchObject([
          { status: 'delivered', handedOverAt: past, deliveredAt: past, lines: [{ lineId: line(0), quantity: 3, deliveredAt: past }] },
        ])
      })

      it('takes what is under way, what waits, and what is left, as one', async () => {
        await send(0, 1)
        await send(0, 1, true)
        expect(await deliverLine(0)).toEqual({ delivered: 1 })
        expect(await counted(0)).toEqual([3, 3])
        const { items } = await fulfilment().list({ orderId: order.id })
        expect(items.map(({ status, lines }) => [status, lines[0]?.quantity])).toEqual([
          ['delivered', 1],
          ['delivered', 1],
          ['delivered', 1],
        ])
        expect(delivered).toHaveLength(1)
      })

      it('leaves the rest of a parcel under way', async () => {
        const lines = [0, 1].map((index) => ({ lineId: line(index), quantity: 3 }))
        const { id: shipmentId } = await fulfilment().ship({ orderId: order.id, lines })
        await deliverLine(0, past)
        expect(await fulfilment().get({ shipmentId })).toMatchObject({ status: 'in_transit', deliveredAt: null })
        const { deliveredAt } = await fulfilment().deliver({ shipmentId })
        const moments = (await fulfilment().get({ shipmentId })).lines.map((one) => [one.lineId, one.deliveredAt])
        expect(new Map(moments as [string, string][])).toEqual(
          new Map([
            [line(0), past],
            [line(1), deliveredAt],
          ]),
        )
        expect(delivered.map(({ lineId }) => lineId)).toEqual([line(0), line(1)])
      })

      it('again changes nothing', async () => {
        await deliverLine(0)
        expect(await deliverLine(0)).toEqual({ delivered: 0 })
        expect(delivered).toHaveLength(1)
      })

      it('refuses an order that is not paid, a line of another order, and a line named twice', async () => {
        const other = await shop.order([{ offerId: offers[0] ?? '', quantity: 1 }], { paid: false })
        const unpaid = { orderId: other.id, lineId: other.lines[0]?.id ?? '' }
        await expect(fulfilment().deliverLines({ lines: [unpaid] })).rejects.toMatchObject({ code: 'order.not_paid' })
        await expect(fulfilment().deliverLines({ lines: [{ ...unpaid, orderId: order.id }] })).rejects.toMatchObject({
          code: 'fulfilment.line_not_found',
        })
        await expect(fulfilment().deliverLines({ lines: [unpaid, unpaid] })).rejects.toMatchObject({ code: 'input.invalid' })
      })

      it('of imported orders takes as many statements for a hundred orders as for one', async () => {
        const imported = async (orders: number, lines: number) => {
          const given = Array.from({ length: orders }, () => ({
            currency: 'CNY',
            placedAt: '2025-12-01T00:00:00.000Z',
            paid: { provider: 'external' as const, capturedAt: '2025-12-01T00:00:00.000Z' },
            lines: Array.from({ length: lines }, () => ({ supplierId, quantity: 2, price: 200 })),
          }))
          const { orders: made } = await shop.orders.service.import({ orders: given })
          return made.flatMap(({ id: orderId, lineIds }) =>
            lineIds.map((lineId, index) => ({ orderId, lineId, at: index % 2 === 0 ? past : '2025-12-25T00:00:00.000Z' })),
          )
        }
        const one = await imported(1, 1)
        const many = await imported(100, 5)
        const few = await shop.statements(() => fulfilment().deliverLines({ lines: one }))
        expect(await shop.statements(() => fulfilment().deliverLines({ lines: many }))).toBe(few)
        expect(few).toBeLessThanOrEqual(25)
        const told = (lines: readonly DeliveredLine[]) => new Map(lines.map(({ lineId, at }) => [lineId, at]))
        expect(delivered).toHaveLength(501)
        expect(told(delivered)).toEqual(told([...one, ...many]))
      })
    })
  })
}
