import type { Cart, Customer } from '@entrepot/core'
import { currency } from '../marketplace.js'
import { springCode } from '../seed.js'
import { fillCart } from '../shopping.js'
import { cny, cnyOrDot, known, supplierName, until, type World } from '../world.js'

/** What is left of the visit: who came, and what lies in the cart. */
export interface Visit {
  readonly customer: Customer
  readonly cart: Cart
}

/** A customer comes through a distributor's link, and fills a cart with two suppliers' goods. */
export async function visit(world: World): Promise<Visit> {
  const { commerce, clock, stage, people } = world
  await until(world, '2026-03-02T09:20:00+08:00')
  const mei = known(people.distributors, 'mei')
  const zhao = known(people.distributors, 'zhao')
  const customer = await commerce.customers.create({
    externalUserId: 'user-1001',
    name: '王岚 Wang Lan',
    email: 'wang.lan@mail.example',
    locale: 'zh-CN',
  })
  const first = await commerce.distribution.click({ code: mei.code, customerId: customer.id })
  await commerce.prepaid.topUp({ customerId: customer.id, amount: 50000, currency, source: 'bank', reference: 'transfer 20260302-17' })
  await until(world, '2026-03-02T10:05:00+08:00')
  const second = await commerce.distribution.click({ code: zhao.code, customerId: customer.id })
  await until(world, '2026-03-02T10:12:00+08:00')
  const cart = await fillCart(world, {
    customer,
    referral: mei.code,
    codes: [springCode],
    goods: [
      ['CN-01-1', 2],
      ['CN-03-1', 1],
      ['YL-04-1', 3],
      ['YL-10', 1],
    ],
  })

  stage.scene(
    'A customer comes through a link',
    clock.now(),
    `${customer.name} opened a link of ${mei.demo.name.en}’s and belongs to her from then on; a second link, ${zhao.demo.name.en}’s, changes nothing while the first is protected. In the cart lie goods of two suppliers, and a coupon of which the platform bears 60 % and each supplier the rest.`,
  )
  const opened = (link: string, { distributorId, bound }: typeof first): readonly string[] => [
    link,
    [...people.distributors.values()].find(({ id }) => id === distributorId)?.demo.name.en ?? '',
    bound ? 'bound' : 'protected, unchanged',
  ]
  stage.table({ head: ['Link opened', 'Customer belongs to', ''], rows: [opened(mei.code, first), opened(zhao.code, second)] })
  stage.table({
    head: ['Goods', 'Supplier', '>Price', '>Coupon', '>Shipping', '>To pay'],
    rows: cart.lines.map((line) => [
      [`${line.quantity} × ${line.names['zh-CN']} ${line.names.en}`, line.variantTitle].filter((text) => text !== '').join(', '),
      supplierName(people, line.supplierId),
      cny(line.price),
      cnyOrDot(line.paid - line.price),
      cnyOrDot(line.shipping),
      cny(line.paid + line.shipping),
    ]),
    foot: [['Together', '', cny(cart.totals.goods), cny(-cart.totals.discount), cny(cart.totals.shipping), cny(cart.totals.total)]],
  })
  const rates = new Set(cart.lines.flatMap((line) => (line.tax === null ? [] : [`${line.tax.percent} %`])))
  stage.note(`${cny(cart.totals.tax)} of VAT lie in these prices (${[...rates].join(', and on tea ')}); the suppliers remit it.`)
  return { customer, cart }
}
