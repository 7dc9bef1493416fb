import type { Catalog, CatalogHooks } from '../catalog/index.js'
import type { Call, Kernel, Page, Reader } from '../kernel/index.js'
import { archivePriceList, type PriceListIdInput, priceListIdInput } from './archive-price-list.js'
import { type CreatePriceListInput, createPriceList, createPriceListInput } from './create-price-list.js'
import type { ListPrice, PricedItem, PriceList, UnitPrice } from './price-list.js'
import { priceChangeTable } from './pricing.entity.js'
import { type PriceContext, readPrices } from './pricing.sql.js'
import * as read from './read-pricing.js'
import { type ResolvedPrice, type ResolvePricesInput, resolvePrices, resolvePricesInput } from './resolve-prices.js'
import { type SetPricesInput, setPrices, setPricesInput } from './set-prices.js'

/** What `commerce.pricing` is. */
export interface PricingService {
  /** @throws pricing.offer_not_found, pricing.price_repeated, pricing.empty_validity */
  createPriceList(input: CreatePriceListInput, call?: Call): Promise<PriceList>
  /** Sets, changes and takes out prices of a list. @throws pricing.price_list_not_found, pricing.price_list_archived, pricing.offer_not_found, pricing.price_repeated */
  setPrices(input: SetPricesInput, call?: Call): Promise<void>
  /** Ends a list at once and for good. @throws pricing.price_list_not_found */
  archivePriceList(input: PriceListIdInput, call?: Call): Promise<PriceList>
  /** @throws pricing.price_list_not_found */
  getPriceList(input: PriceListIdInput, call?: Call): Promise<PriceList>
  /** Price lists, in the order of creation. */
  list(input?: read.ListPriceListsInput, call?: Call): Promise<Page<PriceList>>
  /** The prices of one list. */
  listPrices(input: read.ListPricesInput, call?: Call): Promise<Page<ListPrice>>
  /** Every change of an offer's own price and of its prices in lists, first to last. */
  history(input: read.PriceHistoryInput, call?: Call): Promise<Page<read.PriceChange>>
  /** What offers cost, for whom and when, and which list says so. @throws pricing.offer_not_found */
  resolve(input: ResolvePricesInput, call?: Call): Promise<readonly ResolvedPrice[]>
}

/** Pricing, as `createCommerce` and upper rooms hold it. */
export interface Pricing {
  readonly service: PricingService
  /** Unit prices by offer, by one statement. Items of one offer are priced together, by the sum of their quantities. */
  prices(reader: Reader, items: readonly PricedItem[], context: PriceContext): Promise<ReadonlyMap<string, UnitPrice>>
}

export function createPricing({ kernel, catalog }: { readonly kernel: Kernel; readonly catalog: Pick<Catalog, 'offers'> }): Pricing {
  const { command, query } = kernel.useCases
  const deps = { kernel, catalog }
  keepHistoryOfBasePrices(kernel)
  const list = query('pricing.list', read.listPriceListsInput, read.listPriceLists)
  return {
    prices: readPrices,
    service: {
      createPriceList: command('pricing.createPriceList', createPriceListInput, createPriceList(deps)),
      setPrices: command('pricing.setPrices', setPricesInput, setPrices(deps)),
      archivePriceList: command('pricing.archivePriceList', priceListIdInput, archivePriceList(kernel)),
      getPriceList: query('pricing.getPriceList', priceListIdInput, read.getPriceList),
      list: (input = {}, call) => list(input, call),
      listPrices: query('pricing.listPrices', read.listPricesInput, read.listPrices),
      history: query('pricing.history', read.priceHistoryInput, read.readHistory),
      resolve: query('pricing.resolve', resolvePricesInput, resolvePrices(deps)),
    },
  }
}

function keepHistoryOfBasePrices(kernel: Kernel): void {
  kernel.hooks<CatalogHooks>().join('offer.priced', async ({ prices, by }, tx) => {
    const rows = prices.map((price) => ({ id: kernel.ids('pch'), ...price, priceListId: null, minQuantity: 1, by, at: tx.now }))
    await tx.insert(priceChangeTable, rows)
  })
}
