import { divideRounded, type Percentage, type Rounding, toAmount } from '../money/index.js'

/** One band: from this volume on (inclusive), this rate. */
export interface BandStep {
  /** Cumulative volume in minor units. The first step begins at 0. */
  readonly from: number
  readonly percent: Percentage
}

/**
 * `marginal`: each part of a line at the rate of the band that it falls into. `slab`: the whole line at the rate of the volume at entry.
 * `retroactive`: a line as in `slab`, and at the period's end a true-up to the rate that the final volume reached (MONEY 2).
 */
export type BandMode = 'marginal' | 'slab' | 'retroactive'

export interface Bands {
  readonly mode: BandMode
  /** The span over which volume adds up, in the platform's time zone. */
  readonly period: 'month'
  /** By ascending `from`. */
  readonly steps: readonly BandStep[]
  /** What preceded this system, in the calendar month in which it began: `2026-01`. */
  readonly prior?: PriorVolume | undefined
}

/** Volume that a supplier brought elsewhere, and what was charged for it there. */
export interface PriorVolume {
  readonly volume: number
  /** For the true-up of retroactive bands. @default 0 */
  readonly commission?: number | undefined
  /** A calendar month: `2026-01`. */
  readonly period: string
}

/** The band that a volume lies in: from inclusive, to exclusive (R5). */
export function bandAt(steps: readonly BandStep[], volume: number): BandStep | undefined {
  return steps.findLast((step) => step.from <= volume)
}

/** A part of a line's base in one band. */
export interface BandPart {
  readonly amount: number
  readonly percent: Percentage
}

/** Takes a base apart over the bands, entering at a volume. */
export function bandParts(bands: Bands, volume: number, base: number): BandPart[] {
  if (bands.mode !== 'marginal') {
    const band = bandAt(bands.steps, volume)
    return band ? [{ amount: base, percent: band.percent }] : []
  }
  const end = volume + base
  return bands.steps.flatMap((step, index) => {
    const upper = Math.min(end, bands.steps[index + 1]?.from ?? end)
    const amount = upper - Math.max(volume, step.from)
    return amount > 0 ? [{ amount, percent: step.percent }] : []
  })
}

/** The commission of the parts: summed exactly, then rounded once (R1). */
export function bandCommission(parts: readonly BandPart[], rounding: Rounding): number {
  const millionths = parts.reduce((sum, part) => sum + BigInt(part.amount) * BigInt(part.percent), 0n)
  return toAmount(divideRounded(millionths, 1_000_000n, rounding))
}

/** A supplier's period under retroactive bands. */
export interface TrueUpInput {
  readonly bands: Bands
  /** The supplier's captured base in the period, what preceded this system included: the rate goes by it. Refunds do not reduce it. */
  readonly volume: number
  /** The part of it that this rule charges for; all, unless given. */
  readonly base?: number | undefined
  /** The commission that was booked on that by the frozen terms; reversals do not reduce it. */
  readonly charged: number
  readonly rounding?: Rounding | undefined
}

/** What the supplier still owes the platform at the period's end; negative where the platform pays back. Other modes owe nothing. */
export function trueUp({ bands, volume, base = volume, charged, rounding = 'half-up' }: TrueUpInput): number {
  const band = bandAt(bands.steps, volume)
  if (bands.mode !== 'retroactive' || !band) return 0
  return bandCommission([{ amount: base, percent: band.percent }], rounding) - charged
}
