import { mostUnits } from '../kernel/index.js'
import type { CartLineRow } from './cart.entity.js'
import { quantityLimit } from './errors.js'

/** What makes two lines one: the same offer, which the same referral and content led to. */
export type LineKey = Pick<CartLineRow, 'offerId' | 'referral' | 'content'>

export type WantedLine = LineKey & Pick<CartLineRow, 'quantity'>

function keyOf({ offerId, referral, content }: LineKey): string {
  return JSON.stringify([offerId, referral, content])
}

/** Lines of a cart after others were put to them. */
export interface JoinedLines<Added> {
  /** Lines that were there, with their new quantity. */
  readonly raised: readonly CartLineRow[]
  /** What has no line of its key yet, each key once. */
  readonly added: readonly Added[]
}

/**
 * Puts wanted lines to existing ones: quantities of equal keys add up.
 * @throws cart.quantity_limit
 */
export function joinLines<Added extends WantedLine>(existing: readonly CartLineRow[], wanted: readonly Added[]): JoinedLines<Added> {
  const there = new Map(existing.map((line) => [keyOf(line), line]))
  const raised = new Map<string, CartLineRow>()
  const added = new Map<string, Added>()
  for (const line of wanted) {
    const key = keyOf(line)
    const old = raised.get(key) ?? there.get(key)
    if (old) raised.set(key, { ...old, quantity: sumOf(old, line) })
    else added.set(key, { ...line, quantity: sumOf(added.get(key), line) })
  }
  return { raised: [...raised.values()], added: [...added.values()] }
}

function sumOf(old: WantedLine | undefined, { offerId, quantity }: WantedLine): number {
  const sum = (old?.quantity ?? 0) + quantity
  if (sum > mostUnits) throw quantityLimit({ offerId, quantity: sum, most: mostUnits })
  return sum
}
