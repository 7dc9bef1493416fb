import { addMillis, type Timestamp } from '../../index.js'
import { ScenarioMistake } from './cast.js'
import { refundOf } from './refund.js'
import type { ScenarioStep, StepOf } from './scenario.js'
import { type Attempts, type Sold, sell } from './sell.js'
import type { Stage } from './stage.js'

/** What has happened on a stage so far. */
export interface Play {
  readonly stage: Stage
  readonly sold: Map<string, Sold>
  readonly attempts: Attempts
  /** The moments at which parties were last settled. */
  readonly settled: Map<string, Timestamp>
  /** The latest time that a step has named. */
  readonly said: { time: Timestamp }
}

/** Does what a step says, by the public API. @throws ScenarioMistake, where the step makes no sense; else what the API throws */
export async function act(play: Play, step: ScenarioStep): Promise<void> {
  const { stage } = play
  const { commerce, payoutCurrency: currency } = stage
  switch (step.do) {
    case 'sell':
      return sell(stage, step, play)
    case 'click':
      return click(stage, step)
    case 'deliver': {
      const { orderId, lineIds } = soldAs(play, step.order)
      const lines = step.line === undefined ? [...lineIds.values()] : [lineOf(play, step.order, step.line)]
      await commerce.fulfilment.deliverLines({ lines: lines.map((lineId) => ({ orderId, lineId })) })
      return
    }
    case 'refund':
      await commerce.orders.refund(refundOf(stage, soldAs(play, step.order), step))
      return
    case 'capture':
      await commerce.payments.capture({ paymentId: await paymentOf(play, step.order), amount: step.amount })
      return
    case 'void':
      await commerce.payments.void({ paymentId: await paymentOf(play, step.order) })
      return
    case 'advance':
      // The clock has been moved already, as for any step that has a time.
      return
    case 'settle':
      beginMoment(play, step.party)
      await commerce.settlement.settle({ party: stage.party(step.party), currency })
      return
    case 'payout':
      return reportPayout(stage, step)
    case 'adjust':
      return commerce.settlement.adjust({ party: stage.party(step.party), amount: step.amount, currency, reason: step.reason })
    case 'writeOff':
      return commerce.settlement.writeOff({ party: stage.party(step.party), currency, reason: 'written off' })
    case 'withdraw': {
      const { amount, feePercent } = step
      await commerce.settlement.withdraw({ party: stage.party(step.party), currency, amount, feePercent })
      return
    }
    case 'chargeback':
      return chargeBack(play, step)
    case 'chargebackWon':
      return winChargeback(play, step)
    case 'exchange':
      return exchange(play, step)
  }
}

/** A statement covers all of its moment: another one begins with the next, a millisecond on. */
function beginMoment({ stage: { clock }, settled }: Play, party: string): void {
  if (settled.get(party) === clock.now()) clock.set(addMillis(clock.now(), 1))
  settled.set(party, clock.now())
}

export function soldAs({ sold }: Play, order: string): Sold {
  const found = sold.get(order)
  if (!found) throw new ScenarioMistake(`there is no order ${order}`)
  return found
}

function lineOf(play: Play, order: string, line: string): string {
  const lineId = soldAs(play, order).lineIds.get(line)
  if (lineId === undefined) throw new ScenarioMistake(`order ${order} has no line ${line}`)
  return lineId
}

async function paymentOf(play: Play, order: string): Promise<string> {
  const { payments } = await play.stage.commerce.orders.get({ orderId: soldAs(play, order).orderId })
  const [payment] = payments
  if (!payment) throw new ScenarioMistake(`order ${order} cost nothing, so it has no payment`)
  return payment.id
}

/** Each chargeback of an order is a dispute of its own. */
async function chargeBack(play: Play, { order, amount, fee, feeFrom }: StepOf<'chargeback'>): Promise<void> {
  const { payments } = play.stage.commerce
  const paymentId = await paymentOf(play, order)
  const { items } = await payments.listDisputes({ paymentId })
  await payments.reportDispute({ paymentId, disputeRef: `${paymentId} ${items.length + 1}`, status: 'opened', amount, fee, feeFrom })
}

/** The last one that is open. */
async function winChargeback(play: Play, { order }: StepOf<'chargebackWon'>): Promise<void> {
  const { payments } = play.stage.commerce
  const paymentId = await paymentOf(play, order)
  const dispute = (await payments.listDisputes({ paymentId, status: 'opened' })).items.at(-1)
  if (!dispute) throw new ScenarioMistake(`order ${order} has no chargeback that could be won`)
  const { disputeRef, amount, fee } = dispute
  await payments.reportDispute({ paymentId, disputeRef, status: 'won', amount, fee })
}

/** All that is left of the line, for the same goods at another unit price. From then on the line's name means the goods that took its place. */
async function exchange(play: Play, { order, line, price, terms }: StepOf<'exchange'>): Promise<void> {
  const { commerce, desk } = play.stage
  const sold = soldAs(play, order)
  const lineId = lineOf(play, order, line)
  const named = sold.sell.lines.find(({ id }) => id === line)
  const { lines } = await commerce.orders.get({ orderId: sold.orderId })
  // Whoever is asked who earns by the new line, wherever it stands in the order, is told what the scenario says of the old one.
  desk.boundTo = sold.boundTo
  desk.sale = { ...sold.sell, lines: [...lines, lineId].flatMap(() => named ?? []) }
  try {
    const made = await commerce.orders.exchange({ orderId: sold.orderId, lineId, unitPrice: price, terms, reason: 'exchanged' })
    play.sold.set(order, { ...sold, lineIds: new Map([...sold.lineIds, [line, made.newLineId]]) })
  } finally {
    desk.sale = undefined
  }
}

async function click(stage: Stage, { customer, distributor }: Extract<ScenarioStep, { do: 'click' }>): Promise<void> {
  const { distributors } = stage
  if (distributors === undefined) throw new ScenarioMistake('a click needs a distribution plan, and the distribution plugin')
  await distributors.click({ code: stage.codeOf(distributor), customerId: stage.customerId({ customer }) ?? '' })
}

/** The payout that is under way; one that comes back may have been reported as paid before. */
async function reportPayout({ commerce, party }: Stage, step: Extract<ScenarioStep, { do: 'payout' }>): Promise<void> {
  const payouts = await commerce.settlement.payouts({ party: party(step.party) })
  const open = payouts.findLast(({ status }) => status === 'requested' || status === 'submitted')
  const payout = open ?? (step.result === 'returned' ? payouts.find(({ status }) => status === 'paid') : undefined)
  if (!payout) throw new ScenarioMistake(`${step.party} has no payout that could become ${step.result}`)
  await commerce.settlement.reportPayout({ payoutId: payout.id, result: step.result })
}
