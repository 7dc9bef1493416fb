import { sumAmounts } from '../money/index.js'
import type { Endpoint, PartyId } from './party.js'

/**
 * What is reversed together. `goods` and `shipping` are two pots, each refunded by its own amount (MONEY 1); a `charge` (a non-refundable
 * fixed part, its tax, a refund fee) is in neither, and no refund moves it.
 */
export type Pot = 'goods' | 'shipping' | 'charge'

/** Why money passes between two parties of a line; the statement's lines are made of these. */
export type FlowKind =
  | 'sale'
  | 'shipping'
  | 'commission'
  | 'commission_fixed'
  | 'commission_tax'
  | 'promotion_funding'
  | 'tier'
  | 'tax'
  | 'refund_fee'

/**
 * One transfer of a line's split, as the ledger posts it. The customer pays the supplier the gross; everyone else's share passes from
 * there. `kind` and `pot` are the same on the way back, where `from` and `to` change places.
 */
export interface Flow {
  readonly line: string
  readonly from: Endpoint
  readonly to: Endpoint
  readonly kind: FlowKind
  readonly pot: Pot
  /** Minor units, more than 0. */
  readonly amount: number
}

/** One party's side of a flow: positive where it receives. */
export interface Component {
  readonly party: PartyId
  readonly kind: FlowKind
  readonly pot: Pot
  readonly amount: number
}

/** A party's net of all its components. */
export interface Share {
  readonly party: PartyId
  readonly amount: number
}

/** The shares of the flows by party, in party order, each kind on its own. They add up to what the customer pays. */
export function componentsOf(flows: readonly Flow[], parties: readonly PartyId[]): Component[] {
  return parties.flatMap((party) =>
    flows
      .filter((flow) => flow.from === party || flow.to === party)
      .map(({ kind, pot, amount, to }) => ({ party, kind, pot, amount: to === party ? amount : -amount })),
  )
}

/** Each party's net, in party order; parties without a flow have 0. */
export function sharesOf(flows: readonly Flow[], parties: readonly PartyId[]): Share[] {
  return parties.map((party) => ({ party, amount: netOf(flows, party) }))
}

export function netOf(flows: readonly Flow[], endpoint: Endpoint): number {
  return sumAmounts(flows.map((flow) => (flow.to === endpoint ? flow.amount : flow.from === endpoint ? -flow.amount : 0)))
}

/** What has passed along a flow's way so far: with it less against it. */
export function movedAlong(way: Flow, flows: readonly Flow[]): number {
  const same = flows.filter((flow) => flow.line === way.line && flow.kind === way.kind && flow.pot === way.pot)
  return sumAmounts(
    same.map((flow) => {
      if (flow.from === way.from && flow.to === way.to) return flow.amount
      return flow.from === way.to && flow.to === way.from ? -flow.amount : 0
    }),
  )
}

/** A flow of this way by a signed amount; nothing where it is 0, turned round where it is negative. */
export function flowOf(way: Flow, amount: number): Flow[] {
  if (amount === 0) return []
  return amount > 0 ? [{ ...way, amount }] : [{ ...way, from: way.to, to: way.from, amount: -amount }]
}

/** The flows as they go back. */
export function turnRound(flows: readonly Flow[]): Flow[] {
  return flows.map((flow) => ({ ...flow, from: flow.to, to: flow.from }))
}
