import * as z from 'zod'
import { id, type Kernel, quantity, sql, type Tx } from '../kernel/index.js'
import { allotmentSpent, insufficient } from './errors.js'
import { type AllotmentRow, allotmentTable, stockTable } from './inventory.entity.js'
import { readShares } from './inventory.sql.js'
import { type Allotment, allotmentOf } from './read-stock.js'
import { availableTo } from './stock.js'

export interface AllotmentInput {
  readonly offerId: string
  readonly distributorId: string
  /** Units to add to what is set aside, or to take back from it. */
  readonly quantity: number
}

export const allotmentSchema: z.ZodType<AllotmentInput> = z.strictObject({
  offerId: id,
  distributorId: id,
  quantity,
})

/** Sets units of what everybody may buy aside for one distributor: nobody else can buy them then. @throws inventory.insufficient */
export function setAside({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: AllotmentInput) => Promise<Allotment> {
  return async (tx, { offerId, distributorId, quantity }) => {
    await tx.lock(stockTable, { offerId })
    const share = (await readShares(tx, [offerId], null)).get(offerId)
    const available = share ? availableTo(share) : 0
    if (quantity > available) throw insufficient({ offers: { [offerId]: { wanted: quantity, available } } })
    await tx.insertMissing(allotmentTable, [{ id: ids('alt'), offerId, distributorId, quantity: 0, used: 0, updatedAt: tx.now }])
    return allotmentOf(await changeAllotment(tx, offerId, distributorId, quantity))
  }
}

/** Gives units that a distributor has not spent back to everybody. @throws inventory.allotment_spent */
export async function takeBack(tx: Tx, { offerId, distributorId, quantity }: AllotmentInput): Promise<Allotment> {
  await tx.lock(stockTable, { offerId })
  return allotmentOf(await changeAllotment(tx, offerId, distributorId, -quantity))
}

async function changeAllotment(tx: Tx, offerId: string, distributorId: string, change: number): Promise<AllotmentRow> {
  const changed = await tx.run(sql`
    UPDATE ${allotmentTable} SET quantity = quantity + ${change}, updated_at = ${tx.now}
    WHERE offer_id = ${offerId} AND distributor_id = ${distributorId} AND quantity - used >= ${-change}`)
  const row = await tx.findOne(allotmentTable, { offerId, distributorId })
  if (!row || changed === 0) throw allotmentSpent({ offerId, distributorId, wanted: -change, unspent: row ? row.quantity - row.used : 0 })
  return row
}
