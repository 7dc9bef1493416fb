import type { AnyTable } from '../kernel/index.js'
import { brandTable, categoryTable } from './category.entity.js'
import { offerTable, variantTable } from './offer.entity.js'
import { productMediaTable, productTable, productTrailTable } from './product.entity.js'

/** Referenced tables first; the supplier's come before all of them. */
export const catalogTables: readonly AnyTable[] = [
  categoryTable,
  brandTable,
  productTable,
  productMediaTable,
  productTrailTable,
  variantTable,
  offerTable,
]
