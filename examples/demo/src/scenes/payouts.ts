import { type Payout, sumAmounts } from '@entrepot/core'
import { payoutThreshold } from '../marketplace.js'
import { staff } from '../seed.js'
import { cny, partyName, prove, until, type World } from '../world.js'
import { claimsOf } from './shipping.js'

/** The platform's bank pays what the statements say. */
export async function payouts(world: World): Promise<readonly Payout[]> {
  const { commerce, clock, stage, people } = world
  await until(world, '2026-03-16T10:20:00+08:00')
  const submitted = await commerce.settlement.payouts({ status: 'submitted' })
  const paid: Payout[] = []
  for (const { id: payoutId } of submitted)
    paid.push(await commerce.settlement.reportPayout({ payoutId, result: 'paid' }, { actor: staff }))

  stage.scene(
    'Payouts',
    clock.now(),
    'A job has handed each payout to the rail; here that is the platform’s accountant, who pays by online banking and reports that the money arrived. A payout that comes back would be available again, for the next statement.',
  )
  const claims = await claimsOf(world)
  stage.table({
    head: ['Paid to', '>Amount', 'Was', 'Is', '>Left to be paid'],
    rows: [...paid]
      .reverse()
      .map(({ party, amount, status }) => [
        partyName(people, party),
        cny(amount),
        submitted.find((payout) => payout.party === party)?.status ?? '',
        status,
        cny(claims.find((claim) => claim.party === party)?.available ?? 0),
      ]),
    foot: [['Together', cny(sumAmounts(paid.map(({ amount }) => amount)))]],
  })
  const carried = claims.filter(({ available }) => available > 0)
  stage.note(
    `Below ${cny(payoutThreshold)}, and carried to next week: ${carried.map(({ party, available }) => `${partyName(people, party)} ${cny(available)}`).join(', ')}.`,
  )
  prove(paid.length > 0 && paid.every(({ status }) => status === 'paid'), 'every payout was paid')
  return paid
}
