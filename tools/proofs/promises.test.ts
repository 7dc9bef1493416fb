import { createCommerce } from '@entrepot/core'
import Sqlite from 'better-sqlite3'
import { afterEach, describe, expect, it } from 'vitest'
import { address, articlePrice, parcelPrice } from './goods.js'
import { openOutsideWorld, providerId, railId, reachOutsideWorld } from './outside-world.js'
import { brokenPromises, unfinished } from './promises.js'
import { createProofDatabase } from './proof-database.js'
import { openTables } from './tables.js'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** A marketplace with one order that is paid, and a hand that reaches past it into its tables. */
async function oneSale() {
  const database = await createProofDatabase(undefined)
  closing.push(database.drop)
  const world = await openOutsideWorld()
  closing.push(world.close)
  const { payments, payouts } = reachOutsideWorld(world.url, () => {})
  const commerce = await createCommerce({
    database: database.location,
    background: 'manual',
    adapters: { payments: [payments], payouts: [payouts] },
    settlement: { holdDays: 0, cycle: 'manual', payoutProvider: railId },
  })
  closing.push(() => commerce.close())
  const heard = new Set<string>()
  await commerce.subscribe('proof', 'order.paid', async (event) => void heard.add(event.orderId))
  const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea' })
  await commerce.suppliers.startReview({ supplierId })
  await commerce.suppliers.approve({ supplierId })
  const [product] = await commerce.catalog.importProducts({
    products: [{ supplierId, names: { en: 'Tea' }, variants: [{ offer: { sku: 'TEA', price: articlePrice, currency: 'CNY' } }] }],
  })
  const offerId = product?.variants[0]?.offerId ?? ''
  const { id: locationId } = await commerce.inventory.createLocation({ name: 'Warehouse' })
  await commerce.inventory.setStock({ offerId, locationId, onHand: 3 })
  const { id: methodId } = await commerce.shipping.createMethod({ supplierId: null, name: 'Parcel', flat: parcelPrice, currency: 'CNY' })
  const { id: cartId } = await commerce.carts.create({ currency: 'CNY' })
  await commerce.carts.addLines({ cartId, lines: [{ offerId, quantity: 1 }] })
  await commerce.carts.setAddress({ cartId, address })
  await commerce.carts.selectShipping({ cartId, selections: [{ supplierId, methodId }] })
  const order = await commerce.orders.place({ cartId, payment: { provider: providerId } })
  await commerce.fulfilment.deliverLines({ lines: order.lines.map((line) => ({ orderId: order.id, lineId: line.id })) })
  await commerce.background.drain()
  await commerce.settlement.settle({ party: `supplier:${supplierId}`, currency: 'CNY' })
  await commerce.background.drain()

  const tables = await openTables(database.location, undefined)
  closing.push(tables.close)
  if (!('type' in database.location) || database.location.type !== 'better-sqlite3') throw new TypeError('this test reaches into SQLite')
  const hand = new Sqlite(database.location.database)
  closing.push(async () => void hand.close())
  return {
    world,
    heard,
    tamper: (text: string) => hand.exec(text),
    broken: async () => (await brokenPromises(tables, { world, heard })).map(({ promise }) => promise),
    unfinished: () => unfinished(tables, new Date().toISOString()),
  }
}

describe('the reader of the tables', () => {
  it('finds nothing broken and nothing unfinished after a sale that was paid, delivered and paid out', async () => {
    const sale = await oneSale()
    expect(await sale.broken()).toEqual([])
    expect([...(await sale.unfinished()).keys()]).toEqual([])
    expect(sale.world.paidOut.size).toBe(1)
  })

  const wrongs: readonly (readonly [promise: string, tamper: string])[] = [
    ['what is reserved is what reservations hold', 'UPDATE entrepot_stock SET reserved = reserved + 1'],
    ['a shelf holds what its movements say', 'UPDATE entrepot_stock SET on_hand = on_hand + 1'],
    ['paid implies allocated', 'UPDATE entrepot_reservation SET released = quantity, fulfilled = 0'],
    ['an order that is paid for is paid', "UPDATE entrepot_order SET paid_at = NULL, status = 'open'"],
    ['a payment is what the provider has', 'UPDATE entrepot_payment SET captured = captured - 1'],
    ['every order is split by supplier, line by line', 'UPDATE entrepot_supplier_order SET goods = goods - 1'],
    ['nothing is paid out that is not booked', "UPDATE entrepot_settlement_payout SET status = 'submitted'"],
    [
      'the books hold the provider’s cash',
      `DROP TRIGGER entrepot_ledger_transfer_no_update; UPDATE entrepot_ledger_transfer SET amount = amount - 1
       WHERE from_account IN (SELECT id FROM entrepot_ledger_account WHERE purpose = 'clearing') AND kind = 'sale:goods'`,
    ],
  ]
  for (const [promise, tamper] of wrongs) {
    it(`sees a promise broken by hand: ${promise}`, async () => {
      const sale = await oneSale()
      sale.tamper(tamper)
      expect(await sale.broken()).toContain(promise)
    })
  }

  it('sees money at the provider of which nothing is known, an event that nobody was told, a payout that nobody asked for', async () => {
    const sale = await oneSale()
    const { payments, payouts } = reachOutsideWorld(sale.world.url, () => {})
    await payments.start({
      paymentId: 'pay_unknown',
      amount: 100,
      currency: 'CNY',
      capture: 'automatic',
      customerId: null,
      metadata: { orderId: 'ord_unknown' },
    })
    await payouts.submit({ payoutId: 'pot_unknown', party: 'supplier:x', amount: 5, currency: 'CNY', statementId: 'stm_unknown' })
    sale.heard.clear()
    expect(await sale.broken()).toEqual(
      expect.arrayContaining(['no money without a payment', 'no event is lost', 'nothing is paid out that is not booked']),
    )
  })
})
