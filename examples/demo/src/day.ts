/** The day, scene by scene. */
import type { BooksCheck, Order, OrderRefund, Payout, Statement } from '@entrepot/core'
import { createTestClock, type TestClock } from '@entrepot/core/testing'
import type { Marketplace } from './marketplace.js'
import type { Stage } from './print/stage.js'
import { books } from './scenes/books.js'
import { distributorView } from './scenes/distributor-view.js'
import { hold } from './scenes/hold.js'
import { lateRefund } from './scenes/late-refund.js'
import { opening, shelf } from './scenes/opening.js'
import { order } from './scenes/order.js'
import { payouts } from './scenes/payouts.js'
import { restOfDay } from './scenes/rest-of-day.js'
import { partialReturn } from './scenes/return.js'
import { shipping } from './scenes/shipping.js'
import { type Split, split } from './scenes/split.js'
import { statements } from './scenes/statements.js'
import { visit } from './scenes/visit.js'
import { seed } from './seed.js'
import type { World } from './world.js'

/** What the day came to. */
export interface Day {
  readonly order: Order
  readonly split: Split
  readonly refund: OrderRefund
  readonly statements: readonly Statement[]
  /** Those of the week after, of whoever had one. */
  readonly nextStatements: readonly Statement[]
  readonly payouts: readonly Payout[]
  readonly books: BooksCheck
}

export interface DayOptions {
  readonly commerce: Marketplace
  /** The clock that the marketplace was opened with, at `dayBegins`. */
  readonly clock: TestClock
  readonly stage: Stage
  readonly mediaFolder: string
}

/** A Monday morning in Shanghai. */
export const dayBegins = '2026-03-02T01:00:00.000Z'

export function clockOfTheDay(): TestClock {
  return createTestClock(dayBegins)
}

/** Seeds an empty marketplace and plays the day in it. @throws Error where something does not hold that should */
export async function playDay({ mediaFolder, ...base }: DayOptions): Promise<Day> {
  const world: World = { ...base, people: await seed(base.commerce, base.clock.now(), mediaFolder) }
  await opening(world)
  await shelf(world)
  const placed = await order(world, await visit(world))
  const shared = await split(world, placed)
  const others = await restOfDay(world)
  await distributorView(world)
  await shipping(world, placed, others)
  const refund = await partialReturn(world, placed, shared)
  await hold(world)
  const drawn = await statements(world)
  const paid = await payouts(world)
  const next = await lateRefund(world, placed, drawn)
  return { order: placed, split: shared, refund, statements: drawn, nextStatements: next, payouts: paid, books: await books(world) }
}
