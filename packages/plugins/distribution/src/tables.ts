import type { AnyTable } from '@entrepot/core'
import { bindingTable } from './binding.entity.js'
import { distributorTable, trailTable } from './distributor.entity.js'
import { saleTable } from './sale.entity.js'

/** Referenced tables first. */
export const distributionTables: readonly AnyTable[] = [distributorTable, trailTable, bindingTable, saleTable]
