/** What a party that is paid in another currency has of a line, in that currency: pure arithmetic at a rate that is frozen with the sale. */
import { convert, type ExchangeRate, partOfShare, type Rounding, sumAmounts } from '../money/index.js'
import type { Progress } from './capture.js'
import { componentsOf, type Flow, type FlowKind, netOf, type Pot } from './flow.js'
import type { Conversions } from './line.js'
import { isDistributor, type PartyId } from './party.js'
import type { LineSplit } from './split.js'

/** What a party's claim on a line moved by, in its payout currency. */
export interface ConvertedFlow {
  readonly line: string
  readonly party: PartyId
  readonly kind: FlowKind
  readonly pot: Pot
  /** Minor units of the payout currency; negative where the claim shrank. */
  readonly amount: number
}

export interface LineConversion {
  readonly line: string
  readonly conversions: Conversions
  readonly rounding: Rounding
  /** What moves now, in the currency of the sale. */
  readonly flows: readonly Flow[]
}

/** A capture of a line that has been worked out in the currency of the sale. */
export interface CaptureConversion extends LineConversion {
  readonly split: LineSplit
  /** What was captured before. */
  readonly earned: readonly Flow[]
  readonly converted: readonly ConvertedFlow[]
  /** As for the capture: how far what cost nothing is earned. */
  readonly progress: Progress
}

/**
 * What a capture earns in the payout currencies. The claim is converted once, as a whole (R1); its pots share that by what they are; a part of a pot earns the
 * floor of its part, and the last one the rest. Charges come with the first capture, as they do in the currency of the sale.
 */
export function convertCapture({ split, earned, converted, progress, ...line }: CaptureConversion): readonly ConvertedFlow[] {
  return eachParty(line, (party, rate) => {
    const shares = convertedShares(split, party, rate, line.rounding)
    return (pot) => {
      const whole = split.paid[pot]
      const reached = whole === 0 ? progress : { part: fromCustomer(pot, earned) + fromCustomer(pot, line.flows), whole }
      return partOfShare({ share: shares[pot], done: movedOf(converted, party, pot), ...reached })
    }
  })
}

/** A refund or a chargeback of a line that has been worked out in the currency of the sale. */
export interface ReversalConversion extends LineConversion {
  readonly earned: readonly Flow[]
  readonly reversed: readonly Flow[]
  readonly convertedEarned: readonly ConvertedFlow[]
  readonly convertedReversed: readonly ConvertedFlow[]
  /** As for the reversal: how far what cost nothing has come back. */
  readonly returned: Progress
}

/** What a reversal takes back in the payout currencies: R4 over what was converted, never a conversion at another rate; all of a line takes all of it. */
export function convertReversal(reversal: ReversalConversion): readonly ConvertedFlow[] {
  const { earned, reversed, convertedEarned, convertedReversed, returned, ...line } = reversal
  return eachParty(line, (party) => (pot) => {
    const whole = fromCustomer(pot, earned)
    const reached = whole === 0 ? returned : { part: 0 - fromCustomer(pot, reversed) - fromCustomer(pot, line.flows), whole }
    const done = 0 - movedOf(convertedReversed, party, pot)
    return 0 - partOfShare({ share: movedOf(convertedEarned, party, pot), done, ...reached })
  })
}

/** What a line's whole claim comes to, pot by pot; with its charges it is the claim, converted once. */
export function convertedShares(
  { flows, paid }: Pick<LineSplit, 'flows' | 'paid'>,
  party: PartyId,
  rate: ExchangeRate,
  rounding: Rounding,
): Readonly<Record<'goods' | 'shipping', number>> {
  const of = (pot: Pot): readonly Flow[] => flows.filter((flow) => flow.pot === pot)
  const charges = componentsOf(of('charge'), [party]).map(({ amount }) => convert(amount, rate, rounding))
  const rest = convert(netOf(flows, party), rate, rounding) - sumAmounts(charges)
  // The unit that rounding makes lies where the customer pays, so that it goes back with a refund.
  if (paid.goods === 0 && paid.shipping > 0) {
    const goods = convert(netOf(of('goods'), party), rate, rounding)
    return { goods, shipping: rest - goods }
  }
  const shipping = convert(netOf(of('shipping'), party), rate, rounding)
  return { goods: rest - shipping, shipping }
}

function eachParty(
  { line, conversions, rounding, flows }: LineConversion,
  movedBy: (party: PartyId, rate: ExchangeRate) => (pot: 'goods' | 'shipping') => number,
): readonly ConvertedFlow[] {
  return (Object.keys(conversions) as PartyId[]).flatMap((party) => {
    const rate = conversions[party]
    if (!rate) return []
    const moved = movedBy(party, rate)
    return (['goods', 'shipping', 'charge'] as const).flatMap((pot) => {
      const kinds = byKind(flows, party, pot, (amount) => convert(amount, rate, rounding))
      if (pot !== 'charge') {
        // Nothing of this pot moves now.
        if (!flows.some((flow) => flow.pot === pot)) return []
        const main = mainKind(party, pot)
        kinds.delete(main)
        kinds.set(main, moved(pot) - sumAmounts([...kinds.values()]))
      }
      return [...kinds].flatMap(([kind, amount]) => (amount === 0 ? [] : [{ line, party, kind, pot, amount }]))
    })
  })
}

/** A party's components of a pot by kind, each converted by itself: what a statement names them by. The main one takes what is left, so that they add up. */
function byKind(flows: readonly Flow[], party: PartyId, pot: Pot, into: (amount: number) => number): Map<FlowKind, number> {
  const sums = new Map<FlowKind, number>()
  for (const { kind, amount } of componentsOf(
    flows.filter((flow) => flow.pot === pot),
    [party],
  ))
    sums.set(kind, (sums.get(kind) ?? 0) + amount)
  return new Map([...sums].map(([kind, amount]) => [kind, into(amount)]))
}

function mainKind(party: PartyId, pot: 'goods' | 'shipping'): FlowKind {
  if (isDistributor(party)) return 'tier'
  return pot === 'goods' ? 'sale' : 'shipping'
}

function fromCustomer(pot: Pot, flows: readonly Flow[]): number {
  return (
    0 -
    netOf(
      flows.filter((flow) => flow.pot === pot),
      'customer',
    )
  )
}

function movedOf(flows: readonly ConvertedFlow[], party: PartyId, pot: Pot): number {
  return sumAmounts(flows.filter((flow) => flow.party === party && flow.pot === pot).map(({ amount }) => amount))
}
