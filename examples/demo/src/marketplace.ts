/** The marketplace as a host would open it: core, three plugins, and the platform's own plan. */
import { type Clock, type Commerce, createCommerce, type DatabaseLocation } from '@entrepot/core'
import { distribution } from '@entrepot/plugin-distribution'
import { prepaid } from '@entrepot/plugin-payment-prepaid'
import { promotions } from '@entrepot/plugin-promotions'
import { tierPercents } from './data/distributors.js'
import { timezone } from './print/format.js'

export type Marketplace = Commerce<readonly [ReturnType<typeof distribution>, ReturnType<typeof prepaid>, ReturnType<typeof promotions>]>

/** All the demo's prices are in it. */
export const currency = 'CNY'

/** Below it a distributor is not paid, and it carries; minor units. */
export const payoutThreshold = 8000

export interface OpenMarketplaceOptions {
  readonly database: DatabaseLocation
  readonly clock: Clock
}

export function openMarketplace({ database, clock }: OpenMarketplaceOptions): Promise<Marketplace> {
  return createCommerce({
    database,
    clock,
    random: repeatable(),
    // Nothing runs by itself: the script lets time pass, and what is due then is done.
    background: 'manual',
    plugins: [
      distribution({ tiers: tierPercents.map((percent) => ({ percent })), maxDepth: tierPercents.length, protectionDays: 30 }),
      prepaid({ currencies: [currency] }),
      promotions(),
    ],
    settlement: { holdDays: 7, cycle: 'weekly', threshold: payoutThreshold, timezone },
  })
}

/** The same bytes in every run, so that ids and order numbers, and with them all that is printed, repeat. Never do this in a shop. */
function repeatable(): (size: number) => Uint8Array {
  let state = 20260302
  return (size) =>
    Uint8Array.from({ length: size }, () => {
      state = (Math.imul(state ^ (state >>> 15), 2246822519) + 0x9e3779b9) | 0
      return (state >>> 16) & 255
    })
}
