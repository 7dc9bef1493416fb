import { ScenarioMistake } from './cast.js'
import type { SellStep } from './scenario.js'
import { country, type Stage } from './stage.js'

/** What has been sold so far, by the scenario's names. */
export interface Sold {
  readonly orderId: string
  /** Order line ids by the scenario's. */
  readonly lineIds: ReadonlyMap<string, string>
  readonly sell: SellStep
  /** The id of the distributor to whom its customer was bound, where a distributor bought. */
  readonly boundTo: string | undefined
}

/** How often each order was refused: what was never placed may be tried again with other content. */
export type Attempts = Map<string, number>

/** Sells as a shop does: a cart, its lines, where it goes and how, the order, and its payment. All under the order's name, so that it is sold once. */
export async function sell(
  stage: Stage,
  step: SellStep,
  { sold, attempts }: { sold: Map<string, Sold>; attempts: Attempts },
): Promise<void> {
  const { desk } = stage
  desk.boundTo = await boundTo(stage, step)
  desk.sale = step
  const attempt = attempts.get(step.id) ?? 0
  try {
    const order = await place(stage, step, { key: `${step.id} ${attempt}`, again: sold.has(step.id) })
    sold.set(step.id, order)
  } catch (error) {
    if (!sold.has(step.id)) attempts.set(step.id, attempt + 1)
    throw error
  } finally {
    desk.sale = undefined
  }
}

async function boundTo(stage: Stage, step: SellStep): Promise<string | undefined> {
  const customerId = step.buyer === undefined ? undefined : stage.customerId(step)
  return customerId === undefined ? undefined : (await stage.distributors?.binding({ customerId }))?.distributorId
}

async function place(stage: Stage, step: SellStep, { key, again }: { key: string; again: boolean }): Promise<Sold> {
  const { carts, orders } = stage.commerce
  const { at: _at, expect: _expect, error: _error, balances: _balances, ...content } = step
  // The whole content, discounts and tax too, is part of what is asked for under this key.
  const { id: cartId } = await carts.create(
    {
      currency: stage.currency,
      customerId: stage.customerId(step),
      channel: step.channel,
      metadata: { scenario: JSON.stringify(content) },
    },
    { idempotencyKey: key },
  )
  const call = (what: string) => ({ idempotencyKey: `${key} ${what}` })
  await carts.addLines({ cartId, lines: step.lines.map((line) => cartLine(stage, step, line)) }, call('lines'))
  const address = { name: 'Li Lei', country, region: stage.regionFor(step.tax), line1: 'Nanjing Road 1' }
  await carts.setAddress({ cartId, address }, call('address'))
  // Of all these it alone is no single transaction, and takes no key.
  if (!again) await carts.selectShipping({ cartId, selections: shippingOf(stage, step) })
  const payment = { provider: 'test', capture: step.pay === 'authorize' ? 'manual' : 'automatic' } as const
  const { id: orderId, lines } = await orders.place({ cartId, payment }, call('order'))
  return {
    orderId,
    lineIds: new Map(step.lines.map(({ id }, index) => [id, lines[index]?.id ?? ''])),
    sell: step,
    boundTo: stage.desk.boundTo,
  }
}

/** What led to a line keeps it apart from others that sell the same. */
function cartLine(stage: Stage, step: SellStep, line: SellStep['lines'][number]) {
  return { offerId: stage.offerId(step, line), quantity: line.quantity, attribution: { content: line.id } }
}

function shippingOf(stage: Stage, { id, lines, shipping }: SellStep) {
  const suppliers = [...new Set(lines.map(({ supplier }) => supplier))]
  const stranger = shipping.find(({ supplier }) => !suppliers.includes(supplier))
  if (stranger) throw new ScenarioMistake(`order ${id} has shipping of ${stranger.supplier}, who sells nothing in it`)
  return suppliers.map((name) => {
    const parcel = shipping.find(({ supplier }) => supplier === name)
    return { supplierId: stage.supplierId(name), methodId: parcel ? stage.shippingMethodId(parcel) : stage.freeShippingId() }
  })
}
