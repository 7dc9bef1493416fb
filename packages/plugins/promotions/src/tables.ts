import type { AnyTable } from '@entrepot/core'
import { limitTable } from './limit.entity.js'
import { promotionTable } from './promotion.entity.js'
import { redemptionTable } from './redemption.entity.js'

/** Referenced tables first. */
export const promotionsTables: readonly AnyTable[] = [promotionTable, limitTable, redemptionTable]
