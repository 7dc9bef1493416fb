/** Where prepaid money stands in the books, and how it moves. Pure. */
import type { AccountRef, PostJournalInput, Timestamp } from '@entrepot/core'

/** The payment provider's id, and the plugin's. */
export const providerId = 'prepaid'

/** A customer as a party of the books. */
export function partyOf(customerId: string): string {
  return `customer:${customerId}`
}

export const purposes = { available: 'prepaid', held: 'prepaid-held' } as const

/** What a customer may spend. */
export function available(customerId: string): AccountRef {
  return { party: partyOf(customerId), purpose: purposes.available, guarded: true }
}

/** What is promised to payments that are not captured yet. */
export function held(customerId: string): AccountRef {
  return { party: partyOf(customerId), purpose: purposes.held, guarded: true }
}

/** The account by which money comes and goes through a provider: of card top-ups, `psp:stripe/clearing`. */
export function clearingOf(provider: string): AccountRef {
  return { party: `psp:${provider}`, purpose: 'clearing' }
}

/** What spends a balance. Not guarded: whether core books its half of a capture or a refund first must not matter. */
export const clearing: AccountRef = clearingOf(providerId)

/** One step of money. */
export interface Movement {
  readonly kind: 'top_up' | 'withdrawal' | 'hold' | 'release' | 'spend' | 'refund'
  /** The payment or the transfer that it belongs to. */
  readonly subject: string
  /** The payment's capture or refund that causes it; a subject without one moves once by a kind. */
  readonly operation?: string | undefined
  readonly from: AccountRef
  readonly to: AccountRef
  /** Minor units, above 0. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
}

export function journalOf({ kind, subject, operation, from, to, amount, currency }: Movement, effectiveAt: Timestamp): PostJournalInput {
  return {
    kind: `prepaid.${kind}`,
    source: operation ?? subject,
    key: ['prepaid', kind, subject, ...(operation === undefined ? [] : [operation])].join('/'),
    effectiveAt,
    transfers: [{ from, to, amount, commodity: currency, kind, ref: subject }],
    // A provider's clearing account is core's: prepaid money comes and goes by it as any other.
    coreAccounts: true,
  }
}
