import { percentOf, type Rounding, sumAmounts } from '../money/index.js'
import type { Progress } from './capture.js'
import { exceedsCaptured } from './errors.js'
import { type Flow, flowOf, movedAlong, turnRound } from './flow.js'
import { moveFlows } from './move.js'
import type { PartyId, SupplierParty } from './party.js'
import type { RefundFee } from './rule.js'

/** A refund of one line. */
export interface LineRefund {
  readonly line: string
  /** In party order, as in the line's split. */
  readonly parties: readonly PartyId[]
  /** What the line's captures have earned; all of them together, in any order. */
  readonly earned: readonly Flow[]
  /** What its refunds have given back before, as `reverseLine` returned it; a refund that was undone is left out. */
  readonly reversed: readonly Flow[]
  /** What the customer gets back now: of the line, tax in, shipping not. */
  readonly goods: number
  /** What the customer gets back now of the line's shipping. */
  readonly shipping?: number | undefined
  /** How much of the line has come back once this is done; for a line that its discounts made free. Nothing, unless given. */
  readonly returned?: Progress | undefined
  readonly refundFee?: RefundFee | undefined
  readonly rounding?: Rounding | undefined
}

/**
 * What a refund of a line gives back: each party's net by R4, pot by pot, then the flows behind the nets. Charges stay where they are.
 * A refund fee is a charge of its own, from supplier to platform, on the commission that is given back now.
 * @throws refund.exceeds_captured
 */
export function reverseLine(refund: LineRefund): Flow[] {
  const { line, parties, goods, shipping = 0, returned = { part: 0, whole: 1 }, refundFee, rounding = 'half-up' } = refund
  const earned = oneOfEach(refund.earned, parties)
  const amounts = { goods, shipping }
  const back = (['goods', 'shipping'] as const).flatMap((pot) => {
    const ways = earned.filter((flow) => flow.pot === pot)
    const done = ways.map((way) => 0 - movedAlong(way, refund.reversed))
    const whole = sumAmounts(ways.map((way) => (way.from === 'customer' ? way.amount : 0)))
    const before = sumAmounts(ways.map((way, index) => (way.from === 'customer' ? (done[index] ?? 0) : 0)))
    if (amounts[pot] < 0 || before + amounts[pot] > whole) {
      throw exceedsCaptured({ of: `line ${line} (${pot})`, refund: amounts[pot], refundable: whole - before })
    }
    if (whole > 0 && amounts[pot] === 0) return []
    const reached = whole === 0 ? returned : { part: before + amounts[pot], whole }
    const moved = moveFlows({ line, parties, flows: ways, done, ...reached, amount: amounts[pot] })
    return turnRound(ways.flatMap((way, index) => flowOf(way, moved[index] ?? 0)))
  })
  return [...back, ...feeOf(back, line, parties, refundFee, rounding)]
}

/** Each way once, in party order, with all that passed along it. */
function oneOfEach(flows: readonly Flow[], parties: readonly PartyId[]): Flow[] {
  const ways = new Map<string, Flow>()
  for (const flow of flows) {
    const [key, opposite] = [keyOf(flow.from, flow.to, flow), keyOf(flow.to, flow.from, flow)]
    if (!ways.has(key) && !ways.has(opposite)) ways.set(key, flow)
  }
  const turn = (flow: Flow): number => Math.min(...[flow.from, flow.to].map((end) => place(parties, end)))
  return [...ways.values()].sort((a, b) => turn(a) - turn(b) || order(a) - order(b)).flatMap((way) => flowOf(way, movedAlong(way, flows)))
}

function keyOf(from: string, to: string, { kind, pot }: Flow): string {
  return `${from} ${to} ${kind} ${pot}`
}

function place(parties: readonly PartyId[], end: Flow['from']): number {
  return end === 'customer' ? -1 : parties.indexOf(end)
}

/** Within a party, the order in which a split lists its flows. */
function order({ kind }: Flow): number {
  return ['sale', 'shipping', 'commission', 'commission_fixed', 'tier', 'promotion_funding', 'tax', 'commission_tax'].indexOf(kind)
}

function feeOf(back: readonly Flow[], line: string, parties: readonly PartyId[], fee: RefundFee | undefined, rounding: Rounding): Flow[] {
  const supplier = parties.find((party): party is SupplierParty => party.startsWith('supplier:'))
  if (!fee || !supplier) return []
  const commission = back.filter(({ kind }) => kind === 'commission' || kind === 'commission_fixed')
  const refunded = sumAmounts(commission.map((flow) => (flow.from === 'platform' ? flow.amount : -flow.amount)))
  const amount = Math.min(percentOf(Math.max(0, refunded), fee.percent, rounding), fee.max ?? Number.MAX_SAFE_INTEGER)
  return flowOf({ line, from: supplier, to: 'platform', kind: 'refund_fee', pot: 'charge', amount }, amount)
}
