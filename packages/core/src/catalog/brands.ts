import * as z from 'zod'
import {
  type Kernel,
  line,
  type Metadata,
  mapPage,
  metadata,
  type Page,
  type PageInput,
  pageShape,
  type Reader,
  readPage,
  type Tx,
} from '../kernel/index.js'
import { type BrandRow, brandTable } from './category.entity.js'
import type { Localized } from './localized.js'
import { localized } from './schemas.js'

export interface Brand {
  readonly id: string
  readonly names: Localized
  readonly logoUrl: string | null
  readonly metadata: Metadata
}

export interface CreateBrandInput {
  readonly names: Localized
  readonly logoUrl?: string | undefined
  readonly metadata?: Metadata | undefined
}

export const createBrandInput: z.ZodType<CreateBrandInput> = z.strictObject({
  names: localized(200),
  logoUrl: line(2000).optional(),
  metadata: metadata.optional(),
})

export function createBrand({ ids }: Pick<Kernel, 'ids'>): (tx: Tx, input: CreateBrandInput) => Promise<Brand> {
  return async (tx, input) => {
    const row: BrandRow = {
      id: ids('brd'),
      names: input.names,
      logoUrl: input.logoUrl ?? null,
      metadata: input.metadata ?? {},
      createdAt: tx.now,
    }
    await tx.insert(brandTable, [row])
    return toBrand(row)
  }
}

export const listBrandsInput: z.ZodType<PageInput> = z.strictObject(pageShape)

export async function listBrands(reader: Reader, page: PageInput): Promise<Page<Brand>> {
  return mapPage(await readPage(reader, brandTable, {}, page), toBrand)
}

function toBrand({ id, names, logoUrl, metadata }: BrandRow): Brand {
  return { id, names, logoUrl, metadata }
}
