/** What must hold of the books of a marketplace after every step, whatever happened in it: asked of the public API, and of the rows where the API has no question. */
import type { CommerceApi, CoreInstance } from '../api.js'
import { claimTable } from '../commission/index.js'
import { sql, type Tx, wholeNumber } from '../kernel/index.js'
import { type AccountBalance, accountTable, journalTable, transferTable } from '../ledger/index.js'
import { orderLineTable } from '../order/index.js'
import { reserveTable, type Statement, statementItemTable } from '../settlement/index.js'

type Books = CommerceApi & Pick<CoreInstance<object>, 'transaction'>

/** What an order says of its money; the books must say the same. */
export interface OrderMoney {
  readonly currency: string
  readonly captured: number
  readonly refunded: number
  readonly goodwill: number
}

/** Every rule that is broken, as a sentence; none where the books are sound. */
export async function brokenInvariants(commerce: Books, orders: readonly OrderMoney[]): Promise<readonly string[]> {
  const check = await commerce.ledger.check()
  const accounts = await commerce.ledger.balances({})
  const claimants = [...new Set(accounts.map((account) => account.party).filter(isClaimant))]
  const broken = [
    ...(check.balanced ? [] : [`the books do not balance: ${JSON.stringify(check)}`]),
    ...brokenCash(accounts, orders),
    ...(await commerce.transaction((tx) => brokenItems(tx))),
    ...(await commerce.transaction((tx) => stuckClaims(tx))),
  ]
  for (const party of claimants) broken.push(...(await brokenParty(commerce, party, accounts)))
  return broken
}

function isClaimant(party: string): boolean {
  return /^(supplier|distributor):/.test(party)
}

// `club` keeps books of its own beside the marketplace's.
const kinds = ['psp', 'refunds', 'order', 'supplier', 'distributor', 'platform', 'tax', 'fx', 'club']

function brokenCash(accounts: readonly AccountBalance[], orders: readonly OrderMoney[]): readonly string[] {
  const strangers = accounts.filter(({ party }) => !kinds.includes(party.split(':')[0] ?? '')).map(({ party }) => `nobody knows ${party}`)
  const currencies = [...new Set(accounts.map((account) => account.commodity))]
  return [
    ...strangers,
    ...currencies.flatMap((commodity) => {
      const sum = (of: (account: AccountBalance) => boolean): number =>
        accounts.reduce((all, account) => all + (account.commodity === commodity && of(account) ? account.balance : 0), 0)
      const kept = orders
        .filter(({ currency }) => currency === commodity)
        .reduce((all, { captured, refunded, goodwill }) => all + captured - refunded - goodwill, 0)
      const cash = 0 - sum(({ party, purpose }) => party.startsWith('psp:') && purpose === 'clearing')
      const fees = sum(({ party, purpose }) => party.startsWith('psp:') && purpose === 'fees')
      const owedBack = sum(({ party }) => party === 'refunds' || party.startsWith('order:'))
      const between = sum(({ purpose }) => purpose === 'conversion')
      const shared = sum(({ party }) => isClaimant(party) || party === 'platform' || party === 'tax' || party === 'fx')
      return [
        ...(between === 0 ? [] : [`${commodity}: ${between} stays between two currencies`]),
        ...(cash === kept + owedBack ? [] : [`${commodity}: ${cash} came in, and the orders kept ${kept} and owe back ${owedBack}`]),
        ...(shared + fees === kept
          ? []
          : [`${commodity}: the orders kept ${kept}, and ${shared} is shared out, and ${fees} is what providers charged`]),
      ]
    }),
  ]
}

/** Each transfer on an available account that a statement's time covers stands in exactly one statement of that party. */
async function brokenItems(tx: Tx): Promise<readonly string[]> {
  const doubled = await tx.all(sql`
    SELECT i.party, i.statement_id, i.journal_id FROM ${statementItemTable} i LEFT JOIN ${transferTable} t ON t.journal_id = i.journal_id AND t.position = i.position
    LEFT JOIN ${accountTable} a ON a.party = i.party AND a.purpose = 'available' AND a.commodity = t.commodity
    WHERE a.id IS NULL OR (t.from_account <> a.id AND t.to_account <> a.id)`)
  return doubled.map((row) => `statement ${row.statement_id} of ${row.party} names journal ${row.journal_id}, which is not its own`)
}

/** A claim on what has arrived, or never will, becomes available some day. */
async function stuckClaims(tx: Tx): Promise<readonly string[]> {
  const stuck = await tx.all(sql`
    SELECT c.line_id, c.party FROM ${claimTable} c JOIN ${orderLineTable} l ON l.id = c.line_id WHERE c.state = 'pending' AND c.release_at IS NULL
      AND ((l.delivered > 0 AND l.delivered = l.quantity - l.canceled) OR (l.goods > 0 AND l.refunded_goods = l.goods) OR l.canceled = l.quantity)`)
  return stuck.map((row) => `the claim of ${row.party} on line ${row.line_id} has no hold, though nothing is left to wait for`)
}

async function brokenParty(commerce: Books, party: string, accounts: readonly AccountBalance[]): Promise<readonly string[]> {
  const broken: string[] = []
  const claims = await commerce.settlement.balances({ party })
  const statements = await commerce.settlement.statements({ party, limit: 200 })
  const payouts = await commerce.settlement.payouts({ party, limit: 200 })
  for (const { currency, pending, available, reserve, inPayout, paid } of claims) {
    const of = (purpose: string): number =>
      accounts.find((account) => account.party === party && account.purpose === purpose && account.commodity === currency)?.balance ?? 0
    const mine = payouts.filter((payout) => payout.currency === currency)
    const sum = (...status: string[]): number =>
      mine.filter((payout) => status.includes(payout.status)).reduce((all, { amount }) => all + amount, 0)
    const equal = (what: string, one: number, other: number): void => {
      if (one !== other) broken.push(`${party} ${currency} ${what}: ${one} is not ${other}`)
    }
    equal('claims and accounts', pending + available + reserve, of('pending') + of('available') + of('reserve'))
    equal('reserves and their account', await reserved(commerce, party, currency), of('reserve'))
    equal('in payout and open payouts', inPayout, sum('requested', 'submitted'))
    equal('paid and paid payouts', paid, sum('paid'))
    const chain = statements.filter((statement) => statement.currency === currency).reverse()
    broken.push(...brokenChain(chain).map((fault) => `${party} ${currency}: ${fault}`))
    const draft = chain.find(({ state }) => state !== 'locked')?.payable ?? 0
    equal(
      'last closing, what is unstated and available',
      (chain.at(-1)?.closing ?? 0) + draft + (await unstated(commerce, party, currency)),
      of('available'),
    )
  }
  return broken
}

function brokenChain(chain: readonly Statement[]): readonly string[] {
  return chain.flatMap(({ id, opening, lines, closing, payable }, index) => {
    const before = chain[index - 1]?.closing ?? 0
    const sum = lines.reduce((all, line) => all + line.amount, opening)
    return [
      ...(opening === before ? [] : [`statement ${id} opens with ${opening}, and the one before closed with ${before}`]),
      ...(sum === closing ? [] : [`statement ${id} comes to ${sum} and closes with ${closing}`]),
      ...(payable >= 0 && payable <= Math.max(0, closing + payable) ? [] : [`statement ${id} pays ${payable} of ${closing + payable}`]),
    ]
  })
}

function unstated(commerce: Books, party: string, currency: string): Promise<number> {
  return commerce.transaction(async (tx) => {
    const rows = await tx.all(sql`
      SELECT SUM(CASE WHEN t.to_account = a.id THEN t.amount ELSE -t.amount END) AS amount
      FROM ${accountTable} a JOIN ${transferTable} t ON (t.to_account = a.id OR t.from_account = a.id) JOIN ${journalTable} j ON j.id = t.journal_id
      WHERE a.party = ${party} AND a.purpose = 'available' AND a.commodity = ${currency}
        AND NOT EXISTS (SELECT 1 FROM ${statementItemTable} i WHERE i.journal_id = t.journal_id AND i.position = t.position AND i.party = ${party})`)
    return wholeNumber(rows[0]?.amount ?? 0)
  })
}

/** What the rows of reserves say is withheld, of each never more than it was. */
function reserved(commerce: Books, party: string, currency: string): Promise<number> {
  return commerce.transaction(async (tx) => {
    const held = await tx.find(reserveTable, { party, currency, state: 'held' })
    return held.reduce((sum, { withheld, consumed }) => sum + withheld - consumed, 0)
  })
}

/** What each party has of an order line by the books, in all its accounts; only what captures and refunds moved. */
export function netOfLine(commerce: Books, lineId: string, currency: string): Promise<Readonly<Record<string, number>>> {
  return commerce.transaction(async (tx) => {
    const rows = await tx.all(sql`
      SELECT a.party, SUM(CASE WHEN t.to_account = a.id THEN t.amount ELSE -t.amount END) AS amount
      FROM ${transferTable} t JOIN ${journalTable} j ON j.id = t.journal_id JOIN ${accountTable} a ON (t.to_account = a.id OR t.from_account = a.id)
      WHERE t.ref = ${lineId} AND t.commodity = ${currency} AND t.kind <> 'conversion' AND j.kind IN ('capture', 'refund', 'chargeback', 'chargeback_won') GROUP BY a.party`)
    return Object.fromEntries(rows.map((row) => [String(row.party), wholeNumber(row.amount)]))
  })
}
