/**
 * Suppliers: application, qualification, review, contract, suspension.
 *
 * - Only an `approved` supplier sells; what lists offers asks `status` at that moment, so a suspension takes hold at once.
 * - Every change happens under the lock of the supplier's row and stands in its trail: who, when, what, why. The trail is append-only.
 * - A contract is never edited: other terms are another version with its own `validFrom`, and what held at a moment can always be told.
 */
export type { AddDocumentInput } from './add-document.js'
export type { ApplySupplierInput } from './apply-supplier.js'
export { type SupplierContractRow, supplierContractTable } from './contract.entity.js'
export {
  type ChargebackFeeFrom,
  type CommissionTerms,
  isSettlementCycle,
  type ReserveTerms,
  type SettlementCycle,
  type SettlementTerms,
  type SupplierContract,
} from './contract.js'
export type { DocumentStatus, SupplierDocument } from './document.js'
export type { SupplierEvents } from './events.js'
export type { SupplierHooks } from './hooks.js'
export type { ImportSuppliersInput } from './import-suppliers.js'
export type { ContractInput, ListSuppliersInput, TrailInput } from './read-suppliers.js'
export type { ReasonedInput, RequestMoreInput, SupplierIdInput } from './review-supplier.js'
export { reserveTerms, type SetContractInput, settlementCycle } from './set-contract.js'
export { type SupplierRow, supplierTable } from './supplier.entity.js'
export type { Supplier, SupplierContact, SupplierStatus, SupplierStep } from './supplier.js'
export { createSuppliers, type SupplierService, type Suppliers } from './supplier-service.js'
export { supplierTables } from './tables.js'
export type { TrailAction, TrailEntry } from './trail.js'
export type { UpdateSupplierInput } from './update-supplier.js'
