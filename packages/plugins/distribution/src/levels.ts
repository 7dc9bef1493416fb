import { levelUnknown } from './errors.js'
import type { Policy } from './options.js'

/** Refuses a level that the plan does not name. @throws distribution.level_unknown */
export function requireLevel({ terms: { rates } }: Pick<Policy, 'terms'>, level: string | null | undefined): void {
  if (level === null || level === undefined) return
  const levels = rates.by === 'level' ? Object.keys(rates.percents) : []
  if (!levels.includes(level)) throw levelUnknown({ level, levels })
}
