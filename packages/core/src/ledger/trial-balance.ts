import { type Reader, sql, type Timestamp, wholeNumber } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { balancesSql } from './read-ledger.js'

export interface TrialBalanceInput {
  /** @default all */
  readonly commodity?: string | undefined
  /** As it was at that moment, by effective time, that moment included. @default now */
  readonly at?: Timestamp | undefined
}

/** The accounts of one purpose, whoever they belong to. */
export interface TrialBalanceLine {
  readonly purpose: string
  /** How many accounts. */
  readonly accounts: number
  /** The sum of the balances below zero, as a positive number; minor units. */
  readonly debit: number
  /** The sum of the balances above zero; minor units. */
  readonly credit: number
}

/** All accounts of one commodity, summed: what is owed one way is owed the other. */
export interface TrialBalance {
  readonly commodity: string
  readonly lines: readonly TrialBalanceLine[]
  readonly debit: number
  readonly credit: number
  /** Credit less debit: 0, or the books are broken. */
  readonly total: number
}

/** The trial balance of each commodity; one statement, whose answer grows with the purposes and not with the accounts. */
export async function trialBalance(reader: Reader, input: TrialBalanceInput): Promise<readonly TrialBalance[]> {
  const rows = await reader.all(sql`
    SELECT b.commodity, b.purpose, COUNT(*) AS accounts,
      SUM(CASE WHEN b.balance < 0 THEN -b.balance ELSE 0 END) AS debit, SUM(CASE WHEN b.balance > 0 THEN b.balance ELSE 0 END) AS credit
    FROM (${balancesSql(input)}) b GROUP BY b.commodity, b.purpose ORDER BY b.commodity, b.purpose`)
  const byCommodity = new Map<string, TrialBalanceLine[]>()
  for (const raw of rows) {
    const commodity = String(raw.commodity)
    const line: TrialBalanceLine = {
      purpose: String(raw.purpose),
      accounts: wholeNumber(raw.accounts),
      debit: wholeNumber(raw.debit),
      credit: wholeNumber(raw.credit),
    }
    byCommodity.set(commodity, [...(byCommodity.get(commodity) ?? []), line])
  }
  return [...byCommodity].map(([commodity, lines]) => {
    const debit = sumAmounts(lines.map((line) => line.debit))
    const credit = sumAmounts(lines.map((line) => line.credit))
    return { commodity, lines, debit, credit, total: sumAmounts([credit, -debit]) }
  })
}
