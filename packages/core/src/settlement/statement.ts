import { sumAmounts } from '../money/index.js'

/** The lines of a statement; each sums transfers on the party's available account, one way. */
export type StatementLineKind =
  | 'sales'
  | 'shipping'
  | 'promotion_reimbursement'
  | 'promotion_funding'
  | 'commission'
  | 'commission_tax'
  | 'true_up'
  | 'tax'
  | 'distribution'
  | 'earnings'
  | 'refunds'
  | 'shipping_refunds'
  | 'commission_reversal'
  | 'commission_tax_reversal'
  | 'tax_reversal'
  | 'promotion_reversal'
  | 'distribution_reversal'
  | 'earnings_reversal'
  | 'refund_fees'
  | 'chargebacks'
  | 'chargeback_fees'
  | 'goodwill'
  | 'reserve_held'
  | 'reserve_released'
  | 'adjustments'
  | 'write_off'
  | 'payout'
  | 'payout_returned'
  | 'withdrawal_fees'
  | 'withholding'
  | 'withholding_returned'
  | 'other'

/** draft → approved → locked; until it is locked, it may be disputed. What is locked never changes; a correction is an entry of the next one. */
export type StatementState = 'draft' | 'approved' | 'disputed' | 'locked'

/** Who says that a statement is right: the platform's operator, and the party whose statement it is. */
export type StatementSide = 'operator' | 'party'

/** Whose approval a statement waits for. */
export type ApprovalNeeded = StatementSide | 'both'

/** What has been approved of a statement. */
export interface Approvals {
  readonly approvalNeeded: ApprovalNeeded | null
  readonly operatorApprovedAt: string | null
  readonly partyApprovedAt: string | null
}

/** Whether a statement has the approvals that were asked for when it was drawn; where none were, either side's will do. */
export function stateByApprovals({ approvalNeeded, operatorApprovedAt, partyApprovedAt }: Approvals): 'draft' | 'approved' {
  const [operator, party] = [operatorApprovedAt !== null, partyApprovedAt !== null]
  const has = { operator, party, both: operator && party, none: operator || party }
  return has[approvalNeeded ?? 'none'] ? 'approved' : 'draft'
}

/** One sum of a statement. */
export interface StatementLine {
  readonly kind: StatementLineKind
  /** Minor units; what reduces the balance is negative. */
  readonly amount: number
  /** How many transfers are in it. */
  readonly count: number
}

/** What moved on a party's available account by one kind of transfer, one way. */
export interface StatementMovement {
  /** The transfer's kind as the ledger has it: `commission:goods`. */
  readonly kind: string
  /** In positive, out negative. */
  readonly amount: number
  readonly count: number
}

// By the flow's kind: what it is called coming in, and what going out.
const supplierLines: Readonly<Record<string, readonly [incoming: StatementLineKind, outgoing: StatementLineKind]>> = {
  sale: ['sales', 'refunds'],
  shipping: ['shipping', 'shipping_refunds'],
  commission: ['commission_reversal', 'commission'],
  commission_fixed: ['commission_reversal', 'commission'],
  commission_tax: ['commission_tax_reversal', 'commission_tax'],
  true_up: ['true_up', 'true_up'],
  promotion_funding: ['promotion_reimbursement', 'promotion_reversal'],
  tier: ['distribution_reversal', 'distribution'],
  tax: ['tax_reversal', 'tax'],
}

const distributorLines: typeof supplierLines = {
  tier: ['earnings', 'earnings_reversal'],
  promotion_funding: ['promotion_reversal', 'promotion_funding'],
}

const commonLines: typeof supplierLines = {
  refund_fee: ['refund_fees', 'refund_fees'],
  // All that a chargeback moves, whatever share it is of: `sale:goods:chargeback`.
  chargeback: ['chargebacks', 'chargebacks'],
  chargeback_fee: ['chargeback_fees', 'chargeback_fees'],
  goodwill: ['goodwill', 'goodwill'],
  reserve: ['reserve_released', 'reserve_held'],
  adjustment: ['adjustments', 'adjustments'],
  write_off: ['write_off', 'write_off'],
  withdrawal_fee: ['withdrawal_fees', 'withdrawal_fees'],
  withholding: ['withholding_returned', 'withholding'],
  payout: ['payout_returned', 'payout'],
}

/** The line of a party's statement that a movement is in; of its amount only the sign matters. */
export function lineOf(party: string, { kind, amount }: Pick<StatementMovement, 'kind' | 'amount'>): StatementLineKind {
  const names = namesFor(party)
  const [what = '', , by] = kind.split(':')
  const [incoming, outgoing] = names[by ?? what] ?? ['other', 'other']
  return amount > 0 ? incoming : outgoing
}

/** Sums movements into the lines of a party's statement, in a fixed order. */
export function statementLines(party: string, movements: readonly StatementMovement[]): readonly StatementLine[] {
  const sums = new Map<StatementLineKind, { amount: number; count: number }>()
  for (const { kind, amount, count } of movements) {
    const line = lineOf(party, { kind, amount })
    const sum = sums.get(line) ?? { amount: 0, count: 0 }
    sums.set(line, { amount: sumAmounts([sum.amount, amount]), count: sum.count + count })
  }
  return inOrder(
    party,
    [...sums].map(([kind, sum]) => ({ kind, ...sum })),
  )
}

/** A statement's lines as they stand on paper, in whatever order they were read. */
export function inOrder<Line extends { readonly kind: StatementLineKind }>(party: string, lines: readonly Line[]): readonly Line[] {
  const order = [...new Set(Object.values(namesFor(party)).flat()), 'other' as const]
  return order.flatMap((kind) => lines.filter((line) => line.kind === kind))
}

function namesFor(party: string): typeof supplierLines {
  return { ...(party.startsWith('distributor:') ? distributorLines : supplierLines), ...commonLines }
}

/** What a balance pays: nothing below the threshold, and only whole multiples of what the rail takes; the rest carries. */
export function payableOf(balance: number, { threshold, roundTo }: { readonly threshold: number; readonly roundTo: number }): number {
  if (balance <= 0 || balance < threshold) return 0
  return balance - (balance % roundTo)
}
