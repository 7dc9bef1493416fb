import { groupBy, type Hooks, type Tx } from '../kernel/index.js'
import type { Ledger, Passage, PostJournal, PostTransfer } from '../ledger/index.js'
import type { LinePart, OrderRefunding } from '../order/index.js'
import { flowsOf, isClaimant, movementsOf, reversals, transfersOf } from './accounts.js'
import { lockClaims } from './book-captures.js'
import type { Progress } from './capture.js'
import { claimTable, type TermsRow, termsTable } from './commission.entity.js'
import { goodwillFunder } from './errors.js'
import type { Flow } from './flow.js'
import type { CommissionHooks } from './hooks.js'
import { supplierParty } from './party.js'
import { reverseLine } from './reversal.js'

/**
 * Takes refunds back from every party by R4, line by line; the money waits in the order's payable account until the provider has given it back.
 * @throws refund.goodwill_funder
 */
export function bookRefunds(ledger: Ledger, hooks: Hooks<CommissionHooks>): (refunds: readonly OrderRefunding[], tx: Tx) => Promise<void> {
  return async (refunds, tx) => {
    const lineIds = [...new Set(refunds.flatMap((refund) => refund.parts.map((part) => part.lineId)))]
    const terms = new Map((await tx.find(termsTable, { lineId: lineIds })).map((row) => [row.lineId, row]))
    await assertFunders(tx, refunds)
    const claims = await lockClaims(tx, hooks, lineIds)
    const { earned, reversed } = earnedAndReversed(await ledger.passages(tx, lineIds))
    const journals = refunds.flatMap(({ order, refund, parts, payable, at, lines }): PostJournal[] => {
      const flows = parts.flatMap((part) => {
        const row = terms.get(part.lineId)
        const quantity = lines.find((line) => line.id === part.lineId)?.quantity ?? 1
        const returned = { part: part.refundedUnits, whole: quantity }
        return row ? reversePart(row, part, returned, earned.get(part.lineId) ?? [], reversed.get(part.lineId) ?? []) : []
      })
      for (const flow of flows) reversed.set(flow.line, [...(reversed.get(flow.line) ?? []), flow])
      const transfers = [...transfersOf(flows, payable, claims, order.currency), ...goodwillTransfers(refund, payable, order.currency)]
      return transfers.length === 0 ? [] : [{ kind: 'refund', source: order.id, key: `refund:${refund.id}`, effectiveAt: at, transfers }]
    })
    await ledger.post(tx, journals)
    await hooks.run(tx, 'commission.booked', { lineIds, movements: movementsOf(journals, claims) })
  }
}

/** What the books have of lines: what captures earned, and what was taken back since, by line. */
export function earnedAndReversed(passages: readonly Passage[]): Readonly<Record<'earned' | 'reversed', Map<string, Flow[]>>> {
  const byLine = (journals: readonly string[]): Map<string, Flow[]> => groupBy(flowsOf(passages, journals), (flow) => flow.line)
  return { earned: byLine(['capture']), reversed: byLine(reversals) }
}

/** What goes back of one line. @param returned how far what cost the customer nothing has come back */
export function reversePart(
  { lineId, split, terms }: TermsRow,
  part: LinePart,
  returned: Progress,
  earned: readonly Flow[],
  reversed: readonly Flow[],
): readonly Flow[] {
  return reverseLine({
    line: lineId,
    parties: split.parties,
    earned,
    reversed: reversed.filter((flow) => flow.kind !== 'refund_fee'),
    goods: part.goods,
    shipping: part.shipping,
    returned,
    refundFee: terms.rule?.terms.refundFee,
    rounding: terms.rounding,
  })
}

/** Goodwill is taken from an account, so whoever bears it must have one by this order: the platform, or who earns of its lines. @throws refund.goodwill_funder */
async function assertFunders(tx: Tx, refunds: readonly OrderRefunding[]): Promise<void> {
  for (const { order, refund, lines } of refunds) {
    const funder = refund.goodwill?.fundedBy ?? 'platform'
    if (funder === 'platform' || lines.some((line) => supplierParty(line.supplierId) === funder)) continue
    const earns = isClaimant(funder) && (await tx.findOne(claimTable, { orderId: order.id, party: funder }))
    if (!earns) throw goodwillFunder({ order: order.id, funder })
  }
}

function goodwillTransfers(
  { id, goodwill }: OrderRefunding['refund'],
  payable: OrderRefunding['payable'],
  commodity: string,
): readonly PostTransfer[] {
  if (goodwill === null || goodwill.amount === 0) return []
  const purpose = goodwill.fundedBy === 'platform' ? 'goodwill' : 'available'
  return [{ from: { party: goodwill.fundedBy, purpose }, to: payable, amount: goodwill.amount, commodity, kind: 'goodwill', ref: id }]
}
