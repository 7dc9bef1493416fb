/** What a balance holds and how it came to it: both are sums over the books, and nothing is kept beside them. */
import type { Call, CommerceApi, Timestamp } from '@entrepot/core'
import { partyOf, purposes } from './accounts.js'

type Books = Pick<CommerceApi, 'customers' | 'ledger'>

export interface BalanceInput {
  readonly customerId: string
}

/** A customer's balance in one currency; minor units. */
export interface PrepaidBalance {
  /** ISO 4217. */
  readonly currency: string
  /** What can be spent. */
  readonly available: number
  /** What is promised to orders and not captured yet. */
  readonly held: number
}

export interface HistoryInput {
  readonly customerId: string
  /** ISO 4217. @default all */
  readonly currency?: string | undefined
  /** Inclusive; ISO 8601 with an offset. @default the beginning */
  readonly from?: string | undefined
  /** Exclusive; ISO 8601 with an offset. @default no end */
  readonly to?: string | undefined
  /** 1 to 10 000. @default 1000 */
  readonly limit?: number | undefined
}

/** One line of a balance's history. */
export interface PrepaidEntry {
  /** `top_up`, `withdrawal`, `spend`, `refund`; `hold` and `release` of payments that are captured later; or what the host itself has posted. */
  readonly kind: string
  /** Minor units; what came in is positive, what went out negative. */
  readonly amount: number
  /** ISO 4217. */
  readonly currency: string
  /** The payment or the transfer. */
  readonly ref: string | null
  readonly at: Timestamp
  /** The journal in the books. */
  readonly journalId: string
}

const [beginning, end] = ['1970-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z']
const usualLimit = 1000

/** @throws customer.not_found */
export function readBalance(commerce: Books) {
  return async (input: BalanceInput, call?: Call): Promise<readonly PrepaidBalance[]> => {
    const { id: customerId } = await commerce.customers.get({ customerId: input?.customerId }, call)
    const accounts = await commerce.ledger.balances({ party: partyOf(customerId), purpose: Object.values(purposes) }, call)
    const sum = (purpose: string, currency: string): number =>
      accounts.find((account) => account.purpose === purpose && account.commodity === currency)?.balance ?? 0
    const currencies = [...new Set(accounts.map((account) => account.commodity))].sort()
    return currencies.map((currency) => ({
      currency,
      available: sum(purposes.available, currency),
      held: sum(purposes.held, currency),
    }))
  }
}

/** @throws customer.not_found, time.invalid */
export function readHistory(commerce: Books) {
  return async (input: HistoryInput, call?: Call): Promise<readonly PrepaidEntry[]> => {
    const { id: customerId } = await commerce.customers.get({ customerId: input?.customerId }, call)
    const { currency, from = beginning, to = end, limit = usualLimit } = input
    const filter = { party: partyOf(customerId), purpose: purposes.available, commodity: currency }
    const history: PrepaidEntry[] = []
    for (const account of await commerce.ledger.balances(filter, call)) {
      const { entries } = await commerce.ledger.statement({ accountId: account.accountId, from, to, limit }, call)
      for (const { kind, amount, ref, effectiveAt: at, journalId } of entries) {
        history.push({ kind, amount, currency: account.commodity, ref, at, journalId })
      }
    }
    // Without an account nobody has checked the limit.
    if (history.length === 0) return []
    // Sorting is stable: within one moment each currency keeps the order of the books.
    return history.sort((a, b) => (a.at === b.at ? 0 : a.at < b.at ? -1 : 1)).slice(0, limit)
  }
}
