import { groupBy, type Hooks, type Tx } from '../kernel/index.js'
import type { Ledger, PostJournal } from '../ledger/index.js'
import type { OrderCapture } from '../order/index.js'
import { type ClaimStates, claimKey, flowsOf, isClaimant, transfersOf } from './accounts.js'
import { earnLine } from './capture.js'
import { type ClaimRow, claimTable, type TermsRow, termsTable } from './commission.entity.js'
import type { Flow } from './flow.js'
import type { CommissionHooks } from './hooks.js'

/**
 * Books captures: what each earns for every party, line by line, becomes a claim. All in the transaction that makes the capture known, so that no captured
 * money is without its claims. A number of statements that does not grow with orders or lines.
 */
export function bookCaptures(ledger: Ledger, hooks: Hooks<CommissionHooks>): (captures: readonly OrderCapture[], tx: Tx) => Promise<void> {
  return async (captures, tx) => {
    const lineIds = [...new Set(captures.flatMap((capture) => capture.parts.map((part) => part.lineId)))]
    const rows = await tx.find(termsTable, { lineId: lineIds }, { orderBy: ['lineId'] })
    const terms = new Map(rows.map((row) => [row.lineId, row]))
    // Lines of an order that nothing was captured of have no claims yet, and the books have nothing of them.
    const continued = captures
      .filter(({ order, amount }) => order.captured > amount)
      .flatMap((capture) => capture.parts.map((part) => part.lineId))
    const claims = await lockClaims(tx, continued)
    const earned = groupBy(flowsOf(await ledger.passages(tx, continued), 'capture'), (flow) => flow.line)
    const journals = captures.flatMap((capture): PostJournal[] => {
      const { order, captureId, clearing, at } = capture
      const flows = capture.parts.flatMap((part) => {
        const row = terms.get(part.lineId)
        return row ? earnPart(capture, row, part, earned.get(part.lineId) ?? []) : []
      })
      for (const flow of flows) earned.set(flow.line, [...(earned.get(flow.line) ?? []), flow])
      const transfers = transfersOf(flows, clearing, claims, order.currency)
      return transfers.length === 0 ? [] : [{ kind: 'capture', source: order.id, key: `capture:${captureId}`, effectiveAt: at, transfers }]
    })
    await tx.insertMissing(claimTable, newClaims(rows, claims))
    await ledger.post(tx, journals)
    await hooks.run(tx, 'commission.booked', { lineIds })
  }
}

function earnPart(
  { order }: OrderCapture,
  { split }: TermsRow,
  { goods, shipping }: OrderCapture['parts'][number],
  earned: readonly Flow[],
): readonly Flow[] {
  // What cost the customer nothing is earned as far as the rest of its order is captured.
  const progress = order.total === 0 ? { part: 1, whole: 1 } : { part: order.captured, whole: order.total }
  return earnLine({ split, earned, goods, shipping, progress })
}

/** The states of the claims on these lines, their rows locked: a release in between would send money to where the claim no longer is. */
export async function lockClaims(tx: Tx, lineIds: readonly string[]): Promise<ClaimStates> {
  const claims = lineIds.length === 0 ? [] : await tx.lock(claimTable, { lineId: lineIds })
  return new Map(claims.map((claim) => [claimKey(claim.lineId, claim.party), claim.state]))
}

function newClaims(rows: readonly TermsRow[], known: ClaimStates): readonly ClaimRow[] {
  return rows.flatMap(({ lineId, orderId, currency, split }) =>
    split.parties
      .filter((party) => isClaimant(party) && !known.has(claimKey(lineId, party)))
      .map((party): ClaimRow => ({ lineId, party, orderId, currency, state: 'pending', releaseAt: null })),
  )
}
