import { cny, known, until, type World } from '../world.js'

/** The same day through the eyes of one distributor in the middle of the tree. */
export async function distributorView(world: World): Promise<void> {
  const { commerce, clock, stage, people } = world
  await until(world, '2026-03-02T22:00:00+08:00')
  const { id: distributorId, demo } = known(people.distributors, 'chen')
  const { items: orders } = await commerce.distribution.orders({ distributorId })
  const { items: customers } = await commerce.distribution.customers({ distributorId })
  const [earned] = await commerce.distribution.earnings({ distributorId })
  stage.scene(
    `What ${demo.name.en} sees`,
    clock.now(),
    `${demo.name.en} brought ${customers.length === 1 ? 'one customer' : `${customers.length} customers`}, and those below brought others: of each sale there is the share of the tier, and none of it can be had before the hold has passed.`,
  )
  const shares = await Promise.all(
    orders.map(async ({ orderId }) => {
      const { lines } = await commerce.orders.get({ orderId })
      const splits = await Promise.all(lines.map((line) => commerce.commission.explain({ orderLineId: line.id })))
      return splits
        .flatMap((split) => split.shares)
        .reduce((sum, share) => sum + (share.party === `distributor:${distributorId}` ? share.amount : 0), 0)
    }),
  )
  stage.table({
    head: ['Order', 'As tier', '>Goods', '>Share'],
    rows: orders.map(({ number, tier, goods }, index) => [number, tier, cny(goods), cny(shares[index] ?? 0)]),
    foot: [
      ['Held', '', '', cny(earned?.pending ?? 0)],
      ['Available', '', '', cny(earned?.available ?? 0)],
    ],
  })
}
