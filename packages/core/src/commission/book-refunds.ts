import type { Hooks, Tx } from '../kernel/index.js'
import type { Ledger, PostJournal, PostTransfer } from '../ledger/index.js'
import type { LinePart, OrderRefunding } from '../order/index.js'
import { addTo, booksOf, chargeTransfers, isClaimant, type LineBooks, type Movements, movementsOf, transfersOf } from './accounts.js'
import { lockClaims, together } from './book-captures.js'
import type { Progress } from './capture.js'
import { claimTable, type TermsRow, termsTable } from './commission.entity.js'
import { convertReversal } from './conversion.js'
import { goodwillFunder } from './errors.js'
import type { CommissionHooks } from './hooks.js'
import type { Conversions } from './line.js'
import { type PartyId, supplierParty } from './party.js'
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
    const books = booksOf(await ledger.passages(tx, lineIds))
    const giftRates = await ratesOfFunders(tx, refunds)
    const journals = refunds.flatMap(({ order, refund, parts, payable, lines }): PostJournal[] => {
      const moved = parts.flatMap((part) => {
        const row = terms.get(part.lineId)
        const quantity = lines.find((line) => line.id === part.lineId)?.quantity ?? 1
        return row ? [reversePart(row, part, { part: part.refundedUnits, whole: quantity }, books(part.lineId))] : []
      })
      const conversionsOf = (lineId: string): Conversions => terms.get(lineId)?.terms.conversions ?? {}
      const transfers = [
        ...transfersOf(together(moved), { cash: payable, claims, commodity: order.currency, conversionsOf }),
        ...goodwillTransfers(refund, payable, order.currency, giftRates.get(order.id)),
      ]
      return transfers.length === 0
        ? []
        : [{ kind: 'refund', source: order.id, key: `refund:${refund.id}`, effectiveAt: tx.now, transfers }]
    })
    await ledger.post(tx, journals)
    await hooks.run(tx, 'commission.booked', { lineIds, movements: movementsOf(journals, claims) })
  }
}

/** What goes back of one line; it is added to what the books have. @param returned how far what cost the customer nothing has come back */
export function reversePart(
  { lineId, split, terms }: TermsRow,
  part: LinePart,
  returned: Progress,
  { earned, reversed }: LineBooks,
): Movements {
  const { conversions = {}, rounding, rule } = terms
  const flows = reverseLine({
    line: lineId,
    parties: split.parties,
    earned: earned.flows,
    reversed: reversed.flows.filter((flow) => flow.kind !== 'refund_fee'),
    goods: part.goods,
    shipping: part.shipping,
    returned,
    refundFee: rule?.terms.refundFee,
    rounding,
  })
  const converted = convertReversal({
    line: lineId,
    conversions,
    rounding,
    flows,
    earned: earned.flows,
    reversed: reversed.flows,
    convertedEarned: earned.converted,
    convertedReversed: reversed.converted,
    returned,
  })
  addTo(reversed, { flows, converted })
  return { flows, converted }
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

/** How whoever bears the goodwill pays it, by order: by the rates of the sale. */
async function ratesOfFunders(tx: Tx, refunds: readonly OrderRefunding[]): Promise<ReadonlyMap<string, TermsRow['terms']>> {
  const orderId = refunds.filter(({ refund }) => refund.goodwill && isClaimant(refund.goodwill.fundedBy)).map(({ order }) => order.id)
  const rows = orderId.length === 0 ? [] : await tx.find(termsTable, { orderId }, { orderBy: ['lineId'] })
  const funderOf = new Map(refunds.map(({ order, refund }) => [order.id, refund.goodwill?.fundedBy as PartyId | undefined]))
  const paid = rows.filter((row) => {
    const funder = funderOf.get(row.orderId)
    return funder !== undefined && row.terms.conversions?.[funder] !== undefined
  })
  return new Map(paid.map((row) => [row.orderId, row.terms]))
}

function goodwillTransfers(
  { id: ref, goodwill }: OrderRefunding['refund'],
  to: OrderRefunding['payable'],
  commodity: string,
  terms: TermsRow['terms'] | undefined,
): readonly PostTransfer[] {
  if (goodwill === null || goodwill.amount === 0) return []
  const { amount, fundedBy: party } = goodwill
  const from = { party, purpose: 'goodwill' }
  if (party === 'platform') return [{ from, to, amount, commodity, kind: 'goodwill', ref }]
  const rate = terms?.conversions?.[party as PartyId]
  return chargeTransfers({ party, to, amount, commodity, kind: 'goodwill', ref, rate, rounding: terms?.rounding ?? 'half-up' })
}
