import { type Emit, emit } from '../kernel/index.js'

/** Ids only: what an event says goes where no erasure reaches. */
export interface CustomerEvents {
  'customer.created': { readonly customerId: string }
  'customer.updated': { readonly customerId: string }
  'customer.erased': { readonly customerId: string }
}

export const emitCustomer: Emit<CustomerEvents> = emit
