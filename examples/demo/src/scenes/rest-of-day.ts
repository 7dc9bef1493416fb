import { type Order, sumAmounts } from '@entrepot/core'
import { buy } from '../shopping.js'
import { cny, known, supplierName, until, type World } from '../world.js'

interface Purchase {
  /** Hours and minutes. */
  readonly at: string
  readonly name: string
  /** Key of the distributor whose link it was. */
  readonly through?: string | undefined
  readonly goods: readonly (readonly [sku: string, quantity: number])[]
}

const purchases: readonly Purchase[] = [
  {
    at: '11:04',
    name: '李晓 Li Xiao',
    through: 'gao',
    goods: [
      ['SL-01-1', 1],
      ['SL-06-2', 2],
    ],
  },
  {
    at: '12:38',
    name: '周敏 Zhou Min',
    through: 'su',
    goods: [
      ['XL-01-2', 1],
      ['XL-04-1', 2],
    ],
  },
  {
    at: '14:10',
    name: '吴迪 Wu Di',
    goods: [
      ['SL-12-1', 1],
      ['YL-15-1', 2],
    ],
  },
  {
    at: '15:55',
    name: '郑悦 Zheng Yue',
    through: 'zhao',
    goods: [
      ['XL-08-1-2', 1],
      ['CN-13-2', 1],
    ],
  },
  {
    at: '18:20',
    name: '孙浩 Sun Hao',
    through: 'chen',
    goods: [
      ['CN-02', 1],
      ['YL-01-1', 1],
    ],
  },
  {
    at: '20:47',
    name: '何静 He Jing',
    through: 'mei',
    goods: [
      ['YL-14', 2],
      ['CN-05-1', 1],
    ],
  },
]

/** The day goes on: other customers, other links. */
export async function restOfDay(world: World): Promise<readonly Order[]> {
  const { commerce, clock, stage, people } = world
  const orders: Order[] = []
  for (const [index, { at, name, through, goods }] of purchases.entries()) {
    await until(world, `2026-03-02T${at}:00+08:00`)
    const customer = await commerce.customers.create({ externalUserId: `user-${1002 + index}`, name, locale: 'zh-CN' })
    const referral = through === undefined ? undefined : known(people.distributors, through).code
    orders.push(await buy(world, { customer, referral, goods }))
  }
  await until(world, '2026-03-02T21:00:00+08:00')
  stage.scene(
    'The rest of the day',
    clock.now(),
    'Six more orders come in, five of them through links, so that everybody has something to settle.',
  )
  stage.table({
    head: ['Order', 'Placed', 'Customer', 'Through', 'Suppliers', '>Paid'],
    rows: orders.map((order, index) => {
      const { at = '', name = '', through } = purchases[index] ?? {}
      return [
        order.number,
        at,
        name,
        through === undefined ? 'by themselves' : known(people.distributors, through).demo.name.en,
        order.supplierOrders.map((part) => supplierName(people, part.supplierId)).join(', '),
        cny(order.captured),
      ]
    }),
    foot: [['Together', '', '', '', '', cny(sumAmounts(orders.map(({ captured }) => captured)))]],
  })
  return orders
}
