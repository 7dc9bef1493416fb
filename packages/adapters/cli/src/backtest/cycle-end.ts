import type { Timestamp } from '@entrepot/core'
import type { PlanCycle } from './plan.js'

/** When the cycle that a moment lies in ends: midnight in UTC of a day, a Monday, or a month's first. Undefined where nothing is settled by itself. */
export function cycleEnd(cycle: PlanCycle, after: Timestamp): Timestamp | undefined {
  const date = new Date(after)
  const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()]
  switch (cycle) {
    case 'manual':
      return undefined
    case 'daily':
      return new Date(Date.UTC(year, month, day + 1)).toISOString()
    case 'weekly':
      return new Date(Date.UTC(year, month, day + ((8 - date.getUTCDay()) % 7 || 7))).toISOString()
    case 'monthly':
      return new Date(Date.UTC(year, month + 1, 1)).toISOString()
  }
}
