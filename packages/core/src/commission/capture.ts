import { divideRounded, toAmount } from '../money/index.js'
import { exceedsAuthorized } from './errors.js'
import { type Flow, flowOf, movedAlong } from './flow.js'
import { moveFlows } from './move.js'
import type { LineSplit } from './split.js'

/** A proportion for what cost the customer nothing, and so has no amount to go by. */
export interface Progress {
  readonly part: number
  readonly whole: number
}

/** A capture of one line. */
export interface LineCapture {
  readonly split: LineSplit
  /** What its captures have earned before; all of them together, in any order. */
  readonly earned: readonly Flow[]
  /** What is captured now. */
  readonly goods: number
  readonly shipping: number
  /** How far the order is captured once this is done; for a line that its discounts made free. Everything, unless given. */
  readonly progress?: Progress | undefined
}

/**
 * What a capture of a line earns: R4 forwards, so that several captures earn the same as one. The charges are earned in full with the
 * line's first capture. The captures of a line that add up to what is paid earn exactly its split.
 * @throws capture.exceeds_authorized
 */
export function earnLine({ split, earned, goods, shipping, progress = { part: 1, whole: 1 } }: LineCapture): Flow[] {
  const amounts = { goods, shipping }
  const flows = (['goods', 'shipping'] as const).flatMap((pot) => {
    const whole = split.paid[pot]
    const ways = split.flows.filter((flow) => flow.pot === pot)
    const done = ways.map((way) => movedAlong(way, earned))
    const before = ways.reduce((sum, way, index) => (way.from === 'customer' ? sum + (done[index] ?? 0) : sum), 0)
    if (amounts[pot] < 0 || before + amounts[pot] > whole) {
      throw exceedsAuthorized({ of: `line ${split.line} (${pot})`, capture: amounts[pot], capturable: whole - before })
    }
    const reached = whole === 0 ? progress : { part: before + amounts[pot], whole }
    if (whole > 0 && amounts[pot] === 0) return []
    const moved = moveFlows({ line: split.line, parties: split.parties, flows: ways, done, ...reached, amount: amounts[pot] })
    return ways.flatMap((way, index) => flowOf(way, moved[index] ?? 0))
  })
  const charges = split.flows.filter((flow) => flow.pot === 'charge')
  return [...flows, ...charges.flatMap((way) => (flows.length > 0 ? flowOf(way, way.amount - movedAlong(way, earned)) : []))]
}

/**
 * What of a line's base has been captured, for the supplier's volume: cumulative, so the volume of one capture is the difference.
 * The base is the commission's (`explanation.base`).
 */
export function capturedBase(base: number, captured: number, whole: number): number {
  if (whole === 0) return base
  return toAmount(divideRounded(BigInt(base) * BigInt(captured), BigInt(whole), 'half-up'))
}
