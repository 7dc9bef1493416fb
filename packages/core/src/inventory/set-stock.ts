import * as z from 'zod'
import { type Caller, type IdGenerator, id, type Kernel, reason, type Tx } from '../kernel/index.js'
import { belowReserved, locationNotFound, notStocked } from './errors.js'
import { locationTable, type StockRow, stockTable } from './inventory.entity.js'
import { changeStock, tellLow } from './inventory.sql.js'
import { recordMovements } from './movements.js'
import { type StockAtLocation, stockAtLocation } from './read-stock.js'

export interface SetStockInput {
  readonly offerId: string
  readonly locationId: string
  /** Units that lie there, as counted; those that are reserved for orders among them. */
  readonly onHand: number
  /** Units that are kept and not sold. @default as before, at first 0 */
  readonly safety?: number | undefined
  /** `inventory.low` is told when no more than this is left to sell. @default as before, at first 0: told when sold out */
  readonly lowAt?: number | undefined
  /** For the trail. @default 'counted' */
  readonly reason?: string | undefined
}

/** Units on a shelf. */
const level = z.int().min(0).max(1_000_000_000)

export const setStockSchema: z.ZodType<SetStockInput> = z.strictObject({
  offerId: id,
  locationId: id,
  onHand: level,
  safety: level.optional(),
  lowAt: level.optional(),
  reason: reason.optional(),
})

/** Says how much lies on a shelf, and sets the shelf up where there is none. @throws inventory.location_not_found, inventory.below_reserved */
export function setStock({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: SetStockInput, caller: Caller) => Promise<StockAtLocation> {
  return async (tx, input, caller) => {
    const { offerId, locationId, onHand } = input
    const before = (await lockShelf(tx, offerId, locationId)) ?? (await addShelf(tx, ids, offerId, locationId))
    if (onHand < before.reserved) throw belowReserved({ offerId, locationId, onHand, reserved: before.reserved })
    const after: StockRow = {
      ...before,
      onHand,
      safety: input.safety ?? before.safety,
      lowAt: input.lowAt ?? before.lowAt,
      updatedAt: tx.now,
    }
    await tx.update(stockTable, { onHand, safety: after.safety, lowAt: after.lowAt, updatedAt: tx.now }, { id: after.id })
    tellLow(tx, [before], [after])
    const changes = new Map([[after.id, { onHand: onHand - before.onHand }]])
    await recordMovements(tx, ids, [after], changes, () => ({ reason: input.reason ?? 'counted', by: caller.by }))
    return stockAtLocation(after)
  }
}

export interface AdjustStockInput {
  readonly offerId: string
  readonly locationId: string
  /** Units that came (above zero) or went (below). */
  readonly change: number
  /** For the trail: `delivery 4711`, `broken`. */
  readonly reason: string
}

export const adjustStockSchema: z.ZodType<AdjustStockInput> = z.strictObject({
  offerId: id,
  locationId: id,
  change: z.int().min(-1_000_000).max(1_000_000),
  reason,
})

/** Adds goods to a shelf or takes them off. @throws inventory.not_stocked, inventory.below_reserved */
export function adjustStock({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: AdjustStockInput, caller: Caller) => Promise<StockAtLocation> {
  return async (tx, { offerId, locationId, change, reason }, caller) => {
    const before = await lockShelf(tx, offerId, locationId)
    if (!before) throw notStocked({ offerId, locationId })
    const onHand = before.onHand + change
    if (onHand < before.reserved) throw belowReserved({ offerId, locationId, onHand, reserved: before.reserved })
    const changes = new Map([[before.id, { onHand: change }]])
    const after = await changeStock(tx, [before], changes)
    await recordMovements(tx, ids, after, changes, () => ({ reason, by: caller.by }))
    return stockAtLocation(after[0] ?? before)
  }
}

async function lockShelf(tx: Tx, offerId: string, locationId: string): Promise<StockRow | undefined> {
  return (await tx.lock(stockTable, { offerId, locationId }))[0]
}

/** An empty shelf; of two that set it up at once, the second finds the first one's. */
async function addShelf(tx: Tx, ids: IdGenerator, offerId: string, locationId: string): Promise<StockRow> {
  if (!(await tx.findOne(locationTable, { id: locationId }))) throw locationNotFound({ locationId })
  const empty: StockRow = { id: ids('stk'), offerId, locationId, onHand: 0, reserved: 0, safety: 0, lowAt: 0, updatedAt: tx.now }
  await tx.insertMissing(stockTable, [empty])
  return (await lockShelf(tx, offerId, locationId)) ?? empty
}
