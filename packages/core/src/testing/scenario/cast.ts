/** Who and what a scenario speaks of, gathered before it is played: a marketplace has its parties and goods before the first sale. */
import type { Scenario, ScenarioStep, SellLine, SellShipping, SellStep, SellTax, StepOf } from './scenario.js'

export interface Cast {
  readonly suppliers: readonly string[]
  readonly distributors: readonly string[]
  readonly customers: readonly string[]
  /** Paths, parents before children. */
  readonly categories: readonly string[]
  readonly goods: readonly Goods[]
  readonly taxes: readonly SellTax[]
  readonly shipping: readonly SellShipping[]
}

/** What one offer sells. */
export interface Goods {
  readonly product: string
  readonly category: string | undefined
  readonly supplier: string
  readonly price: number
  readonly weight: number | undefined
}

/** A scenario that contradicts itself where its form does not show it. */
export class ScenarioMistake extends Error {
  override readonly name: string = 'ScenarioMistake'
}

export function castOf(scenario: Scenario): Cast {
  const sells = stepsOf(scenario, 'sell')
  const lines = sells.flatMap((sell) => sell.lines)
  const matches = scenario.commission.flatMap(({ match }) => match ?? [])
  const suppliers = new Set([
    ...lines.map((line) => line.supplier),
    ...sells.flatMap((sell) => sell.shipping.map(({ supplier }) => supplier)),
    ...matches.flatMap(({ supplier }) => supplier ?? []),
  ])
  const distributors = new Set([
    ...lines.flatMap((line) => line.distributors ?? []),
    ...sells.flatMap(({ buyer }) => buyer ?? []),
    ...stepsOf(scenario, 'click').map(({ distributor }) => distributor),
    ...matches.flatMap(({ distributor }) => distributor ?? []),
    ...fundersOf(sells),
  ])
  for (const name of scenario.steps.flatMap((step) => ('party' in step ? step.party : []))) {
    if (suppliers.has(name) || distributors.has(name)) continue
    // Parties that a scenario only settles with are told apart by the language's own letters.
    if (name.startsWith('S')) suppliers.add(name)
    else if (name.startsWith('D')) distributors.add(name)
    else throw new ScenarioMistake(`nobody knows whether ${name} is a supplier or a distributor; name suppliers S… and distributors D…`)
  }
  const both = [...suppliers].find((name) => distributors.has(name))
  if (both !== undefined) throw new ScenarioMistake(`${both} is a supplier and a distributor`)
  return {
    suppliers: [...suppliers],
    distributors: [...distributors],
    customers: [...new Set([...sells.flatMap(customersOf), ...stepsOf(scenario, 'click').map(({ customer }) => customer)])],
    categories: withParents([...scenario.categories, ...lines.flatMap(({ category }) => category ?? [])]),
    goods: distinct(sells.flatMap((sell) => sell.lines.map((line) => goodsOf(sell, line)))),
    taxes: distinct(sells.flatMap(({ tax }) => tax ?? [])),
    shipping: distinct(sells.flatMap((sell) => sell.shipping)),
  }
}

export function stepsOf<Do extends ScenarioStep['do']>({ steps }: Scenario, what: Do): readonly StepOf<Do>[] {
  return steps.filter((step): step is StepOf<Do> => step.do === what)
}

/** A line that names no product sells one of its own. */
export function goodsOf(sell: SellStep, { id, product = `${sell.id}/${id}`, category, supplier, price, weight }: SellLine): Goods {
  return { product, category, supplier, price, weight }
}

/** Equal values give equal names. */
export function keyOf(value: object): string {
  return JSON.stringify(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
}

function distinct<Of extends object>(values: readonly Of[]): readonly Of[] {
  return [...new Map(values.map((value) => [keyOf(value), value])).values()]
}

/** Who buys: a customer, or a distributor as a customer. */
export function customersOf({ customer, buyer }: Pick<SellStep, 'customer' | 'buyer'>): readonly string[] {
  return [customer ?? buyer].flatMap((name) => name ?? [])
}

function fundersOf(sells: readonly SellStep[]): readonly string[] {
  return sells.flatMap(({ discounts }) =>
    discounts.flatMap(({ fundedBy }) => Object.keys(fundedBy).flatMap((funder) => /^distributor:(.+)$/.exec(funder)?.[1] ?? [])),
  )
}

function withParents(paths: readonly string[]): readonly string[] {
  const all = paths.flatMap((path) => {
    const parts = path.split('/')
    return parts.map((_, index) => parts.slice(0, index + 1).join('/'))
  })
  return [...new Set(all)]
}
