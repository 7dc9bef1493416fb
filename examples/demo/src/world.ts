/** What the scenes share: the open marketplace, its clock, where it is told, and who is who. */
import { advance, type TestClock } from '@entrepot/core/testing'
import type { DemoDistributor } from './data/distributors.js'
import type { DemoSupplier } from './data/suppliers.js'
import { currency, type Marketplace } from './marketplace.js'
import { amount, amountOrDot } from './print/format.js'
import type { Stage } from './print/stage.js'

export interface World {
  readonly commerce: Marketplace
  readonly clock: TestClock
  readonly stage: Stage
  readonly people: People
}

/** Who has been seeded, by the keys and SKUs of src/data. */
export interface People {
  readonly suppliers: ReadonlyMap<DemoSupplier['key'], { readonly id: string; readonly demo: DemoSupplier }>
  readonly distributors: ReadonlyMap<string, { readonly id: string; readonly code: string; readonly demo: DemoDistributor }>
  /** By SKU. */
  readonly offers: ReadonlyMap<string, string>
}

/** Lets time pass up to a moment, and what falls due on the way is done. */
export async function until({ commerce, clock }: World, time: string): Promise<void> {
  await advance(commerce, clock, new Date(time).toISOString())
}

/** The value of a key that the demo itself has written. @throws RangeError */
export function known<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key)
  if (value === undefined) throw new RangeError(`the demo knows no ${String(key)}`)
  return value
}

export function cny(minor: number): string {
  return amount(minor, currency)
}

export function cnyOrDot(minor: number): string {
  return amountOrDot(minor, currency)
}

/** A party of the books, as people call it. */
export function partyName({ suppliers, distributors }: People, party: string): string {
  const id = party.slice(party.indexOf(':') + 1)
  for (const supplier of suppliers.values()) if (supplier.id === id) return supplier.demo.name.en
  for (const distributor of distributors.values()) if (distributor.id === id) return distributor.demo.name.en
  return party === 'platform' ? 'Platform' : party
}

export function supplierName(people: People, supplierId: string): string {
  return partyName(people, `supplier:${supplierId}`)
}

/** Refuses to go on where the books do not say what the scene says. @throws Error */
export function prove(holds: boolean, what: string): void {
  if (!holds) throw new Error(`this should hold and does not: ${what}`)
}
