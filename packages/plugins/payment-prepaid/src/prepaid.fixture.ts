/** A marketplace with prepaid balances, for this package's tests. */
import type { Commerce, Order, PaymentProvider, Plugin, PluginFactory, StartPayment } from '@entrepot/core'
import { openTestCommerce, type TestClock, type TestDatabase } from '@entrepot/core/testing'
import { type Prepaid, type PrepaidEvents, type PrepaidOptions, prepaid } from './index.js'

type PrepaidPlugin = ReturnType<PluginFactory<'prepaid', PrepaidOptions, Prepaid, PrepaidEvents>>

export interface Marketplace {
  readonly commerce: Commerce<readonly [PrepaidPlugin]>
  readonly clock: TestClock
  /** The payment provider, as core holds it. */
  readonly provider: PaymentProvider
  /** A new customer: the marketplace is shared by the tests of a file, its customers by none. */
  shopper(): Promise<Shopper>
  close(): Promise<void>
}

/** One customer, and what one can do and see as that customer. */
export interface Shopper {
  readonly customerId: string
  /** An id that no other test has. */
  readonly paymentId: string
  topUp(amount: number): Promise<void>
  balance(): Promise<{ readonly available: number; readonly held: number }>
  /** A payment of the customer's, as core asks for it. */
  request(amount: number, more?: Partial<StartPayment>): StartPayment
  /** A cart of goods at this price, ready to be placed. @param owner null for a guest's */
  cart(price: number, owner?: null): Promise<string>
  /** How far an account has moved since this customer came. */
  moved(party: string, purpose: string): Promise<number>
}

export const currency = 'CNY'

/** @param around what happens between core and the provider */
export async function openMarketplace(
  database: TestDatabase,
  options: PrepaidOptions = {},
  around: (provider: PaymentProvider) => PaymentProvider = (provider) => provider,
): Promise<Marketplace> {
  const { plugin, provided } = watched(prepaid(options), around)
  const { commerce, clock, close } = await openTestCommerce(database, { plugins: [plugin] })
  const shopper = async (): Promise<Shopper> => {
    const { id: customerId } = await commerce.customers.create({ name: 'Li Lei' })
    const paymentId = `pay_${customerId}`
    const account = async (party: string, purpose: string): Promise<number> =>
      (await commerce.ledger.balances({ party, purpose, commodity: currency }))[0]?.balance ?? 0
    const before = new Map((await commerce.ledger.balances({})).map((found) => [`${found.party}/${found.purpose}`, found.balance]))
    return {
      customerId,
      paymentId,
      topUp: async (amount) => void (await commerce.prepaid.topUp({ customerId, amount, currency, source: 'bank' })),
      async balance() {
        const [found] = await commerce.prepaid.balance({ customerId })
        return { available: found?.available ?? 0, held: found?.held ?? 0 }
      },
      request: (amount, more) => ({
        paymentId,
        amount,
        currency,
        capture: 'automatic',
        customerId,
        metadata: { orderId: 'ord_1' },
        ...more,
      }),
      cart: (price, owner) => cartOf(commerce, price, owner === null ? undefined : customerId),
      moved: async (party, purpose) => (await account(party, purpose)) - (before.get(`${party}/${purpose}`) ?? 0),
    }
  }
  return { commerce, clock, provider: provided(), shopper, close }
}

/** The payments of an order by provider: status and amounts. */
export async function paidBy({ payments }: Commerce, { id: reference }: Pick<Order, 'id'>): Promise<Readonly<Record<string, object>>> {
  const { items } = await payments.list({ reference })
  return Object.fromEntries(items.map(({ provider, status, captured, refunded }) => [provider, { status, captured, refunded }]))
}

/** The same plugin; what it provides can be seen. */
function watched(
  plugin: PrepaidPlugin,
  around: (provider: PaymentProvider) => PaymentProvider,
): { readonly plugin: PrepaidPlugin; provided(): PaymentProvider } {
  let seen: PaymentProvider | undefined
  const setup: Plugin['definition']['setup'] = (context) => {
    const payment = (provider: PaymentProvider): void => {
      seen = provider
      context.provide.payment(around(provider))
    }
    return plugin.definition.setup({ ...context, provide: { ...context.provide, payment } })
  }
  return {
    plugin: { ...plugin, definition: { ...plugin.definition, setup } },
    provided: () => {
      if (!seen) throw new TypeError('the plugin provided no payment provider')
      return seen
    },
  }
}

async function cartOf({ suppliers, catalog, inventory, carts }: Commerce, price: number, customerId: string | undefined): Promise<string> {
  const { id: supplierId } = await suppliers.apply({ name: 'Acme' })
  await suppliers.startReview({ supplierId })
  await suppliers.approve({ supplierId })
  const variant = { shippable: false, offer: { sku: 'voucher', price, currency } }
  const [product] = await catalog.importProducts({ products: [{ supplierId, names: { en: 'Voucher' }, variants: [variant] }] })
  const offerId = product?.variants[0]?.offerId ?? ''
  const { id: locationId } = await inventory.createLocation({ name: 'Warehouse' })
  await inventory.setStock({ offerId, locationId, onHand: 10 })
  const { id: cartId } = await carts.create({ currency, customerId })
  await carts.addLine({ cartId, offerId, quantity: 1 })
  return cartId
}
