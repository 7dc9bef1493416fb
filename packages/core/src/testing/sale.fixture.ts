/** A shop up to its shipments and returns, on a database of its own: the real rooms, with orders to send. */
import { createFulfilment, type Fulfilment, fulfilmentTables } from '../fulfilment/index.js'
import { createLedger, type Ledger, ledgerTables } from '../ledger/index.js'
import { createOrders, type Order, type Orders, orderTables } from '../order/index.js'
import { createPayments, type Payments, paymentTables } from '../payment/index.js'
import type { Carrier } from '../ports/index.js'
import { createReturns, type Returns, returnTables } from '../returns/index.js'
import type { TestDatabase } from './databases.js'
import { openShop, type ShopFixture } from './shop.fixture.js'

export interface SaleFixture extends ShopFixture {
  readonly ledger: Ledger
  readonly payments: Payments
  readonly orders: Orders
  readonly fulfilment: Fulfilment
  readonly returns: Returns
  /** An order of goods that are handed over, paid from outside unless said otherwise. */
  order(
    lines: readonly { readonly offerId: string; readonly quantity: number }[],
    options?: { readonly paid?: boolean | undefined },
  ): Promise<Order>
}

export async function openSales(
  database: TestDatabase,
  { carriers = [] }: { readonly carriers?: readonly Carrier[] | undefined } = {},
): Promise<SaleFixture> {
  const upper = [...ledgerTables, ...paymentTables, ...orderTables, ...fulfilmentTables, ...returnTables]
  const shop = await openShop(database, { carriers, upper })
  const { kernel, carts, inventory, shipping } = shop
  const ledger = createLedger({ kernel })
  const payments = createPayments({ kernel, ledger, adapters: { payments: [] } })
  const orders = createOrders({ kernel, carts, catalog: shop.catalog, inventory, payments, ledger })
  const fulfilment = createFulfilment({ kernel, orders, inventory, shipping, adapters: { carriers } })
  const returns = createReturns({ kernel, orders, inventory })
  return {
    ...shop,
    ledger,
    payments,
    orders,
    fulfilment,
    returns,
    async order(lines, { paid = true } = {}) {
      const { id: cartId } = await carts.service.create({ currency: 'CNY' })
      await carts.service.addLines({ cartId, lines })
      const { id: orderId, payments: made } = await orders.service.place({ cartId, payment: { provider: 'external' } })
      if (paid) for (const { id: paymentId } of made) await payments.service.recordReceipt({ paymentId })
      return orders.service.get({ orderId })
    },
  }
}
