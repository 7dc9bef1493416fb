/** A shop up to its carts, on a database of its own: the real rooms, with goods to sell. */
import { type CartSettings, type Carts, cartTables, createCarts } from '../cart/index.js'
import { type Customers, createCustomers, customerTables } from '../customer/index.js'
import { createInventory, type Inventory, inventoryTables } from '../inventory/index.js'
import type { AnyTable, Kernel } from '../kernel/index.js'
import type { Carrier, TaxCalculator } from '../ports/index.js'
import { createPricing, type Pricing, pricingTables } from '../pricing/index.js'
import { createShipping, type Shipping, shippingTables } from '../shipping/index.js'
import { createTaxes, type Taxes, taxTables } from '../tax/index.js'
import { type CatalogFixture, openCatalog } from './catalog.fixture.js'
import type { TestDatabase } from './databases.js'

export interface ShopFixture extends CatalogFixture {
  readonly customers: Customers
  readonly inventory: Inventory
  readonly pricing: Pricing
  readonly shipping: Shipping
  readonly taxes: Taxes
  readonly carts: Carts
  /** Published goods, one offer each. @returns the offers' ids, in order */
  goods(supplierId: string, goods: readonly Goods[]): Promise<readonly string[]>
  /** A method at one price for all parcels. @returns its id */
  flatShipping(supplierId: string | null, amount: number): Promise<string>
  /** How often each kind of statement was sent while work ran, transaction control in. */
  trace(work: () => Promise<unknown>): Promise<readonly string[]>
}

/** What is sold; one of it at 1000 CNY cents and 500 g, a hundred in stock, unless said otherwise. */
export interface Goods {
  readonly price?: number | undefined
  readonly currency?: string | undefined
  readonly stock?: number | undefined
  readonly weightGrams?: number | undefined
  readonly taxClass?: string | undefined
  readonly shippable?: boolean | undefined
}

export interface ShopOptions {
  readonly settings?: CartSettings | undefined
  readonly carriers?: readonly Carrier[] | undefined
  readonly tax?: TaxCalculator | undefined
  /** Tables of the rooms above. */
  readonly upper?: readonly AnyTable[] | undefined
}

export async function openShop(
  database: TestDatabase,
  { settings, carriers = [], tax, upper = [] }: ShopOptions = {},
): Promise<ShopFixture> {
  const own = [...customerTables, ...pricingTables, ...inventoryTables, ...shippingTables, ...taxTables, ...cartTables]
  const shop = await openCatalog(database, [...own, ...upper])
  const { kernel, catalog } = shop
  const customers = createCustomers({ kernel })
  const pricing = createPricing({ kernel, catalog })
  const inventory = createInventory({ kernel })
  const shipping = createShipping({ kernel, adapters: { carriers } })
  const taxes = createTaxes({ kernel, adapters: { tax } })
  const carts = createCarts({ kernel, pricing, inventory, shipping, taxes, customers, settings })
  const { id: locationId } = await inventory.service.createLocation({ name: 'Warehouse' })
  let sold = 0
  return {
    ...shop,
    customers,
    pricing,
    inventory,
    shipping,
    taxes,
    carts,
    async goods(supplierId, goods) {
      const products = goods.map(({ price = 1000, currency = 'CNY', weightGrams = 500, taxClass, shippable }) => ({
        supplierId,
        names: { en: `Article ${++sold}` },
        media: [{ type: 'image' as const, url: `https://cdn.example/${sold}.jpg` }],
        variants: [{ weightGrams, taxClass, shippable, offer: { sku: `sku-${sold}`, price, currency } }],
      }))
      const imported = await catalog.service.importProducts({ products })
      const offerIds = imported.map(({ variants }) => variants[0]?.offerId ?? '')
      for (const [index, offerId] of offerIds.entries()) {
        await inventory.service.setStock({ offerId, locationId, onHand: goods[index]?.stock ?? 100 })
      }
      return offerIds
    },
    async flatShipping(supplierId, amount) {
      return (await shipping.service.createMethod({ supplierId, name: 'Parcel', flat: amount, currency: 'CNY' })).id
    },
    trace: (work) => trace(kernel, work),
  }
}

async function trace(kernel: Kernel, work: () => Promise<unknown>): Promise<readonly string[]> {
  const texts: string[] = []
  const stop = kernel.database.observe((text) => {
    texts.push(text)
  })
  await work().finally(stop)
  return texts
}
