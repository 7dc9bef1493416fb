import { type Order, type OrderRefund, sumAmounts } from '@entrepot/core'
import { currency } from '../marketplace.js'
import { staff } from '../seed.js'
import { cny, partyName, prove, until, type World } from '../world.js'
import type { Split } from './split.js'

/** One unit of the first line comes back, inside the hold. */
export async function partialReturn(world: World, order: Order, { parties }: Split): Promise<OrderRefund> {
  const { commerce, clock, stage, people } = world
  const [line] = order.lines
  if (line === undefined) throw new RangeError(`order ${order.id} has no line`)
  await until(world, '2026-03-07T19:40:00+08:00')
  const { id: returnId } = await commerce.returns.request(
    { orderId: order.id, lines: [{ lineId: line.id, quantity: 1, reason: '杯沿有磕 A chip on the rim' }] },
    { actor: { type: 'customer', id: 'user-1001' } },
  )
  await commerce.returns.approve({ returnId }, { actor: staff })
  await until(world, '2026-03-09T15:10:00+08:00')

  const before = await sharesInBooks(world, parties)
  const received = await commerce.returns.receive({ returnId, lines: [{ lineId: line.id, quantity: 1, restock: false }] }, { actor: staff })
  await commerce.background.drain()
  const after = await sharesInBooks(world, parties)
  const refunds = await commerce.orders.listRefunds({ orderId: order.id })
  const refund = refunds.find(({ id }) => id === received.refundId)
  if (refund === undefined) throw new RangeError(`return ${returnId} ended in no refund`)

  stage.scene(
    'One of two gaiwans comes back',
    clock.now(),
    `A chip on the rim: one unit is returned inside the hold. The customer gets ${cny(refund.amount)}, half of what she paid for the two, and every party gives back its part of that line, to the cent.`,
  )
  const changed = parties.filter((party) => before.get(party) !== after.get(party))
  const given = (party: string): number => (before.get(party) ?? 0) - (after.get(party) ?? 0)
  stage.table({
    head: ['Given back by', '>Before', '>Gives back', '>After'],
    rows: changed.map((party) => [partyName(people, party), cny(before.get(party) ?? 0), cny(given(party)), cny(after.get(party) ?? 0)]),
    foot: [['Together', '', cny(sumAmounts(changed.map(given))), '']],
  })
  const { payments, returnStatus } = await commerce.orders.get({ orderId: order.id })
  stage.table({
    head: ['Goes back to', '>Paid', '>Refunded'],
    rows: payments.map(({ provider, captured, refunded }) => [
      provider === 'prepaid' ? 'stored balance' : 'bank transfer',
      cny(captured),
      cny(refunded),
    ]),
    foot: [
      ['Together', cny(sumAmounts(payments.map(({ captured }) => captured))), cny(sumAmounts(payments.map(({ refunded }) => refunded)))],
    ],
  })
  prove(sumAmounts(parties.map(given)) === refund.amount, 'what the parties gave back is what the customer got')
  prove(sumAmounts(payments.map(({ refunded }) => refunded)) === refund.amount, 'the payments gave back what was refunded')
  stage.proof(`What the parties gave back is what the customer got; the order is ${returnStatus.replaceAll('_', ' ')}.`)
  return refund
}

/** All that the books hold for each party: claims of every kind, or the platform's revenue less its costs. */
async function sharesInBooks({ commerce }: World, parties: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const accounts = await commerce.ledger.balances({ party: parties, commodity: currency })
  return new Map(
    parties.map((party) => [party, sumAmounts(accounts.filter((account) => account.party === party).map(({ balance }) => balance))]),
  )
}
