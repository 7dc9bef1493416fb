import * as z from 'zod'
import {
  columns,
  groupBy,
  id,
  inList,
  mapPage,
  type Page,
  type PageInput,
  pageShape,
  type Reader,
  readPage,
  sql,
  type Timestamp,
  time,
} from '../kernel/index.js'
import { supplierContractTable, toContract } from './contract.entity.js'
import type { SupplierContract } from './contract.js'
import { supplierNotFound } from './errors.js'
import type { SupplierIdInput } from './review-supplier.js'
import { supplierTable, toSupplier } from './supplier.entity.js'
import { type Supplier, type SupplierStatus, supplierStatuses } from './supplier.js'
import { supplierTrailTable, toTrailEntry } from './trail.entity.js'
import type { TrailEntry } from './trail.js'

export interface ListSuppliersInput extends PageInput {
  /** Only those of this status. */
  readonly status?: SupplierStatus | undefined
}

export interface ContractInput {
  readonly supplierId: string
  /** The moment asked about, ISO 8601 with offset. @default now */
  readonly at?: string | undefined
}

export interface TrailInput extends PageInput {
  readonly supplierId: string
}

export const listSuppliersSchema: z.ZodType<ListSuppliersInput> = z.strictObject({
  status: z.enum(supplierStatuses).optional(),
  ...pageShape,
})
export const contractSchema: z.ZodType<ContractInput> = z.strictObject({ supplierId: id, at: time.optional() })
export const trailSchema: z.ZodType<TrailInput> = z.strictObject({ supplierId: id, ...pageShape })

/** Suppliers by id, by one statement; those that do not exist are missing. */
export async function findSuppliers(reader: Reader, ids: readonly string[]): Promise<ReadonlyMap<string, Supplier>> {
  const rows = await reader.find(supplierTable, { id: ids })
  return new Map(rows.map((row) => [row.id, toSupplier(row)]))
}

/** The contracts that hold at a moment, by supplier and by one statement; who has none by then is missing. */
export async function findContracts(
  reader: Reader,
  supplierIds: readonly string[],
  at: Timestamp,
): Promise<ReadonlyMap<string, SupplierContract>> {
  const rows = await reader.all(
    sql`SELECT ${columns(supplierContractTable)} FROM ${supplierContractTable}
        WHERE ${inList(sql`supplier_id`, supplierIds)} AND valid_from <= ${at} ORDER BY valid_from, version`,
  )
  // In the order of precedence, so that what holds comes last and stays in the map.
  return new Map(rows.map(supplierContractTable.read).map((row) => [row.supplierId, toContract(row)]))
}

/** All contracts of suppliers, by one statement: which held at whichever moment. */
export async function findContractHistory(
  reader: Reader,
  supplierIds: readonly string[],
): Promise<(supplierId: string, at: Timestamp) => SupplierContract | undefined> {
  const rows = await reader.find(supplierContractTable, { supplierId: supplierIds }, { orderBy: ['validFrom', 'version'] })
  const history = groupBy(rows.map(toContract), (contract) => contract.supplierId)
  return (supplierId, at) => history.get(supplierId)?.findLast(({ validFrom }) => validFrom <= at)
}

/** @throws supplier.not_found */
export async function getSupplier(reader: Reader, { supplierId }: SupplierIdInput): Promise<Supplier> {
  const supplier = (await findSuppliers(reader, [supplierId])).get(supplierId)
  if (!supplier) throw supplierNotFound({ supplierId })
  return supplier
}

export async function listSuppliers(reader: Reader, { status, ...page }: ListSuppliersInput): Promise<Page<Supplier>> {
  return mapPage(await readPage(reader, supplierTable, { status }, page), toSupplier)
}

/** The contract that holds at a moment, or null. @throws supplier.not_found */
export async function contractAt(reader: Reader, { supplierId, at = reader.now }: ContractInput): Promise<SupplierContract | null> {
  await getSupplier(reader, { supplierId })
  return (await findContracts(reader, [supplierId], at)).get(supplierId) ?? null
}

/** All versions, first to last. */
export async function listContracts(reader: Reader, { supplierId }: SupplierIdInput): Promise<readonly SupplierContract[]> {
  const rows = await reader.find(supplierContractTable, { supplierId }, { orderBy: ['version'] })
  return rows.map(toContract)
}

/** Who did what with a supplier, and when and why, first to last. */
export async function readTrail(reader: Reader, { supplierId, ...page }: TrailInput): Promise<Page<TrailEntry>> {
  return mapPage(await readPage(reader, supplierTrailTable, { supplierId }, page), toTrailEntry)
}
