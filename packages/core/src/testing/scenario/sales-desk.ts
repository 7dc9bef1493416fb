/** What only a host knows of a sale: who brought the customer, and what is taken off. The scenario says it, and core asks for it by its hooks. */
import { type DistributionTerms, type LineBeneficiaries, type OrderLine, percentage } from '../../index.js'
import { definePlugin, type Plugin } from '../../plugin.js'
import type { Scenario, ScenarioDistribution, SellStep } from './scenario.js'

/** The sale that is being made. */
export interface SalesDesk {
  sale: SellStep | undefined
  /** The id of the distributor to whom its customer is bound, where a distributor buys. */
  boundTo: string | undefined
  /** Ids by the scenario's names. */
  distributorId: (name: string) => string
}

/** Joins the hooks before the distribution plugin: a chain that a line names goes before the one that a binding gives. */
export function salesDeskPlugin(scenario: Scenario, desk: SalesDesk): Plugin<'salesDesk'> {
  const terms = scenario.distribution && termsOf(scenario.distribution)
  const party = (funder: string): string =>
    funder.replace(/^distributor:(.+)$/, (_, name: string) => `distributor:${desk.distributorId(name)}`)
  return definePlugin({
    id: 'salesDesk',
    core: '>=0.1.0 <1.0.0',
    setup(context) {
      context.join('cart.attributing', async () => {
        const first = desk.sale?.lines.find((line) => line.distributors?.[0] !== undefined)?.distributors?.[0]
        return { distributorId: first === undefined ? null : desk.distributorId(first) }
      })
      context.join('cart.adjusting', async () => ({
        discounts: (desk.sale?.discounts ?? []).map(({ amount, fundedBy }, index) => ({
          source: `discount-${index}`,
          code: null,
          label: `Discount ${index + 1}`,
          amount,
          funders: Object.fromEntries(Object.entries(fundedBy).map(([funder, percent]) => [party(funder), percent])),
        })),
      }))
      context.join('commission.naming', async ({ orders }) => {
        const { sale } = desk
        return sale && terms ? orders.flatMap(({ lines }) => lines.flatMap((line) => beneficiaries(line, sale, terms, desk))) : []
      })
      return {}
    },
  })()
}

function beneficiaries(
  { id: lineId, position }: OrderLine,
  { lines, buyer: buyerName }: SellStep,
  distribution: DistributionTerms,
  desk: SalesDesk,
): readonly LineBeneficiaries[] {
  const { distributors, levels } = lines[position - 1] ?? {}
  // Nobody is named: a binding may tell, and the plugin that knows of it is asked next. Who buys, though, the scenario alone knows.
  if (distributors === undefined && buyerName === undefined) return []
  const named = distributors?.map((name, index) => ({ distributor: desk.distributorId(name), level: levels?.[index] }))
  const chain = named ?? (desk.boundTo === undefined ? [] : [{ distributor: desk.boundTo }])
  const buyer = buyerName === undefined ? undefined : desk.distributorId(buyerName)
  return [{ lineId, distribution, chain: distribution.ownPurchase === 'rebate' ? buyerFirst(chain, buyer) : chain, buyer }]
}

type Chain = LineBeneficiaries['chain']

/** `rebate`: who buys is tier 1 of its own order, and so for the rules too that look at the distributor. */
function buyerFirst(chain: Chain, buyer: string | undefined): Chain {
  if (buyer === undefined) return chain
  const self = chain.find(({ distributor }) => distributor === buyer) ?? { distributor: buyer }
  return [self, ...chain.filter(({ distributor }) => distributor !== buyer)]
}

function termsOf({
  tiers = [],
  levels,
  fundedBy,
  poolPercentOfCommission: pool,
  ownPurchase,
  compress,
}: ScenarioDistribution): DistributionTerms {
  const byLevel = levels && Object.fromEntries(Object.entries(levels).map(([level, percent]) => [level, percentage(percent)]))
  return {
    rates: byLevel ? { by: 'level', percents: byLevel } : { by: 'tier', percents: tiers.map((percent) => percentage(percent)) },
    fundedBy,
    pool: pool === undefined ? undefined : percentage(pool),
    ownPurchase,
    compress,
  }
}
