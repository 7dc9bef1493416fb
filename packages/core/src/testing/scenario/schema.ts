import * as z from 'zod'
import { isCurrency } from '../../index.js'
import type { Scenario, ScenarioRule, ScenarioStep } from './scenario.js'

const amount = z.int().nonnegative()
const percent = z
  .number()
  .min(0)
  .max(100)
  .refine((value) => Math.round(value * 10_000) / 10_000 === value, 'must have at most four decimals')
const time = z.iso.datetime({ offset: true, error: 'must be a time such as 2026-01-31T09:00:00.000Z' })
const name = z.string().min(1).max(60)
/** `shoes/running` */
const path = z.string().min(1).max(400)
const party = name.refine(
  (text) => !['P', 'X', 'C', 'G'].includes(text),
  'is the platform, tax, cash or rails; name a supplier or distributor',
)
const currency = z
  .string()
  .regex(/^[A-Z]{3}$/, 'must be an ISO 4217 code such as CNY')
  .refine(isCurrency, 'is no currency of ISO 4217')
const zone = z
  .string()
  .refine((text) => text === 'UTC' || Intl.supportedValuesOf('timeZone').includes(text), 'must be an IANA time zone such as Asia/Shanghai')

const amounts = z
  .record(name, z.int())
  .describe(
    'By party: P platform, S… suppliers, D… distributors, X tax that the platform remits, C customer’s cash (positive = paid in), G rails. Minor units',
  )
const buckets = z.strictObject({
  pending: z.int().optional().describe('Accrued or held'),
  available: z.int().optional(),
  reserve: z.int().optional(),
  inPayout: z.int().optional(),
  paid: z.int().optional(),
})
const balances = z.record(name, buckets).describe('By party; a bucket that is not named is free')

const rule = z
  .strictObject({
    percent: percent.optional().describe('Of the base'),
    perUnit: amount.optional().describe('Minor units for each unit'),
    bands: z
      .strictObject({
        mode: z.enum(['marginal', 'slab', 'retroactive']),
        period: z.literal('month').default('month'),
        steps: z
          .array(z.strictObject({ from: amount, percent }))
          .min(1)
          .describe('By ascending volume; from inclusive, the first from 0'),
      })
      .optional()
      .describe('By the supplier’s captured base in the calendar month'),
    priorVolume: amount.optional().describe('Volume of the month in which the rule begins that preceded this system; with bands'),
    priorCommission: amount.optional().describe('What was charged on it, for the true-up of retroactive bands'),
    min: amount.optional(),
    max: amount.optional(),
    fixed: amount.optional().describe('For each line, on top, after min and max'),
    fixedRefundable: z.boolean().default(false),
    taxPercent: percent.optional().describe('Tax on the commission, fixed part in: borne by the supplier, remitted by the platform'),
    refundFee: z
      .strictObject({ percent, max: amount.optional() })
      .optional()
      .describe('Charged to the supplier: a percentage of the commission that a refund gives back'),
    match: z
      .strictObject({
        supplier: party.optional(),
        category: path.optional().describe('With its descendants'),
        product: name.optional(),
        distributor: party.optional().describe('Tier 1'),
        channel: name.optional(),
      })
      .optional()
      .describe('What it applies to; a dimension that is not given matches everything'),
    base: z.enum(['net', 'net+shipping']).default('net'),
    validFrom: time.optional().describe('Inclusive'),
    validTo: time.optional().describe('Exclusive'),
    disabled: z.boolean().default(false),
  })
  .refine(
    (given) => [given.percent, given.perUnit, given.bands].filter((value) => value !== undefined).length <= 1,
    'give one of percent, perUnit and bands',
  ) satisfies z.ZodType<ScenarioRule>

const distribution = z
  .strictObject({
    tiers: z.array(percent).min(1).max(3).optional().describe('Percentages of the base, tier 1 first'),
    levels: z.record(name, percent).optional().describe('级差: percentages by level; each earns the difference to the highest below it'),
    fundedBy: z.enum(['supplier', 'platform']).default('supplier'),
    poolPercentOfCommission: percent.optional().describe('Tiers are weights within this part of the commission'),
    ownPurchase: z.enum(['allow', 'forfeit', 'rebate']).default('allow'),
    compress: z.boolean().default(false).describe('The chain moves up over a member who may not earn'),
    protectionDays: z.int().min(0).max(36_500).default(30).describe('How long a click binds a customer against others'),
  })
  .refine(({ tiers, levels }) => (tiers === undefined) !== (levels === undefined), 'give either tiers or levels')

const settlement = z
  .strictObject({
    holdDays: z.int().min(0).max(3650).default(0),
    reserve: z
      .strictObject({ percent, days: z.int().min(0).max(3650) })
      .optional()
      .describe('Withheld of a claim when it becomes available, and released so many days later'),
    threshold: amount.default(0).describe('Below it nothing is paid'),
    cycle: z.enum(['manual', 'daily', 'weekly', 'monthly']).default('manual'),
    payoutCurrency: currency.optional(),
    rate: z
      .string()
      .regex(/^\d+(\.\d+)?$/, 'must be a decimal number in a string, such as "1.0825"')
      .optional()
      .describe('Units of the payout currency for one of the sale’s, frozen with the sale'),
    withholding: z.literal('cn-labour-single').optional(),
  })
  .refine(({ payoutCurrency, rate }) => (payoutCurrency === undefined) === (rate === undefined), 'payoutCurrency and rate go together')

const outcome = {
  at: time.optional().describe('When; the clock stands where it stood unless given'),
  expect: amounts.optional().describe('What the step changes; a party not named: nothing'),
  error: z
    .union([z.string().min(1), z.literal(true)])
    .optional()
    .describe('The code with which the step is refused, or true for any'),
  balances: balances.optional().describe('After the step'),
}

const line = z
  .strictObject({
    id: name.max(200),
    supplier: party,
    product: name.optional(),
    category: path.optional(),
    price: amount.describe('Of a unit, minor units'),
    quantity: z.int().min(1).max(1_000_000).default(1),
    weight: amount.max(100_000_000).optional().describe('Grams of a unit'),
    distributors: z.array(party).max(10).optional().describe('Tier 1 first'),
    levels: z.array(name).max(10).optional().describe('The distributors’ levels, one for each'),
  })
  .refine(({ levels, distributors }) => levels === undefined || levels.length === distributors?.length, {
    path: ['levels'],
    error: 'must be one for each distributor',
  })

/** `platform`, or percentages of several. */
const fundedBy = z
  .union([name.transform((funder) => ({ [funder]: 100 })), z.record(name, percent)])
  .describe('platform, supplier or distributor:D1; or percentages of several that add up to 100')

const distinct = (values: readonly string[]): boolean => new Set(values).size === values.length

const step = z.discriminatedUnion('do', [
  z
    .strictObject({
      do: z.literal('sell'),
      id: name,
      pay: z.enum(['capture', 'authorize']).default('capture'),
      customer: name.optional(),
      buyer: party.optional().describe('A distributor who buys'),
      channel: name.optional(),
      tax: z
        .strictObject({
          percent,
          included: z.boolean().default(true),
          remits: z.enum(['supplier', 'platform']).default('supplier'),
          per: z.enum(['line', 'order']).default('line'),
        })
        .optional(),
      lines: z
        .array(line)
        .min(1)
        .max(500)
        .refine((lines) => distinct(lines.map(({ id }) => id)), 'must have distinct ids'),
      discounts: z.array(z.strictObject({ amount, fundedBy })).default([]),
      shipping: z
        .array(z.strictObject({ supplier: party, amount, allocate: z.enum(['price', 'weight']).default('price') }))
        .refine((parcels) => distinct(parcels.map(({ supplier }) => supplier)), 'must name a supplier once')
        .default([]),
      ...outcome,
    })
    .describe('Sells goods through a cart'),
  z
    .strictObject({ do: z.literal('click'), customer: name, distributor: party, ...outcome })
    .describe('A customer opens a distributor’s link'),
  z.strictObject({ do: z.literal('deliver'), order: name, line: name.optional().describe('All lines unless given'), ...outcome }),
  z
    .strictObject({
      do: z.literal('refund'),
      order: name,
      line: name.optional(),
      amount: amount.optional().describe('What the customer gets back: tax in, shipping not'),
      quantity: z.int().min(1).optional(),
      all: z.literal(true).optional().describe('The line’s price and tax; of all lines where none is named'),
      shipping: amount.optional(),
      goodwill: z
        .strictObject({ amount: amount.min(1), fundedBy: name.default('platform').describe('platform, supplier or distributor:D1') })
        .optional(),
      ...outcome,
    })
    .refine(
      ({ amount: part, quantity, all }) => [part, quantity, all].filter((value) => value !== undefined).length <= 1,
      'give one of amount, quantity and all',
    )
    .refine(
      ({ amount: part, quantity, all, shipping, goodwill }) =>
        [part, quantity, all, shipping, goodwill].some((value) => value !== undefined),
      'gives nothing back: give amount, quantity, all, shipping or goodwill',
    ),
  z.strictObject({
    do: z.literal('exchange'),
    order: name,
    line: name,
    price: amount.describe('Of a unit of what is given instead'),
    terms: z.enum(['current', 'inherit']).default('current'),
    ...outcome,
  }),
  z.strictObject({
    do: z.literal('capture'),
    order: name,
    amount: amount.min(1).optional().describe('All that is left unless given'),
    ...outcome,
  }),
  z.strictObject({ do: z.literal('void'), order: name, ...outcome }),
  z.strictObject({ do: z.literal('advance'), to: time, ...outcome }).describe('Lets time pass, and does what falls due'),
  z.strictObject({ do: z.literal('settle'), party, ...outcome }).describe('Draws, approves and locks the statement and submits the payout'),
  z
    .strictObject({ do: z.literal('payout'), party, result: z.enum(['paid', 'returned', 'failed']), ...outcome })
    .describe('What became of the party’s payout'),
  z.strictObject({
    do: z.literal('adjust'),
    party,
    amount: z.int().describe('Positive to the party, negative from it; the platform is the other side'),
    reason: z.string().min(1).max(500).default('adjustment'),
    ...outcome,
  }),
  z.strictObject({ do: z.literal('writeOff'), party, ...outcome }).describe('Writes a negative balance off to bad debt'),
  z.strictObject({
    do: z.literal('chargeback'),
    order: name,
    amount: amount.min(1),
    fee: amount.default(0),
    feeFrom: z.enum(['supplier', 'platform']).default('supplier'),
    ...outcome,
  }),
  z.strictObject({ do: z.literal('chargebackWon'), order: name, ...outcome }),
  z.strictObject({ do: z.literal('withdraw'), party, amount: amount.min(1), feePercent: percent.default(0), ...outcome }),
]) satisfies z.ZodType<ScenarioStep>

const allocation = z.record(z.string().regex(/^[^/]+\/.+$/, 'must be order/line'), z.int()).optional()

/** Reads a scenario, and fills its defaults in. */
export const scenarioSchema: z.ZodType<Scenario> = z
  .strictObject({
    id: name.max(200),
    title: z.string().max(500).optional(),
    currency,
    timezone: zone.default('UTC').describe('IANA; calendar of cycles and band periods'),
    start: time.optional().describe('When it begins; with its first step, or at 2026-01-01T00:00:00.000Z, unless given'),
    rounding: z.enum(['half-up', 'half-even']).default('half-up'),
    categories: z.array(path).default([]).describe('Paths such as shoes/running; those that lines name are there anyway'),
    commission: z.array(rule).default([]).describe('Oldest first'),
    distribution: distribution.optional(),
    settlement: settlement.prefault({}),
    rail: z
      .strictObject({
        maxSplitPercent: percent.optional().describe('The most that may be split off an order'),
        roundTo: z.int().positive().default(1).describe('Payouts are multiples of it'),
      })
      .prefault({}),
    steps: z.array(step),
    allocations: z
      .strictObject({ discount: allocation, shipping: allocation, tax: allocation })
      .optional()
      .describe('How orders’ amounts fell on their lines, by order/line'),
    balances: balances.optional().describe('At the end'),
  })
  .describe('A plan, what happens under it, and what must come of it')
