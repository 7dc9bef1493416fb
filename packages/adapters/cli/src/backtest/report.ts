import { type AccountBalance, currencyExponent } from '@entrepot/core'
import { Refusal } from '../command.js'
import type { Marketplace } from './marketplace.js'
import type { Staging, Totals } from './staging.js'

/** What one party comes to; minor units. */
export interface BacktestParty {
  /** What it earned, less what refunds took back. */
  readonly net: number
  readonly paid: number
  /** What is still to come, or, negative, to be set off against later earnings. */
  readonly balance: number
}

/** What the plan would have come to; minor units of the plan's currency. */
export interface BacktestResult {
  readonly orders: number
  readonly lines: number
  /** Goods and shipping. */
  readonly gross: number
  readonly refunded: number
  /** Net of refunds, like the next two. */
  readonly platform: number
  readonly suppliers: number
  readonly distributors: number
  readonly payouts: { readonly count: number; readonly amount: number }
  /** The sum of all balances. */
  readonly carried: number
  /** By `S:` and `D:` with the id in the file. */
  readonly parties: Readonly<Record<string, BacktestParty>>
}

const claimPurposes: readonly string[] = ['pending', 'available', 'reserve', 'in_payout', 'paid']
const pageSize = 500

/** Reads the result from the books, and has them checked. @throws Refusal where they do not agree with themselves or with the file */
export async function report(
  { commerce }: Marketplace,
  staging: Staging,
  totals: Totals,
  payouts: BacktestResult['payouts'],
): Promise<BacktestResult> {
  const { orders, lines, gross, refunded } = totals
  const balances = await commerce.ledger.balances({})
  const parties = partiesOf(balances, staging)
  const sum = (prefix: string, member: keyof BacktestParty): number =>
    [...parties].reduce((total, [name, party]) => (name.startsWith(prefix) ? total + party[member] : total), 0)
  const result: BacktestResult = {
    orders,
    lines,
    gross,
    refunded,
    platform: balanceOf(balances, 'platform'),
    suppliers: sum('S:', 'net'),
    distributors: sum('D:', 'net'),
    payouts,
    carried: sum('', 'balance'),
    parties: Object.fromEntries([...parties].sort(([a], [b]) => (a < b ? -1 : 1))),
  }
  const { balanced } = await commerce.ledger.check()
  const claims = result.platform + result.suppliers + result.distributors + balanceOf(balances, 'tax')
  if (!balanced || claims !== gross - refunded || sum('', 'paid') !== payouts.amount) {
    throw new Refusal(
      `the books do not add up: claims of ${claims} on ${gross - refunded} paid in, ${payouts.amount} paid out; please report this`,
    )
  }
  return result
}

function balanceOf(balances: readonly AccountBalance[], party: string): number {
  return balances.reduce((total, account) => (account.party === party ? total + account.balance : total), 0)
}

/** Every supplier of the file, and every distributor that has an account. */
function partiesOf(balances: readonly AccountBalance[], staging: Staging): ReadonlyMap<string, BacktestParty> {
  const parties = new Map<string, BacktestParty>()
  const nothing: BacktestParty = { net: 0, paid: 0, balance: 0 }
  for (
    let page = staging.parties('supplier', 0, pageSize);
    page.length > 0;
    page = staging.parties('supplier', page.at(-1)?.no ?? 0, pageSize)
  ) {
    for (const { ref } of page) parties.set(`S:${ref}`, nothing)
  }
  for (const { party, purpose, balance } of balances) {
    const [kind = '', id = ''] = party.split(':')
    const ref = (kind === 'supplier' || kind === 'distributor') && claimPurposes.includes(purpose) ? staging.refOf(id) : undefined
    if (ref === undefined) continue
    const name = `${kind === 'supplier' ? 'S' : 'D'}:${ref}`
    const { net, paid, balance: carried } = parties.get(name) ?? nothing
    const isPaid = purpose === 'paid'
    parties.set(name, { net: net + balance, paid: isPaid ? paid + balance : paid, balance: isPaid ? carried : carried + balance })
  }
  return parties
}

/** The result as a person reads it. */
export function describe(result: BacktestResult, currency: string): string {
  const money = (amount: number): string => inCurrency(amount, currency)
  const names = Object.keys(result.parties)
  const rows: readonly (readonly [label: string, amount: string, remark: string])[] = [
    ['sold', money(result.gross), `${result.orders} orders, ${result.lines} lines, shipping in`],
    ['refunded', money(result.refunded), ''],
    ['platform', money(result.platform), ''],
    ['suppliers', money(result.suppliers), `${names.filter((name) => name.startsWith('S:')).length} suppliers`],
    ['distributors', money(result.distributors), `${names.filter((name) => name.startsWith('D:')).length} distributors`],
    ['paid out', money(result.payouts.amount), `${result.payouts.count} payouts`],
    ['carried', money(result.carried), ''],
  ]
  const labels = Math.max(...rows.map(([label]) => label.length))
  const amounts = Math.max(...rows.map(([, amount]) => amount.length))
  return rows.map(([label, amount, remark]) => `${label.padEnd(labels)}  ${amount.padStart(amounts)}  ${remark}`.trimEnd()).join('\n')
}

/** `119879.46 BRL`; an amount is never made a float. */
function inCurrency(amount: number, currency: string): string {
  const exponent = currencyExponent(currency)
  const digits = String(Math.abs(amount)).padStart(exponent + 1, '0')
  const whole = digits.slice(0, digits.length - exponent).replace(/\B(?=(\d{3})+$)/g, ',')
  return `${amount < 0 ? '-' : ''}${whole}${exponent === 0 ? '' : `.${digits.slice(-exponent)}`} ${currency}`
}
