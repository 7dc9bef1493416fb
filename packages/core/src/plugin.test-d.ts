import { expectTypeOf, test } from 'vitest'
import * as z from 'zod'
import { type Commerce, createCommerce } from './commerce.js'
import { type Call, column, createTables, defineTable, type Table } from './kernel/index.js'
import { definePlugin, type Plugin, type PluginFactory } from './plugin.js'

interface LoyaltyOptions {
  readonly rate?: number | undefined
}
interface Loyalty {
  balance(input: { readonly customerId: string }, call?: Call): Promise<{ readonly points: number }>
}
interface LoyaltyEvents {
  'loyalty.pointsEarned': { readonly customerId: string; readonly points: number }
}
interface EntryRow {
  id: string
  points: number
}

const entryTable: Table<EntryRow> = defineTable<EntryRow>({
  name: 'loyalty_entry',
  primaryKey: ['id'],
  columns: { id: column.id(), points: column.integer() },
})

const loyalty: PluginFactory<'loyalty', LoyaltyOptions, Loyalty, LoyaltyEvents> = definePlugin({
  id: 'loyalty',
  core: '>=0.1.0',
  options: z.strictObject({ rate: z.int().positive().default(1) }),
  entities: [entryTable],
  migrations: [createTables('0001', [entryTable])],
  setup({ options, emit, join, transaction, read }): Loyalty {
    expectTypeOf(options).toEqualTypeOf<{ rate: number }>()
    join('order.paid', async ({ orders }, tx) => {
      expectTypeOf(orders[0]?.order.total).toEqualTypeOf<number | undefined>()
      await tx.insert(entryTable, [{ id: 'a', points: 1 }])
      // @ts-expect-error a row has points
      await tx.insert(entryTable, [{ id: 'a' }])
      // @ts-expect-error points are a number
      await tx.find(entryTable, { points: '1' })
      emit(tx, 'loyalty.pointsEarned', 'a', { customerId: 'c', points: 1 })
      // @ts-expect-error the event carries points
      emit(tx, 'loyalty.pointsEarned', 'a', { customerId: 'c' })
    })
    // @ts-expect-error core has no such hook
    join('order.vanished', async () => {})
    expectTypeOf(transaction).parameter(1).parameter(0).toHaveProperty('insert')
    return {
      balance: ({ customerId }, call) =>
        read(call, async (reader) => ({
          points: (await reader.find(entryTable, { id: customerId })).reduce((sum, row) => sum + row.points, 0),
        })),
    }
  },
})

interface Club {
  join(input: { readonly customerId: string }): Promise<void>
}

const club: PluginFactory<'club', object, Club> = definePlugin({
  id: 'club',
  core: '>=0.1.0',
  requires: [loyalty],
  setup({ requires }): Club {
    expectTypeOf(requires.loyalty).toEqualTypeOf<Loyalty>()
    return { join: async ({ customerId }) => void (await requires.loyalty.balance({ customerId })) }
  },
})

declare const database: { readonly type: 'better-sqlite3'; readonly database: string }

test('a plugin in the list appears under its id, typed', async () => {
  const commerce = await createCommerce({ database, plugins: [loyalty({ rate: 2 }), club()] })
  expectTypeOf(commerce.loyalty).toEqualTypeOf<Loyalty>()
  expectTypeOf(commerce.club).toEqualTypeOf<Club>()
  expectTypeOf(commerce.loyalty.balance({ customerId: 'c' })).resolves.toEqualTypeOf<{ readonly points: number }>()
  commerce.on('loyalty.pointsEarned', (event) => expectTypeOf(event.points).toEqualTypeOf<number>())
  commerce.on('order.placed', (event) => expectTypeOf(event.orderId).toEqualTypeOf<string>())
  await commerce.subscribe('mail', 'order.placed', (event, { id }) => {
    expectTypeOf(event.total).toEqualTypeOf<number>()
    expectTypeOf(id).toEqualTypeOf<string>()
  })
  // @ts-expect-error no such event
  commerce.on('nope', () => {})
})

test('a plugin that is not in the list is not there', async () => {
  const commerce = await createCommerce({ database })
  expectTypeOf(commerce).toEqualTypeOf<Commerce>()
  // @ts-expect-error the plugin is not installed
  commerce.loyalty
  // @ts-expect-error nor are its events
  commerce.on('loyalty.pointsEarned', () => {})
})

test('options are typed where the plugin is called', () => {
  expectTypeOf(loyalty).parameter(0).toEqualTypeOf<LoyaltyOptions | undefined>()
  expectTypeOf(loyalty()).toEqualTypeOf<Plugin<'loyalty', Loyalty, LoyaltyEvents>>()
  // @ts-expect-error the rate is a number
  loyalty({ rate: '2' })
})

test('calls and inputs are typed', async () => {
  const commerce = await createCommerce({ database })
  expectTypeOf(commerce.orders.place).parameter(0).toHaveProperty('cartId')
  expectTypeOf(commerce.orders.place).parameter(1).toEqualTypeOf<Call | undefined>()
  // @ts-expect-error a cart id is a string
  await commerce.orders.place({ cartId: 1 })
})
