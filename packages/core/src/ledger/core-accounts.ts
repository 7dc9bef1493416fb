/** Which accounts core keeps itself: what a marketplace owes is read from them, so nobody moves them by mistake. */
import type { Actor } from '../kernel/index.js'
import { coreAccount, notTrusted } from './errors.js'
import type { AccountRef, PostJournal } from './journal.js'

const coreKinds: ReadonlySet<string> = new Set(['platform', 'supplier', 'distributor', 'tax', 'psp', 'order', 'refunds', 'payout', 'fx'])

/** Whether all accounts of a party are core's: by its kind, which is what stands before the first colon; in every purpose and commodity. */
export function isCoreParty(party: string): boolean {
  return coreKinds.has(party.split(':', 1)[0] ?? '')
}

/** Says that core's own accounts are meant: without it, a journal, a hold or a reversal that touches one is refused. */
export interface TouchesCore {
  /** `true`: core's own accounts may be moved too, such as `psp:…/clearing` where a gift card is sold for cash. @default false */
  readonly coreAccounts?: boolean | undefined
}

/** A journal of the integrator's own. */
export interface PostJournalInput extends PostJournal, TouchesCore {}

/** @throws ledger.core_account */
export function requireOwnAccounts(refs: readonly AccountRef[], coreAccounts: boolean | undefined): void {
  // How core's accounts are guarded is core's to say, whoever moves them: a guarded claim could not become negative by a refund.
  const touched = refs.find((ref) => isCoreParty(ref.party) && (coreAccounts !== true || ref.guarded !== undefined))
  if (touched) throw coreAccount({ party: touched.party, purpose: touched.purpose })
}

/** The books are written by the host's own code, its staff and its services; who has claims in them does not write them. @throws ledger.not_trusted */
export function requireTrusted(actor: Actor | undefined): void {
  if (actor && ['supplier', 'distributor', 'customer'].includes(actor.type)) throw notTrusted({ actor: actor.type })
}
