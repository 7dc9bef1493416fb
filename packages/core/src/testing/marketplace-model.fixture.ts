/** A marketplace in which anything may happen next: random commands by a seed, so that a failure can be played again. */
import type { CommerceApi, CoreInstance } from '../api.js'
import { addMillis, CommerceError } from '../kernel/index.js'
import { percentage } from '../money/index.js'
import { definePlugin, type Plugin } from '../plugin.js'
import type { PayoutProvider } from '../ports/index.js'
import { brokenInvariants, netOfLine } from './books-invariants.fixture.js'
import type { TestDatabase } from './databases.js'
import { createDice, type Dice } from './dice.fixture.js'
import { createMisbehavingProvider } from './misbehaving-provider.js'
import { replayable } from './replayable.fixture.js'
import { advance, type TestClock } from './test-clock.js'
import { openTestCommerce } from './test-commerce.js'

type Model = CommerceApi & Pick<CoreInstance<object>, 'transaction' | 'background'>

const distributors = ['dst_one', 'dst_two']

/** Lines name their distributors themselves; the first earns 8 %, the second 4 %, from the supplier or, in the channel `app`, from the platform. */
const naming: Plugin = definePlugin({
  id: 'chains',
  core: '>=0.1.0',
  setup({ join }) {
    join('commission.naming', async ({ orders }) =>
      orders.flatMap(({ order, lines }) =>
        lines
          .filter((line) => line.distributors !== null)
          .map((line) => ({
            lineId: line.id,
            distribution: {
              rates: { by: 'tier', percents: [percentage(8), percentage(4)] },
              fundedBy: order.channel === 'app' ? 'platform' : 'supplier',
            },
            chain: (line.distributors ?? []).map((distributor) => ({ distributor })),
          })),
      ),
    )
    return {}
  },
})()

/** A rail that answers as the dice fall, and pays no id twice. */
function createRail(dice: Dice): PayoutProvider {
  const accepted = new Map<string, number>()
  return {
    id: 'bank',
    async submit({ payoutId, amount }) {
      const before = accepted.get(payoutId)
      if (before !== undefined && before !== amount) throw new RangeError(`payout ${payoutId} came with ${amount} after ${before}`)
      accepted.set(payoutId, amount)
      // The answer is lost, not the payout.
      if (dice.chance(20)) throw new Error('the bank did not answer')
      return { status: dice.pick(['submitted', 'submitted', 'paid', 'failed'] as const), providerRef: null }
    },
    fetch: async ({ payoutId }) => {
      if (!accepted.has(payoutId)) return null
      if (dice.chance(20)) throw new Error('the bank did not answer')
      return { status: dice.pick(['submitted', 'submitted', 'paid', 'failed', 'returned'] as const), providerRef: null }
    },
  }
}

/** Refusals that a random command may well meet; anything else is a fault. */
const refusals: ReadonlySet<string> = new Set([
  'discount.exceeds_share',
  'refund.exceeds_captured',
  'refund.goodwill_funder',
  'order.exceeds_quantity',
  'order.nothing_to_refund',
  'order.not_cancelable',
  'order.not_payable',
  'order.not_paid',
  'fulfilment.not_paid',
  'fulfilment.backdated',
  'payment.receipt_exceeds_amount',
  'payment.not_capturable',
  'capture.exceeds_authorized',
  'statement.open',
  'statement.wrong_state',
  'statement.not_found',
  'statement.until_stated',
  'dispute.differs',
  'dispute.nothing_disputed',
  // Another payment has come in since the dispute was opened.
  'dispute.payment_ambiguous',
  'order.not_exchangeable',
  'ledger.hold_ended',
  'ledger.capture_exceeds_hold',
  'payout.wrong_state',
  'settlement.nothing_to_write_off',
  'settlement.withdrawal_too_small',
  'balance.insufficient',
])

interface SoldOrder {
  readonly orderId: string
  readonly currency: string
  readonly lineIds: readonly string[]
  /** Open where it is paid in parts. */
  readonly paymentId: string | undefined
}

export interface MarketplaceModel {
  readonly commerce: Model
  readonly clock: TestClock
  readonly dice: Dice
  /** Does something, or several things at once. @returns what, in words, and every invariant that it broke */
  step(): Promise<{ readonly did: string; readonly broken: readonly string[] }>
  close(): Promise<void>
}

export async function openModel(database: TestDatabase, seed: number): Promise<MarketplaceModel> {
  const dice = createDice(seed)
  const {
    commerce: opened,
    clock,
    close,
  } = await openTestCommerce(database, {
    start: '2026-01-10T08:00:00.000Z',
    plugins: [naming],
    adapters: { payouts: [createRail(dice)], payments: [createMisbehavingProvider({ id: 'card' }).provider] },
    settlement: {
      exchangeRate: (from) => ({ CNY: '0.1397', JPY: '0.0067' })[from],
      holdDays: 7,
      cycle: 'monthly',
      threshold: 1000,
      roundTo: 10,
      reserve: { percent: 12.5, days: 20 },
      withdrawalFeePercent: 0.6,
      withholding: [{ id: 'tenth', parties: ['distributor'], taxOf: ({ gross }) => Math.floor(gross / 10) }],
      timezone: 'Europe/Berlin',
      payoutProvider: 'bank',
    },
    report: () => {},
  })
  const { commerce, replay } = replayable(opened)
  const suppliers: string[] = []
  for (const name of ['Tea', 'Shoes', 'Silk']) suppliers.push((await commerce.suppliers.apply({ name })).id)
  const [tea = '', shoes = '', silk = ''] = suppliers
  await commerce.commission.addRule({ percent: 10 })
  await commerce.commission.addRule({ percent: 12.5, fixed: 30, taxPercent: 20, refundFee: { percent: 20 }, match: { supplier: shoes } })
  const steps = [
    { from: 0, percent: 10 },
    { from: 100_000, percent: 7.5 },
    { from: 300_000, percent: 5 },
  ]
  await commerce.commission.addRule({ bands: { mode: 'marginal', steps }, base: 'net+shipping', match: { supplier: tea } })
  await commerce.suppliers.setContract({
    supplierId: silk,
    commission: { percent: 8.875 },
    settlement: { cycle: 'daily', holdDays: 2, threshold: 0, reserve: { percent: 0, days: 1 }, payoutCurrency: 'USD' },
  })
  await commerce.suppliers.setContract({ supplierId: shoes, settlement: { cycle: 'weekly', holdDays: 0, threshold: 0 } })
  const parties = [...suppliers.map((id) => `supplier:${id}`), ...distributors.map((id) => `distributor:${id}`)]
  const currencies = ['CNY', 'CNY', 'CNY', 'JPY']
  const payoutCurrencies = [...currencies, 'USD']
  const sold: SoldOrder[] = []
  const disputed: (({ readonly reference: string } | { readonly paymentId: string }) & {
    readonly disputeRef: string
    readonly amount: number
  })[] = []
  let disputes = 0
  const holds: { made: number; readonly open: string[] } = { made: 0, open: [] }
  await commerce.ledger.post({
    kind: 'grant',
    source: 'model',
    key: 'grant',
    effectiveAt: clock.now(),
    transfers: [
      {
        from: { party: 'club:house', purpose: 'issued' },
        to: { party: 'club:members', purpose: 'points', guarded: true },
        amount: 5_000,
        commodity: 'POINTS',
        kind: 'grant',
      },
    ],
  })

  const somePrice = (): number => dice.pick([0, 1, 3, 99, 100, 9999, dice.roll(50_000), dice.roll(50_000)])

  const someLine = () => {
    const supplierId = dice.pick(suppliers)
    const quantity = 1 + dice.roll(4)
    const price = somePrice()
    const off = dice.chance(30) ? dice.pick([price, dice.roll(price + 1)]) : 0
    const bySupplier = dice.roll(off + 1)
    const chain = dice.chance(40) ? distributors.slice(0, 1 + dice.roll(2)) : undefined
    const funders = [
      { party: dice.chance(10) && chain ? 'distributor:dst_one' : 'platform', amount: off - bySupplier },
      { party: `supplier:${supplierId}`, amount: bySupplier },
    ].filter((funder) => funder.amount > 0)
    const included = dice.chance(50)
    return {
      supplierId,
      quantity,
      price,
      discounts: off === 0 ? [] : [{ source: 'model', code: null, label: '', amount: off, funders }],
      tax: dice.chance(50)
        ? { percent: 13, included, remits: dice.pick(['supplier', 'platform'] as const), amount: Math.floor(((price - off) * 13) / 113) }
        : undefined,
      shipping: dice.chance(40) ? dice.roll(900) : 0,
      distributors: chain,
    }
  }

  const commands: readonly (readonly [weight: number, name: string, run: () => Promise<unknown>])[] = [
    [
      5,
      'sell',
      async () => {
        const currency = dice.pick(currencies)
        const lines = Array.from({ length: 1 + dice.roll(4) }, someLine)
        const total = lines.reduce((sum, line) => sum + line.price + line.shipping, 0)
        const paid = total === 0 || dice.chance(60)
        const at = dice.chance(20) ? addMillis(clock.now(), -dice.roll(40 * 86_400_000)) : clock.now()
        const { orders } = await commerce.orders.import({
          orders: [
            {
              currency,
              placedAt: at,
              channel: dice.pick(['web', 'app']),
              ...(paid ? { paid: { provider: 'external', capturedAt: at } as const } : {}),
              lines,
            },
          ],
        })
        const { id: orderId = '', lineIds = [] } = orders[0] ?? {}
        let paymentId: string | undefined
        if (!paid && (await commerce.orders.get({ orderId })).total > 0) {
          // By card it is only authorized, so that goods may leave, and arrive, before the money is captured.
          const payment = dice.pick([{ provider: 'external' }, { provider: 'card', capture: 'manual' as const }])
          const order = await commerce.orders.pay({ orderId, payment })
          paymentId = order.payments[0]?.id
        }
        sold.push({ orderId, currency, lineIds, paymentId })
      },
    ],
    [
      4,
      'capture',
      async () => {
        const { paymentId = '' } = dice.pick(sold.filter((order) => order.paymentId !== undefined))
        const { amount, captured, provider, status } = await commerce.payments.get({ paymentId })
        if (captured === amount || (provider === 'card' && status !== 'authorized' && status !== 'captured')) return
        const part = { paymentId, amount: dice.pick([amount - captured, 1 + dice.roll(amount - captured)]) }
        await (provider === 'card' ? commerce.payments.capture(part) : commerce.payments.recordReceipt(part))
      },
    ],
    [
      5,
      'refund',
      async () => {
        const { orderId, lineIds } = dice.pick(sold)
        const { lines } = await commerce.orders.get({ orderId })
        const chosen = lineIds.filter(() => dice.chance(60))
        await commerce.orders.refund({
          orderId,
          ...(dice.chance(20)
            ? { everything: true as const }
            : {
                lines: chosen.map((lineId) =>
                  dice.pick([
                    { lineId, all: true as const },
                    { lineId, quantity: 1 },
                    { lineId, amount: dice.roll((lines.find((line) => line.id === lineId)?.capturedGoods ?? 0) + 1) },
                  ]),
                ),
                shipping: chosen.filter(() => dice.chance(30)).map((lineId) => ({ lineId, amount: dice.roll(300) })),
              }),
          ...(dice.chance(20)
            ? {
                goodwill: {
                  amount: 1 + dice.roll(50),
                  fundedBy: dice.pick(['platform', `supplier:${lines[0]?.supplierId}`, 'distributor:dst_two']),
                },
              }
            : {}),
          reason: 'model',
        })
      },
    ],
    [
      2,
      'charge back',
      async () => {
        const { orderId: reference } = dice.pick(sold)
        const { captured, refunded, payments } = await commerce.orders.get({ orderId: reference })
        // An order with several payments is disputed payment by payment.
        const [one, ...others] = payments.filter((payment) => payment.captured > 0)
        const money = one && others.length > 0 ? { paymentId: dice.pick([one, ...others]).id } : { reference }
        const amount = dice.pick([captured - refunded, 1 + dice.roll(Math.max(1, captured - refunded))])
        if (amount === 0) return
        const dispute = { ...money, disputeRef: `dispute-${++disputes}`, amount }
        disputed.push(dispute)
        await commerce.payments.reportDispute({ ...dispute, status: dice.pick(['opened', 'opened', 'lost', 'won']), fee: dice.roll(300) })
      },
    ],
    [
      2,
      'end a dispute',
      async () => {
        if (disputed.length > 0)
          await commerce.payments.reportDispute({
            ...dice.pick(disputed),
            status: dice.pick(['won', 'won', 'lost', 'opened']),
            fee: dice.roll(400),
          })
      },
    ],
    [
      2,
      'exchange',
      async () => {
        const order = dice.pick(sold)
        const { newLineId } = await commerce.orders.exchange({
          orderId: order.orderId,
          lineId: dice.pick(order.lineIds),
          unitPrice: somePrice(),
          terms: dice.pick(['current', 'inherit']),
          ...(dice.chance(30) ? { quantity: 1 } : {}),
          reason: 'model',
        })
        const { lines } = await commerce.orders.get({ orderId: order.orderId })
        // Where the difference is still to be paid, the new line is not there yet.
        if (lines.some(({ id }) => id === newLineId))
          sold.splice(sold.indexOf(order), 1, { ...order, lineIds: [...order.lineIds, newLineId] })
      },
    ],
    [
      2,
      'hold points',
      async () => {
        const { id } = await commerce.ledger.hold({
          from: { party: 'club:members', purpose: 'points', guarded: true },
          to: { party: 'club:house', purpose: 'points' },
          amount: 1 + dice.roll(400),
          commodity: 'POINTS',
          kind: 'redemption',
          source: 'model',
          key: `hold-${++holds.made}`,
          expiresAt: addMillis(clock.now(), 1 + dice.roll(3 * 86_400_000)),
        })
        holds.open.push(id)
      },
    ],
    [
      2,
      'end a hold',
      async () => {
        if (holds.open.length === 0) return
        const holdId = dice.pick(holds.open)
        await (dice.chance(60)
          ? commerce.ledger.capture({ holdId, ...(dice.chance(50) ? { amount: 1 + dice.roll(200) } : {}) })
          : commerce.ledger.release({ holdId }))
      },
    ],
    [1, 'cancel', () => commerce.orders.cancel({ orderId: dice.pick(sold).orderId, reason: 'model' })],
    [
      5,
      'deliver',
      async () => {
        const { orderId, lineIds } = dice.pick(sold)
        const lines = lineIds.filter(() => dice.chance(70)).map((lineId) => ({ orderId, lineId }))
        if (lines.length > 0) await commerce.fulfilment.deliverLines({ lines })
      },
    ],
    [4, 'advance', () => advance(commerce, clock, addMillis(clock.now(), dice.pick([1, 60_000, 86_400_000, dice.roll(9 * 86_400_000)])))],
    [
      3,
      'settle',
      () =>
        commerce.settlement.settle({
          party: dice.pick(parties),
          currency: dice.pick(payoutCurrencies),
          ...(dice.chance(20) ? { until: addMillis(clock.now(), -dice.roll(9 * 86_400_000)) } : {}),
        }),
    ],
    [
      2,
      'withdraw',
      () =>
        commerce.settlement.withdraw({
          party: dice.pick(parties),
          currency: dice.pick(currencies),
          amount: dice.pick([1, 10, 1 + dice.roll(9000)]),
        }),
    ],
    [1, 'draw', () => commerce.settlement.draw({ party: dice.pick(parties), currency: dice.pick(payoutCurrencies) })],
    [
      2,
      'go on',
      async () => {
        const open = (await commerce.settlement.statements({ limit: 200 })).filter((statement) => statement.state !== 'locked')
        if (open.length === 0) return
        const { id: statementId, state } = dice.pick(open)
        if (state === 'draft') await commerce.settlement.approve({ statementId })
        if (state === 'approved') await commerce.settlement.lock({ statementId })
        if (state === 'disputed') {
          const resolving = { statementId, by: 'operator', reason: 'model' } as const
          const amount = dice.pick([1, -1]) * (1 + dice.roll(500))
          await commerce.settlement.resolveDispute(
            dice.pick([
              { ...resolving, resolution: 'rejected' as const },
              { ...resolving, resolution: 'adjusted' as const, amount },
              { ...resolving, resolution: 'redrawn' as const, amount },
              { ...resolving, resolution: 'redrawn' as const },
            ]),
          )
        }
      },
    ],
    [
      1,
      'dispute or discard a statement',
      async () => {
        const open = (await commerce.settlement.statements({ limit: 200 })).filter((statement) => statement.state !== 'locked')
        if (open.length === 0) return
        const { id: statementId } = dice.pick(open)
        await (dice.chance(60)
          ? commerce.settlement.disputeStatement({ statementId, by: dice.pick(['operator', 'party']), reason: 'model' })
          : commerce.settlement.discardStatement({ statementId, reason: 'model' }))
      },
    ],
    [
      4,
      'report',
      async () => {
        const payouts = await commerce.settlement.payouts({ limit: 200 })
        if (payouts.length > 0)
          await commerce.settlement.reportPayout({
            payoutId: dice.pick(payouts).id,
            result: dice.pick(['paid', 'paid', 'failed', 'returned']),
          })
      },
    ],
    [
      1,
      'adjust',
      () =>
        commerce.settlement.adjust({
          party: dice.pick(parties),
          currency: dice.pick(payoutCurrencies),
          amount: dice.pick([1, -1, 700, -20_000 - dice.roll(5000)]),
          reason: 'model',
        }),
    ],
    [
      1,
      'write off',
      () => commerce.settlement.writeOff({ party: dice.pick(parties), currency: dice.pick(payoutCurrencies), reason: 'model' }),
    ],
    [2, 'work', () => commerce.background.drain()],
  ]
  const drawn = commands.flatMap((command) => Array.from({ length: command[0] }, () => command))

  const attempt = async ([, name, run]: (typeof commands)[number]): Promise<string> => {
    try {
      await run()
      return name
    } catch (error) {
      if (CommerceError.is(error) && refusals.has(error.code)) return `${name} (${error.code})`
      throw error
    }
  }

  return {
    commerce,
    clock,
    dice,
    close,
    async step() {
      const command = (): (typeof commands)[number] =>
        dice.pick(sold.some((order) => order.paymentId !== undefined) ? drawn : drawn.filter(([, name]) => name === 'sell'))
      // Time passes alone: the clock is one for all.
      const first = command()
      const chosen =
        first[1] !== 'advance' && dice.chance(25) ? [first, command(), command()].filter(([, name]) => name !== 'advance') : [first]
      const did = (await Promise.all(chosen.map(attempt))).join(' beside ')
      // A command that comes twice changes nothing.
      const replayed = await replay()
      const orders = await Promise.all(sold.map(({ orderId }) => commerce.orders.get({ orderId })))
      return {
        did,
        broken: [...replayed, ...(await brokenInvariants(commerce, orders)), ...(await brokenLines(commerce, dice.pick(orders)))],
      }
    },
  }
}

/** Lines that are captured in full have been shared out as they explain; lines that are given back in full have left nothing but their charges. */
async function brokenLines(commerce: Model, order: Awaited<ReturnType<CommerceApi['orders']['get']>>): Promise<readonly string[]> {
  const broken: string[] = []
  for (const line of order.lines) {
    if (line.capturedGoods < line.goods || line.capturedShipping < line.shipping || line.goods === 0) continue
    const back = line.refundedGoods + line.refundedShipping
    const { shares, components } = await commerce.commission.explain({ orderLineId: line.id })
    const net = await netOfLine(commerce, line.id, order.currency)
    for (const { party, amount } of shares) {
      const charges = components.reduce((sum, part) => sum + (part.party === party && part.pot === 'charge' ? part.amount : 0), 0)
      const found = net[party] ?? 0
      if (back === 0 && found !== amount) broken.push(`${party} has ${found} of line ${line.id}, and its share is ${amount}`)
      // Refund fees pass from supplier to platform beside.
      if (back === line.goods + line.shipping && (party === 'tax' || party.startsWith('distributor:')) && found !== charges)
        broken.push(`${party} keeps ${found} of line ${line.id}, which was given back in full`)
      const converted = (await netOfLine(commerce, line.id, 'USD'))[party] ?? 0
      if (back === line.goods + line.shipping && charges === 0 && converted !== 0)
        broken.push(`${party} keeps ${converted} USD of line ${line.id}, which was given back in full`)
    }
  }
  return broken
}
