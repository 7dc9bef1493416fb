import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { addMillis, idempotencyTable, sql, type Tx } from '../kernel/index.js'
import { testDatabases } from '../testing/databases.js'
import { type OrderFixture, openOrders } from '../testing/order.fixture.js'
import { advance } from '../testing/test-clock.js'
import type { OrderHooks } from './hooks.js'
import { orderTable } from './order.entity.js'

const minute = 60_000
const byCard = { payment: { provider: 'test' } }

for (const database of testDatabases()) {
  describe(`placing orders on ${database.name}`, () => {
    let shop: OrderFixture
    const orders = () => shop.orders.service
    const types = async (orderId: string) => (await orders().timeline({ orderId })).map((entry) => entry.type)
    const pass = (millis: number) => advance(shop.kernel, shop.clock, addMillis(shop.clock.now(), millis))
    beforeEach(async () => {
      shop = await openOrders(database)
    })
    afterEach(() => shop.close())

    it('splits an order by supplier, with shipping per supplier, and every amount adds up', async () => {
      const [first, second] = [await shop.supplier('First'), await shop.supplier('Second')]
      const cartId = await shop.cart([
        { supplierId: first, price: 3333, quantity: 3 },
        { supplierId: second, price: 1000 },
        { supplierId: first, price: 1 },
      ])
      const order = await orders().place({ cartId, ...byCard })
      expect(order).toMatchObject({
        cartId,
        status: 'open',
        paymentStatus: 'paid',
        fulfilmentStatus: 'unfulfilled',
        goods: 11_000,
        shipping: 1000,
        total: 12_000,
        captured: 12_000,
        expiresAt: null,
      })
      expect(order.number).toMatch(/^260101-[0-9A-Z]{8}$/)
      expect(order.supplierOrders.map(({ supplierId, number, goods, shipping }) => ({ supplierId, number, goods, shipping }))).toEqual([
        { supplierId: first, number: `${order.number}-1`, goods: 10_000, shipping: 500 },
        { supplierId: second, number: `${order.number}-2`, goods: 1000, shipping: 500 },
      ])
      expect(
        order.lines.map(({ price, shipping, capturedGoods, capturedShipping }) => [price, shipping, capturedGoods, capturedShipping]),
      ).toEqual([
        [9999, 500, 9999, 500],
        [1000, 500, 1000, 500],
        [1, 0, 1, 0],
      ])
      expect(order.contact).toMatchObject({ name: 'Li Lei', erased: false })
      expect(await types(order.id)).toEqual(['placed', 'captured', 'paid'])
      expect(await shop.books()).toEqual({
        'psp:test/clearing': -12_000,
        [`supplier:${first}/pending`]: 10_500,
        [`supplier:${second}/pending`]: 1500,
      })
      expect(await orders().findByNumber({ number: order.number })).toEqual(order)
    })

    it('is pending, with its id at the provider, before any money moves', async () => {
      shop.card.next('start', 'action')
      const order = await shop.order()
      expect(order).toMatchObject({ paymentStatus: 'pending', captured: 0, expiresAt: addMillis(shop.clock.now(), 30 * minute) })
      expect(order.payments).toMatchObject([{ status: 'requires_action', action: { type: 'redirect' } }])
      expect(shop.card.started(order.payments[0]?.id ?? '')).toMatchObject({ amount: 1500, metadata: { orderId: order.id } })
      expect(await shop.stock(order.lines[0]?.offerId ?? '')).toEqual({ onHand: 100, reserved: 1 })
    })

    it('makes one order, one payment and one capture of twenty completions at once', async () => {
      const cartId = await shop.cart([{ supplierId: await shop.supplier() }])
      const placed = await Promise.all(Array.from({ length: 20 }, () => orders().place({ cartId, ...byCard })))
      await shop.kernel.background.drain()
      expect(new Set(placed.map((order) => order.id)).size).toBe(1)
      const order = await orders().get({ orderId: placed[0]?.id ?? '' })
      expect(order.payments).toHaveLength(1)
      expect(order).toMatchObject({ paymentStatus: 'paid', captured: 1500 })
      expect(await types(order.id)).toEqual(['placed', 'captured', 'paid'])
      expect(await shop.stock(order.lines[0]?.offerId ?? '')).toEqual({ onHand: 100, reserved: 1 })
    })

    it('sells the last unit once', async () => {
      const supplierId = await shop.supplier()
      const [offerId = ''] = await shop.goods(supplierId, [{ stock: 3, shippable: false }])
      const carts = await Promise.all(
        Array.from({ length: 8 }, async () => {
          const { id: cartId } = await shop.carts.service.create({ currency: 'CNY' })
          await shop.carts.service.addLine({ cartId, offerId, quantity: 1 })
          return cartId
        }),
      )
      const results = await Promise.allSettled(carts.map((cartId) => orders().place({ cartId, ...byCard })))
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(3)
      for (const result of results)
        if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'inventory.insufficient' })
      expect(await shop.stock(offerId)).toEqual({ onHand: 3, reserved: 3 })
    })

    it('gives the first order on a second attempt, and pays it by another way after a failure', async () => {
      shop.card.next('start', 'decline')
      const cartId = await shop.cart([{ supplierId: await shop.supplier() }])
      const first = await orders().place({ cartId, ...byCard })
      expect(first).toMatchObject({ paymentStatus: 'pending', payments: [{ status: 'failed' }] })
      const second = await orders().place({ cartId, payment: { provider: 'balance' } })
      expect(second).toMatchObject({
        id: first.id,
        paymentStatus: 'paid',
        payments: [{ status: 'failed' }, { provider: 'balance', status: 'captured' }],
      })
      const third = await orders().place({ cartId, ...byCard })
      expect(third.payments).toHaveLength(2)
      expect(await types(first.id)).toEqual(['placed', 'payment_failed', 'captured', 'paid'])
    })

    it('takes several payments that add up, and refuses those that do not', async () => {
      const cartId = await shop.cart([{ supplierId: await shop.supplier() }])
      const pay = (payments: readonly { provider: string; amount?: number }[]) => orders().place({ cartId, payments })
      await expect(
        pay([
          { provider: 'balance', amount: 400 },
          { provider: 'test', amount: 1000 },
        ]),
      ).rejects.toMatchObject({ code: 'order.payments_mismatch' })
      await expect(pay([{ provider: 'balance' }, { provider: 'test' }])).rejects.toMatchObject({ code: 'order.payments_mismatch' })
      await expect(pay([{ provider: 'unknown' }])).rejects.toMatchObject({ code: 'payment.provider_unknown' })
      const order = await pay([{ provider: 'balance', amount: 400 }, { provider: 'test' }])
      expect(order).toMatchObject({
        paymentStatus: 'paid',
        payments: [
          { amount: 400, captured: 400 },
          { amount: 1100, captured: 1100 },
        ],
      })
    })

    it('is paid at once where nothing is to be paid, and books its claims', async () => {
      const seen: number[] = []
      shop.kernel
        .hooks<OrderHooks>()
        .join('order.captured', async ({ orders: captured }) => void seen.push(...captured.map((capture) => capture.parts.length)))
      const supplierId = await shop.supplier()
      const [offerId = ''] = await shop.goods(supplierId, [{ price: 0, shippable: false }])
      const { id: cartId } = await shop.carts.service.create({ currency: 'CNY' })
      await shop.carts.service.addLine({ cartId, offerId, quantity: 2 })
      const order = await orders().place({ cartId, ...byCard })
      expect(order).toMatchObject({ total: 0, paymentStatus: 'paid', paidAt: shop.clock.now(), expiresAt: null, payments: [] })
      expect(order).toEqual(await orders().get({ orderId: order.id }))
      expect(seen).toEqual([1])
      expect(await shop.stock(offerId)).toEqual({ onHand: 100, reserved: 2 })
      await pass(24 * 60 * minute)
      expect(await shop.stock(offerId)).toEqual({ onHand: 100, reserved: 2 })
    })

    it('is undone as a whole where an upper room refuses it', async () => {
      const cartId = await shop.cart([{ supplierId: await shop.supplier() }])
      let refuse = true
      shop.kernel.hooks<OrderHooks>().join('order.placing', async () => {
        if (refuse) throw new Error('refused')
      })
      await expect(orders().place({ cartId, ...byCard })).rejects.toThrow('refused')
      expect((await orders().list()).items).toEqual([])
      refuse = false
      expect(await orders().place({ cartId, ...byCard })).toMatchObject({ paymentStatus: 'paid' })
    })

    it('asks no provider inside a transaction of the host, and is paid after its commit', async () => {
      const cartId = await shop.cart([{ supplierId: await shop.supplier() }])
      const order = await shop.kernel.database.transaction(undefined, (tx) => orders().place({ cartId, ...byCard }, { tx }))
      expect(order.paymentStatus).toBe('pending')
      expect(shop.card.calls('start')).toBe(0)
      await shop.kernel.background.drain()
      expect(await orders().get({ orderId: order.id })).toMatchObject({ paymentStatus: 'paid', captured: 1500 })
    })

    it('gives the same order for the same key, and refuses the key for another cart', async () => {
      const supplierId = await shop.supplier()
      const [cartId, other] = [await shop.cart([{ supplierId }]), await shop.cart([{ supplierId }])]
      const call = { idempotencyKey: 'k1' }
      const first = await orders().place({ cartId, ...byCard }, call)
      expect(await orders().place({ cartId, ...byCard }, call)).toEqual(first)
      await expect(orders().place({ cartId: other, ...byCard }, call)).rejects.toMatchObject({ code: 'idempotency.conflict' })
    })

    it('keeps under a key the ids alone, and never what the provider was handed', async () => {
      const cartId = await shop.cart([{ supplierId: await shop.supplier() }])
      const payment = { provider: 'test', data: { token: 'tok_1' } }
      const order = await orders().place({ cartId, payment }, { idempotencyKey: 'k1' })
      expect(shop.card.started(order.payments[0]?.id ?? '')).toMatchObject({ data: { token: 'tok_1' } })
      const kept = await shop.kernel.database.read(undefined, (reader) => reader.find(idempotencyTable, { key: 'k1' }))
      expect(kept).toMatchObject([{ result: { value: { orderId: order.id, payments: [order.payments[0]?.id] } } }])
      expect(JSON.stringify(kept)).not.toContain('tok_1')
    })

    it.each([
      { how: 'paid', faults: [] },
      { how: 'to be confirmed by the customer', faults: ['action'] },
      { how: 'declined', faults: ['decline'] },
      { how: 'in doubt', faults: ['timeout-after'] },
      { how: 'authorized', faults: [], choices: { payment: { provider: 'test', capture: 'manual' } } },
      { how: 'paid in two parts', faults: [], choices: { payments: [{ provider: 'balance', amount: 400 }, { provider: 'test' }] } },
      { how: 'paid in part', faults: ['decline'], choices: { payments: [{ provider: 'balance', amount: 400 }, { provider: 'test' }] } },
      { how: 'not paid', faults: [], choices: {} },
    ] as const)('gives the order back as a later reading does: $how', async ({ faults, ...given }) => {
      shop.card.next('start', ...faults)
      const [first, second] = [await shop.supplier('First'), await shop.supplier('Second')]
      const cartId = await shop.cart([{ supplierId: first, quantity: 2 }, { supplierId: second }])
      const order = await orders().place({ cartId, ...('choices' in given ? given.choices : byCard) })
      expect(order).toEqual(await orders().get({ orderId: order.id }))
    })

    it('gives the order back as it is where its goods were gone before it was paid', async () => {
      const supplierId = await shop.supplier()
      const cartId = await shop.cart([{ supplierId, stock: 1 }])
      // While the provider takes its time, the order expires and another customer buys the last unit.
      const release = shop.card.hold('start')
      const placing = orders().place({ cartId, ...byCard })
      await expect.poll(() => shop.card.calls('start')).toBe(1)
      const [{ id: orderId = '' } = {}] = (await orders().list()).items
      const { lines } = await orders().get({ orderId })
      shop.clock.set(addMillis(shop.clock.now(), 30 * minute))
      await shop.inventory.releaseExpired()
      const offerId = lines[0]?.offerId ?? ''
      const { locations } = await shop.inventory.service.level({ offerId })
      await shop.inventory.service.setStock({ offerId, locationId: locations[0]?.locationId ?? '', onHand: 0 })
      release()
      const order = await placing
      expect(order).toMatchObject({ status: 'expired', closeReason: 'out_of_stock', captured: 0 })
      expect(order).toEqual(await orders().get({ orderId }))
    })

    it('is refused at a total that the customer has not seen, with the total that it comes to', async () => {
      const supplierId = await shop.supplier()
      const cartId = await shop.cart([{ supplierId, price: 1000, quantity: 2 }])
      const seen = (await shop.carts.service.get({ cartId })).totals.total
      const [offerId = ''] = (await shop.carts.service.get({ cartId })).lines.map((line) => line.offerId)
      await shop.catalog.service.updateOffer({ offerId, price: 900 })
      const order = orders().place({ cartId, expectedTotal: seen, ...byCard })
      await expect(order).rejects.toMatchObject({
        code: 'order.total_changed',
        kind: 'conflict',
        details: { cartId, expected: 2500, total: 2300, currency: 'CNY' },
      })
      expect(await shop.stock(offerId)).toEqual({ onHand: 100, reserved: 0 })
      expect(shop.card.calls('start')).toBe(0)
      const placed = await orders().place({ cartId, expectedTotal: 2300, ...byCard })
      expect(placed).toMatchObject({ total: 2300, paymentStatus: 'paid' })
      expect((await orders().place({ cartId, expectedTotal: 2300, ...byCard })).id).toBe(placed.id)
      await expect(orders().place({ cartId, expectedTotal: 2500, ...byCard })).rejects.toMatchObject({ code: 'order.total_changed' })
      await expect(orders().place({ cartId, expectedTotal: -1, ...byCard })).rejects.toMatchObject({ code: 'input.invalid' })
    })

    it('names in its timeline who placed it, when and for how much', async () => {
      const cartId = await shop.cart([{ supplierId: await shop.supplier() }])
      const order = await orders().place({ cartId }, { actor: { type: 'staff', id: '42' } })
      expect(order.placedBy).toBe('staff:42')
      expect(await orders().timeline({ orderId: order.id })).toEqual([
        { id: order.id, orderId: order.id, type: 'placed', at: order.placedAt, by: 'staff:42', details: { total: 1500, currency: 'CNY' } },
      ])
      expect(await orders().timeline({ orderId: 'ord_none' })).toEqual([])
    })

    it('expires unpaid, gives its stock back, and can be paid again while there is stock', async () => {
      const order = await shop.order({ stock: 1 }, {})
      const offerId = order.lines[0]?.offerId ?? ''
      await pass(31 * minute)
      expect(await orders().get({ orderId: order.id })).toMatchObject({
        status: 'expired',
        paymentStatus: 'canceled',
        closeReason: 'unpaid',
      })
      expect(await shop.stock(offerId)).toEqual({ onHand: 1, reserved: 0 })
      expect(await orders().pay({ orderId: order.id, ...byCard })).toMatchObject({ status: 'open', paymentStatus: 'paid', closedAt: null })
      expect(await shop.stock(offerId)).toEqual({ onHand: 1, reserved: 1 })
      await expect(orders().pay({ orderId: order.id, ...byCard })).rejects.toMatchObject({ code: 'order.not_payable' })
    })

    it('takes the same number of statements for 1 line as for 200', async () => {
      const supplierId = await shop.supplier()
      const place = async (lines: number): Promise<readonly string[]> => {
        const cartId = await shop.cart(Array.from({ length: lines }, () => ({ supplierId })))
        return shop.trace(() => orders().place({ cartId, ...byCard }))
      }
      await place(1)
      const [one, many] = [await place(1), await place(200)]
      expect(many.length).toBe(one.length)
      expect(one.length).toBeLessThanOrEqual(budget)
    })

    it('holds what the database checks: refunded ≤ captured ≤ total', async () => {
      const order = await shop.order()
      const overcapture = (tx: Tx) => tx.run(sql`UPDATE ${orderTable} SET captured = total + 1 WHERE id = ${order.id}`)
      await expect(shop.kernel.database.transaction(undefined, overcapture)).rejects.toThrow(/order_captured/)
    })
  })
}

/** From the cart to the order that comes back paid; it may only fall. */
const budget = 31
