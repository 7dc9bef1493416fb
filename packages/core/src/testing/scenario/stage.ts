/** The marketplace that a scenario is played on: in memory, with a clock that stands still, and everybody and everything there before the first step. */
import {
  type CommerceApi,
  type CommerceOptions,
  type CoreInstance,
  cnLabourSingle,
  createCommerce,
  type PayoutProvider,
  type Plugin,
  type Timestamp,
  timestamp,
} from '../../index.js'
import { collectReports, type Reported } from '../databases.js'
import { createMisbehavingProvider } from '../misbehaving-provider.js'
import { createTestClock, type TestClock } from '../test-clock.js'
import { type Cast, castOf, customersOf, type Goods, goodsOf, keyOf, ScenarioMistake } from './cast.js'
import { type SalesDesk, salesDeskPlugin } from './sales-desk.js'
import type { Scenario, ScenarioDistribution, ScenarioRule, SellLine, SellShipping, SellStep, SellTax } from './scenario.js'

/** What the runner uses of `@entrepot/plugin-distribution`, which core cannot import: hand in its `distribution`. Only clicks need it. */
export type DistributionFactory = (options: ScenarioPlan) => Plugin<'distribution', ScenarioDistributors>

/** A distribution plan as the plugin takes it. */
export type ScenarioPlan = PlanTerms &
  ({ readonly tiers: readonly { readonly percent: number }[] } | { readonly levels: Readonly<Record<string, number>> })

interface PlanTerms {
  readonly fundedBy?: 'supplier' | 'platform' | undefined
  readonly pool?: number | undefined
  readonly ownPurchase?: 'allow' | 'forfeit' | 'rebate' | undefined
  readonly compress?: boolean | undefined
  readonly protectionDays?: number | undefined
  readonly maxDepth?: number | undefined
}

export interface ScenarioDistributors {
  import(input: {
    readonly distributors: readonly { readonly externalId: string }[]
  }): Promise<readonly { readonly id: string; readonly code: string }[]>
  click(input: { readonly code: string; readonly customerId: string }): Promise<object>
  binding(input: { readonly customerId: string }): Promise<{ readonly distributorId: string } | null>
}

type Marketplace = CommerceApi & Pick<CoreInstance<object>, 'background' | 'close'>

/** A scenario's marketplace, with its names of things turned into ids. */
export interface Stage {
  readonly commerce: Marketplace
  /** Of the sales. */
  readonly currency: string
  /** In which suppliers and distributors are owed and paid. */
  readonly payoutCurrency: string
  readonly clock: TestClock
  readonly desk: SalesDesk
  /** What went wrong in the background, where nobody waits for it. */
  readonly reports: readonly Reported[]
  /** Undefined where the distribution plugin is not there. */
  readonly distributors: ScenarioDistributors | undefined
  /** `supplier:sup_…` */
  party(name: string): string
  /** By `supplier:sup_…`. */
  nameOf(party: string): string | undefined
  supplierId(name: string): string
  customerId(sell: Pick<SellStep, 'customer' | 'buyer'>): string | undefined
  /** The code in a distributor's link. */
  codeOf(distributor: string): string
  offerId(sell: SellStep, line: SellLine): string
  /** The region in which a tax of this kind is charged; one without any where there is none. */
  regionFor(tax: SellTax | undefined): string
  shippingMethodId(shipping: SellShipping): string
  freeShippingId(): string
}

const stock = 1_000_000_000

/** Every payout waits until a step says what became of it. */
const rail: PayoutProvider = {
  id: 'rail',
  submit: async ({ payoutId }) => ({ status: 'submitted', providerRef: payoutId }),
  fetch: async ({ payoutId }) => ({ status: 'submitted', providerRef: payoutId }),
}

export async function openStage(scenario: Scenario, distribution: DistributionFactory | undefined): Promise<Stage> {
  const cast = castOf(scenario)
  const clock = createTestClock(beginningOf(scenario))
  const { reports, report } = collectReports()
  const desk: SalesDesk = { sale: undefined, boundTo: undefined, distributorId: (name) => name }
  const { distribution: plan } = scenario
  const options = { ...optionsOf(scenario), clock, report }
  const salesDesk = salesDeskPlugin(scenario, desk)
  const opened =
    distribution === undefined || plan === undefined
      ? { commerce: await createCommerce({ ...options, plugins: [salesDesk] }), distributors: undefined }
      : await withDistribution(options, salesDesk, distribution(distributionOptions(plan)))
  try {
    return await furnish({ scenario, cast, clock, reports, desk, ...opened })
  } catch (error) {
    await opened.commerce.close()
    throw error
  }
}

type Options = Omit<CommerceOptions, 'plugins'>

async function withDistribution(options: Options, salesDesk: Plugin<'salesDesk'>, plugin: Plugin<'distribution', ScenarioDistributors>) {
  const commerce = await createCommerce({ ...options, plugins: [salesDesk, plugin] })
  return { commerce, distributors: commerce.distribution }
}

/** What is not dated happens when the scenario begins: with its first step, where it says nothing of it. */
function beginningOf({ start, steps }: Scenario): Timestamp {
  const times = steps.flatMap((step) =>
    [step.at, step.do === 'advance' ? step.to : undefined].flatMap((time) => (time === undefined ? [] : timestamp(time))),
  )
  if (start !== undefined) return timestamp(start)
  const [first, ...others] = steps
  if (first?.at !== undefined) return timestamp(first.at)
  const usual = '2026-01-01T00:00:00.000Z'
  const [earliest = usual] = others.length === 0 ? [] : [...times, usual].sort()
  return earliest
}

function optionsOf({ rounding, timezone, settlement, rail: { maxSplitPercent, roundTo } }: Scenario): Options {
  const { holdDays, threshold, cycle, reserve, withholding, payoutCurrency, rate } = settlement
  return {
    database: { type: 'better-sqlite3', database: ':memory:' },
    background: 'manual',
    adapters: { payments: [createMisbehavingProvider().provider], payouts: [rail] },
    carts: { tax: { rounding } },
    commission: { rounding, maxSplitPercent },
    settlement: {
      holdDays,
      threshold,
      cycle,
      reserve,
      roundTo,
      timezone,
      payoutCurrency,
      exchangeRate: rate === undefined ? undefined : () => rate,
      payoutProvider: rail.id,
      // Whenever the scenario plays.
      withholding: withholding === undefined ? [] : [{ ...cnLabourSingle, validFrom: undefined }],
    },
  }
}

function distributionOptions({ tiers = [], levels, poolPercentOfCommission: pool, ...plan }: ScenarioDistribution): ScenarioPlan {
  const terms = { ...plan, pool, maxDepth: 3 }
  return levels === undefined ? { ...terms, tiers: tiers.map((percent) => ({ percent })) } : { ...terms, levels }
}

interface Opened {
  readonly scenario: Scenario
  readonly cast: Cast
  readonly commerce: Marketplace
  readonly distributors: ScenarioDistributors | undefined
  readonly clock: TestClock
  readonly desk: SalesDesk
  readonly reports: readonly Reported[]
}

async function furnish({ scenario, cast, commerce, distributors, clock, desk, reports }: Opened): Promise<Stage> {
  const suppliers = await makeSuppliers(commerce, cast.suppliers)
  const members = await registerDistributors(distributors, cast.distributors)
  const known = (ids: ReadonlyMap<string, string>, what: string) => (name: string) => {
    const id = ids.get(name)
    if (id === undefined) throw new ScenarioMistake(`there is no ${what} ${name}`)
    return id
  }
  const supplierId = known(suppliers, 'supplier')
  const distributorId = known(new Map([...members].map(([name, { id }]) => [name, id])), 'distributor')
  desk.distributorId = distributorId
  const customers = await makeCustomers(commerce, cast.customers)
  const offers = await stockGoods(commerce, scenario.currency, cast, supplierId)
  const regions = await setTaxes(commerce, cast.taxes)
  const methods = await offerShipping(commerce, scenario.currency, cast.shipping, supplierId)
  for (const rule of scenario.commission) await addRule(commerce, rule, { supplierId, distributorId, products: offers.products })
  const parties = new Map<string, string>([
    ...[...suppliers].map(([name, id]) => [name, `supplier:${id}`] as const),
    ...[...members].map(([name, { id }]) => [name, `distributor:${id}`] as const),
  ])
  const names = new Map([...parties].map(([name, party]) => [party, name]))
  return {
    commerce,
    currency: scenario.currency,
    payoutCurrency: scenario.settlement.payoutCurrency ?? scenario.currency,
    clock,
    desk,
    reports,
    distributors,
    party: known(parties, 'party'),
    nameOf: (party) => names.get(party),
    supplierId,
    customerId: (sell) => customersOf(sell).map(known(customers, 'customer'))[0],
    codeOf: (name) => members.get(name)?.code ?? name,
    offerId: (sell, line) => known(offers.offers, 'offer')(keyOf(goodsOf(sell, line))),
    regionFor: (tax) => (tax === undefined ? 'untaxed' : known(regions, 'tax')(keyOf(tax))),
    shippingMethodId: (shipping) => known(methods, 'shipping')(keyOf(shipping)),
    freeShippingId: () => known(methods, 'shipping')('free'),
  }
}

async function makeSuppliers(commerce: Marketplace, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  if (names.length === 0) return new Map()
  const made = await commerce.suppliers.import({ suppliers: names.map((name) => ({ name })) })
  return new Map(names.map((name, index) => [name, made[index]?.id ?? '']))
}

async function registerDistributors(
  distributors: ScenarioDistributors | undefined,
  names: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly code: string }>> {
  // Without the plugin nobody keeps a register of them, and any id will do.
  if (distributors === undefined || names.length === 0) return new Map(names.map((name) => [name, { id: name, code: name }]))
  const made = await distributors.import({ distributors: names.map((externalId) => ({ externalId })) })
  return new Map(names.map((name, index) => [name, made[index] ?? { id: name, code: name }]))
}

async function makeCustomers(commerce: Marketplace, names: readonly string[]): Promise<ReadonlyMap<string, string>> {
  const ids = new Map<string, string>()
  for (const name of names) ids.set(name, (await commerce.customers.create({ name })).id)
  return ids
}

interface Stocked {
  /** Offer ids by goods. */
  readonly offers: ReadonlyMap<string, string>
  /** Ids in the catalogue by the scenario's product: one for each category that it is sold in. */
  readonly products: ReadonlyMap<string, readonly string[]>
}

/** A product in the catalogue for each product and category, a variant and an offer for each supplier, price and weight. */
async function stockGoods(commerce: Marketplace, currency: string, cast: Cast, supplierId: (name: string) => string): Promise<Stocked> {
  const categories = new Map<string, string>()
  for (const path of cast.categories) {
    const [name = '', ...above] = path.split('/').reverse()
    const parentId = categories.get(above.reverse().join('/'))
    categories.set(path, (await commerce.catalog.createCategory({ slug: slugOf(name), parentId, names: { en: name } })).id)
  }
  const byProduct = new Map<string, Goods[]>()
  for (const goods of cast.goods) {
    const key = JSON.stringify([goods.product, goods.category ?? null])
    byProduct.set(key, [...(byProduct.get(key) ?? []), goods])
  }
  const groups = [...byProduct.values()]
  if (groups.length === 0) return { offers: new Map(), products: new Map() }
  const imported = await commerce.catalog.importProducts({ products: groups.map((group) => productOf(group, categories)) })
  const { id: locationId } = await commerce.inventory.createLocation({ name: 'Warehouse' })
  const offers = new Map<string, string>()
  const products = new Map<string, readonly string[]>()
  for (const [index, group] of groups.entries()) {
    const { id: productId = '', variants = [] } = imported[index] ?? {}
    const [{ product } = { product: '' }] = group
    products.set(product, [...(products.get(product) ?? []), productId])
    const made = await commerce.catalog.createOffers({
      offers: group.map(({ supplier, price }, at) => ({
        supplierId: supplierId(supplier),
        variantId: variants[at]?.id ?? '',
        sku: `${index + 1}-${at + 1}`,
        price,
        currency,
      })),
    })
    for (const [at, goods] of group.entries()) {
      const offerId = made[at]?.id ?? ''
      await commerce.inventory.setStock({ offerId, locationId, onHand: stock })
      offers.set(keyOf(goods), offerId)
    }
  }
  return { offers, products }
}

function productOf(group: readonly Goods[], categories: ReadonlyMap<string, string>) {
  const [first] = group
  const values = group.map((_, index) => `${index + 1}`)
  return {
    names: { en: first?.product ?? '' },
    categoryId: first?.category === undefined ? undefined : categories.get(first.category),
    options: [{ name: 'Offer', values }],
    variants: group.map(({ weight }, index) => ({ optionValues: { Offer: values[index] ?? '' }, weightGrams: weight })),
  }
}

/** A category's part of its path in the catalogue: its name, or one of its own where that is no slug. */
function slugOf(name: string): string {
  return /^[\p{L}\p{N}]+(?:[-_][\p{L}\p{N}]+)*$/u.test(name) ? name : `x-${Buffer.from(name).toString('hex')}`
}

/** A region for each kind of tax, to which the goods are sent that bear it. */
async function setTaxes(commerce: Marketplace, taxes: readonly SellTax[]): Promise<ReadonlyMap<string, string>> {
  const regions = new Map<string, string>()
  for (const [index, tax] of taxes.entries()) {
    const region = `T${index + 1}`
    await commerce.taxes.setRate({ country, region, ...tax })
    regions.set(keyOf(tax), region)
  }
  return regions
}

/** Where everybody lives. */
export const country = 'CN'

async function offerShipping(
  commerce: Marketplace,
  currency: string,
  parcels: readonly SellShipping[],
  supplierId: (name: string) => string,
): Promise<ReadonlyMap<string, string>> {
  const methods = new Map<string, string>()
  methods.set('free', (await commerce.shipping.createMethod({ supplierId: null, name: 'Free', flat: 0, currency })).id)
  for (const parcel of parcels) {
    const { supplier, amount, allocate } = parcel
    const method = await commerce.shipping.createMethod({
      supplierId: supplierId(supplier),
      name: 'Parcel',
      flat: amount,
      allocate,
      currency,
    })
    methods.set(keyOf(parcel), method.id)
  }
  return methods
}

interface Ids {
  readonly supplierId: (name: string) => string
  readonly distributorId: (name: string) => string
  readonly products: ReadonlyMap<string, readonly string[]>
}

/** A product that stands in the catalogue several times has the rule as often; never do two of them meet the same line. */
async function addRule(
  commerce: Marketplace,
  { match = {}, ...terms }: ScenarioRule,
  { supplierId, distributorId, products }: Ids,
): Promise<void> {
  const { supplier, distributor, product, category, channel } = match
  const productIds = product === undefined ? [undefined] : (products.get(product) ?? [product])
  for (const productId of productIds) {
    await commerce.commission.addRule({
      ...terms,
      match: {
        supplier: supplier === undefined ? undefined : supplierId(supplier),
        distributor: distributor === undefined ? undefined : distributorId(distributor),
        product: productId,
        category: category?.split('/').map(slugOf).join('/'),
        channel,
      },
    })
  }
}
