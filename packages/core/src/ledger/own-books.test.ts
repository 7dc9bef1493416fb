import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel } from '../kernel/index.js'
import { openTestKernel, type TestKernel, testDatabases } from '../testing/index.js'
import { createLedger, type LedgerService, ledgerTables, type PostJournalInput } from './index.js'

const POINTS = 'POINTS'
const issued = { party: 'loyalty', purpose: 'issued' }
const ada = { party: 'customer:cus_ada', purpose: 'points' }
const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T00:00:00.000Z`

for (const database of testDatabases()) {
  describe(`an integrator's own books on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestKernel['clock']
    let ledger: LedgerService
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ kernel, clock, close } = await openTestKernel(database, [{ owner: 'ledger', migrations: [createTables('0001', ledgerTables)] }]))
      ledger = createLedger({ kernel }).service
    })
    afterEach(() => close())

    /** Points for Ada; a negative number takes them. */
    const points = (key: string, amount: number, effectiveAt = day(1), more: Partial<PostJournalInput> = {}): PostJournalInput => ({
      kind: 'loyalty',
      source: key,
      key,
      effectiveAt,
      transfers: [
        {
          from: amount > 0 ? issued : ada,
          to: amount > 0 ? ada : issued,
          amount: Math.abs(amount),
          commodity: POINTS,
          kind: amount > 0 ? 'earned' : 'spent',
        },
      ],
      ...more,
    })

    it('open an account once, with its guard said for ever', async () => {
      const opened = await ledger.open({ ...ada, commodity: POINTS, guarded: true })
      expect(opened).toMatchObject({ ...ada, commodity: POINTS, guarded: true })
      expect(await ledger.open({ ...ada, commodity: POINTS, guarded: true })).toEqual(opened)
      await expect(ledger.open({ ...ada, commodity: POINTS })).rejects.toMatchObject({ code: 'ledger.guard_mismatch' })
      const { id: accountId, ...account } = opened
      expect(await ledger.balance({ ...ada, commodity: POINTS })).toEqual({ accountId, ...account, balance: 0, held: 0, available: 0 })
      await expect(ledger.balance({ ...ada, commodity: 'CNY' })).rejects.toMatchObject({ code: 'ledger.account_not_found' })
    })

    it('keep points that nobody can overspend, also where the journal does not say that the account is guarded', async () => {
      await ledger.open({ ...ada, commodity: POINTS, guarded: true })
      await ledger.post(points('purchase', 300))
      await expect(ledger.post(points('gift', -301))).rejects.toMatchObject({ code: 'balance.insufficient' })
      await ledger.post(points('gift', -300))
      expect((await ledger.balance({ ...ada, commodity: POINTS })).balance).toBe(0)
    })

    it('answer a repeated key with the first journal', async () => {
      const first = await ledger.post(points('purchase', 300))
      expect(await ledger.post(points('purchase', 300))).toEqual(first)
      expect(await ledger.journal({ key: 'purchase' })).toMatchObject({
        id: first.id,
        effectiveAt: day(1),
        transfers: [{ from: issued, to: ada, amount: 300, commodity: POINTS, kind: 'earned', ref: null }],
        reverses: null,
        reversedBy: null,
      })
      await expect(ledger.journal({ key: 'none' })).rejects.toMatchObject({ code: 'ledger.journal_not_found' })
    })

    it('tell a balance at a time by when things were effective, however late they were posted', async () => {
      clock.set(day(20))
      await ledger.post(points('late', 100, day(10)))
      await ledger.post(points('early', 30, day(5)))
      const at = async (time: string) => (await ledger.balance({ ...ada, commodity: POINTS, at: time })).balance
      expect([await at(day(4)), await at(day(5)), await at(day(9)), await at(day(10))]).toEqual([0, 30, 30, 130])
    })

    it('state an account page by page, each line with the balance that it leaves', async () => {
      for (let number = 1; number <= 7; number++) await ledger.post(points(`p${number}`, number % 3 === 0 ? -1 : 10, day(number)))
      // Two of one moment, one of them with two transfers on the account.
      await ledger.post(points('twice', 5, day(7), { transfers: [...points('x', 5).transfers, ...points('y', -2).transfers] }))
      const { accountId } = await ledger.balance({ ...ada, commodity: POINTS })
      const whole = await ledger.statement({ accountId })
      expect(whole).toMatchObject({ account: { id: accountId, ...ada }, opening: 0, closing: 51, next: null })
      expect(whole.entries.map(({ amount }) => amount)).toEqual([10, 10, -1, 10, 10, -1, 10, 5, -2])
      expect(whole.entries.map(({ balance }) => balance)).toEqual([10, 20, 19, 29, 39, 38, 48, 53, 51])
      for (const limit of [1, 2, 4, 9]) {
        const paged: (typeof whole.entries)[number][] = []
        let closing = 0
        for (let after: string | undefined; ; ) {
          const page = await ledger.statement({ accountId, limit, after })
          expect(page.opening).toBe(closing)
          closing = page.closing
          paged.push(...page.entries)
          if (page.next === null) break
          after = page.next
        }
        expect(paged).toEqual(whole.entries)
      }
      expect(await ledger.statement({ accountId, from: day(3), to: day(5) })).toMatchObject({
        opening: 20,
        entries: [{ amount: -1 }, { amount: 10, balance: 29 }],
        closing: 29,
      })
      expect(await ledger.statement({ accountId, from: day(8) })).toMatchObject({ opening: 51, entries: [], closing: 51, next: null })
      await expect(ledger.statement({ accountId: 'acc_none' })).rejects.toMatchObject({ code: 'ledger.account_not_found' })
      await expect(ledger.statement({ accountId, after: 'x' })).rejects.toMatchObject({ code: 'input.invalid' })
    })

    it('sum to nothing in each commodity, now and at any time', async () => {
      await ledger.post(points('purchase', 300, day(1)))
      await ledger.post(points('gift', -100, day(2)))
      const card = { party: 'giftcard:1', purpose: 'balance' }
      const sold = { from: { party: 'psp:card', purpose: 'clearing' }, to: card, amount: 5000, commodity: 'CNY', kind: 'sold' }
      await ledger.post({ ...points('card', 1, day(2)), transfers: [sold], coreAccounts: true })
      expect(await ledger.trialBalance()).toEqual([
        {
          commodity: 'CNY',
          lines: [
            { purpose: 'balance', accounts: 1, debit: 0, credit: 5000 },
            { purpose: 'clearing', accounts: 1, debit: 5000, credit: 0 },
          ],
          debit: 5000,
          credit: 5000,
          total: 0,
        },
        {
          commodity: POINTS,
          lines: [
            { purpose: 'issued', accounts: 1, debit: 200, credit: 0 },
            { purpose: 'points', accounts: 1, debit: 0, credit: 200 },
          ],
          debit: 200,
          credit: 200,
          total: 0,
        },
      ])
      expect(await ledger.trialBalance({ commodity: POINTS, at: day(1) })).toMatchObject([{ debit: 300, credit: 300, total: 0 }])
    })

    it('take a journal back once, by a journal that names it', async () => {
      const { id: journalId } = await ledger.post(points('purchase', 300))
      clock.set(day(3))
      const back = await ledger.reverse({ journalId })
      clock.set(day(4))
      expect(await ledger.reverse({ journalId })).toEqual(back)
      expect(await ledger.journal({ journalId: back.id })).toMatchObject({
        kind: 'reversal',
        source: 'purchase',
        effectiveAt: day(3),
        reverses: journalId,
        transfers: [{ from: ada, to: issued, amount: 300 }],
      })
      expect(await ledger.journal({ journalId })).toMatchObject({ reversedBy: back.id })
      await expect(ledger.reverse({ journalId, key: 'again' })).rejects.toMatchObject({ code: 'ledger.already_reversed' })
      await expect(ledger.post(points('by-hand', -300, day(3), { reverses: journalId }))).rejects.toMatchObject({
        code: 'ledger.already_reversed',
      })
      await expect(ledger.reverse({ journalId, effectiveAt: day(5) })).rejects.toMatchObject({ code: 'idempotency.conflict' })
      const none = { code: 'ledger.journal_not_found' }
      await expect(ledger.reverse({ journalId: 'jrn_none' })).rejects.toMatchObject(none)
      await expect(ledger.post(points('none', 1, day(1), { reverses: 'jrn_none' }))).rejects.toMatchObject(none)
      expect((await ledger.balance({ ...ada, commodity: POINTS })).balance).toBe(0)
    })

    it('take a journal back once of ten who ask at the same time', async () => {
      const { id: journalId } = await ledger.post(points('purchase', 300))
      const all = await Promise.all(Array.from({ length: 10 }, () => ledger.reverse({ journalId })))
      expect(new Set(all.map((back) => back.id)).size).toBe(1)
      expect(await ledger.check()).toMatchObject({ journals: 2, balanced: true })
    })

    it('do not take back what has been spent since, where the account is guarded', async () => {
      await ledger.open({ ...ada, commodity: POINTS, guarded: true })
      const { id: journalId } = await ledger.post(points('purchase', 300))
      await ledger.post(points('gift', -1))
      await expect(ledger.reverse({ journalId })).rejects.toMatchObject({ code: 'balance.insufficient' })
      expect(await ledger.journal({ journalId })).toMatchObject({ reversedBy: null })
    })

    it("do not touch core's accounts by mistake", async () => {
      const core = [
        'platform',
        'supplier:sup_1',
        'distributor:dst_1',
        'tax',
        'tax:DE',
        'psp:card',
        'order:ord_1',
        'refunds',
        'payout',
        'fx',
      ]
      for (const party of core) {
        await expect(ledger.open({ party, purpose: 'points', commodity: POINTS })).rejects.toMatchObject({ code: 'ledger.core_account' })
        const to = { party, purpose: 'available' }
        const meant = points(`to-${party}`, 1, day(1), { transfers: [{ from: issued, to, amount: 1, commodity: POINTS, kind: 'x' }] })
        await expect(ledger.post(meant)).rejects.toMatchObject({ code: 'ledger.core_account' })
        const { id: journalId } = await ledger.post({ ...meant, coreAccounts: true })
        await expect(ledger.reverse({ journalId })).rejects.toMatchObject({ code: 'ledger.core_account' })
        await ledger.reverse({ journalId, coreAccounts: true })
      }
      // How its accounts are guarded is core's to say.
      const guarded = { party: 'supplier:sup_2', purpose: 'available', guarded: true }
      const journal = points('guarded', 1, day(1), { transfers: [{ from: issued, to: guarded, amount: 1, commodity: POINTS, kind: 'x' }] })
      await expect(ledger.post({ ...journal, coreAccounts: true })).rejects.toMatchObject({ code: 'ledger.core_account' })
      expect(await ledger.balances({ party: guarded.party })).toEqual([])
    })

    it('are not written by those who have claims in them', async () => {
      for (const type of ['supplier', 'distributor', 'customer'] as const) {
        const actor = { type, id: '1' }
        await expect(ledger.post(points('purchase', 300), { actor })).rejects.toMatchObject({ code: 'ledger.not_trusted' })
        await expect(ledger.open({ ...ada, commodity: POINTS }, { actor })).rejects.toMatchObject({ code: 'ledger.not_trusted' })
        await expect(ledger.reverse({ journalId: 'jrn_1' }, { actor })).rejects.toMatchObject({ code: 'ledger.not_trusted' })
      }
      await ledger.post(points('purchase', 300), { actor: { type: 'staff', id: '1' } })
    })

    it('hold ids and codes, and nobody’s name or address', async () => {
      for (const wrong of ['Ada Lovelace', 'ada@example.com'])
        for (const journal of [points(wrong, 1), { ...points('x', 1), source: wrong }])
          await expect(ledger.post(journal)).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(ledger.open({ party: 'user:ada@example.com', purpose: 'points', commodity: POINTS })).rejects.toMatchObject({
        code: 'input.invalid',
      })
      await expect(ledger.open({ party: 'user:1', purpose: 'a/b', commodity: POINTS })).rejects.toMatchObject({
        code: 'ledger.invalid_account',
      })
      expect(await ledger.check()).toMatchObject({ journals: 0 })
    })
  })
}
