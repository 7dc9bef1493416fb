/** A process of the marketplace: opens it on a shared database and does what it is asked, until it ends or is killed. */
import { type Commerce, CommerceError, createCommerce } from '@entrepot/core'
import type { Answer, Ask, Command, CrashPoint, Held, Opening, Placed, Stocked } from './commands.js'
import { address, articlePrice, parcelPrice } from './goods.js'
import { providerId, railId, reachOutsideWorld } from './outside-world.js'

const tell = (answer: Answer): void => void process.send?.(answer)

/** Looks for a crash point in what passes, and dies there: SIGKILL, so that nothing is tidied up. */
function createFuse(): { arm(point: CrashPoint | null): void; pass(moment: string): void } {
  let left: RegExp[] = []
  return {
    arm: (point) => {
      left = (point?.steps ?? []).map((step) => new RegExp(step))
    },
    pass: (moment) => {
      if (!left[0]?.test(moment)) return
      left = left.slice(1)
      if (left.length === 0) process.kill(process.pid, 'SIGKILL')
    },
  }
}

const fuse = createFuse()
let ahead = 0
let commerce: Commerce | undefined

async function open({ location, schema, world, ahead: offset, background }: Opening): Promise<void> {
  ahead = offset
  const { payments, payouts } = reachOutsideWorld(world, fuse.pass)
  commerce = await createCommerce({
    database: location,
    schema,
    migrate: true,
    background: background ? 'auto' : 'manual',
    clock: { now: () => new Date(Date.now() + ahead).toISOString() },
    adapters: { payments: [payments], payouts: [payouts] },
    settlement: { holdDays: 0, cycle: 'manual', payoutProvider: railId },
    // What fails in the background is tried again; what comes of it is what the proof looks at.
    report: () => {},
  })
  commerce.observe(fuse.pass)
  await commerce.subscribe('proof', 'order.paid', async (event) => tell({ heard: { type: 'order.paid', aggregate: event.orderId } }))
}

function marketplace(): Commerce {
  if (!commerce) throw new TypeError('the marketplace is not open')
  return commerce
}

async function stock({ suppliers, articles, stock: units }: Extract<Command, { do: 'stock' }>): Promise<Stocked> {
  const shop = marketplace()
  const supplierIds: string[] = []
  for (let index = 0; index < suppliers; index++) {
    const { id } = await shop.suppliers.apply({ name: `Supplier ${index + 1}` })
    await shop.suppliers.startReview({ supplierId: id })
    await shop.suppliers.approve({ supplierId: id })
    supplierIds.push(id)
  }
  await shop.commission.addRule({ percent: 10 })
  const imported = await shop.catalog.importProducts({
    products: Array.from({ length: articles }, (_, index) => ({
      supplierId: supplierIds[index % suppliers] ?? '',
      names: { en: `Article ${index + 1}` },
      media: [{ type: 'image' as const, url: `https://cdn.example/${index + 1}.jpg` }],
      variants: [{ weightGrams: 500, offer: { sku: `SKU-${index + 1}`, price: articlePrice, currency: 'CNY' } }],
    })),
  })
  const offerIds = imported.map(({ variants }) => variants[0]?.offerId ?? '')
  const { id: locationId } = await shop.inventory.createLocation({ name: 'Warehouse' })
  for (const offerId of offerIds) await shop.inventory.setStock({ offerId, locationId, onHand: units })
  const { id: methodId } = await shop.shipping.createMethod({ supplierId: null, name: 'Parcel', flat: parcelPrice, currency: 'CNY' })
  return { supplierIds, offerIds, methodId }
}

async function fillCart({ offers, methodId, supplierIds, key }: Extract<Command, { do: 'fill-cart' }>): Promise<string> {
  const shop = marketplace()
  const { id: cartId } = await shop.carts.create({ currency: 'CNY' }, { idempotencyKey: `${key}/create` })
  await shop.carts.addLines({ cartId, lines: offers.map((offerId) => ({ offerId, quantity: 1 })) }, { idempotencyKey: `${key}/lines` })
  await shop.carts.setAddress({ cartId, address }, { idempotencyKey: `${key}/address` })
  const selections = supplierIds.map((supplierId) => ({ supplierId, methodId }))
  await shop.carts.selectShipping({ cartId, selections }, { idempotencyKey: `${key}/shipping` })
  return cartId
}

async function place({ cartId, capture, key }: Extract<Command, { do: 'place' }>): Promise<Placed> {
  const order = await marketplace().orders.place({ cartId, payment: { provider: providerId, capture } }, { idempotencyKey: key })
  return { orderId: order.id, paymentStatus: order.paymentStatus, paymentIds: order.payments.map((payment) => payment.id) }
}

/** Needs `--expose-gc`: what is only waiting to be collected is not held. */
function measure(): Held {
  globalThis.gc?.()
  const { heapUsed, rss } = process.memoryUsage()
  const megabyte = 1024 * 1024
  return { heap: heapUsed / megabyte, rss: rss / megabyte, handles: process.getActiveResourcesInfo().length }
}

async function run(command: Command): Promise<unknown> {
  switch (command.do) {
    case 'open':
      return open(command.opening)
    case 'stock':
      return stock(command)
    case 'fill-cart':
      return fillCart(command)
    case 'place':
      return place(command)
    case 'finalize':
      return (await marketplace().payments.finalize({ paymentId: command.paymentId })).status
    case 'webhook': {
      const { headers, rawBody } = command.webhook
      await marketplace().payments.receiveWebhook({ provider: providerId, headers, rawBody: Buffer.from(rawBody, 'base64') })
      return null
    }
    case 'capture':
      return (await marketplace().payments.capture({ paymentId: command.paymentId }, { idempotencyKey: command.key })).status
    case 'deliver': {
      const { id: orderId, lines } = await marketplace().orders.get({ orderId: command.orderId })
      const arrived = lines.filter((line) => line.canceled === 0).map((line) => ({ orderId, lineId: line.id }))
      if (arrived.length > 0) await marketplace().fulfilment.deliverLines({ lines: arrived }, { idempotencyKey: command.key })
      return null
    }
    case 'refund': {
      const { id: orderId, lines } = await marketplace().orders.get({ orderId: command.orderId })
      const lineId = lines[0]?.id ?? ''
      const refund = { orderId, lines: [{ lineId, amount: 1_000 }], reason: 'damaged' }
      return (await marketplace().orders.refund(refund, { idempotencyKey: command.key })).id
    }
    case 'cancel':
      return (await marketplace().orders.cancel({ orderId: command.orderId, reason: 'changed my mind' }, { idempotencyKey: command.key }))
        .status
    case 'settle':
      return (await marketplace().settlement.settle({ party: command.party, currency: 'CNY' }, { idempotencyKey: command.key }))?.id ?? null
    case 'drain':
      ahead = command.ahead
      return marketplace().background.drain()
    case 'arm':
      return fuse.arm(command.point)
    case 'measure':
      return measure()
    case 'close':
      return commerce?.close()
  }
}

process.on('message', ({ id, command }: Ask) => {
  run(command).then(
    (value) => tell({ id, value: value ?? null }),
    (error: unknown) => {
      const code = CommerceError.is(error) ? error.code : `unexpected: ${error instanceof Error ? error.stack : String(error)}`
      tell({ id, refused: { code, message: error instanceof Error ? error.message : String(error) } })
    },
  )
})
// Its coordinator has died: what nobody asks for is not done.
process.on('disconnect', () => process.exit(0))
