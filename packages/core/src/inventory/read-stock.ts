import * as z from 'zod'
import { id, mapPage, type Page, type PageInput, pageShape, type Reader, readPage, sumBy, type Timestamp } from '../kernel/index.js'
import { type AllotmentRow, allotmentTable, type StockRow, stockMovementTable, stockTable } from './inventory.entity.js'
import { readShares } from './inventory.sql.js'
import { availableTo, sellable } from './stock.js'

/** Stock of an offer at one location, in units. */
export interface StockAtLocation {
  readonly offerId: string
  readonly locationId: string
  readonly onHand: number
  /** Units of `onHand` that are promised to orders. */
  readonly reserved: number
  readonly safety: number
  readonly lowAt: number
  /** What is left to sell there: on hand − reserved − safety. */
  readonly available: number
}

export function stockAtLocation(row: StockRow): StockAtLocation {
  const { offerId, locationId, onHand, reserved, safety, lowAt } = row
  return { offerId, locationId, onHand, reserved, safety, lowAt, available: sellable(row) }
}

/** Stock that is set aside for a distributor, in units. */
export interface Allotment {
  readonly offerId: string
  readonly distributorId: string
  /** Set aside in all. */
  readonly quantity: number
  /** Reserved or sold of it. */
  readonly used: number
  /** What the distributor's customers may still buy. */
  readonly unspent: number
}

export function allotmentOf({ offerId, distributorId, quantity, used }: AllotmentRow): Allotment {
  return { offerId, distributorId, quantity, used, unspent: quantity - used }
}

export interface LevelInput {
  readonly offerId: string
}

/** All that is known of an offer's stock, in units. */
export interface OfferLevel {
  readonly offerId: string
  readonly onHand: number
  readonly reserved: number
  /** What anybody may buy. */
  readonly available: number
  /** What only distributors may buy, each its own. */
  readonly setAside: number
  readonly locations: readonly StockAtLocation[]
  readonly allotments: readonly Allotment[]
}

export const levelSchema: z.ZodType<LevelInput> = z.strictObject({ offerId: id })

export async function level(reader: Reader, { offerId }: LevelInput): Promise<OfferLevel> {
  const locations = (await reader.find(stockTable, { offerId }, { orderBy: ['id'] })).map(stockAtLocation)
  const allotments = (await reader.find(allotmentTable, { offerId }, { orderBy: ['id'] })).map(allotmentOf)
  const setAside = sumBy(allotments, (allotment) => allotment.unspent)
  return {
    offerId,
    onHand: sumBy(locations, (location) => location.onHand),
    reserved: sumBy(locations, (location) => location.reserved),
    available: availableTo({ sellable: sumBy(locations, (location) => location.available), setAside, own: 0 }),
    setAside,
    locations,
    allotments,
  }
}

/** What a buyer may have of each offer, in units; 0 where it is not stocked. One statement. */
export async function available(
  reader: Reader,
  offerIds: readonly string[],
  distributorId: string | null,
): Promise<ReadonlyMap<string, number>> {
  if (offerIds.length === 0) return new Map()
  const shares = await readShares(reader, offerIds, distributorId)
  return new Map(
    offerIds.map((offerId) => {
      const share = shares.get(offerId)
      return [offerId, share ? availableTo(share) : 0]
    }),
  )
}

export interface AvailableInput {
  /** At most 200. */
  readonly offerIds: readonly string[]
  /** Whose customer asks: what is set aside for this distributor counts too. */
  readonly distributorId?: string | undefined
}

export const availableSchema: z.ZodType<AvailableInput> = z.strictObject({
  offerIds: z.array(id).max(200),
  distributorId: id.optional(),
})

export interface ListMovementsInput extends PageInput {
  readonly offerId: string
}

/** Goods that came to a shelf or left it. */
export interface StockMovement {
  readonly id: string
  readonly offerId: string
  readonly locationId: string
  /** Units that came (above zero) or went. */
  readonly change: number
  /** Units that lay there afterwards. */
  readonly onHand: number
  readonly reason: string
  /** The id of what caused it: an order, a shipment. */
  readonly source: string | null
  /** Who: `staff:42`, `system`. */
  readonly by: string
  readonly at: Timestamp
}

export const listMovementsSchema: z.ZodType<ListMovementsInput> = z.strictObject({ offerId: id, ...pageShape })

export async function listMovements(reader: Reader, { offerId, ...page }: ListMovementsInput): Promise<Page<StockMovement>> {
  return mapPage(await readPage(reader, stockMovementTable, { offerId }, page), ({ stockId: _, ...movement }) => movement)
}
