import {
  CommerceError,
  type CommissionRuleInput,
  type CoreEvents,
  type CoreInstance,
  createCommerce,
  type PayoutProvider,
} from '@entrepot/core'
import { type Distribution, distribution } from '@entrepot/plugin-distribution'
import { Refusal } from '../command.js'
import type { Plan, PlanDistribution, PlanRule } from './plan.js'
import type { ScratchDatabase } from './scratch-database.js'
import { createSimulatedClock, type SimulatedClock } from './simulated-clock.js'
import type { Staging } from './staging.js'

/** A marketplace that works by the plan, in a time of its own. */
export interface Marketplace {
  readonly commerce: CoreInstance<CoreEvents>
  /** Absent where the plan has no distribution. */
  readonly distributors: Distribution | undefined
  readonly clock: SimulatedClock
  /** The first thing that went wrong in the background, where nobody waits for it. */
  failure(): unknown
}

/** Every payout arrives at once: nobody asks here what a bank would do. */
const instantPayouts: PayoutProvider = {
  id: 'backtest',
  submit: async ({ payoutId }) => ({ status: 'paid', providerRef: payoutId }),
  fetch: async ({ payoutId }) => ({ status: 'paid', providerRef: payoutId }),
}

const pageSize = 500

export async function openMarketplace(plan: Plan, { location, schema }: ScratchDatabase, start: string): Promise<Marketplace> {
  const clock = createSimulatedClock(start)
  let failure: unknown
  const options = {
    database: location,
    schema,
    migrate: true,
    clock,
    background: 'manual',
    adapters: { payouts: [instantPayouts] },
    commission: { rounding: plan.rounding },
    settlement: { ...plan.settlement, roundTo: plan.rail?.roundTo, payoutProvider: instantPayouts.id },
    report: (_what: string, error: unknown) => {
      failure ??= error
    },
  } as const
  if (plan.distribution === undefined)
    return { commerce: await createCommerce(options), distributors: undefined, clock, failure: () => failure }
  const commerce = await createCommerce({ ...options, plugins: [distribution(distributionOptions(plan.distribution))] })
  return { commerce, distributors: commerce.distribution, clock, failure: () => failure }
}

function distributionOptions({ tiers, fundedBy, poolPercentOfCommission: pool, ownPurchase, compress, protectionDays }: PlanDistribution) {
  return { tiers: tiers.map((percent) => ({ percent })), maxDepth: tiers.length, fundedBy, pool, ownPurchase, compress, protectionDays }
}

/** Makes the parties that orders name known to the marketplace, approved as they were when they sold. */
export async function registerParties(
  { commerce, distributors }: Marketplace,
  staging: Staging,
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let after = 0; ; ) {
    const page = staging.parties('supplier', after, pageSize)
    const last = page.at(-1)
    if (!last) break
    signal?.throwIfAborted()
    const imported = await commerce.suppliers.import({ suppliers: page.map(({ ref: name }) => ({ name })) })
    for (const [index, { no }] of page.entries()) staging.named(no, imported[index]?.id ?? '')
    after = last.no
  }
  for (let after = 0; distributors !== undefined; ) {
    const page = staging.parties('distributor', after, pageSize)
    const last = page.at(-1)
    if (!last) break
    const made = await distributors.import({ distributors: page.map(({ ref }) => ({ externalId: ref })) })
    for (const [index, { no }] of page.entries()) staging.named(no, made[index]?.id ?? '')
    after = last.no
  }
}

/** Writes the plan's rules. @returns remarks about rules that cannot apply to any of these orders */
export async function addRules({ commerce }: Marketplace, plan: Plan, staging: Staging): Promise<readonly string[]> {
  const remarks: string[] = []
  for (const [index, rule] of plan.commission.entries()) {
    const path = `commission[${index}]`
    if (rule.disabled) continue
    const { input, nowhere } = withOurIds(rule, staging)
    if (nowhere !== undefined) remarks.push(`${path}.match.${nowhere}, so the rule applies to nothing`)
    else
      await commerce.commission.addRule(input).catch((error: unknown) => {
        throw error instanceof CommerceError ? new Refusal(`${path}: ${error.message}`) : error
      })
  }
  return remarks
}

/** A rule names parties as the file does; the marketplace knows them by ids of its own. */
function withOurIds(
  { disabled: _, match, ...terms }: PlanRule,
  staging: Staging,
): { readonly input: CommissionRuleInput; readonly nowhere?: string } {
  if (match === undefined) return { input: terms }
  const ids: { supplier?: string; distributor?: string } = {}
  for (const kind of ['supplier', 'distributor'] as const) {
    const ref = match[kind]
    if (ref === undefined) continue
    const id = staging.find(kind, ref)
    if (id === undefined) return { input: terms, nowhere: `${kind}: no order names "${ref}"` }
    ids[kind] = id
  }
  for (const dimension of ['category', 'channel'] as const) {
    if (match[dimension] !== undefined) return { input: terms, nowhere: `${dimension}: the file says no ${dimension}` }
  }
  return { input: { ...terms, match: { product: match.product, ...ids } } }
}
