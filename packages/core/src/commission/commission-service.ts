import * as z from 'zod'
import type { Call, Kernel, Timestamp, Tx } from '../kernel/index.js'
import { timestamp } from '../kernel/index.js'
import type { Ledger } from '../ledger/index.js'
import { percentage, type Rounding } from '../money/index.js'
import type { OrderHooks } from '../order/index.js'
import type { ChargebackFeeFrom, SupplierHooks, Suppliers } from '../supplier/index.js'
import {
  type AnnouncePlanInput,
  announcePlan,
  announcePlanInput,
  type PlanIdInput,
  planIdInput,
  readPlans,
  withdrawPlan,
} from './announce-plan.js'
import { bookCaptures } from './book-captures.js'
import { bookChargebackFee, bookChargebacks, restoreChargebacks } from './book-chargebacks.js'
import { bookRefunds } from './book-refunds.js'
import { ruleOfContract } from './contract-rules.js'
import { ratesMissing } from './errors.js'
import { termsOfExchange } from './exchange-terms.js'
import { explainLine, type LineExplanation } from './explain.js'
import { freezeTerms } from './freeze-terms.js'
import type { CommissionHooks } from './hooks.js'
import { type LeavePlanInput, leavePlan, leavePlanInput, type PlanStanding, rejoinPlan } from './leave-plan.js'
import type { PayoutTerms } from './payout-terms.js'
import type { CommissionPlan } from './plan.js'
import type { CommissionRule } from './rule.js'
import { addRule, type CommissionRuleInput, endRule, readRules, ruleInput, switchRule } from './rules.js'
import { type SimulateInput, type Simulation, simulate, simulateInput } from './simulate.js'
import { trueUpMonths } from './true-up.js'
import { monthIn } from './volume.js'

/** How the platform's commission works, for all rules. */
export interface CommissionOptions {
  /** How a computed share is rounded. @default 'half-up' */
  readonly rounding?: Rounding | undefined
  /** The most that a payment rail lets be split off an order, in percent; an order above it is refused. A line that would enter its bands above it when it is captured keeps the split that it was placed with. */
  readonly maxSplitPercent?: number | undefined
  /**
   * Days between the announcement of a plan's new version and its beginning, at least. @default 15, which Regulation (EU) 2019/1150, article 3(2), asks of whoever
   * changes the terms of business users
   */
  readonly noticeDays?: number | undefined
}

export interface CommissionService {
  /** Adds a rule; it applies to orders placed from now on. @throws commission.invalid_rule, money.invalid_percentage */
  addRule(input: CommissionRuleInput, call?: Call): Promise<CommissionRule>
  /** Ends a rule's validity, now or at a time. @throws commission.rule_not_found, commission.rule_ended */
  endRule(input: { readonly ruleId: string; readonly at?: Timestamp | undefined }, call?: Call): Promise<CommissionRule>
  /** Switches a rule off; it matches no order that is placed from now on. @throws commission.rule_not_found */
  disableRule(input: { readonly ruleId: string }, call?: Call): Promise<CommissionRule>
  /** Switches a rule on again. @throws commission.rule_not_found */
  enableRule(input: { readonly ruleId: string }, call?: Call): Promise<CommissionRule>
  /** All rules as they were written, oldest first; those of a plan hold within the plan's time. */
  rules(input?: Record<string, never>, call?: Call): Promise<readonly CommissionRule[]>
  /** Announces a plan, or a new version of one. Nothing of it is ever edited. @throws commission.notice_too_short, commission.plan_conflict, commission.invalid_rule, money.invalid_percentage */
  announcePlan(input: AnnouncePlanInput, call?: Call): Promise<CommissionPlan>
  /** Takes an announced plan back before it holds. @throws commission.plan_not_found, commission.plan_in_force */
  withdrawPlan(input: PlanIdInput, call?: Call): Promise<CommissionPlan>
  /** A supplier does not go along with an announced plan: it sells on its old terms until the plan begins, and is then suspended. @throws commission.plan_not_found, commission.plan_in_force, supplier.not_found */
  leavePlan(input: LeavePlanInput, call?: Call): Promise<PlanStanding>
  /** A supplier that wanted to leave stays. @throws commission.plan_not_found, commission.plan_in_force */
  rejoinPlan(input: LeavePlanInput, call?: Call): Promise<PlanStanding>
  /** All versions of all plans, in the order in which they were announced. */
  plans(input?: Record<string, never>, call?: Call): Promise<readonly CommissionPlan[]>
  /** What a basket would be shared out into, under the rules in force or under a plan; nothing is written. @throws commission.plan_not_found, commission.invalid_rule, discount.exceeds_share */
  simulate(input: SimulateInput, call?: Call): Promise<Simulation>
  /** How an order line is shared out, and why: rule, base, arithmetic. @throws commission.terms_missing */
  explain(input: { readonly orderLineId: string }, call?: Call): Promise<LineExplanation>
}

export interface Commission {
  readonly service: CommissionService
}

export interface CommissionDeps {
  readonly kernel: Kernel
  readonly ledger: Ledger
  readonly suppliers: Pick<Suppliers, 'contracts' | 'contractHistory' | 'service'>
  /** In which currency parties are paid, where that is not the currency of each sale, and at which rates. @default no other */
  readonly payouts?: Pick<PayoutTerms, 'currency' | 'exchangeRate'> | undefined
  /** Who bears a provider's fee for a chargeback where a supplier's contract says nothing. @default 'supplier' */
  readonly chargebackFeeFrom?: ChargebackFeeFrom | undefined
  readonly options?: CommissionOptions | undefined
  /** IANA; the calendar of the months over which volume adds up. @default 'UTC' */
  readonly timezone?: string | undefined
}

/** Takes part in orders: terms are frozen while one is placed, claims are booked at capture and taken back at refund, each in the order's own transaction. */
export function createCommission({
  kernel,
  ledger,
  suppliers,
  chargebackFeeFrom = 'supplier',
  payouts,
  options = {},
  timezone = 'UTC',
}: CommissionDeps): Commission {
  const hooks = kernel.hooks<CommissionHooks>()
  const orders = kernel.hooks<OrderHooks>()
  const monthOf = monthIn(timezone)
  const maxSplit = options.maxSplitPercent === undefined ? undefined : percentage(options.maxSplitPercent)
  const freeze = freezeTerms(hooks, {
    rounding: options.rounding ?? 'half-up',
    maxSplit,
    monthOf,
    payouts: payouts && { ...payouts, suppliers },
  })
  const capture = bookCaptures({ ledger, hooks, monthOf, maxSplit })
  const refund = bookRefunds(ledger, hooks)
  const contracted = ruleOfContract({ kernel, monthOf })
  kernel.hooks<SupplierHooks>().join('supplier.contracted', async ({ contract }, tx: Tx) => {
    const { supplierId, settlement } = contract
    // Said when it is agreed, and not by the first order that cannot be placed.
    if (settlement.payoutCurrency !== null && !payouts) throw ratesMissing({ supplierId, currency: settlement.payoutCurrency })
    await contracted(tx, contract)
  })
  orders.join('order.placing', (input, tx: Tx) => freeze(input.orders, tx))
  orders.join('order.exchanging', (input, tx: Tx) => termsOfExchange(freeze, input, tx))
  orders.join('order.captured', (input, tx: Tx) => capture(input.orders, tx))
  orders.join('order.refunding', (input, tx: Tx) => refund(input.orders, tx))
  const [chargeBack, restore] = [bookChargebacks(ledger, hooks), restoreChargebacks(ledger, hooks)]
  orders.join('order.charged_back', (input, tx: Tx) => chargeBack(input.orders, tx))
  orders.join('order.chargeback_won', (input, tx: Tx) => restore(input.orders, tx))
  orders.join('order.chargeback_fee', bookChargebackFee({ ledger, suppliers, feeFrom: chargebackFeeFrom }))

  const trueUp = trueUpMonths({ database: kernel.database, ledger, rounding: options.rounding ?? 'half-up', monthOf })
  // Each month that ended while no worker ran is trued up as of its own end.
  kernel.jobs.every('commission.true_up', { cron: '0 0 1 * *', timezone, catchUp: true }, (_payload, { dueAt }) => trueUp(dueAt))

  const { command, query } = kernel.useCases
  const rules = query('commission.rules', z.strictObject({}), async (reader) => (await readRules(reader)).map(({ rule }) => rule))
  const lineId = z.string().min(1).max(64)
  const plans = query('commission.plans', z.strictObject({}), (reader) => readPlans(reader))
  const policy = { rounding: options.rounding ?? 'half-up', maxSplit }
  const ruleIdInput = z.strictObject({ ruleId: lineId })
  return {
    service: {
      addRule: command('commission.addRule', ruleInput, addRule({ kernel, monthOf })),
      endRule: command(
        'commission.endRule',
        z.strictObject({
          ruleId: lineId,
          at: z
            .string()
            .transform((at) => timestamp(at))
            .optional(),
        }),
        endRule,
      ),
      disableRule: command('commission.disableRule', ruleIdInput, (tx, { ruleId }) => switchRule(tx, { ruleId, disabled: true })),
      enableRule: command('commission.enableRule', ruleIdInput, (tx, { ruleId }) => switchRule(tx, { ruleId, disabled: false })),
      rules: (input = {}, call) => rules(input, call),
      announcePlan: command(
        'commission.announcePlan',
        announcePlanInput,
        announcePlan({ kernel, monthOf, noticeDays: options.noticeDays ?? 15 }),
      ),
      withdrawPlan: command('commission.withdrawPlan', planIdInput, (tx, input) => withdrawPlan(tx, input)),
      leavePlan: command('commission.leavePlan', leavePlanInput, leavePlan({ kernel, suppliers })),
      rejoinPlan: command('commission.rejoinPlan', leavePlanInput, (tx, input) => rejoinPlan(tx, input)),
      plans: (input = {}, call) => plans(input, call),
      simulate: query('commission.simulate', simulateInput, simulate({ kernel, hooks, monthOf, policy })),
      explain: query('commission.explain', z.strictObject({ orderLineId: lineId }), explainLine(hooks)),
    },
  }
}
