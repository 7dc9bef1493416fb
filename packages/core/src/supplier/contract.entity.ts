import { column, defineTable, type Metadata, nullable, type Table } from '../kernel/index.js'
import type { ChargebackFeeFrom, CommissionTerms, ReserveTerms, SettlementCycle, SupplierContract } from './contract.js'
import { supplierTable } from './supplier.entity.js'

export interface SupplierContractRow {
  id: string
  supplierId: string
  version: number
  commission: CommissionTerms | null
  cycle: SettlementCycle
  holdDays: number
  threshold: number
  reserve: ReserveTerms | null
  chargebackFeeFrom: ChargebackFeeFrom | null
  payoutCurrency: string | null
  validFrom: string
  metadata: Metadata
  createdAt: string
  createdBy: string
}

export const supplierContractTable: Table<SupplierContractRow> = defineTable<SupplierContractRow>({
  name: 'supplier_contract',
  primaryKey: ['id'],
  columns: {
    id: column.id(),
    supplierId: column.id(),
    version: column.integer(),
    commission: nullable(column.json<CommissionTerms>()),
    cycle: column.string<SettlementCycle>(12),
    holdDays: column.integer(),
    threshold: column.amount(),
    reserve: nullable(column.json<ReserveTerms>()),
    chargebackFeeFrom: nullable(column.string<ChargebackFeeFrom>(8)),
    payoutCurrency: nullable(column.string(3)),
    validFrom: column.time(),
    metadata: column.json<Metadata>(),
    createdAt: column.time(),
    createdBy: column.text(),
  },
  indexes: [
    { name: 'supplier_contract_version', columns: ['supplierId', 'version'], unique: true },
    { name: 'supplier_contract_valid', columns: ['supplierId', 'validFrom', 'version'] },
  ],
  foreignKeys: [{ name: 'supplier_contract_supplier', columns: ['supplierId'], references: () => supplierTable, referenced: ['id'] }],
  checks: {
    supplier_contract_terms: 'hold_days >= 0 AND threshold >= 0',
  },
  // What was agreed stays as it was agreed.
  appendOnly: true,
})

export function toContract(contract: SupplierContractRow): SupplierContract {
  const { cycle, holdDays, threshold, reserve, chargebackFeeFrom, payoutCurrency, ...row } = contract
  return { ...row, settlement: { cycle, holdDays, threshold, reserve, chargebackFeeFrom, payoutCurrency } }
}
