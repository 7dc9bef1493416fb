import type { Statement, StatementLineKind } from '@entrepot/core'
import * as z from 'zod'

/** What a document calls things. */
export interface StatementWords {
  readonly title: string
  readonly number: string
  readonly party: string
  readonly period: string
  /** Before the end of a period whose beginning is not known. */
  readonly until: string
  readonly state: Readonly<Record<Statement['state'], string>>
  readonly description: string
  readonly count: string
  readonly amount: string
  readonly opening: string
  readonly closing: string
  readonly page: string
  readonly lines: Readonly<Record<StatementLineKind, string>>
}

/** Words to put in place of the English ones. */
export interface StatementWordsInput extends Partial<Omit<StatementWords, 'state' | 'lines'>> {
  readonly state?: Partial<StatementWords['state']>
  readonly lines?: Partial<StatementWords['lines']>
}

const english: StatementWords = {
  title: 'Statement',
  number: 'Number',
  party: 'For',
  period: 'Period',
  until: 'until',
  state: { draft: 'Draft', approved: 'Approved', disputed: 'Disputed', locked: 'Final' },
  description: 'Description',
  count: 'Entries',
  amount: 'Amount',
  opening: 'Opening balance',
  closing: 'Closing balance',
  page: 'Page',
  lines: {
    sales: 'Sales',
    shipping: 'Shipping',
    promotion_reimbursement: 'Promotions reimbursed',
    promotion_funding: 'Promotions funded',
    commission: 'Commission',
    commission_tax: 'Tax on commission',
    true_up: 'Commission true-up',
    tax: 'Tax',
    distribution: 'Distributors\u2019 shares',
    earnings: 'Earnings',
    refunds: 'Refunds',
    shipping_refunds: 'Shipping refunded',
    commission_reversal: 'Commission reversed',
    commission_tax_reversal: 'Tax on commission reversed',
    tax_reversal: 'Tax reversed',
    promotion_reversal: 'Promotions reversed',
    distribution_reversal: 'Distributors\u2019 shares reversed',
    earnings_reversal: 'Earnings reversed',
    refund_fees: 'Refund fees',
    chargebacks: 'Chargebacks',
    chargeback_fees: 'Chargeback fees',
    goodwill: 'Goodwill',
    reserve_held: 'Reserve held',
    reserve_released: 'Reserve released',
    adjustments: 'Adjustments',
    write_off: 'Written off',
    payout: 'Payout',
    payout_returned: 'Payout returned',
    withdrawal_fees: 'Withdrawal fees',
    withholding: 'Tax withheld',
    withholding_returned: 'Withheld tax returned',
    other: 'Other',
  },
}

const word = z.string().trim().min(1).max(200)
const wordsOf = (names: object): Record<string, z.ZodType> =>
  Object.fromEntries(Object.keys(names).map((name) => [name, word.exactOptional()]))

/** Only what a document has words for; a name that is none is refused. */
export const wordsSchema: z.ZodType<StatementWordsInput, StatementWordsInput> = z.strictObject({
  ...wordsOf(english),
  state: z.strictObject(wordsOf(english.state)).exactOptional(),
  lines: z.strictObject(wordsOf(english.lines)).exactOptional(),
}) as unknown as z.ZodType<StatementWordsInput, StatementWordsInput>

/** The English words, with those of a host in place. */
export function wordsWith({ state, lines, ...rest }: StatementWordsInput = {}): StatementWords {
  return { ...english, ...rest, state: { ...english.state, ...state }, lines: { ...english.lines, ...lines } }
}
