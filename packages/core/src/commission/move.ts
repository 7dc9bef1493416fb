import { allocatePart, sumAmounts } from '../money/index.js'
import { unbalanced } from './errors.js'
import type { Flow } from './flow.js'
import { isDistributor, type PartyId } from './party.js'

/** A part of one pot's flows that is earned (a capture) or given back (a refund) now. */
export interface Movement {
  readonly line: string
  /** In party order. */
  readonly parties: readonly PartyId[]
  /** The flows in full, of one pot. */
  readonly flows: readonly Flow[]
  /** How much of each flow has moved before. */
  readonly done: readonly number[]
  /** `part / whole` of everything should have moved afterwards. */
  readonly part: number
  readonly whole: number
  /** What the customer pays, or gets back, now. */
  readonly amount: number
}

/**
 * R4 over a pot: how much of each flow moves now. First the parties' nets, by deficit largest remainder; then, for one party after the
 * other, the same rule over the flows that it has a hand in, so that its net comes out exactly. Distributors come before the platform
 * that may pay them; the supplier is at the other end of what is left, so its net is right of itself.
 * @throws commission.unbalanced
 */
export function moveFlows({ line, parties, flows, done, part, whole, amount }: Movement): number[] {
  const net = (party: PartyId, amounts: readonly number[]): number =>
    sumAmounts(flows.map((flow, index) => side(flow, party) * (amounts[index] ?? 0)))
  const full = flows.map((flow) => flow.amount)
  const shares = parties.map((party) => net(party, full))
  const given = allocatePart({ shares, done: parties.map((party) => net(party, done)), part, whole, amount })

  const moved: (number | undefined)[] = flows.map((flow) => (flow.from === 'customer' ? amount : undefined))
  const supplier = parties.length - 1
  const turns = parties.map((party, index) => ({ party, index })).filter(({ index }) => index !== supplier)
  for (const { party, index } of [...turns.filter((t) => isDistributor(t.party)), ...turns.filter((t) => !isDistributor(t.party))]) {
    const open = flows.flatMap((flow, at) =>
      moved[at] === undefined && side(flow, party) !== 0 ? [{ at, flow, sign: side(flow, party) }] : [],
    )
    const settled = sumAmounts(flows.map((flow, at) => side(flow, party) * (moved[at] ?? 0)))
    const own = {
      shares: open.map(({ flow, sign }) => sign * flow.amount),
      done: open.map(({ at, sign }) => sign * (done[at] ?? 0)),
    }
    const target = (given[index] ?? 0) - settled
    // What rounding made of the tiers that a platform in the red pays can be a unit more than its other flows have room for. It goes to
    // the first of them, and comes back with a later movement; the party's net is exact all the same.
    const fitting = clampToRoom(own, target)
    const parts = allocatePart({ ...own, part, whole, amount: fitting })
    for (const [turn, { at, sign }] of open.entries()) moved[at] = sign * ((parts[turn] ?? 0) + (turn === 0 ? target - fitting : 0))
    // A platform that has nothing of a pot but the tiers that it pays has what they leave it: the distributors' nets are exact, and with the pot's last movement its
    // own is too. Whoever has no flow at all cannot have a net.
    const flowless = flows.every((flow) => side(flow, party) === 0)
    if (flowless && target !== 0) throw unbalanced({ line, party, amount: target })
  }
  return moved.map((value) => (value === undefined || value === 0 ? 0 : value))
}

/** 1 where the party receives, -1 where it pays. */
function side(flow: Flow, party: PartyId): 1 | -1 | 0 {
  return flow.to === party ? 1 : flow.from === party ? -1 : 0
}

function clampToRoom({ shares, done }: { shares: readonly number[]; done: readonly number[] }, target: number): number {
  const rests = shares.map((share, index) => share - (done[index] ?? 0))
  const most = sumAmounts(rests.map((rest) => Math.max(0, rest)))
  const least = sumAmounts(rests.map((rest) => Math.min(0, rest)))
  return Math.max(least, Math.min(most, target))
}
