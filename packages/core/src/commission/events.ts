import { type Emit, emit } from '../kernel/index.js'

interface OfPlan {
  readonly planId: string
  readonly name: string
  readonly version: number
  /** From when it is to hold. */
  readonly effectiveAt: string
}

export interface CommissionEvents {
  /** Suppliers are to be told: until it holds they may leave on the terms that they have. */
  'commission.plan_announced': OfPlan & { readonly note: string | null }
  'commission.plan_withdrawn': OfPlan
  /** A supplier does not go along with it, and will be suspended as it begins. */
  'commission.plan_left': OfPlan & { readonly supplierId: string }
  /** It stays after all. */
  'commission.plan_rejoined': OfPlan & { readonly supplierId: string }
}

export const emitCommission: Emit<CommissionEvents> = emit
