import * as z from 'zod'
import {
  id,
  type Kernel,
  line,
  type Metadata,
  metadata,
  type Page,
  type PageInput,
  pageShape,
  type Reader,
  readPage,
  type Tx,
} from '../kernel/index.js'
import { type LocationRow, locationTable } from './inventory.entity.js'
import type { Location, LocationKind } from './location.js'

export interface CreateLocationInput {
  /** For people, at most 200 characters. */
  readonly name: string
  /** @default 'warehouse' */
  readonly kind?: LocationKind | undefined
  /** Whose place it is; the platform's, unless given. */
  readonly supplierId?: string | undefined
  readonly metadata?: Metadata | undefined
}

export const createLocationSchema: z.ZodType<CreateLocationInput> = z.strictObject({
  name: line(200),
  kind: z.enum(['warehouse', 'shop']).optional(),
  supplierId: id.optional(),
  metadata: metadata.optional(),
})

export function createLocation({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: CreateLocationInput) => Promise<Location> {
  return async (tx, input) => {
    const { name, kind = 'warehouse', supplierId = null, metadata = {} } = input
    const location: LocationRow = { id: ids('loc'), name, kind, supplierId, metadata, createdAt: tx.now }
    await tx.insert(locationTable, [location])
    return location
  }
}

export interface ListLocationsInput extends PageInput {
  /** Only this supplier's. */
  readonly supplierId?: string | undefined
}

export const listLocationsSchema: z.ZodType<ListLocationsInput> = z.strictObject({ supplierId: id.optional(), ...pageShape })

export function listLocations(reader: Reader, { supplierId, ...page }: ListLocationsInput): Promise<Page<Location>> {
  return readPage(reader, locationTable, { supplierId }, page)
}
