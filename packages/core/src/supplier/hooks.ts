import type { Tx } from '../kernel/index.js'
import type { SupplierContract } from './contract.js'

/** Each runs inside the transaction of the step, after its rows are written; what throws refuses the step. */
export interface SupplierHooks {
  'supplier.approved': (input: { readonly supplierId: string }, tx: Tx) => Promise<void>
  'supplier.contracted': (input: { readonly supplierId: string; readonly contract: SupplierContract }, tx: Tx) => Promise<void>
  'supplier.suspended': (input: { readonly supplierId: string; readonly reason: string }, tx: Tx) => Promise<void>
  'supplier.reinstated': (input: { readonly supplierId: string }, tx: Tx) => Promise<void>
}
