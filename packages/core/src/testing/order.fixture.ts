/** A shop that takes orders, on a database of its own: the real rooms, a provider that misbehaves on command, and books that split what comes in. */
import { createLedger, type Ledger, ledgerTables, type PostTransfer } from '../ledger/index.js'
import {
  createOrders,
  type Order,
  type OrderHooks,
  type Orders,
  orderTables,
  type PaymentChoices,
  type RefundingLine,
} from '../order/index.js'
import { createPayments, type Payments, paymentTables } from '../payment/index.js'
import type { TestDatabase } from './databases.js'
import { createMisbehavingProvider, type MisbehavingProvider } from './misbehaving-provider.js'
import { type Goods, openShop, type ShopFixture, type ShopOptions } from './shop.fixture.js'

export interface OrderFixture extends ShopFixture {
  readonly ledger: Ledger
  readonly payments: Payments
  readonly orders: Orders
  /** Provider `test`. */
  readonly card: MisbehavingProvider
  /** Provider `balance`. */
  readonly balance: MisbehavingProvider
  /** A cart with an address and shipping at 500 a parcel, holding these goods in their quantities, each of its supplier. */
  cart(goods: readonly (Goods & { readonly supplierId: string; readonly quantity?: number | undefined })[]): Promise<string>
  /** A cart of one line, of one supplier, placed and paid by card unless said otherwise. */
  order(goods?: Goods & { readonly quantity?: number | undefined }, choices?: PaymentChoices): Promise<Order>
  /** Balances of the books by account that are not 0. */
  books(): Promise<Readonly<Record<string, number>>>
  /** Stock of an offer that is reserved, and all that lies there. */
  stock(offerId: string): Promise<{ readonly onHand: number; readonly reserved: number }>
}

const address = { name: 'Li Lei', country: 'CN', region: 'SH', line1: 'Nanjing Road 1' }

export async function openOrders(database: TestDatabase, options?: ShopOptions): Promise<OrderFixture> {
  const shop = await openShop(database, { ...options, upper: [...ledgerTables, ...paymentTables, ...orderTables] })
  const { kernel, carts, inventory } = shop
  const ledger = createLedger({ kernel })
  const [card, balance] = [createMisbehavingProvider(), createMisbehavingProvider({ id: 'balance' })]
  const payments = createPayments({ kernel, ledger, adapters: { payments: [card.provider, balance.provider] } })
  const orders = createOrders({ kernel, carts, catalog: shop.catalog, inventory, payments, ledger })
  splitToSuppliers(shop, ledger)
  await kernel.jobs.start()
  const cart: OrderFixture['cart'] = async (goods) => {
    const { id: cartId } = await carts.service.create({ currency: 'CNY' })
    const lines: { offerId: string; quantity: number }[] = []
    for (const { supplierId, quantity = 1, ...good } of goods) {
      const [offerId = ''] = await shop.goods(supplierId, [good])
      lines.push({ offerId, quantity })
    }
    await carts.service.addLines({ cartId, lines })
    await carts.service.setAddress({ cartId, address })
    const methodId = await shop.flatShipping(null, 500)
    const { parcels } = await carts.service.get({ cartId })
    await carts.service.selectShipping({ cartId, selections: parcels.map(({ supplierId }) => ({ supplierId, methodId })) })
    return cartId
  }
  return {
    ...shop,
    ledger,
    payments,
    orders,
    card,
    balance,
    cart,
    order: async (goods = {}, choices = { payment: { provider: 'test' } }) =>
      orders.service.place({ cartId: await cart([{ supplierId: await shop.supplier(), ...goods }]), ...choices }),
    async books() {
      const accounts = await ledger.service.balances({})
      return Object.fromEntries(
        accounts.filter(({ balance: left }) => left !== 0).map(({ party, purpose, balance: left }) => [`${party}/${purpose}`, left]),
      )
    },
    async stock(offerId) {
      const { locations } = await inventory.service.level({ offerId })
      const sum = (count: (at: (typeof locations)[number]) => number): number => locations.reduce((all, at) => all + count(at), 0)
      return { onHand: sum((at) => at.onHand), reserved: sum((at) => at.reserved) }
    },
  }
}

/** What the commission room does, with everything the supplier's. */
function splitToSuppliers({ kernel }: ShopFixture, ledger: Ledger): void {
  const hooks = kernel.hooks<OrderHooks>()
  const pending = (supplierId: string): PostTransfer['to'] => ({ party: `supplier:${supplierId}`, purpose: 'pending' })
  const value = ({ goods, shipping }: Pick<RefundingLine, 'goods' | 'shipping'>): number => goods + shipping
  hooks.join('order.captured', async ({ orders }, tx) => {
    const journals = orders.map(({ order, lines, parts, captureId, clearing, at }) => ({
      kind: 'capture',
      source: order.id,
      key: `capture/${captureId}`,
      effectiveAt: at,
      transfers: parts
        .filter((part) => value(part) > 0)
        .map((part): PostTransfer => {
          const supplierId = lines.find((line) => line.id === part.lineId)?.supplierId ?? ''
          return { from: clearing, to: pending(supplierId), amount: value(part), commodity: order.currency, kind: 'sale', ref: part.lineId }
        }),
    }))
    await ledger.post(
      tx,
      journals.filter((journal) => journal.transfers.length > 0),
    )
  })
  hooks.join('order.refunding', async ({ orders }, tx) => {
    const journals = orders.map(({ order, lines, parts, refund, payable, at }) => {
      const shares = parts
        .filter((part) => value(part) > 0)
        .map((part): PostTransfer => {
          const supplierId = lines.find((line) => line.id === part.lineId)?.supplierId ?? ''
          return {
            from: pending(supplierId),
            to: payable,
            amount: value(part),
            commodity: order.currency,
            kind: 'refund',
            ref: part.lineId,
          }
        })
      const gift = refund.goodwill
        ? [
            {
              from: { party: refund.goodwill.fundedBy, purpose: 'goodwill' },
              to: payable,
              amount: refund.goodwill.amount,
              commodity: order.currency,
              kind: 'goodwill',
            },
          ]
        : []
      return { kind: 'refund', source: order.id, key: `refund/${refund.id}`, effectiveAt: at, transfers: [...shares, ...gift] }
    })
    await ledger.post(
      tx,
      journals.filter((journal) => journal.transfers.length > 0),
    )
  })
}
