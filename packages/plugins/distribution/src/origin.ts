/** Where a line's chain begins. Pure, once the directory is read. */
import type { OrderLine, OrderPlacing } from '@entrepot/core'
import type { Standing } from './ancestors.js'
import { broughtBy } from './binding.js'
import type { Asked, Directory } from './directory.js'
import { distributorsUnknown } from './errors.js'

/** The whole chain, as an import gives it, or the one distributor from whom it goes up; undefined where nobody brought the customer. */
export type Origin = { readonly given: readonly Standing[] } | { readonly from: string } | undefined

/** The chain that the line brings itself goes first; then the distributor whom an imported order names; then the one who brought the customer. */
export function originOf({ order, imported }: OrderPlacing, line: OrderLine, directory: Directory): Origin {
  if (line.distributors !== null) return { given: line.distributors.flatMap((name) => directory.named(name) ?? []) }
  const named = imported && order.distributorId !== null ? directory.named(order.distributorId)?.id : undefined
  const from =
    named ??
    broughtBy({
      binding: directory.binding(order.customerId),
      referred: directory.referrer(line.attribution?.referral ?? order.attribution?.referral)?.id,
      self: directory.self(order.customerId)?.id,
      at: order.placedAt,
    })
  return from === undefined ? undefined : { from }
}

/** What the orders name distributors and customers by. */
export function askedBy(orders: readonly OrderPlacing[]): Asked {
  return {
    names: orders.flatMap(namesIn),
    referrals: orders.flatMap(({ order, lines }) => [order, ...lines].flatMap(({ attribution }) => attribution?.referral ?? [])),
    customerIds: orders.flatMap(({ order }) => order.customerId ?? []),
  }
}

/** Refuses orders that name whom nobody knows. @throws distribution.unknown_beneficiary */
export function requireKnown(orders: readonly OrderPlacing[], directory: Directory): void {
  const unknown = orders.flatMap(namesIn).filter((name) => !directory.named(name))
  if (unknown.length > 0) throw distributorsUnknown({ distributors: [...new Set(unknown)].slice(0, 20) })
}

/** The distributors that an order names outright: an import does; what stands in a cart's order was found by us. */
function namesIn({ order, lines, imported }: OrderPlacing): readonly string[] {
  const ofLines = lines.flatMap(({ distributors }) => distributors ?? [])
  return imported && order.distributorId !== null ? [order.distributorId, ...ofLines] : ofLines
}
