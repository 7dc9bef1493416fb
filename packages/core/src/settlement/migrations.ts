import { type AnyTable, createTables, type Migration } from '../kernel/index.js'
import {
  payoutTable,
  settlementTables,
  statementItemTable,
  statementLineTable,
  statementTable,
  statementTrailTable,
} from './settlement.entity.js'

interface Added {
  readonly columns: readonly string[]
  readonly indexes: readonly string[]
}

/** Columns and indexes that came later, by their table. */
const added: ReadonlyMap<AnyTable, Added> = new Map<AnyTable, Added>([
  [
    statementTable,
    {
      columns: ['approvalNeeded', 'silentFrom', 'operatorApprovedAt', 'partyApprovedAt', 'disputedBy'],
      indexes: ['settlement_statement_state'],
    },
  ],
  [payoutTable, { columns: ['askAt'], indexes: [] }],
])

/** A table as the first migration made it. */
function firstOf(table: AnyTable): AnyTable {
  const { columns = [], indexes = [] } = added.get(table) ?? {}
  return {
    ...table,
    fields: table.fields.filter(({ property }) => !columns.includes(property)),
    indexes: table.indexes?.filter(({ name }) => !indexes.includes(name)),
    finalWhen: undefined,
    keptWith: undefined,
  }
}

export const settlementMigrations: readonly Migration[] = [
  createTables('0001-initial', settlementTables.filter((table) => table !== statementTrailTable).map(firstOf)),
  {
    name: '0002-life-of-a-statement',
    up: (schema) => {
      for (const [table, { columns, indexes }] of added) {
        schema.addColumns(table, columns)
        schema.addIndexes(table, indexes)
      }
      schema.createTables([statementTrailTable])
      schema.guard([statementTable, statementLineTable, statementItemTable])
    },
  },
]
