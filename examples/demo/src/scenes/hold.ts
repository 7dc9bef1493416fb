import { sumAmounts } from '@entrepot/core'
import { cny, partyName, prove, until, type World } from '../world.js'
import { claimsOf } from './shipping.js'

/** The hold passes, to the minute. */
export async function hold(world: World): Promise<void> {
  const { clock, stage, people } = world
  await until(world, '2026-03-12T13:59:00+08:00')
  const before = await claimsOf(world)
  await until(world, '2026-03-12T14:01:00+08:00')
  const after = await claimsOf(world)
  stage.scene(
    'The hold passes',
    clock.now(),
    'Seven days after delivery, to the minute, held claims become available. Until then a refund shrinks what is held; from now on, what is available.',
  )
  stage.table({
    head: ['Party', '>Held 13:59', '>Available', '', '>Held 14:01', '>Available'],
    rows: before.map(({ party, pending, available }, index) => [
      partyName(people, party),
      cny(pending),
      cny(available),
      '→',
      cny(after[index]?.pending ?? 0),
      cny(after[index]?.available ?? 0),
    ]),
    foot: [
      [
        'Together',
        cny(sumAmounts(before.map(({ pending }) => pending))),
        cny(sumAmounts(before.map(({ available }) => available))),
        '',
        cny(sumAmounts(after.map(({ pending }) => pending))),
        cny(sumAmounts(after.map(({ available }) => available))),
      ],
    ],
  })
  prove(
    sumAmounts(before.map(({ pending }) => pending)) === sumAmounts(after.map(({ available }) => available)),
    'all that was held is available',
  )
}
