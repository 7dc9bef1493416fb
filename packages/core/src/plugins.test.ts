import { readFile } from 'node:fs/promises'
import { afterEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { createCommerce } from './commerce.js'
import { column, createTables, defineTable } from './kernel/index.js'
import { definePlugin, type Plugin } from './plugin.js'
import { createTestClock } from './testing/index.js'
import { version } from './version.js'

const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

async function open(plugins: readonly Plugin[]) {
  const commerce = await createCommerce({
    database: { type: 'better-sqlite3', database: ':memory:' },
    plugins,
    background: 'manual',
    clock: createTestClock(),
  })
  closing.push(() => commerce.close())
  return commerce
}

function plugin(id: string, more: { core?: string; requires?: readonly string[]; setup?: () => object } = {}): Plugin {
  const requires = (more.requires ?? []).map((required) => Object.assign(() => plugin(required), { id: required }))
  return definePlugin({ id, core: more.core ?? '>=0.1.0', requires, setup: more.setup ?? (() => ({ name: () => id })) })()
}

describe('plugins', () => {
  it('are refused where they do not fit this version of core, with both named', async () => {
    await expect(open([plugin('loyalty', { core: '^9.0.0' })])).rejects.toMatchObject({
      code: 'plugin.core_mismatch',
      message: expect.stringMatching(
        new RegExp(`"loyalty" fits @entrepot/core \\^9\\.0\\.0, and this is @entrepot/core ${version.replaceAll('.', '\\.')}`),
      ),
    })
    await expect(open([plugin('loyalty', { core: 'whatever' })])).rejects.toMatchObject({ code: 'plugin.core_mismatch' })
  })

  it('are refused where what they require is missing, with both named', async () => {
    await expect(open([plugin('club', { requires: ['loyalty'] })])).rejects.toMatchObject({
      code: 'plugin.requirement_missing',
      details: { plugin: 'club', requires: 'loyalty' },
    })
  })

  it('are set up after what they require, whatever their order in the list', async () => {
    const order: string[] = []
    const note = (id: string) => () => {
      order.push(id)
      return {}
    }
    await open([plugin('club', { requires: ['loyalty'], setup: note('club') }), plugin('loyalty', { setup: note('loyalty') })])
    expect(order).toEqual(['loyalty', 'club'])
  })

  it('are refused with a table that core or another plugin has', async () => {
    const owning = (id: string, table: string): Plugin => {
      const entity = defineTable<{ id: string }>({ name: table, primaryKey: ['id'], columns: { id: column.id() } })
      return definePlugin({ id, core: '>=0.1.0', entities: [entity], migrations: [createTables('0001', [entity])], setup: () => ({}) })()
    }
    await expect(open([owning('loyalty', 'outbox')])).rejects.toMatchObject({
      code: 'plugin.table_taken',
      message: expect.stringContaining("core's"),
    })
    await expect(open([owning('loyalty', 'points'), owning('club', 'points')])).rejects.toMatchObject({
      code: 'plugin.table_taken',
      details: { plugin: 'club', table: 'points', owner: 'loyalty' },
    })
  })

  it('are refused in a circle, twice, or under a name of core', async () => {
    await expect(open([plugin('a', { requires: ['b'] }), plugin('b', { requires: ['a'] })])).rejects.toMatchObject({
      code: 'plugin.circular',
      details: { path: ['a', 'b', 'a'] },
    })
    await expect(open([plugin('a'), plugin('a')])).rejects.toMatchObject({ code: 'plugin.duplicate' })
    for (const id of ['orders', 'close', 'on', 'Loyalty', 'my-plugin', 'then', ''])
      await expect(open([plugin(id)])).rejects.toMatchObject({ code: 'plugin.invalid_id' })
  })

  it('have their options checked when the marketplace opens', async () => {
    const strict = definePlugin({ id: 'strict', core: '>=0.1.0', options: z.strictObject({ rate: z.int() }), setup: () => ({}) })
    await expect(open([strict({ rate: 0.5 })])).rejects.toMatchObject({ code: 'input.invalid', details: { issues: [{ path: 'rate' }] } })
  })

  it('take part in a hook inside the transaction, and undo the whole by throwing', async () => {
    const guard = definePlugin({
      id: 'guard',
      core: '>=0.1.0',

      setup({ join }) {
        join('order.placing', async ({ orders }) => {
          if (orders.some(({ order }) => order.channel === 'forbidden')) throw new Error('not through this channel')
        })
        return {}
      },
    })
    const commerce = await open([guard()])
    const { id: supplierId } = await commerce.suppliers.apply({ name: 'Tea House' })
    const order = (channel: string) => ({
      currency: 'CNY',
      channel,
      placedAt: '2025-06-01T00:00:00.000Z',
      lines: [{ supplierId, quantity: 1, price: 100 }],
    })
    await expect(commerce.orders.import({ orders: [order('forbidden')] })).rejects.toThrow('not through this channel')
    expect((await commerce.orders.list()).items).toEqual([])
    await commerce.orders.import({ orders: [order('app')] })
    expect((await commerce.orders.list()).items).toHaveLength(1)
  })

  it('keep tables of their own, migrated with the rest', async () => {
    const notes = defineTable<{ id: string }>({ name: 'notes_entry', primaryKey: ['id'], columns: { id: column.id() } })
    const keeper = definePlugin({
      id: 'notes',
      core: '>=0.1.0',

      entities: [notes],
      migrations: [createTables('0001-initial', [notes])],
      setup: ({ transaction, read, id }) => ({
        write: () => transaction(undefined, (tx) => tx.insert(notes, [{ id: id('nte') }])),
        count: () => read(undefined, async (reader) => (await reader.find(notes, {})).length),
      }),
    })
    const commerce = await createCommerce({
      database: { type: 'better-sqlite3', database: ':memory:' },
      plugins: [keeper()],
      background: 'manual',
    })
    closing.push(() => commerce.close())
    await commerce.notes.write()
    expect(await commerce.notes.count()).toBe(1)
  })

  it('leave nothing open when one of them fails to set up', async () => {
    await expect(
      open([
        plugin('broken', {
          setup: () => {
            throw new Error('no such option')
          },
        }),
      ]),
    ).rejects.toThrow('no such option')
  })
})

describe('two instances in one process', () => {
  it('do not know of each other', async () => {
    const [one, two] = [await open([]), await open([])]
    const told: string[] = []
    two.on('supplier.applied', () => told.push('two'))
    one.on('supplier.applied', () => told.push('one'))
    await one.suppliers.apply({ name: 'Tea House' })
    expect((await two.suppliers.list({})).items).toEqual([])
    expect(told).toEqual(['one'])
    // A call into the other inside a transaction of this one is no call inside it.
    await one.transaction(async () => two.suppliers.apply({ name: 'Other' }))
    expect((await two.suppliers.list({})).items).toHaveLength(1)
  })
})

it('the version is the package\u2019s', async () => {
  const manifest = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'))
  expect(version).toBe(manifest.version)
})
