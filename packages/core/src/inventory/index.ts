/**
 * Inventory: what lies where, what of it is promised to whom, and what is left to sell.
 *
 * Invariants:
 * - On hand − reserved is never below zero: a conditional update refuses it, and a CHECK refuses what would go around the update.
 * - Sold is what is free above the safety stock, less what is set aside for others. What is set aside serves its distributor alone, once.
 * - A reservation that expires is confirmed while it lives or not at all; what has lapsed goes back on the shelf by itself.
 * - Rows are locked reservation → stock → allotment, each in key order, so no two transactions wait for each other in a ring.
 * - The number of statements does not depend on the number of lines.
 *
 * Offers are known here by their id alone.
 */

export type { InventoryEvents } from './events.js'
export { inventoryTables, stockTable } from './inventory.entity.js'
export { createInventory, type Inventory, type InventoryDeps } from './inventory.js'
export type { InventoryService } from './inventory-service.js'
export type { Location, LocationKind } from './location.js'
export type { CreateLocationInput, ListLocationsInput } from './locations.js'
export type { Shortage } from './plan.js'
export type {
  Allotment,
  AvailableInput,
  LevelInput,
  ListMovementsInput,
  OfferLevel,
  StockAtLocation,
  StockMovement,
} from './read-stock.js'
export type { ReservedUnits } from './reservation.js'
export type { ReservationItem, ReserveRequest } from './reserve.js'
export type { RestockItem } from './restock.js'
export type { AllotmentInput } from './set-aside.js'
export type { AdjustStockInput, SetStockInput } from './set-stock.js'
