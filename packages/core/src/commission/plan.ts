/** Plans: rules that belong together, announced ahead of time and never edited. Pure. */
import type { Timestamp } from '../kernel/index.js'
import type { CommissionRule } from './rule.js'

/** One version of a plan. What it says never changes; another version takes its place. */
export interface CommissionPlan {
  readonly id: string
  /** The same for all its versions: `Marketplace terms`. */
  readonly name: string
  /** From 1. */
  readonly version: number
  /** From when it holds, inclusive. */
  readonly effectiveAt: Timestamp
  /** Until when it holds, exclusive: until a later version; null where there is none. */
  readonly until: Timestamp | null
  readonly announcedAt: Timestamp
  readonly announcedBy: string
  /** What suppliers are told of it. */
  readonly note: string | null
  /** Taken back before it held: it never does. */
  readonly withdrawnAt: Timestamp | null
  /** Oldest first; they hold within the plan's time. */
  readonly rules: readonly CommissionRule[]
}

/** What decides when a version holds. */
export type PlanVersion = Pick<CommissionPlan, 'id' | 'name' | 'version' | 'effectiveAt' | 'withdrawnAt'>

/**
 * When each version holds: from its own beginning to that of the version that follows it. Of two that begin at one moment the later version holds. Those that were
 * withdrawn are missing.
 */
export function planTimes(
  versions: readonly PlanVersion[],
): ReadonlyMap<string, { readonly from: Timestamp; readonly to: Timestamp | undefined }> {
  const standing = versions.filter(({ withdrawnAt }) => withdrawnAt === null)
  return new Map(
    standing.flatMap((version) => {
      const { id, effectiveAt: from } = version
      const to = standing
        .filter((other) => other.name === version.name && other.id !== id && follows(other, version))
        .map(({ effectiveAt }) => effectiveAt)
        .sort()[0]
      return to !== undefined && to <= from ? [] : [[id, { from, to }] as const]
    }),
  )
}

function follows(other: PlanVersion, version: PlanVersion): boolean {
  return other.effectiveAt > version.effectiveAt || (other.effectiveAt === version.effectiveAt && other.version > version.version)
}

/** A rule within its plan's time; undefined where that leaves it none. */
export function withinPlan(
  rule: CommissionRule,
  { from, to }: { readonly from: Timestamp; readonly to: Timestamp | undefined },
): CommissionRule | undefined {
  const validFrom = rule.validFrom !== undefined && rule.validFrom > from ? rule.validFrom : from
  const validTo = to === undefined || (rule.validTo !== undefined && rule.validTo < to) ? rule.validTo : to
  return validTo !== undefined && validTo <= validFrom ? undefined : { ...rule, validFrom, validTo }
}
