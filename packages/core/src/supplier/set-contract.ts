import * as z from 'zod'
import { type Caller, id, type Metadata, metadata, sql, type Tx, time, wholeNumber } from '../kernel/index.js'
import { currency, percent } from '../money/index.js'
import { type SupplierContractRow, supplierContractTable, toContract } from './contract.entity.js'
import {
  type ChargebackFeeFrom,
  type CommissionTerms,
  chargebackFeeBearers,
  isSettlementCycle,
  type ReserveTerms,
  type SettlementCycle,
  type SupplierContract,
} from './contract.js'
import { emitSupplier } from './events.js'
import type { SupplierHooks } from './hooks.js'
import { lockSupplier, record, type SupplierDeps } from './record.js'
import { requireOpen } from './supplier.js'

export interface SetContractInput {
  readonly supplierId: string
  /** What the platform keeps; null or left out: the platform's general rules. */
  readonly commission?: CommissionTerms | null | undefined
  readonly settlement: {
    readonly cycle: SettlementCycle
    /** Days from delivery until a claim becomes available, 0 to 3,650. */
    readonly holdDays: number
    /** Minor units; below it nothing is paid out. @default 0 */
    readonly threshold?: number | undefined
    /** What is withheld of each claim, and how long (1 to 3,650 days); `percent: 0` for nothing. @default as the platform's settlement plan says */
    readonly reserve?: ReserveTerms | null | undefined
    /** Who bears a payment provider's fee for a chargeback of goods sold under this contract. @default as the platform's option says */
    readonly chargebackFeeFrom?: ChargebackFeeFrom | undefined
    /** ISO 4217: in which it is paid, whatever the sales are in; the threshold is in it then. @default as the platform's settlement plan says */
    readonly payoutCurrency?: string | undefined
  }
  /** ISO 8601 with offset. The past is allowed: a platform that moves here brings its contracts. @default now */
  readonly validFrom?: string | undefined
  readonly metadata?: Metadata | undefined
}

export const settlementCycle: z.ZodType<SettlementCycle> = z.custom<SettlementCycle>(isSettlementCycle, {
  error: 'must be daily, weekly, monthly, threshold, manual, or T+1 to T+99',
})

export const reserveTerms: z.ZodType<ReserveTerms> = z.strictObject({ percent, days: z.int().min(1).max(3650) })

export const setContractSchema: z.ZodType<SetContractInput> = z.strictObject({
  supplierId: id,
  commission: z.object({ percent: percent.optional() }).catchall(z.json()).nullable().optional(),
  settlement: z.strictObject({
    cycle: settlementCycle,
    holdDays: z.int().min(0).max(3650),
    threshold: z.int().min(0).optional(),
    reserve: reserveTerms.nullable().optional(),
    chargebackFeeFrom: z.enum(chargebackFeeBearers).optional(),
    payoutCurrency: currency.optional(),
  }),
  validFrom: time.optional(),
  metadata: metadata.optional(),
})

/** Adds the next version of a supplier's contract. @throws supplier.not_found, supplier.rejected, exchange.rates_missing */
export function setContract({ kernel }: SupplierDeps): (tx: Tx, input: SetContractInput, caller: Caller) => Promise<SupplierContract> {
  return async (tx, { supplierId, commission, settlement, validFrom, ...input }, caller) => {
    // The lock also keeps two versions from getting the same number.
    const supplier = await lockSupplier(tx, supplierId)
    requireOpen(supplier)
    const [last] = await tx.all(sql`SELECT MAX(version) AS version FROM ${supplierContractTable} WHERE supplier_id = ${supplierId}`)
    const { cycle, holdDays, threshold = 0, reserve = null, chargebackFeeFrom = null, payoutCurrency = null } = settlement
    const row: SupplierContractRow = {
      id: kernel.ids('sct'),
      supplierId,
      version: wholeNumber(last?.version ?? null) + 1,
      commission: commission ?? null,
      cycle,
      holdDays,
      threshold,
      reserve,
      chargebackFeeFrom,
      payoutCurrency,
      validFrom: validFrom ?? tx.now,
      metadata: input.metadata ?? {},
      createdAt: tx.now,
      createdBy: caller.by,
    }
    const contract = toContract(row)
    await tx.insert(supplierContractTable, [row])
    await record(tx, kernel, caller, [{ supplierId, action: 'contracted', from: supplier.status, to: supplier.status, subjectId: row.id }])
    await kernel.hooks<SupplierHooks>().run(tx, 'supplier.contracted', { supplierId, contract })
    emitSupplier(tx, 'supplier.contracted', supplierId, { supplierId, contractId: row.id, version: row.version, validFrom: row.validFrom })
    return contract
  }
}
