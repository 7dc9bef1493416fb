import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel, sql } from '../kernel/index.js'
import { openTestKernel, testDatabases } from '../testing/index.js'
import {
  accountTable,
  createLedger,
  journalTable,
  type Ledger,
  ledgerTables,
  type PostJournal,
  type PostJournalInput,
  transferTable,
} from './index.js'

const at = '2026-01-01T00:00:00.000Z'
const clearing = { party: 'psp:card', purpose: 'clearing' }
const pending = { party: 'supplier:s', purpose: 'pending' }
const wallet = { party: 'customer:c', purpose: 'prepaid', guarded: true }

function journal(key: string, transfers: PostJournalInput['transfers']): PostJournalInput {
  return { kind: 'test', source: 'test', key, effectiveAt: at, transfers, coreAccounts: true }
}

for (const database of testDatabases()) {
  describe(`ledger on ${database.name}`, () => {
    let kernel: Kernel
    let ledger: Ledger
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ kernel, close } = await openTestKernel(database, [{ owner: 'ledger', migrations: [createTables('0001', ledgerTables)] }]))
      ledger = createLedger({ kernel })
    })
    afterEach(() => close())

    const balanceOf = async (purpose: string): Promise<number | undefined> => (await ledger.service.balances({ purpose }))[0]?.balance

    it('moves an amount from one account to another', async () => {
      await ledger.service.post(journal('j1', [{ from: clearing, to: pending, amount: 899, commodity: 'CNY', kind: 'sale' }]))
      expect(await balanceOf('pending')).toBe(899)
      expect(await balanceOf('clearing')).toBe(-899)
      expect(await ledger.service.check()).toMatchObject({
        journals: 1,
        transfers: 1,
        balanced: true,
        totals: [{ commodity: 'CNY', debits: 899, credits: 899 }],
      })
    })

    it('posts a key once, and refuses it with other content', async () => {
      const posted = journal('j1', [{ from: clearing, to: pending, amount: 899, commodity: 'CNY', kind: 'sale' }])
      await ledger.service.post(posted)
      await ledger.service.post(posted)
      expect(await balanceOf('pending')).toBe(899)
      await expect(
        ledger.service.post({ ...posted, transfers: [{ from: clearing, to: pending, amount: 900, commodity: 'CNY', kind: 'sale' }] }),
      ).rejects.toMatchObject({ code: 'idempotency.conflict' })
    })

    it('lets exactly fifty of a hundred debits of 100 through on a balance of 5,000', async () => {
      await ledger.service.post(journal('top-up', [{ from: clearing, to: wallet, amount: 5000, commodity: 'CNY', kind: 'top_up' }]))
      const results = await Promise.allSettled(
        Array.from({ length: 100 }, (_, index) =>
          ledger.service.post(journal(`d${index}`, [{ from: wallet, to: pending, amount: 100, commodity: 'CNY', kind: 'sale' }])),
        ),
      )
      expect(results.filter((result) => result.status === 'fulfilled')).toHaveLength(50)
      expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: { code: 'balance.insufficient' } })
      expect(await balanceOf('prepaid')).toBe(0)
      expect(await ledger.service.check()).toMatchObject({ balanced: true, transfers: 51 })
    })

    it('refuses to change or remove what was posted', async () => {
      await ledger.service.post(journal('j1', [{ from: clearing, to: pending, amount: 899, commodity: 'CNY', kind: 'sale' }]))
      for (const statement of [
        sql`UPDATE ${transferTable} SET amount = 1`,
        sql`DELETE FROM ${transferTable}`,
        sql`UPDATE ${journalTable} SET kind = 'x'`,
        sql`DELETE FROM ${journalTable}`,
      ]) {
        await expect(kernel.database.transaction(undefined, (tx) => tx.run(statement))).rejects.toThrow(/append-only/)
      }
    })

    it('refuses an amount that is no positive safe integer', async () => {
      for (const amount of [0, -1, 0.5, Number.MAX_SAFE_INTEGER + 1]) {
        await expect(
          ledger.service.post(journal('j1', [{ from: clearing, to: pending, amount, commodity: 'CNY', kind: 'sale' }])),
        ).rejects.toMatchObject({ code: 'input.invalid' })
      }
      expect((await ledger.service.check()).journals).toBe(0)
    })

    it('keeps accounts apart whose party and purpose read the same in one line', async () => {
      const sale = { amount: 100, commodity: 'CNY', kind: 'sale' }
      await ledger.service.post(journal('j1', [{ ...sale, from: clearing, to: { party: 'host/shop', purpose: 'till' } }]))
      for (const other of [{ to: { party: 'host', purpose: 'shop/till' } }, { to: pending, commodity: 'C NY' }])
        await expect(ledger.service.post(journal('j2', [{ ...sale, from: clearing, ...other }]))).rejects.toMatchObject({
          code: 'ledger.invalid_account',
        })
      expect(await ledger.service.balances({})).toMatchObject([
        { party: 'host/shop', balance: 100 },
        { party: 'psp:card', balance: -100 },
      ])
    })

    it('posts a journal once that stands twice in one call, and none of two that differ under one key', async () => {
      const posted = journal('j1', [{ from: clearing, to: pending, amount: 899, commodity: 'CNY', kind: 'sale' }])
      const other = journal('j1', [{ from: clearing, to: pending, amount: 900, commodity: 'CNY', kind: 'sale' }])
      const post = (...journals: PostJournal[]) => kernel.database.transaction(undefined, (tx) => ledger.post(tx, journals))
      await expect(post(posted, other)).rejects.toMatchObject({ code: 'idempotency.conflict' })
      await post(posted, posted)
      expect(await ledger.service.check()).toMatchObject({ journals: 1, transfers: 1, balanced: true })
    })

    it('refuses a sum beyond what a number can hold, and rounds none', async () => {
      const most = Number.MAX_SAFE_INTEGER
      const save = (key: string) =>
        ledger.service.post(journal(key, [{ from: clearing, to: wallet, amount: most, commodity: 'CNY', kind: 'x' }]))
      await save('j1')
      await expect(save('j2')).rejects.toMatchObject({ code: 'ledger.balance_too_large' })
      await expect(
        ledger.service.post(
          journal('j3', [
            { from: clearing, to: { ...wallet, party: 'customer:d' }, amount: most, commodity: 'CNY', kind: 'x' },
            { from: clearing, to: { ...wallet, party: 'customer:d' }, amount: most, commodity: 'CNY', kind: 'x' },
          ]),
        ),
      ).rejects.toMatchObject({ code: 'money.unsafe_amount' })
      expect(await balanceOf('prepaid')).toBe(most)
    })

    it('refuses what would undo history by the back door', async () => {
      await ledger.service.post(journal('j1', [{ from: clearing, to: pending, amount: 899, commodity: 'CNY', kind: 'sale' }]))
      const doors =
        database.name === 'SQLite'
          ? [
              sql`INSERT OR REPLACE INTO ${journalTable} SELECT 'jrn_other', kind, source, key, content_hash, effective_at, posted_at, reverses FROM ${journalTable}`,
              sql`INSERT OR REPLACE INTO ${transferTable} SELECT journal_id, position, kind, from_account, to_account, 1, commodity, ref FROM ${transferTable}`,
              sql`INSERT OR REPLACE INTO ${accountTable} SELECT 'acc_other', party, purpose, commodity, guarded, created_at FROM ${accountTable}`,
            ]
          : [sql`TRUNCATE ${transferTable}`, sql`TRUNCATE ${journalTable} CASCADE`, sql`TRUNCATE ${accountTable} CASCADE`]
      for (const statement of [...doors, sql`UPDATE ${accountTable} SET party = 'platform'`, sql`DELETE FROM ${accountTable}`])
        await expect(kernel.database.transaction(undefined, (tx) => tx.run(statement))).rejects.toThrow()
      expect(await ledger.service.balances({})).toMatchObject([{ party: 'psp:card' }, { party: 'supplier:s', balance: 899 }])
    })

    it('takes the same number of statements for one journal as for two hundred', async () => {
      const count = async (journals: number, name: string): Promise<number> => {
        let statements = 0
        const stop = kernel.database.observe(() => statements++)
        await kernel.database.transaction(undefined, (tx) =>
          ledger.post(
            tx,
            Array.from({ length: journals }, (_, index) =>
              journal(`${name}${index}`, [{ from: clearing, to: pending, amount: 100, commodity: 'CNY', kind: 'sale', ref: `l${index}` }]),
            ),
          ),
        )
        stop()
        return statements
      }
      await count(1, 'warm')
      expect(await count(1, 'one')).toBe(await count(200, 'many'))
    })
  })
}
