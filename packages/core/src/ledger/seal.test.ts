import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Kernel, type Sql, sql } from '../kernel/index.js'
import { openTestCommerce, testDatabases } from '../testing/index.js'
import { type BookKeeper, type BooksFixture, dropTriggers, openBooks } from '../testing/ledger.fixture.js'
import { address, stockMarketplace } from '../testing/marketplace.fixture.js'
import { createMisbehavingProvider } from '../testing/misbehaving-provider.js'
import type { LedgerService, PostJournal } from './index.js'
import { accountTable, journalTable, tailTable, transferTable } from './ledger.entity.js'
import { sealTable } from './seal.entity.js'
import { ledgerTables } from './tables.js'

const clearing = { party: 'psp:card', purpose: 'clearing' }
const pending = { party: 'supplier:s', purpose: 'pending' }

function sale(key: string, amount = 100): PostJournal {
  const transfer = { amount, commodity: 'CNY' }
  return {
    kind: 'sale',
    source: key,
    key,
    effectiveAt: '2026-01-01T00:00:00.000Z',
    transfers: [
      { ...transfer, from: clearing, to: pending, kind: 'sale', ref: `${key}-line` },
      { ...transfer, from: pending, to: { party: 'platform', purpose: 'commission' }, kind: 'commission', amount: 10 },
    ],
  }
}

for (const database of testDatabases()) {
  describe(`the chain of seals on ${database.name}`, () => {
    let books: BooksFixture
    let first: BookKeeper
    let kernel: Kernel
    let ledger: LedgerService
    const open = async (processes?: number): Promise<void> => {
      books = await openBooks(database, processes)
      ;[first] = books.processes
      kernel = first.kernel
      ledger = first.ledger.service
    }
    beforeEach(() => open())
    afterEach(() => books.close())

    const post = (...journals: PostJournal[]) => kernel.database.transaction(undefined, (tx) => first.ledger.post(tx, journals))
    /** As somebody would who has the keys of the database, and no scruples. */
    const tamper = async (...statements: Sql[]): Promise<void> => {
      await dropTriggers(kernel, [accountTable, journalTable, transferTable, sealTable])
      for (const statement of statements) expect(await kernel.database.transaction(undefined, (tx) => tx.run(statement))).toBeGreaterThan(0)
    }
    const sealed = async (number: number): Promise<readonly string[]> => {
      const ids = (await post(...Array.from({ length: number }, (_, index) => sale(`j${index}`)))).map(({ id }) => id)
      await first.work()
      return ids
    }

    it('takes every journal in, and stays as it is', async () => {
      const genesis = await ledger.head()
      expect(genesis).toEqual({ seq: 0, hash: '0'.repeat(64) })
      await post(sale('a'), sale('b'))
      expect(await ledger.verify()).toMatchObject({ intact: true, sealed: 0, waiting: 2, head: genesis })
      await first.work()
      const head = await ledger.head()
      expect(head).toMatchObject({ seq: 2, hash: expect.stringMatching(/^[0-9a-f]{64}$/) })
      await post(sale('c'))
      await first.work()
      for (const kept of [undefined, genesis, head, await ledger.head()])
        expect(await ledger.verify({ head: kept })).toEqual({
          intact: true,
          sealed: 3,
          waiting: 0,
          head: await ledger.head(),
          problems: [],
        })
      expect(books.reports).toEqual([])
    })

    it('tells a journal that was changed, whatever was changed of it', async () => {
      const [, journalId = ''] = await sealed(3)
      const doors: readonly Sql[] = [
        sql`UPDATE ${transferTable} SET amount = 99 WHERE journal_id = ${journalId} AND position = 0`,
        sql`UPDATE ${transferTable} SET kind = 'gift' WHERE journal_id = ${journalId} AND position = 0`,
        sql`UPDATE ${transferTable} SET ref = NULL WHERE journal_id = ${journalId} AND position = 0`,
        sql`UPDATE ${transferTable} SET position = 5 WHERE journal_id = ${journalId} AND position = 1`,
        sql`UPDATE ${journalTable} SET effective_at = '2025-01-01T00:00:00.000Z' WHERE id = ${journalId}`,
        sql`UPDATE ${journalTable} SET source = 'other' WHERE id = ${journalId}`,
        sql`UPDATE ${journalTable} SET posted_at = '2025-01-01T00:00:00.000Z' WHERE id = ${journalId}`,
        sql`INSERT INTO ${transferTable} SELECT journal_id, 9, kind, from_account, to_account, 1, commodity, ref FROM ${transferTable} WHERE journal_id = ${journalId} AND position = 0`,
        sql`DELETE FROM ${transferTable} WHERE journal_id = ${journalId} AND position = 5`,
      ]
      await tamper()
      for (const door of doors) {
        await tamper(door)
        expect(await ledger.verify()).toMatchObject({ intact: false, problems: [{ kind: 'changed', journalId, seq: 2 }] })
      }
    })

    it('tells that an account was given to another', async () => {
      await sealed(2)
      await tamper(sql`UPDATE ${accountTable} SET party = 'supplier:thief' WHERE party = 'supplier:s'`)
      expect(await ledger.verify()).toMatchObject({
        intact: false,
        problems: [
          { kind: 'changed', seq: 1 },
          { kind: 'changed', seq: 2 },
        ],
      })
    })

    it('tells a journal that is missing', async () => {
      const [, journalId = ''] = await sealed(3)
      await tamper(
        sql`DELETE FROM ${transferTable} WHERE journal_id = ${journalId}`,
        sql`DELETE FROM ${journalTable} WHERE id = ${journalId}`,
      )
      expect(await ledger.verify()).toMatchObject({ intact: false, problems: [{ kind: 'missing', journalId, seq: 2 }] })
    })

    it('tells a journal that was put in', async () => {
      await sealed(3)
      const copy = sql`SELECT 'jrn_forged', kind, source, 'forged', content_hash, effective_at, posted_at, reverses FROM ${journalTable} WHERE ${sql`id`} = (SELECT MIN(id) FROM ${journalTable})`
      await tamper(sql`INSERT INTO ${journalTable} ${copy}`)
      expect(await ledger.verify()).toMatchObject({ intact: false, problems: [{ kind: 'inserted', journalId: 'jrn_forged', seq: null }] })
    })

    it('tells a seal that was changed, and one that is gone', async () => {
      const [, journalId = ''] = await sealed(3)
      await tamper(sql`UPDATE ${sealTable} SET hash = ${'f'.repeat(64)} WHERE seq = 2`)
      expect((await ledger.verify()).problems).toContainEqual({ kind: 'changed', journalId, seq: 2 })
      await tamper(sql`DELETE FROM ${sealTable} WHERE seq = 2`)
      expect((await ledger.verify()).problems).toEqual([
        { kind: 'unsealed', journalId: null, seq: 2 },
        { kind: 'inserted', journalId, seq: null },
      ])
    })

    it('tells a journal that was changed before its seal', async () => {
      const [{ id: journalId } = { id: '' }] = await post(sale('a'))
      await tamper(sql`UPDATE ${transferTable} SET amount = 99 WHERE position = 0`)
      expect(await ledger.verify()).toMatchObject({ intact: false, problems: [{ kind: 'changed', journalId, seq: null }] })
    })

    it('tells that all was chained anew, to whom has kept a head', async () => {
      const [journalId = ''] = await sealed(3)
      const head = await ledger.head()
      await tamper(
        sql`UPDATE ${journalTable} SET posted_at = '2025-01-01T00:00:00.000Z' WHERE id = ${journalId}`,
        sql`DELETE FROM ${sealTable}`,
        sql`INSERT INTO ${tailTable} (journal_id) SELECT id FROM ${journalTable}`,
      )
      await first.work()
      expect(await ledger.verify()).toMatchObject({ intact: true, sealed: 3 })
      expect(await ledger.verify({ head })).toMatchObject({ intact: false, problems: [{ kind: 'head', seq: 3 }] })
    })

    it('tells that its newest part was cut off, to whom has kept a head', async () => {
      const [, , journalId = ''] = await sealed(3)
      const head = await ledger.head()
      await tamper(
        sql`DELETE FROM ${transferTable} WHERE journal_id = ${journalId}`,
        sql`DELETE FROM ${journalTable} WHERE id = ${journalId}`,
        sql`DELETE FROM ${sealTable} WHERE seq = 3`,
      )
      expect(await ledger.verify()).toMatchObject({ intact: true, sealed: 2 })
      expect(await ledger.verify({ head })).toMatchObject({ intact: false, problems: [{ kind: 'head', seq: 3 }] })
      await expect(ledger.verify({ head: { seq: 3, hash: 'none' } })).rejects.toMatchObject({ code: 'input.invalid' })
    })

    it('is read in pieces, and finds one among many', async () => {
      const ids = await sealed(1100)
      expect(await ledger.verify({ head: await ledger.head() })).toMatchObject({ intact: true, sealed: 1100 })
      await tamper(sql`UPDATE ${journalTable} SET source = 'other' WHERE id = ${ids[700] ?? ''}`)
      expect((await ledger.verify()).problems).toEqual([{ kind: 'changed', journalId: ids[700], seq: 701 }])
    })

    it('is one chain without a gap, however many processes post and seal at the same time', async () => {
      await books.close()
      await open(3)
      const posting = books.processes.flatMap((process, index) =>
        Array.from({ length: 15 }, (_, number) =>
          process.kernel.database.transaction(undefined, (tx) => process.ledger.post(tx, [sale(`p${index}-${number}`)])),
        ),
      )
      const sealing = books.processes.map(async (process) => {
        for (let round = 0; round < 5; round++) {
          await process.work()
          expect(await process.ledger.service.verify()).toMatchObject({ intact: true })
        }
      })
      await Promise.all([...posting, ...sealing])
      await first.work()
      expect(await ledger.verify()).toMatchObject({ intact: true, sealed: 45, waiting: 0, head: { seq: 45 } })
      expect(books.reports).toEqual([])
    })
  })

  describe(`what seals are hashes over on ${database.name}`, () => {
    it('is nobody’s name, address or reason, so that a person can be erased and the chain still holds', async () => {
      const payments = [createMisbehavingProvider({ id: 'card' }).provider]
      const { commerce, clock, close } = await openTestCommerce(database, { adapters: { payments }, commission: {} })
      try {
        const shop = await stockMarketplace(commerce, { articles: 2 })
        const person = { name: 'Zaphod Beeblebrox', email: 'zaphod@betelgeuse.example', phone: '+86 138 0013 8000' }
        const { id: customerId } = await commerce.customers.create(person)
        const { id: cartId } = await commerce.carts.create({ currency: 'CNY', customerId })
        await commerce.carts.addLine({ cartId, offerId: shop.offerIds[0] ?? '', quantity: 1 })
        await commerce.carts.setAddress({ cartId, address: { ...address, name: person.name, line1: 'Heart of Gold 42' } })
        const methodId = (await commerce.shipping.listMethods({})).items[0]?.id ?? ''
        await commerce.carts.selectShipping({
          cartId,
          selections: shop.supplierIds.slice(0, 1).map((supplierId) => ({ supplierId, methodId })),
        })
        const order = await commerce.orders.place({ cartId, payment: { provider: 'card' } })
        expect(order.paymentStatus).toBe('paid')
        const party = `supplier:${shop.supplierIds[0]}`
        await commerce.settlement.adjust({ party, amount: 300, currency: 'CNY', reason: `${person.name} was unhappy` })
        clock.set('2026-01-02T00:00:00.000Z')
        await commerce.background.drain()
        const everything = await commerce.transaction(async (tx) => {
          const tables: string[] = []
          for (const table of ledgerTables) tables.push(JSON.stringify(await tx.all(sql`SELECT * FROM ${table}`)))
          return tables.join('\n')
        })
        expect(everything).toContain(order.id)
        for (const personal of [...Object.values(person), 'Heart of Gold 42', 'unhappy']) expect(everything).not.toContain(personal)
        await commerce.customers.erase({ customerId })
        expect(await commerce.ledger.verify()).toMatchObject({ intact: true, waiting: 0, head: await commerce.ledger.head() })
      } finally {
        await close()
      }
    })
  })
}
