import { type Emit, emit } from '../kernel/index.js'

interface OfReturn {
  readonly returnId: string
  readonly orderId: string
  readonly supplierId: string
}

/** What becomes of returns, told after commit; the aggregate is the return. */
export interface ReturnEvents {
  'return.requested': OfReturn & {
    readonly lines: readonly { readonly lineId: string; readonly quantity: number; readonly reason: string }[]
  }
  'return.approved': OfReturn
  'return.rejected': OfReturn & { readonly reason: string }
  'return.canceled': OfReturn & { readonly reason: string | null }
  /** The goods are here, and what is still to be refunded for them has been. */
  'return.closed': OfReturn & {
    readonly refundId: string | null
    readonly lines: readonly { readonly lineId: string; readonly received: number; readonly restocked: number }[]
  }
}

export const emitReturn: Emit<ReturnEvents> = emit
