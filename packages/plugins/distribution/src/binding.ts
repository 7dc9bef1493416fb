/** Whose customer somebody is: the rule of MONEY section 2, as values in and values out. */
import { addDays, type Timestamp } from '@entrepot/core'

/** What bound a customer: a click on a link, an order that came through one, or the host. */
export type BindingSource = 'click' | 'order' | 'host'

/** A customer, or a visitor who is not one yet, belongs to a distributor. */
export interface Binding {
  readonly distributorId: string
  readonly boundAt: Timestamp
  /** Exclusive: another click at this very moment binds anew. */
  readonly protectedUntil: Timestamp
}

/** Nobody is bound twice: within the protection, other clicks change nothing; at or after its end, a click binds anew. */
export function bindsAnew(current: Pick<Binding, 'protectedUntil'> | undefined, at: Timestamp): boolean {
  return current === undefined || at >= current.protectedUntil
}

/** A binding that begins now. */
export function bindingFrom(distributorId: string, at: Timestamp, protectionDays: number): Binding {
  return { distributorId, boundAt: at, protectedUntil: addDays(at, protectionDays) }
}

/** What is known of a customer at the time of a sale. */
export interface Evidence {
  readonly binding: Binding | undefined
  /** The approved distributor whose link the cart came through. */
  readonly referred: string | undefined
  /** The distributor that the customer is itself. */
  readonly self: string | undefined
  readonly at: Timestamp
}

/**
 * Who brought a customer. A link counts as a click at the time of the sale, so a protected binding stands before it, and one whose protection has ended
 * behind it. A distributor whom nobody else has bound is its own customer. A binding that is younger than the sale, which only an import can meet, is none.
 */
export function broughtBy({ binding, referred, self, at }: Evidence): string | undefined {
  const bound = binding !== undefined && binding.boundAt <= at ? binding : undefined
  if (bound !== undefined && !bindsAnew(bound, at)) return bound.distributorId
  return referred ?? bound?.distributorId ?? self
}
