import type { Callable, Kernel, Page } from '../kernel/index.js'
import type { Location } from './location.js'
import {
  type CreateLocationInput,
  createLocation,
  createLocationSchema,
  type ListLocationsInput,
  listLocations,
  listLocationsSchema,
} from './locations.js'
import {
  type Allotment,
  type AvailableInput,
  available,
  availableSchema,
  type LevelInput,
  type ListMovementsInput,
  level,
  levelSchema,
  listMovements,
  listMovementsSchema,
  type OfferLevel,
  type StockAtLocation,
  type StockMovement,
} from './read-stock.js'
import { type AllotmentInput, allotmentSchema, setAside, takeBack } from './set-aside.js'
import { type AdjustStockInput, adjustStock, adjustStockSchema, type SetStockInput, setStock, setStockSchema } from './set-stock.js'

/** `commerce.inventory` */
export interface InventoryService {
  /** Names a place where goods lie: a warehouse, a shop. */
  readonly createLocation: Callable<CreateLocationInput, Location>
  /** Places, oldest first. */
  readonly listLocations: Callable<ListLocationsInput, Page<Location>>
  /** Says how many units of an offer lie at a location, and what of them is kept back. @throws inventory.location_not_found, inventory.below_reserved */
  readonly setStock: Callable<SetStockInput, StockAtLocation>
  /** Adds units that came, or takes off units that went otherwise than by an order. @throws inventory.not_stocked, inventory.below_reserved */
  readonly adjustStock: Callable<AdjustStockInput, StockAtLocation>
  /** All that is known of an offer's stock; zeros where there is none. */
  readonly level: Callable<LevelInput, OfferLevel>
  /** What a buyer may have now of each offer, in units, by offer id. */
  readonly available: Callable<AvailableInput, Readonly<Record<string, number>>>
  /** Every change of what lies on an offer's shelves, oldest first. */
  readonly listMovements: Callable<ListMovementsInput, Page<StockMovement>>
  /** Adds units to what only one distributor's customers may buy. @throws inventory.insufficient */
  readonly setAside: Callable<AllotmentInput, Allotment>
  /** Gives units that are set aside and not spent back to everybody. @throws inventory.allotment_spent */
  readonly takeBack: Callable<AllotmentInput, Allotment>
}

export function createInventoryService(kernel: Kernel): InventoryService {
  const { command, query } = kernel.useCases
  return {
    createLocation: command('inventory.createLocation', createLocationSchema, createLocation(kernel)),
    listLocations: query('inventory.listLocations', listLocationsSchema, listLocations),
    setStock: command('inventory.setStock', setStockSchema, setStock(kernel)),
    adjustStock: command('inventory.adjustStock', adjustStockSchema, adjustStock(kernel)),
    level: query('inventory.level', levelSchema, level),
    available: query('inventory.available', availableSchema, async (reader, { offerIds, distributorId }) =>
      Object.fromEntries(await available(reader, offerIds, distributorId ?? null)),
    ),
    listMovements: query('inventory.listMovements', listMovementsSchema, listMovements),
    setAside: command('inventory.setAside', allotmentSchema, setAside(kernel)),
    takeBack: command('inventory.takeBack', allotmentSchema, takeBack),
  }
}
