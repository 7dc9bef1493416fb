/** Where in the books a flow begins and ends. */
import { groupBy } from '../kernel/index.js'
import type { AccountRef, Passage, PostJournal, PostTransfer, Transfer } from '../ledger/index.js'
import { convert, type ExchangeRate, type Rounding, sumAmounts } from '../money/index.js'
import type { ClaimRow } from './commission.entity.js'
import type { ConvertedFlow } from './conversion.js'
import { type Flow, type FlowKind, netOf, type Pot } from './flow.js'
import type { ClaimMovement } from './hooks.js'
import type { Conversions } from './line.js'
import type { Endpoint, PartyId } from './party.js'

/** Where the claims of each line lie, by line and party. */
export type ClaimStates = ReadonlyMap<string, ClaimRow['state']>

export function claimKey(lineId: string, party: string): string {
  return `${lineId} ${party}`
}

/** What moves of lines in one journal. */
export interface Movements {
  readonly flows: readonly Flow[]
  /** The same for parties that are paid in another currency: how their claims move. */
  readonly converted: readonly ConvertedFlow[]
}

export interface Posting {
  /** Where the customer's end lies: a provider's clearing account, or what is to be refunded. */
  readonly cash: AccountRef
  readonly claims: ClaimStates
  /** Of the sale. */
  readonly commodity: string
  /** A line's terms: who is paid in another currency. */
  readonly conversionsOf: (lineId: string) => Conversions
  /** A statement's own line for what was moved by it. */
  readonly by?: 'chargeback' | undefined
}

/** Both currencies of a conversion pass through it: its balances are what the platform has to exchange. */
const exchange: AccountRef = { party: 'fx', purpose: 'position' }

/**
 * The transfers of these movements. A party that is paid in another currency has its flows on an account of their own, which what they come to leaves for the
 * exchange at once; what that is in its own currency comes from there to its claim.
 */
export function transfersOf({ flows, converted }: Movements, posting: Posting): readonly PostTransfer[] {
  const { claims, commodity, conversionsOf, by } = posting
  const transfers = flows.map((flow) => ({
    from: accountOf(flow.from, flow, posting),
    to: accountOf(flow.to, flow, posting),
    amount: flow.amount,
    commodity,
    kind: transferKind(flow, by),
    ref: flow.line,
  }))
  const lines = [...groupBy(flows, (flow) => flow.line)]
  const exchanged = lines.flatMap(([ref, own]) =>
    Object.keys(conversionsOf(ref)).flatMap((party) => {
      const net = netOf(own, party as PartyId)
      return between({ party, purpose: 'conversion' }, exchange, net, { commodity, kind: 'conversion', ref })
    }),
  )
  const claimed = converted.flatMap((flow) => {
    const { line: ref, party, amount } = flow
    const to = conversionsOf(ref)[party]?.to ?? commodity
    return between(exchange, { party, purpose: stateOf(claims, ref, party) }, amount, { commodity: to, kind: transferKind(flow, by), ref })
  })
  return [...transfers, ...exchanged, ...claimed]
}

/** A signed amount from one account to another, or back. */
function between(
  from: AccountRef,
  to: AccountRef,
  amount: number,
  more: Pick<PostTransfer, 'commodity' | 'kind' | 'ref'>,
): readonly PostTransfer[] {
  if (amount === 0) return []
  return amount > 0 ? [{ from, to, amount, ...more }] : [{ from: to, to: from, amount: -amount, ...more }]
}

/** What a party is charged beside its shares. */
export interface Charge {
  readonly party: string
  readonly to: AccountRef
  readonly amount: number
  /** Of the amount. */
  readonly commodity: string
  readonly kind: string
  readonly ref: string
  /** At which rate of the sale a party pays that is paid in another currency. */
  readonly rate: ExchangeRate | undefined
  readonly rounding: Rounding
}

/** A charge from what a party has available, in its own currency. */
export function chargeTransfers({ party, to, amount, commodity, kind, ref, rate, rounding }: Charge): readonly PostTransfer[] {
  const available = { party, purpose: 'available' }
  if (!rate) return between(available, to, amount, { commodity, kind, ref })
  return [
    ...between(exchange, to, amount, { commodity, kind, ref }),
    ...between(available, exchange, convert(amount, rate, rounding), { commodity: rate.to, kind, ref }),
  ]
}

function stateOf(claims: ClaimStates, lineId: string, party: string): ClaimRow['state'] {
  return claims.get(claimKey(lineId, party)) ?? 'pending'
}

/** A journal's transfers, taken back: to where the claims lie by now, since what was taken from a claim inside its hold may be owed to a released one. */
export function takenBack(transfers: readonly Transfer[], claims: ClaimStates): readonly PostTransfer[] {
  const now = ({ party, purpose }: AccountRef, lineId: string): AccountRef => {
    const isClaim = isClaimant(party) && (purpose === 'pending' || purpose === 'available')
    return { party, purpose: isClaim ? stateOf(claims, lineId, party) : purpose }
  }
  return transfers.map(({ from, to, ref, ...transfer }) => ({
    ...transfer,
    from: now(to, ref ?? ''),
    to: now(from, ref ?? ''),
    ref: ref ?? undefined,
  }))
}

/** What journals of captures, refunds and chargebacks do to the claims on lines, net by line and party. */
export function movementsOf(journals: readonly PostJournal[], claims: ClaimStates): readonly ClaimMovement[] {
  return journals.flatMap(({ kind, key, reverses, effectiveAt: at, transfers }) => {
    const sides = transfers.flatMap(({ from, to, amount, commodity: currency, ref: lineId = '' }) => [
      { lineId, party: to.party, purpose: to.purpose, currency, amount },
      { lineId, party: from.party, purpose: from.purpose, currency, amount: -amount },
    ])
    const ofClaims = sides.filter(({ lineId, party, purpose }) => isClaimant(party) && purpose === stateOf(claims, lineId, party))
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
function transferKind({ kind, pot }: Pick<Flow, 'kind' | 'pot'>, by: 'chargeback' | undefined): string {
  return by === undefined ? `${kind}:${pot}` : `${kind}:${pot}:${by}`
}

function accountOf(end: Endpoint, flow: Flow, { cash, claims, conversionsOf }: Posting): AccountRef {
  if (end === 'customer') return cash
  if (end === 'tax') return { party: 'tax', purpose: 'payable' }
  if (end === 'platform') return { party: 'platform', purpose: flow.kind === 'promotion_funding' ? 'promotions' : 'commission' }
  if (conversionsOf(flow.line)[end] !== undefined) return { party: end, purpose: 'conversion' }
  return { party: end, purpose: stateOf(claims, flow.line, end) }
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
const reversals: readonly string[] = ['refund', 'chargeback', 'chargeback_won']

/** What the books have of a line; who works out several journals at once adds each to it. */
export interface LineBooks {
  readonly earned: { flows: readonly Flow[]; converted: readonly ConvertedFlow[] }
  readonly reversed: { flows: readonly Flow[]; converted: readonly ConvertedFlow[] }
}

/** What captures earned of each line, and what was taken back of it since. */
export function booksOf(passages: readonly Passage[]): (lineId: string) => LineBooks {
  const byLine = groupBy(passages, (passage) => passage.ref)
  const books = new Map<string, LineBooks>()
  return (lineId) => {
    const of = (journals: readonly string[]): LineBooks['earned'] => {
      const own = (byLine.get(lineId) ?? []).filter(({ journal }) => journals.includes(journal))
      return { flows: own.flatMap(flowOfPassage), converted: own.flatMap(convertedOfPassage) }
    }
    const line = books.get(lineId) ?? { earned: of(['capture']), reversed: of(reversals) }
    books.set(lineId, line)
    return line
  }
}

export function addTo(books: LineBooks['earned'], { flows, converted }: Movements): void {
  books.flows = [...books.flows, ...flows]
  books.converted = [...books.converted, ...converted]
}

function flowOfPassage({ ref, kind: kindAndPot, from, to, amount }: Passage): readonly Flow[] {
  const [kind = '', pot = ''] = kindAndPot.split(':')
  if (!isFlowKind(kind) || !isPot(pot) || isExchange(from) || isExchange(to)) return []
  return [{ line: ref, from: endOf(from.party), to: endOf(to.party), kind, pot, amount }]
}

function convertedOfPassage({ ref: line, kind: kindAndPot, from, to, amount }: Passage): readonly ConvertedFlow[] {
  const [kind = '', pot = ''] = kindAndPot.split(':')
  if (!isFlowKind(kind) || !isPot(pot)) return []
  if (isExchange(from) && isClaimant(to.party)) return [{ line, party: to.party, kind, pot, amount }]
  return isExchange(to) && isClaimant(from.party) ? [{ line, party: from.party, kind, pot, amount: -amount }] : []
}

function isExchange({ party }: Passage['from']): boolean {
  return party === exchange.party
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
