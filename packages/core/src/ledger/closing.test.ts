import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Kernel, sql } from '../kernel/index.js'
import { testDatabases } from '../testing/index.js'
import { type BookKeeper, type BooksFixture, dropTriggers, openBooks } from '../testing/ledger.fixture.js'
import type { Ledger, PostJournal } from './index.js'
import { snapshotTable, tailTable, transferTable } from './ledger.entity.js'

const clearing = { party: 'psp:card', purpose: 'clearing' }
const pending = { party: 'supplier:s', purpose: 'pending' }
const wallet = { party: 'customer:c', purpose: 'prepaid', guarded: true }

function sale(key: string, amount = 100, to: PostJournal['transfers'][0]['to'] = pending): PostJournal {
  const transfers = [{ from: clearing, to, amount, commodity: 'CNY', kind: 'sale' }]
  return { kind: 'sale', source: key, key, effectiveAt: '2026-01-01T00:00:00.000Z', transfers }
}

for (const database of testDatabases()) {
  describe(`the closing of journals on ${database.name}`, () => {
    let books: BooksFixture
    let first: BookKeeper
    let kernel: Kernel
    let ledger: Ledger
    const open = async (processes?: number): Promise<void> => {
      books = await openBooks(database, processes)
      ;[first] = books.processes
      ;({ kernel, ledger } = first)
    }
    beforeEach(() => open())
    afterEach(() => books.close())

    const post = (...journals: PostJournal[]) => kernel.database.transaction(undefined, (tx) => ledger.post(tx, journals))
    const count = (table: typeof tailTable | typeof snapshotTable) =>
      kernel.database.read(undefined, async (reader) => Number((await reader.all(sql`SELECT COUNT(*) AS n FROM ${table}`))[0]?.n))
    const balanceOf = async (purpose: string) => (await ledger.service.balances({ purpose }))[0]?.balance
    const many = (prefix: string, number: number) => Array.from({ length: number }, (_, index) => sale(`${prefix}${index}`))
    const statements = async (work: () => Promise<unknown>): Promise<readonly string[]> => {
      const seen: string[] = []
      const stop = kernel.database.observe((text) => seen.push(text))
      await work().finally(stop)
      return seen
    }

    it('changes no balance: what is in the snapshot and what is in the tail count alike', async () => {
      await post(sale('a'), sale('b', 250, wallet))
      const before = await ledger.service.balances({})
      await first.work()
      expect(await count(tailTable)).toBe(0)
      expect(await count(snapshotTable)).toBe(3)
      expect(await ledger.service.balances({})).toEqual(before)
      await post(sale('c', 1))
      expect([await balanceOf('pending'), await balanceOf('clearing'), await balanceOf('prepaid')]).toEqual([101, -351, 250])
      expect(await ledger.service.trialBalance()).toMatchObject([{ debit: 351, credit: 351, total: 0 }])
      await first.work()
      expect([await balanceOf('pending'), await balanceOf('clearing'), await balanceOf('prepaid')]).toEqual([101, -351, 250])
      expect(await ledger.service.check()).toMatchObject({ balanced: true })
      expect(books.reports).toEqual([])
    })

    it('spares whoever asks for a balance the history: no transfer that is closed is read', async () => {
      await post(...many('old', 450))
      await first.work()
      expect(await count(tailTable)).toBe(0)
      await post(...many('new', 3))
      // Whoever read the history would miss what is gone from it.
      await dropTriggers(kernel, [transferTable])
      await kernel.database.transaction(undefined, (tx) =>
        tx.run(sql`DELETE FROM ${transferTable} WHERE journal_id NOT IN (SELECT journal_id FROM ${tailTable})`),
      )
      const asked = await statements(async () => expect(await balanceOf('pending')).toBe(45_300))
      expect(asked).toHaveLength(1)
      const trial = await statements(async () =>
        expect(await ledger.service.trialBalance()).toMatchObject([{ debit: 45_300, credit: 45_300 }]),
      )
      expect(trial).toHaveLength(1)
      expect(await ledger.service.check()).toMatchObject({ balanced: false })
    })

    it('takes the same statements for one journal as for two hundred', async () => {
      const used = async (number: number, prefix = `n${number}-`): Promise<number> => {
        await post(...many(prefix, number))
        return (await statements(first.work)).length
      }
      await used(1, 'first')
      expect(await used(1)).toBe(await used(199))
    })

    it('finds a journal that commits late, behind others whose ids are higher', async () => {
      // One writer at a time cannot overtake another.
      if (database.name === 'SQLite') return
      let commit = (): void => {}
      let posted = (): void => {}
      const committing = new Promise<void>((resolve) => {
        commit = resolve
      })
      const isPosted = new Promise<void>((resolve) => {
        posted = resolve
      })
      await post(sale('opens-the-accounts'))
      const late = kernel.database.transaction(undefined, async (tx) => {
        await ledger.post(tx, [sale('late', 7)])
        posted()
        await committing
      })
      await isPosted
      await post(sale('early', 30))
      await first.work()
      expect([await count(tailTable), await balanceOf('pending')]).toEqual([0, 130])
      commit()
      await late
      expect([await count(tailTable), await balanceOf('pending')]).toEqual([1, 137])
      await first.work()
      expect([await count(tailTable), await balanceOf('pending')]).toEqual([0, 137])
      expect(await ledger.service.check()).toMatchObject({ balanced: true })
      expect(await ledger.service.verify()).toMatchObject({ intact: true, sealed: 3, waiting: 0 })
    })

    it('counts nothing of a journal that was rolled back', async () => {
      await post(sale('a'))
      const undone = kernel.database.transaction(undefined, async (tx) => {
        await ledger.post(tx, [sale('b')])
        throw new Error('the host changed its mind')
      })
      await expect(undone).rejects.toThrow('changed its mind')
      await post(sale('a'))
      expect(await count(tailTable)).toBe(1)
      await first.work()
      expect(await balanceOf('pending')).toBe(100)
    })

    it('counts each journal once, with several processes that post and close at the same time', async () => {
      await books.close()
      await open(3)
      const posting = books.processes.flatMap((process, index) =>
        Array.from({ length: 20 }, (_, number) =>
          process.kernel.database.transaction(undefined, (tx) => process.ledger.post(tx, [sale(`p${index}-${number}`)])),
        ),
      )
      const closing = books.processes.map(async (process) => {
        for (let round = 0; round < 5; round++) await process.work()
      })
      await Promise.all([...posting, ...closing])
      await first.work()
      expect(await count(tailTable)).toBe(0)
      expect(await balanceOf('pending')).toBe(6000)
      expect(await ledger.service.check()).toMatchObject({ journals: 60, balanced: true })
      expect(books.reports).toEqual([])
    })

    it('goes on past a balance that no number can hold', async () => {
      const most = Number.MAX_SAFE_INTEGER
      await post(sale('a', most), sale('b', most), sale('c', most))
      await first.work()
      expect(await count(tailTable)).toBe(0)
      await expect(ledger.service.balances({ purpose: 'pending' })).rejects.toMatchObject({ code: 'database.unsafe_integer' })
      const back = { from: pending, to: clearing, commodity: 'CNY', kind: 'x' }
      await post({ ...sale('d'), transfers: [{ ...back, amount: most }] }, { ...sale('e'), transfers: [{ ...back, amount: most }] })
      await first.work()
      expect(await balanceOf('pending')).toBe(most)
    })

    it('tells a snapshot that somebody has changed', async () => {
      await post(sale('a'))
      await first.work()
      await kernel.database.transaction(undefined, (tx) => tx.run(sql`UPDATE ${snapshotTable} SET balance = 1 WHERE balance = 100`))
      expect(await ledger.service.check()).toMatchObject({ balanced: false, wrongBalances: [{ kept: 1, summed: 100 }] })
    })
  })
}
