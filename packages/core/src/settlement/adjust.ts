import * as z from 'zod'
import { type Caller, type IdGenerator, type Kernel, reason, type Timestamp, type Tx } from '../kernel/index.js'
import { accountTable, type Ledger } from '../ledger/index.js'
import { currency } from '../money/index.js'
import type { Suppliers } from '../supplier/index.js'
import { nothingToWriteOff, supplierUnknown } from './errors.js'
import type { Releases } from './release.js'
import { type AdjustmentRow, adjustmentTable } from './settlement.entity.js'

export interface AdjustInput {
  readonly party: string
  /** Minor units; positive to the party, negative from it. */
  readonly amount: number
  readonly currency: string
  /** Stands in the statement's explanation. */
  readonly reason: string
}

export interface WriteOffInput {
  readonly party: string
  readonly currency: string
  readonly reason: string
}

export const party: z.ZodString = z
  .string()
  .regex(/^(supplier|distributor):.{1,64}$/, { error: 'must be supplier:<id> or distributor:<id>' })

export const adjustInput: z.ZodType<AdjustInput, AdjustInput> = z.strictObject({
  party,
  amount: z.int().refine((value) => value !== 0, { error: 'must not be 0' }),
  currency,
  reason,
})
export const writeOffInput: z.ZodType<WriteOffInput, WriteOffInput> = z.strictObject({ party, currency, reason })

interface Entry {
  readonly party: string
  readonly currency: string
  readonly amount: number
  readonly kind: AdjustmentRow['kind']
  readonly reason: string
  readonly by: string
  /** The platform's side. */
  readonly purpose: 'adjustments' | 'bad-debt'
  /** @default now */
  readonly effectiveAt?: Timestamp | undefined
}

/** @returns the entry's id */
async function book(
  tx: Tx,
  ids: IdGenerator,
  ledger: Ledger,
  { party: owner, currency: commodity, amount, kind, reason: why, by, purpose, effectiveAt = tx.now }: Entry,
): Promise<string> {
  const id = ids('adj')
  await tx.insert(adjustmentTable, [
    { id, party: owner, currency: commodity, amount, kind, reason: why, approvedBy: by, createdAt: tx.now },
  ])
  const [platform, available] = [
    { party: 'platform', purpose },
    { party: owner, purpose: 'available' },
  ]
  const [from, to] = amount > 0 ? [platform, available] : [available, platform]
  const transfers = [{ from, to, amount: Math.abs(amount), commodity, kind, ref: id }]
  await ledger.post(tx, [{ kind, source: id, key: `${kind}:${id}`, effectiveAt, transfers }])
  return id
}

/** Moves an amount between a party that there is and the platform. @returns the adjustment's id */
export function bookAdjustment(
  tx: Tx,
  ids: IdGenerator,
  ledger: Ledger,
  entry: AdjustInput & Pick<Entry, 'by' | 'effectiveAt'>,
): Promise<string> {
  return book(tx, ids, ledger, { ...entry, kind: 'adjustment', purpose: 'adjustments' })
}

export interface AdjustDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  readonly ledger: Ledger
  readonly suppliers: Pick<Suppliers, 'find'>
}

/** @throws settlement.supplier_unknown */
export function adjust({ kernel, ledger, suppliers }: AdjustDeps): (tx: Tx, input: AdjustInput, caller: Caller) => Promise<void> {
  return async (tx, input, { by }) => {
    const supplierId = /^supplier:(.+)$/.exec(input.party)?.[1]
    if (supplierId !== undefined && !(await suppliers.find(tx, [supplierId])).has(supplierId)) throw supplierUnknown({ party: input.party })
    await bookAdjustment(tx, kernel.ids, ledger, { ...input, by })
  }
}

/** @throws settlement.nothing_to_write_off */
export function writeOff({
  kernel,
  ledger,
  releases,
}: Omit<AdjustDeps, 'suppliers'> & { readonly releases: Releases }): (tx: Tx, input: WriteOffInput, caller: Caller) => Promise<void> {
  return async (tx, input, { by }) => {
    // What a hold has released by now makes the loss smaller, whether or not the job that books it has run.
    await releases.all(tx, { until: tx.now, parties: [input.party] })
    // Two at once would each write off the whole.
    await tx.lock(accountTable, { party: input.party, purpose: 'available', commodity: input.currency })
    const [account] = await ledger.balances(tx, { party: input.party, purpose: 'available', commodity: input.currency })
    const balance = account?.balance ?? 0
    if (balance >= 0) throw nothingToWriteOff({ party: input.party, balance })
    await book(tx, kernel.ids, ledger, { ...input, amount: -balance, kind: 'write_off', by, purpose: 'bad-debt' })
  }
}
