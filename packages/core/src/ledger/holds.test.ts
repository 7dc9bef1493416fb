import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createTables, type Kernel, sql } from '../kernel/index.js'
import { openTestKernel, type TestKernel, testDatabases } from '../testing/index.js'
import { holdEndTable, holdTable } from './hold.entity.js'
import { createLedger, type HoldInput, type LedgerService, ledgerTables } from './index.js'

const CNY = 'CNY'
const safe = { party: 'deposits', purpose: 'safe' }
const wallet = { party: 'customer:cus_ada', purpose: 'deposit' }
const shop = { party: 'shop', purpose: 'takings' }
const day = (number: number): string => `2026-01-${String(number).padStart(2, '0')}T00:00:00.000Z`

for (const database of testDatabases()) {
  describe(`holds on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestKernel['clock']
    let ledger: LedgerService
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ kernel, clock, close } = await openTestKernel(database, [{ owner: 'ledger', migrations: [createTables('0001', ledgerTables)] }]))
      ledger = createLedger({ kernel }).service
      await kernel.jobs.start()
      await ledger.open({ ...wallet, commodity: CNY, guarded: true })
    })
    afterEach(() => close())

    const move = (key: string, amount: number, from: typeof safe, to: typeof safe) =>
      ledger.post({ kind: 'x', source: key, key, effectiveAt: day(1), transfers: [{ from, to, amount, commodity: CNY, kind: 'x' }] })
    const topUp = (amount: number) => move(`top-up-${amount}`, amount, safe, wallet)
    const rental = (key: string, amount: number, more: Partial<HoldInput> = {}): HoldInput => ({
      from: wallet,
      to: shop,
      amount,
      commodity: CNY,
      kind: 'rental',
      source: key,
      key,
      ...more,
    })
    const inWallet = async (at?: string) => {
      const { balance, held, available } = await ledger.balance({ ...wallet, commodity: CNY, at })
      return { balance, held, available }
    }
    const balanced = async () => expect(await ledger.check()).toMatchObject({ balanced: true, wrongBalances: [], wrongHolds: [] })
    const succeeded = <Result>(results: readonly PromiseSettledResult<Result>[]): readonly Result[] =>
      results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []))

    it('reserve first: what is held stays, and is not available', async () => {
      await topUp(1000)
      await ledger.hold(rental('bike', 600))
      expect(await inWallet()).toEqual({ balance: 1000, held: 600, available: 400 })
      await expect(ledger.hold(rental('car', 401))).rejects.toMatchObject({ code: 'balance.insufficient' })
      await expect(move('spend', 401, wallet, shop)).rejects.toMatchObject({ code: 'balance.insufficient' })
      await move('spend', 400, wallet, shop)
      expect(await inWallet()).toEqual({ balance: 600, held: 600, available: 0 })
      await balanced()
    })

    it('are captured in whole or in part, by a journal, and the rest is available again', async () => {
      await topUp(1000)
      const whole = await ledger.hold(rental('bike', 600))
      const part = await ledger.hold(rental('lock', 100))
      clock.set(day(2))
      expect(await ledger.capture({ holdId: whole.id })).toMatchObject({
        holdId: whole.id,
        outcome: 'captured',
        captured: 600,
        endedAt: day(2),
      })
      const { journalId } = await ledger.capture({ holdId: part.id, amount: 30, effectiveAt: day(1) })
      expect(await ledger.journal({ journalId: journalId ?? '' })).toMatchObject({
        kind: 'rental',
        source: 'lock',
        effectiveAt: day(1),
        transfers: [{ from: wallet, to: shop, amount: 30 }],
      })
      expect(await inWallet()).toEqual({ balance: 370, held: 0, available: 370 })
      expect((await ledger.balance({ ...shop, commodity: CNY })).balance).toBe(630)
      await balanced()
    })

    it('are released, and nothing is posted', async () => {
      await topUp(1000)
      const { id: holdId } = await ledger.hold(rental('bike', 600))
      expect(await ledger.release({ holdId })).toMatchObject({ outcome: 'released', captured: 0, journalId: null })
      expect(await inWallet()).toEqual({ balance: 1000, held: 0, available: 1000 })
      expect(await ledger.check()).toMatchObject({ journals: 1, balanced: true })
    })

    it('lapse by themselves at their moment, whether or not a worker has run', async () => {
      await topUp(1000)
      const { id: holdId } = await ledger.hold(rental('bike', 600, { expiresAt: day(3) }))
      clock.set('2026-01-02T23:59:59.999Z')
      expect(await inWallet()).toMatchObject({ held: 600 })
      clock.set(day(3))
      const lapsed = { holdId, outcome: 'lapsed', captured: 0, journalId: null, endedAt: day(3) }
      expect(await inWallet()).toEqual({ balance: 1000, held: 0, available: 1000 })
      expect(await ledger.findHold({ holdId })).toMatchObject({ id: holdId, end: lapsed })
      await expect(ledger.capture({ holdId })).rejects.toMatchObject({ code: 'ledger.hold_ended', details: { outcome: 'lapsed' } })
      // All of it is there to be had, by another hold or by a journal.
      const { id: other } = await ledger.hold(rental('car', 1000))
      expect(await ledger.release({ holdId })).toEqual(lapsed)
      await ledger.release({ holdId: other })
      await ledger.hold(rental('boat', 500, { expiresAt: day(4) }))
      clock.set(day(5))
      await kernel.background.drain()
      expect(await ledger.findHold({ key: 'boat' })).toMatchObject({ end: { outcome: 'lapsed', endedAt: day(4) } })
      await balanced()
      expect([await inWallet(day(2)), await inWallet(day(3)), await inWallet(day(4))].map(({ held }) => held)).toEqual([600, 500, 0])
    })

    it('let a journal over several guarded accounts have what has lapsed on any of them', async () => {
      await topUp(1000)
      const other = { ...wallet, party: 'customer:cus_bea' }
      await ledger.open({ ...other, commodity: CNY, guarded: true })
      await move('bea', 100, safe, other)
      await ledger.hold(rental('bike', 1000, { expiresAt: day(3) }))
      const both = (key: string, bea: number) =>
        ledger.post({
          ...{ kind: 'x', source: key, key, effectiveAt: day(1) },
          transfers: [
            { from: wallet, to: shop, amount: 1000, commodity: CNY, kind: 'x' },
            { from: other, to: shop, amount: bea, commodity: CNY, kind: 'x' },
          ],
        })
      await expect(both('early', 100)).rejects.toMatchObject({ code: 'balance.insufficient' })
      clock.set(day(3))
      await expect(both('too-much', 101)).rejects.toMatchObject({
        code: 'balance.insufficient',
        details: { accounts: [expect.stringContaining('bea')] },
      })
      await both('now', 100)
      expect(await inWallet()).toEqual({ balance: 0, held: 0, available: 0 })
      await balanced()
    })

    it('succeed exactly fifty times of a hundred of 100 at once on 5,000', async () => {
      await topUp(5000)
      const results = await Promise.allSettled(Array.from({ length: 100 }, (_, index) => ledger.hold(rental(`h${index}`, 100))))
      expect(succeeded(results)).toHaveLength(50)
      expect(results.find((result) => result.status === 'rejected')).toMatchObject({ reason: { code: 'balance.insufficient' } })
      expect(await inWallet()).toEqual({ balance: 5000, held: 5000, available: 0 })
      await balanced()
    })

    it('end once: of capture, release and lapse at the same moment one wins', async () => {
      await topUp(3000)
      const holds = await Promise.all(
        Array.from({ length: 30 }, (_, index) =>
          ledger.hold(rental(`h${index}`, 100, { expiresAt: index % 2 === 0 ? day(2) : undefined })),
        ),
      )
      const ends = holds.flatMap(({ id: holdId }, index) => [
        ledger.capture({ holdId, amount: 1 + (index % 100) }),
        ledger.capture({ holdId, amount: 100 }),
        ledger.release({ holdId }),
        // In the middle of it all their time is over.
        index === 10 ? Promise.resolve(clock.set(day(2))).then(() => kernel.background.drain()) : undefined,
      ])
      const lost = (await Promise.allSettled(ends)).flatMap((result) => (result.status === 'rejected' ? [result.reason.code] : []))
      expect(new Set(lost)).toEqual(new Set(['ledger.hold_ended']))
      await kernel.background.drain()
      const states = await Promise.all(holds.map(({ id: holdId }) => ledger.findHold({ holdId })))
      const captured = states.reduce((sum, { end }) => sum + (end?.captured ?? 0), 0)
      expect(states.every(({ end }) => end !== null)).toBe(true)
      expect(await inWallet()).toEqual({ balance: 3000 - captured, held: 0, available: 3000 - captured })
      expect((await ledger.check()).journals).toBe(1 + states.filter(({ end }) => end?.outcome === 'captured').length)
      await balanced()
    })

    it('are swept once by two processes at the same moment', async () => {
      await topUp(1000)
      const holds = await Promise.all(
        Array.from({ length: 10 }, (_, index) => ledger.hold(rental(`h${index}`, 100, { expiresAt: day(2) }))),
      )
      clock.set(day(2))
      await Promise.all([
        kernel.background.drain(),
        ...holds.map(({ id: holdId }) => ledger.release({ holdId })),
        kernel.background.drain(),
      ])
      expect(await inWallet()).toEqual({ balance: 1000, held: 0, available: 1000 })
      await balanced()
    })

    it('answer a repeated request with the first answer', async () => {
      await topUp(1000)
      const hold = await ledger.hold(rental('bike', 600, { expiresAt: day(9) }))
      const end = await ledger.capture({ holdId: hold.id, amount: 200 })
      clock.set(day(10))
      expect(await ledger.hold(rental('bike', 600, { expiresAt: day(9) }))).toEqual(hold)
      expect(await ledger.capture({ holdId: hold.id, amount: 200 })).toEqual(end)
      expect(await ledger.findHold({ key: 'bike' })).toEqual({ ...hold, end })
      await expect(ledger.hold(rental('bike', 601))).rejects.toMatchObject({ code: 'idempotency.conflict' })
      await expect(ledger.capture({ holdId: hold.id, amount: 201 })).rejects.toMatchObject({ code: 'ledger.hold_ended' })
      await expect(ledger.release({ holdId: hold.id })).rejects.toMatchObject({ code: 'ledger.hold_ended' })
      const { id: holdId } = await ledger.hold(rental('lock', 100))
      const released = await ledger.release({ holdId })
      clock.set(day(11))
      expect(await ledger.release({ holdId })).toEqual(released)
      expect(await inWallet()).toEqual({ balance: 800, held: 0, available: 800 })
    })

    it('answer ten who ask at once with one hold', async () => {
      await topUp(1000)
      const all = await Promise.all(Array.from({ length: 10 }, () => ledger.hold(rental('bike', 600))))
      expect(new Set(all.map(({ id }) => id)).size).toBe(1)
      expect(await inWallet()).toEqual({ balance: 1000, held: 600, available: 400 })
    })

    it('refuse what makes no sense, and then hold nothing', async () => {
      await topUp(1000)
      const { id: holdId } = await ledger.hold(rental('bike', 600))
      await expect(ledger.capture({ holdId, amount: 601 })).rejects.toMatchObject({ code: 'ledger.capture_exceeds_hold' })
      await expect(ledger.capture({ holdId: 'hld_none' })).rejects.toMatchObject({ code: 'ledger.hold_not_found' })
      await expect(ledger.findHold({ key: 'none' })).rejects.toMatchObject({ code: 'ledger.hold_not_found' })
      await expect(ledger.hold(rental('past', 1, { expiresAt: clock.now() }))).rejects.toMatchObject({ code: 'ledger.hold_in_past' })
      await expect(ledger.hold(rental('self', 1, { to: wallet }))).rejects.toMatchObject({ code: 'ledger.same_account' })
      const core = { party: 'platform', purpose: 'commission' }
      await expect(ledger.hold(rental('core', 1, { to: core }))).rejects.toMatchObject({ code: 'ledger.core_account' })
      for (const amount of [0, -1, 0.5]) await expect(ledger.hold(rental('x', amount))).rejects.toMatchObject({ code: 'input.invalid' })
      expect(await inWallet()).toEqual({ balance: 1000, held: 600, available: 400 })
    })

    it('refuse nothing on an account that is not guarded, and are counted all the same', async () => {
      const { id: holdId } = await ledger.hold(rental('bike', 600, { from: safe }))
      expect(await ledger.balance({ ...safe, commodity: CNY })).toMatchObject({ balance: 0, held: 600, available: -600 })
      await ledger.capture({ holdId })
      expect(await ledger.balance({ ...safe, commodity: CNY })).toMatchObject({ balance: -600, held: 0, available: -600 })
      await balanced()
    })

    it('are never changed or removed', async () => {
      await topUp(1000)
      const { id: holdId } = await ledger.hold(rental('bike', 600))
      await ledger.capture({ holdId })
      for (const statement of [
        sql`UPDATE ${holdTable} SET amount = 1`,
        sql`DELETE FROM ${holdTable}`,
        sql`UPDATE ${holdEndTable} SET captured = 1`,
        sql`DELETE FROM ${holdEndTable}`,
      ])
        await expect(kernel.database.transaction(undefined, (tx) => tx.run(statement))).rejects.toThrow(/append-only/)
    })
  })
}
