import { invalidMovement } from './errors.js'
import { type Candidate, handOut } from './hand-out.js'
import { assertAmount, sumAmounts, toAmount } from './money.js'
import { divideFloor } from './rounding.js'

/** A refund (or, forwards, a partial capture) over shares that add up to the whole, in party order (R4). */
export interface DeficitInput {
  /** S: each party's net share; they add up to `whole`. May be negative (a platform whose coupon is above its commission). */
  readonly shares: readonly number[]
  /** B: what the customer paid. */
  readonly whole: number
  /** R: how much of it has been moved once this movement is done. */
  readonly cumulative: number
  /** What each party has moved before; they add up to the previous `cumulative`. */
  readonly done: readonly number[]
}

/**
 * R4, deficit largest remainder: what each party gives now.
 *
 * What holds, for any number of movements (property tests beside this file):
 * - the parts add up to the movement, and to the shares once everything is moved;
 * - a part has the sign of its share or is 0: no positive share is ever credited by a refund;
 * - units that are missing always find room: the room left, Σ max(0, S−done), is at least B minus what was moved;
 *   and units too many are always found: taking every positive part back leaves at most 0;
 * - where no share is negative, nobody is ever *ahead* of its exact proportion by more than 1 − 1/n of a unit: a unit goes to the largest
 *   of n shortfalls whose sum is at least one unit. *Behind* it is not bounded by one unit: with four parties or more, long runs of
 *   refunds of odd amounts have reached 1.3 units (with three, none has reached one).
 * @throws money.invalid_movement, money.unsafe_amount
 */
export function allocateByDeficit({ shares, whole, cumulative, done }: DeficitInput): number[] {
  const total = sumAmounts(shares)
  if (total !== whole) throw invalidMovement({ reason: `the shares add up to ${total}, not to ${whole}` })
  const before = sumAmounts(done)
  if (cumulative < before || cumulative > whole) {
    throw invalidMovement({ reason: `${cumulative} is not between ${before}, which was moved before, and the whole of ${whole}` })
  }
  if (whole === 0) return shares.map(() => 0)
  return allocatePart({ shares, done, part: cumulative, whole, amount: cumulative - before })
}

/** The same rule where the amount does not follow from the proportion: over one party's own components, or a line that cost nothing. */
export interface PartInput {
  readonly shares: readonly number[]
  readonly done: readonly number[]
  /** The proportion of each share that should have been moved afterwards is `part / whole`. */
  readonly part: number
  readonly whole: number
  /** What the parts of this movement add up to; may be negative where the shares' sum is. */
  readonly amount: number
}

/**
 * R4 with a given amount. Negative amounts are handed out in the mirror, so that each sign is treated alike.
 * @throws money.invalid_movement, if the shares have no room for the amount
 */
export function allocatePart({ shares, done, part, whole, amount }: PartInput): number[] {
  if (shares.length !== done.length) throw invalidMovement({ reason: `${shares.length} shares, but ${done.length} moved before` })
  if (whole <= 0 || part < 0 || part > whole) throw invalidMovement({ reason: `${part} of ${whole} is no proportion` })
  const unit = BigInt(assertAmount(whole))
  const mirror = amount < 0 ? -1n : 1n
  const parties = shares.map((share, index) => {
    const rest = mirror * BigInt(assertAmount(share) - assertAmount(done[index] ?? 0))
    const owed = mirror * (BigInt(share) * BigInt(assertAmount(part)) - BigInt(done[index] ?? 0) * unit)
    const least = rest < 0n ? rest : 0n
    const most = rest < 0n ? 0n : rest
    return { owed, most, least, given: clamp(divideFloor(owed, unit), least, most) }
  })
  const missing = mirror * BigInt(assertAmount(amount)) - parties.reduce((sum, party) => sum + party.given, 0n)
  const candidates = parties.map(({ owed, given, most }): Candidate => {
    const shortfall = owed - given * unit
    // Taking back is handing out in the mirror: from the smallest shortfall, from those given more than 0.
    return missing >= 0n ? { shortfall, room: most - given } : { shortfall: -shortfall, room: given > 0n ? given : 0n }
  })
  const step = missing < 0n ? -1n : 1n
  const units = handOut(missing * step, candidates, unit)
  if (units.reduce((sum, count) => sum + count, 0n) !== missing * step) {
    throw invalidMovement({ reason: `there is no room for ${amount} in what is left of the shares` })
  }
  return parties.map(({ given }, index) => toAmount(mirror * (given + step * (units[index] ?? 0n))))
}

/** What of one share moves, where it stands alone. */
export interface ShareInput {
  readonly share: number
  /** What of it has moved before. */
  readonly done: number
  /** The proportion that should have moved afterwards is `part / whole`. */
  readonly part: number
  readonly whole: number
}

/**
 * R4 for a share in a currency of its own, which no other share can lend a unit: the floor of what is owed, between 0 and what is left of it (between what is left
 * and 0 where that is negative). All of the whole moves all of the share, in any number of parts.
 * @throws money.invalid_movement, money.unsafe_amount
 */
export function partOfShare({ share, done, part, whole }: ShareInput): number {
  if (whole <= 0 || part < 0 || part > whole) throw invalidMovement({ reason: `${part} of ${whole} is no proportion` })
  const rest = BigInt(assertAmount(share)) - BigInt(assertAmount(done))
  const owed = divideFloor(BigInt(share) * BigInt(assertAmount(part)) - BigInt(done) * BigInt(whole), BigInt(assertAmount(whole)))
  return toAmount(clamp(owed, rest < 0n ? rest : 0n, rest < 0n ? 0n : rest))
}

function clamp(value: bigint, least: bigint, most: bigint): bigint {
  return value < least ? least : value > most ? most : value
}
