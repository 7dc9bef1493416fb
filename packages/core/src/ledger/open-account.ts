import type { Tx } from '../kernel/index.js'
import type { Accounts } from './accounts.js'
import { requireOwnAccounts } from './core-accounts.js'
import { invalidAccount } from './errors.js'
import { accountPath, isNameable } from './journal.js'
import type { Account } from './read-ledger.js'

/** An account for books of the integrator's own: points, deposits, gift cards. */
export interface OpenAccountInput {
  /** Of a kind of the integrator's own, such as `loyalty` or `customer:cus_…`; an id, without spaces and @. Core's kinds of party are refused. */
  readonly party: string
  /** What it is for; without a slash. */
  readonly purpose: string
  /** ISO 4217 code, or a commodity of the integrator's own: `POINTS`. At most 12 characters, without spaces. */
  readonly commodity: string
  /** Its balance may never fall below zero. Kept for ever. @default false */
  readonly guarded?: boolean | undefined
}

/** Opens an account, or finds it open already with the same guard. @throws ledger.core_account, ledger.guard_mismatch, ledger.invalid_account */
export function openAccount({ accounts }: { readonly accounts: Accounts }) {
  return async (tx: Tx, { party, purpose, commodity, guarded = false }: OpenAccountInput): Promise<Account> => {
    const ref = { party, purpose, guarded }
    requireOwnAccounts([ref], false)
    if (!isNameable(ref, commodity)) throw invalidAccount({ party, purpose, commodity })
    const opened = await accounts.open(tx, [{ ...ref, commodity }])
    return { id: opened.get(accountPath(ref, commodity))?.id ?? '', party, purpose, commodity, guarded }
  }
}
