import type { Call, Kernel, Page, Reader, Timestamp } from '../kernel/index.js'
import { type AddDocumentInput, addDocument, addDocumentSchema, listDocuments } from './add-document.js'
import { type ApplySupplierInput, applySupplier, applySupplierSchema } from './apply-supplier.js'
import type { SupplierContract } from './contract.js'
import type { SupplierDocument } from './document.js'
import { expireDocuments } from './expire-documents.js'
import { type ImportSuppliersInput, importSuppliers, importSuppliersSchema } from './import-suppliers.js'
import * as read from './read-suppliers.js'
import * as review from './review-supplier.js'
import { type SetContractInput, setContract, setContractSchema } from './set-contract.js'
import type { Supplier } from './supplier.js'
import { reinstateSupplier, suspendSupplier } from './suspend-supplier.js'
import type { TrailEntry } from './trail.js'
import { type UpdateSupplierInput, updateSupplier, updateSupplierSchema } from './update-supplier.js'

/** What `commerce.suppliers` is. */
export interface SupplierService {
  /** A supplier applies to sell; it waits for review. */
  apply(input: ApplySupplierInput, call?: Call): Promise<Supplier>
  /** For the host's own code alone: suppliers who were approved elsewhere, up to 1000. */
  import(input: ImportSuppliersInput, call?: Call): Promise<readonly Supplier[]>
  /** Corrects a supplier's particulars. @throws supplier.not_found, supplier.rejected */
  update(input: UpdateSupplierInput, call?: Call): Promise<Supplier>
  /** @throws supplier.not_found */
  get(input: review.SupplierIdInput, call?: Call): Promise<Supplier>
  /** In the order of application, by status or all. */
  list(input?: read.ListSuppliersInput, call?: Call): Promise<Page<Supplier>>
  /** Adds a document, which takes the place of the one of its kind. @throws supplier.not_found, supplier.rejected */
  addDocument(input: AddDocumentInput, call?: Call): Promise<SupplierDocument>
  /** Oldest first, replaced ones too. */
  listDocuments(input: review.SupplierIdInput, call?: Call): Promise<readonly SupplierDocument[]>
  /** applied → in_review. @throws supplier.not_found, supplier.step_refused */
  startReview(input: review.SupplierIdInput, call?: Call): Promise<Supplier>
  /** in_review → approved: it may sell. @throws supplier.not_found, supplier.step_refused, supplier.documents_expired */
  approve(input: review.SupplierIdInput, call?: Call): Promise<Supplier>
  /** in_review, more_requested → rejected, for good. @throws supplier.not_found, supplier.step_refused */
  reject(input: review.ReasonedInput, call?: Call): Promise<Supplier>
  /** in_review → more_requested. @throws supplier.not_found, supplier.step_refused */
  requestMore(input: review.RequestMoreInput, call?: Call): Promise<Supplier>
  /** more_requested → applied. @throws supplier.not_found, supplier.step_refused */
  resubmit(input: review.SupplierIdInput, call?: Call): Promise<Supplier>
  /** Adds the next version of its contract; earlier ones stay as they were. @throws supplier.not_found, supplier.rejected, exchange.rates_missing */
  setContract(input: SetContractInput, call?: Call): Promise<SupplierContract>
  /** The contract that holds at a moment; null where none does. @throws supplier.not_found */
  contract(input: read.ContractInput, call?: Call): Promise<SupplierContract | null>
  /** All versions, first to last. */
  listContracts(input: review.SupplierIdInput, call?: Call): Promise<readonly SupplierContract[]>
  /** approved → suspended: nothing of it is sold until it is reinstated. @throws supplier.not_found, supplier.step_refused */
  suspend(input: review.ReasonedInput, call?: Call): Promise<Supplier>
  /** suspended → approved. @throws supplier.not_found, supplier.step_refused */
  reinstate(input: review.SupplierIdInput, call?: Call): Promise<Supplier>
  /** Who did what, and when and why, first to last. */
  trail(input: read.TrailInput, call?: Call): Promise<Page<TrailEntry>>
}

/** The supplier room, as `createCommerce` and upper rooms hold it. */
export interface Suppliers {
  readonly service: SupplierService
  /** Suppliers by id, by one statement; those that do not exist are missing. */
  find(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Supplier>>
  /** The contracts that hold at a moment, by supplier, by one statement; who has none by then is missing. */
  contracts(reader: Reader, supplierIds: readonly string[], at: Timestamp): Promise<ReadonlyMap<string, SupplierContract>>
  /** Which contract held at whichever moment, by one statement. */
  contractHistory(
    reader: Reader,
    supplierIds: readonly string[],
  ): Promise<(supplierId: string, at: Timestamp) => SupplierContract | undefined>
}

export function createSuppliers({ kernel }: { readonly kernel: Kernel }): Suppliers {
  const { command, query } = kernel.useCases
  const deps = { kernel }
  const list = query('suppliers.list', read.listSuppliersSchema, read.listSuppliers)
  kernel.jobs.every('supplier.expire-documents', { cron: '0 3 * * *', timezone: 'UTC' }, expireDocuments(deps))
  return {
    find: read.findSuppliers,
    contracts: read.findContracts,
    contractHistory: read.findContractHistory,
    service: {
      apply: command('suppliers.apply', applySupplierSchema, applySupplier(deps)),
      import: command('suppliers.import', importSuppliersSchema, importSuppliers(deps)),
      update: command('suppliers.update', updateSupplierSchema, updateSupplier(deps)),
      get: query('suppliers.get', review.supplierIdSchema, read.getSupplier),
      list: (input = {}, call) => list(input, call),
      addDocument: command('suppliers.addDocument', addDocumentSchema, addDocument(deps)),
      listDocuments: query('suppliers.listDocuments', review.supplierIdSchema, listDocuments),
      startReview: command('suppliers.startReview', review.supplierIdSchema, review.startReview(deps)),
      approve: command('suppliers.approve', review.supplierIdSchema, review.approveSupplier(deps)),
      reject: command('suppliers.reject', review.reasonedSchema, review.rejectSupplier(deps)),
      requestMore: command('suppliers.requestMore', review.requestMoreSchema, review.requestMore(deps)),
      resubmit: command('suppliers.resubmit', review.supplierIdSchema, review.resubmitSupplier(deps)),
      setContract: command('suppliers.setContract', setContractSchema, setContract(deps)),
      contract: query('suppliers.contract', read.contractSchema, read.contractAt),
      listContracts: query('suppliers.listContracts', review.supplierIdSchema, read.listContracts),
      suspend: command('suppliers.suspend', review.reasonedSchema, suspendSupplier(deps)),
      reinstate: command('suppliers.reinstate', review.supplierIdSchema, reinstateSupplier(deps)),
      trail: query('suppliers.trail', read.trailSchema, read.readTrail),
    },
  }
}
