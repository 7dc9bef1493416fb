import { type Call, column, createTables, definePlugin, defineTable, type PluginFactory, type Table } from '@entrepot/core'
import * as z from 'zod'

export interface LoyaltyOptions {
  /** Points per whole currency unit. @default 1 */
  readonly rate?: number | undefined
}

export interface Loyalty {
  balance(input: { readonly customerId: string }, call?: Call): Promise<{ readonly points: number }>
}

export interface LoyaltyEvents {
  'loyalty.pointsEarned': { readonly customerId: string; readonly orderId: string; readonly points: number }
}

interface EntryRow {
  orderId: string
  customerId: string
  points: number
}

const entryTable: Table<EntryRow> = defineTable<EntryRow>({
  name: 'loyalty_entry',
  primaryKey: ['orderId'],
  columns: { orderId: column.id(), customerId: column.id(), points: column.integer() },
})

/** Awards points when an order is paid. */
export const loyalty: PluginFactory<'loyalty', LoyaltyOptions, Loyalty, LoyaltyEvents> = definePlugin({
  id: 'loyalty',
  core: '>=0.1.0 <1.0.0',
  options: z.strictObject({ rate: z.int().positive().default(1) }),
  entities: [entryTable],
  migrations: [createTables('0001-initial', [entryTable])],
  setup({ options, join, emit, query }): Loyalty {
    // Inside the transaction that makes the order paid: points and payment stand or fall together.
    join('order.paid', async ({ orders }, tx) => {
      for (const { order } of orders) {
        if (order.customerId === null) continue
        const entry = { orderId: order.id, customerId: order.customerId, points: Math.floor(order.total / 100) * options.rate }
        await tx.insert(entryTable, [entry])
        emit(tx, 'loyalty.pointsEarned', order.id, entry)
      }
    })
    return {
      balance: query('balance', z.strictObject({ customerId: z.string() }), async (reader, { customerId }) => {
        const entries = await reader.find(entryTable, { customerId })
        return { points: entries.reduce((sum, entry) => sum + entry.points, 0) }
      }),
    }
  },
})
