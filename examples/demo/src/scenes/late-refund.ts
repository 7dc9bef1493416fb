import type { Order, Statement } from '@entrepot/core'
import { staff } from '../seed.js'
import { cny, partyName, prove, until, type World } from '../world.js'
import { printStatements, statementsOf } from './statements.js'

/** A complaint after everyone was paid: the refund is clawed back from the next statement. */
export async function lateRefund(world: World, order: Order, earlier: readonly Statement[]): Promise<readonly Statement[]> {
  const { commerce, clock, stage, people } = world
  const last = order.lines.at(-1)
  if (last === undefined) throw new RangeError(`order ${order.id} has no line`)
  await until(world, '2026-03-18T11:15:00+08:00')
  const refund = await commerce.orders.refund(
    { orderId: order.id, lines: [{ lineId: last.id, all: true }], reason: '茶罐受潮 The tin was damp' },
    { actor: staff },
  )
  await until(world, '2026-03-23T00:05:00+08:00')
  const next = await statementsOf(world)
  const parties = new Set(next.filter(({ id }) => earlier.every((statement) => statement.id !== id)).map(({ party }) => party))
  const drawn = next.filter(({ party }) => parties.has(party))

  stage.scene(
    'A complaint, after everyone was paid',
    clock.now(),
    `The tin of ${last.names.en?.toLowerCase()} was damp, and the customer gets ${cny(refund.amount)} back on Wednesday. Most of the money was paid out already, so it is taken back in the next statements.`,
  )
  printStatements(world, drawn)
  for (const { party, opening } of drawn) {
    const before = earlier.find((statement) => statement.party === party)
    prove(opening === (before?.closing ?? 0), `the statement of ${partyName(people, party)} opens where the last one closed`)
  }
  const owed = drawn.filter(({ closing }) => closing < 0)
  stage.proof(
    `Each opens where the last one closed. ${owed.map(({ party, closing }) => `${partyName(people, party)} owes ${cny(-closing)}`).join(', ')}: carried against the next earnings, and never paid.`,
  )
  return drawn
}
