import { allocate, sumAmounts } from '../money/index.js'

/** What a parcel must know of a line. */
export interface ParcelLine {
  readonly id: string
  readonly supplierId: string
  readonly shippable: boolean
  /** Of the whole line. */
  readonly weightGrams: number
  /** Unit price × quantity. */
  readonly price: number
  /** Price less discounts. */
  readonly value: number
}

/** What one supplier sends. */
export interface Parcel {
  readonly supplierId: string
  readonly lines: readonly ParcelLine[]
  readonly weightGrams: number
  /** What its goods cost the customer: a threshold for free shipping compares with it. */
  readonly value: number
}

/** One parcel per supplier that has something to send, in line order. */
export function parcelsOf(lines: readonly ParcelLine[]): readonly Parcel[] {
  const shippable = lines.filter((line) => line.shippable)
  const bySupplier = new Map<string, ParcelLine[]>(shippable.map((line) => [line.supplierId, []]))
  for (const line of shippable) bySupplier.get(line.supplierId)?.push(line)
  return [...bySupplier].map(([supplierId, sent]) => ({
    supplierId,
    lines: sent,
    weightGrams: sumAmounts(sent.map((line) => line.weightGrams)),
    value: sumAmounts(sent.map((line) => line.value)),
  }))
}

/** Allocates a parcel's shipping to its lines by R3. @returns line id → minor units */
export function shippingOfLines(
  parcel: Parcel,
  shipping: { readonly amount: number; readonly allocate: 'price' | 'weight' },
): ReadonlyMap<string, number> {
  const weights = parcel.lines.map((line) => (shipping.allocate === 'weight' ? line.weightGrams : line.price))
  const parts = allocate(shipping.amount, weights)
  return new Map(parcel.lines.map((line, index) => [line.id, parts[index] ?? 0]))
}
