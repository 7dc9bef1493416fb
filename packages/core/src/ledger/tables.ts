import type { AnyTable } from '../kernel/index.js'
import { holdEndTable, holdTable, openHoldTable } from './hold.entity.js'
import { accountTable, guardedBalanceTable, journalTable, snapshotTable, tailTable, transferTable } from './ledger.entity.js'
import { sealTable } from './seal.entity.js'

/** Every table of the room, each behind those that it names. */
export const ledgerTables: readonly AnyTable[] = [
  accountTable,
  guardedBalanceTable,
  snapshotTable,
  tailTable,
  journalTable,
  transferTable,
  holdTable,
  holdEndTable,
  openHoldTable,
  sealTable,
]
