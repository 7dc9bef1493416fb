/** Where in the books a flow begins and ends. */
import { groupBy } from '../kernel/index.js'
import type { AccountRef, Passage, PostJournal, PostTransfer } from '../ledger/index.js'
import { sumAmounts } from '../money/index.js'
import type { ClaimRow } from './commission.entity.js'
import type { Flow, FlowKind, Pot } from './flow.js'
import type { ClaimMovement } from './hooks.js'
import type { Endpoint } from './party.js'

/** Where the claims of each line lie, by line and party. */
export type ClaimStates = ReadonlyMap<string, ClaimRow['state']>

export function claimKey(lineId: string, party: string): string {
  return `${lineId} ${party}`
}

/**
 * The transfers of these flows.
 * @param cash where the customer's end lies: a provider's clearing account, or what is to be refunded
 * @param by a statement's own line for what was moved by it
 */
export function transfersOf(
  flows: readonly Flow[],
  cash: AccountRef,
  claims: ClaimStates,
  commodity: string,
  by?: 'chargeback',
): readonly PostTransfer[] {
  return flows.map((flow) => ({
    from: accountOf(flow.from, flow, cash, claims),
    to: accountOf(flow.to, flow, cash, claims),
    amount: flow.amount,
    commodity,
    kind: transferKind(flow, by),
    ref: flow.line,
  }))
}

/** What journals of captures, refunds and chargebacks do to the claims on lines, net by line and party. */
export function movementsOf(journals: readonly PostJournal[], claims: ClaimStates): readonly ClaimMovement[] {
  return journals.flatMap(({ kind, key, reverses, effectiveAt: at, transfers }) => {
    const sides = transfers.flatMap(({ from, to, amount, commodity: currency, ref: lineId = '' }) => [
      { lineId, party: to.party, purpose: to.purpose, currency, amount },
      { lineId, party: from.party, purpose: from.purpose, currency, amount: -amount },
    ])
    const ofClaims = sides.filter(
      ({ lineId, party, purpose }) => isClaimant(party) && purpose === (claims.get(claimKey(lineId, party)) ?? 'pending'),
    )
    return [...groupBy(ofClaims, ({ lineId, party }) => claimKey(lineId, party))].flatMap(([claim, own]) => {
      const amount = sumAmounts(own.map((side) => side.amount))
      const [first] = own
      if (amount === 0 || first === undefined) return []
      return [
        {
          lineId: first.lineId,
          party: first.party,
          currency: first.currency,
          state: claims.get(claim) ?? 'pending',
          amount,
          kind,
          key,
          reverses,
          at,
        },
      ]
    })
  })
}

/** A transfer's kind holds a flow's kind and pot, so that the flow can be read back from the books, and goes with it when a claim is released. */
function transferKind({ kind, pot }: Flow, by: 'chargeback' | undefined): string {
  return by === undefined ? `${kind}:${pot}` : `${kind}:${pot}:${by}`
}

function accountOf(end: Endpoint, flow: Flow, cash: AccountRef, claims: ClaimStates): AccountRef {
  if (end === 'customer') return cash
  if (end === 'tax') return { party: 'tax', purpose: 'payable' }
  if (end === 'platform') return { party: 'platform', purpose: flow.kind === 'promotion_funding' ? 'promotions' : 'commission' }
  return { party: end, purpose: claims.get(claimKey(flow.line, end)) ?? 'pending' }
}

const flowKinds: readonly string[] = [
  'sale',
  'shipping',
  'commission',
  'commission_fixed',
  'commission_tax',
  'promotion_funding',
  'tier',
  'tax',
  'refund_fee',
] satisfies FlowKind[]
const pots: readonly string[] = ['goods', 'shipping', 'charge'] satisfies Pot[]

/** Journals that take back what captures earned, and those that restore it. */
export const reversals: readonly string[] = ['refund', 'chargeback', 'chargeback_won']

/** The flows that the books hold of lines in journals of some kinds: what captures earned, or what was taken back. */
export function flowsOf(passages: readonly Passage[], journals: readonly string[]): readonly Flow[] {
  return passages.flatMap((passage) => {
    const [kind = '', pot = ''] = passage.kind.split(':')
    if (!journals.includes(passage.journal) || !isFlowKind(kind) || !isPot(pot)) return []
    return [{ line: passage.ref, from: endOf(passage.from.party), to: endOf(passage.to.party), kind, pot, amount: passage.amount }]
  })
}

function endOf(party: string): Endpoint {
  if (party === 'platform' || party === 'tax') return party
  return isClaimant(party) ? party : 'customer'
}

/** Suppliers and distributors have claims that are held, released and paid out. */
export function isClaimant(party: string): party is `supplier:${string}` | `distributor:${string}` {
  return party.startsWith('supplier:') || party.startsWith('distributor:')
}

function isFlowKind(kind: string): kind is FlowKind {
  return flowKinds.includes(kind)
}

function isPot(pot: string): pot is Pot {
  return pots.includes(pot)
}
