import type { AnyTable } from '../kernel/index.js'
import { supplierContractTable } from './contract.entity.js'
import { supplierDocumentTable } from './document.entity.js'
import { supplierTable } from './supplier.entity.js'
import { supplierTrailTable } from './trail.entity.js'

/** The room's tables, in the order in which they can be created. */
export const supplierTables: readonly AnyTable[] = [supplierTable, supplierDocumentTable, supplierContractTable, supplierTrailTable]
