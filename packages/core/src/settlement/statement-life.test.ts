import { afterEach, describe, expect, it } from 'vitest'
import { type Actor, addDays, addMillis } from '../kernel/index.js'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import type { SettlementOptions } from './policy.js'

const start = '2026-01-10T08:00:00.000Z'
const monthsEnd = '2026-02-01T00:00:00.000Z'
const party = 'distributor:dst_one'
const staff: Actor = { type: 'staff', id: '7' }
const member: Actor = { type: 'distributor', id: 'm1' }

for (const database of testDatabases()) {
  describe(`the life of a statement on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: (() => Promise<void>) | undefined
    afterEach(async () => {
      await close?.()
      close = undefined
    })
    const open = async (settlement: SettlementOptions): Promise<void> => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        settlement: { holdDays: 0, cycle: 'monthly', ...settlement },
      }))
      await give(5000)
    }
    const give = (amount: number, of = party): Promise<void> =>
      commerce.settlement.adjust({ party: of, amount, currency: 'CNY', reason: 'opening' })
    const current = async (of = party) => {
      const [statement] = await commerce.settlement.statements({ party: of })
      if (!statement) throw new Error(`${of} has no statement`)
      return statement
    }
    const claims = async (of = party) => (await commerce.settlement.balances({ party: of }))[0]
    const draw = async () => {
      const statement = await commerce.settlement.draw({ party, currency: 'CNY' })
      if (!statement) throw new Error('nothing was drawn')
      return statement
    }
    const history = async (statementId: string): Promise<readonly string[]> =>
      (await commerce.settlement.statementHistory({ statementId })).map(({ action, to, by }) => `${action} ${to} ${by}`)
    /** A minute's background work. */
    const aMinute = (): Promise<void> => advance(commerce, clock, addMillis(clock.now(), 60_000))

    describe('without approvals', () => {
      it('is drawn, approved and locked in one by the cycle, and its history says so', async () => {
        await open({})
        await advance(commerce, clock, monthsEnd)
        const statement = await current()
        expect(statement).toMatchObject({ state: 'locked', approvalNeeded: null, silentFrom: null, approvedBy: 'system' })
        expect(await history(statement.id)).toEqual(['drawn draft system', 'approved approved system', 'locked locked system'])
      })

      it('waits, drawn by hand, for a hand to lock it', async () => {
        await open({})
        const { id: statementId } = await draw()
        await commerce.settlement.approveStatement({ statementId, by: 'operator' }, { actor: staff })
        await aMinute()
        expect(await current()).toMatchObject({ state: 'approved' })
        await commerce.settlement.lock({ statementId }, { actor: staff })
        expect(await history(statementId)).toEqual(['drawn draft system', 'approved approved staff:7', 'locked locked staff:7'])
      })
    })

    describe.each([
      { approval: 'operator', sides: ['operator'] },
      { approval: 'party', sides: ['party'] },
      { approval: 'both', sides: ['operator', 'party'] },
      { approval: 'both', sides: ['party', 'operator'] },
    ] as const)('that waits for $approval, approved by $sides', ({ approval, sides }) => {
      it('pays nothing before it has what it waits for, and everything within a minute of it', async () => {
        await open({ approval })
        await advance(commerce, clock, monthsEnd)
        const { id: statementId } = await current()
        const settled = () => commerce.settlement.settle({ party, currency: 'CNY', until: monthsEnd })
        for (const by of sides) {
          expect(await settled()).toMatchObject({ id: statementId, state: 'draft', approvalNeeded: approval })
          await aMinute()
          await expect(commerce.settlement.lock({ statementId })).rejects.toMatchObject({ code: 'statement.wrong_state' })
          expect(await claims()).toMatchObject({ available: 5000, inPayout: 0 })
          // Twice is once.
          for (const _ of [1, 2]) await commerce.settlement.approveStatement({ statementId, by })
        }
        expect(await current()).toMatchObject({ state: 'approved', lockedAt: null })
        await aMinute()
        expect(await current()).toMatchObject({ state: 'locked' })
        expect(await claims()).toMatchObject({ available: 0, inPayout: 5000 })
        const steps = await commerce.settlement.statementHistory({ statementId })
        expect(steps.map(({ action, side }) => [action, side])).toEqual([
          ['drawn', null],
          ...sides.map((by) => ['approved', by]),
          ['locked', null],
        ])
      })
    })

    it('takes the other side\u2019s approval for no more than that', async () => {
      await open({ approval: 'party' })
      const { id: statementId } = await draw()
      expect(await commerce.settlement.approve({ statementId })).toMatchObject({ state: 'draft', operatorApprovedAt: start })
      await aMinute()
      expect(await current()).toMatchObject({ state: 'draft', partyApprovedAt: null })
    })

    it('keeps to what was asked for when it was drawn, whatever the option says later', async () => {
      const shared = await database.createShared()
      const { createCommerce } = await import('../commerce.js')
      const { createTestClock } = await import('../testing/index.js')
      const at = createTestClock(start)
      const as = (approval: 'none' | 'both') =>
        createCommerce({
          database: shared.location,
          schema: shared.schema,
          clock: at,
          background: 'manual',
          migrate: true,
          settlement: { holdDays: 0, cycle: 'manual', approval },
        })
      const strict = await as('both')
      await strict.settlement.adjust({ party, amount: 100, currency: 'CNY', reason: 'x' })
      const { id: statementId = '' } = (await strict.settlement.draw({ party, currency: 'CNY' })) ?? {}
      await strict.close()
      const lax = await as('none')
      expect(await lax.settlement.settle({ party, currency: 'CNY' })).toMatchObject({ id: statementId, state: 'draft' })
      await lax.settlement.approve({ statementId })
      await expect(lax.settlement.lock({ statementId })).rejects.toMatchObject({ code: 'statement.wrong_state' })
      await lax.close()
      await shared.drop()
    })

    describe('whose party is silent', () => {
      it('is approved by that when the time is over, to the millisecond, and not before', async () => {
        await open({ approval: 'party', approvalDays: 5 })
        await advance(commerce, clock, monthsEnd)
        const { id, silentFrom } = await current()
        expect(silentFrom).toBe(addDays(monthsEnd, 5))
        await advance(commerce, clock, addMillis(addDays(monthsEnd, 5), -1))
        expect(await current()).toMatchObject({ state: 'draft' })
        await advance(commerce, clock, addMillis(addDays(monthsEnd, 5), 60_000))
        expect(await current()).toMatchObject({ state: 'locked', approvedBy: 'system' })
        expect(await commerce.settlement.statementHistory({ statementId: id })).toContainEqual(
          expect.objectContaining({ action: 'approved', side: 'party', by: 'system', reason: expect.stringContaining('silent') }),
        )
      })

      it('still waits for the operator where both are asked', async () => {
        await open({ approval: 'both', approvalDays: 5 })
        const { id: statementId } = await draw()
        await advance(commerce, clock, addDays(start, 6))
        expect(await current()).toMatchObject({ state: 'draft', partyApprovedAt: expect.any(String) })
        await commerce.settlement.approve({ statementId })
        await aMinute()
        expect(await current()).toMatchObject({ state: 'locked' })
      })

      it('waits for ever where no time is set, and while it is disputed', async () => {
        await open({ approval: 'party' })
        await draw()
        await advance(commerce, clock, addDays(start, 21))
        expect(await current()).toMatchObject({ state: 'draft' })
        await close?.()
        await open({ approval: 'party', approvalDays: 5 })
        const { id: statementId } = await draw()
        await commerce.settlement.disputeStatement({ statementId, by: 'party', reason: 'too little' })
        await advance(commerce, clock, addDays(start, 9))
        expect(await current()).toMatchObject({ state: 'disputed' })
        await commerce.settlement.resolveDispute({ statementId, by: 'operator', resolution: 'rejected', reason: 'as agreed' })
        expect(await current()).toMatchObject({ state: 'draft', silentFrom: addDays(clock.now(), 5) })
      })

      it('counts for many at once', async () => {
        await open({ approval: 'party', approvalDays: 1, cycle: 'manual' })
        const all = Array.from({ length: 130 }, (_, index) => `distributor:dst_${1000 + index}`)
        await commerce.ledger.post({
          ...{ kind: 'adjustment', source: 'opening', key: 'opening', effectiveAt: start, coreAccounts: true },
          transfers: all.map((each) => ({
            from: { party: 'platform', purpose: 'adjustments' },
            to: { party: each, purpose: 'available' },
            amount: 1000,
            commodity: 'CNY',
            kind: 'adjustment',
          })),
        })
        expect(await commerce.settlement.run()).toMatchObject({ statements: 131 })
        await advance(commerce, clock, addMillis(addDays(start, 1), 60_000))
        const states = (await commerce.settlement.statements({ limit: 200 })).map(({ state }) => state)
        expect(states).toEqual(Array.from({ length: 131 }, () => 'locked'))
        expect(await commerce.settlement.payouts({ limit: 200 })).toHaveLength(131)
      })
    })

    describe('that is disputed', () => {
      const resolve = (statementId: string, more: object) =>
        commerce.settlement.resolveDispute({ statementId, by: 'operator', reason: 'looked into', ...more } as never)

      it('is not paid, and neither approved, locked nor settled, until that is resolved', async () => {
        await open({ approval: 'operator' })
        const { id: statementId } = await draw()
        await commerce.settlement.approve({ statementId })
        const disputed = await commerce.settlement.disputeStatement(
          { statementId, by: 'party', reason: 'a fee too many', lines: ['adjustments'] },
          { actor: member },
        )
        expect(disputed).toMatchObject({ state: 'disputed', disputedBy: 'party', approvedAt: null })
        const { settlement } = commerce
        for (const step of [
          () => settlement.approve({ statementId }),
          () => settlement.lock({ statementId }),
          () => settlement.disputeStatement({ statementId, by: 'operator', reason: 'as well' }),
        ])
          await expect(step()).rejects.toMatchObject({ code: 'statement.wrong_state' })
        expect(await settlement.settle({ party, currency: 'CNY' })).toMatchObject({ state: 'disputed' })
        await aMinute()
        await advance(commerce, clock, monthsEnd)
        expect(await claims()).toMatchObject({ available: 5000, inPayout: 0 })
        await expect(settlement.withdraw({ party, currency: 'CNY', amount: 1 })).rejects.toMatchObject({ code: 'balance.insufficient' })
        expect(await settlement.statementHistory({ statementId })).toContainEqual(
          expect.objectContaining({
            action: 'disputed',
            side: 'party',
            by: 'distributor:m1',
            reason: 'a fee too many',
            lines: ['adjustments'],
          }),
        )
      })

      it('stands again where the dispute is withdrawn or rejected, with what had been approved', async () => {
        await open({ approval: 'both' })
        const { id: statementId } = await draw()
        await commerce.settlement.approve({ statementId })
        for (const end of [
          { by: 'party', resolution: 'withdrawn' },
          { by: 'operator', resolution: 'rejected' },
        ]) {
          await commerce.settlement.disputeStatement({ statementId, by: 'party', reason: 'no' })
          expect(await resolve(statementId, end)).toMatchObject({ state: 'draft', disputedBy: null, operatorApprovedAt: start })
        }
        await commerce.settlement.approveStatement({ statementId, by: 'party' })
        await aMinute()
        expect(await current()).toMatchObject({ id: statementId, state: 'locked' })
      })

      it('loses the approval of who disputes it', async () => {
        await open({ approval: 'both' })
        const { id: statementId } = await draw()
        for (const by of ['operator', 'party'] as const) await commerce.settlement.approveStatement({ statementId, by })
        await commerce.settlement.disputeStatement({ statementId, by: 'operator', reason: 'a mistake of ours' })
        expect(await resolve(statementId, { resolution: 'rejected' })).toMatchObject({
          state: 'draft',
          operatorApprovedAt: null,
          partyApprovedAt: start,
        })
      })

      it('may be put right in the next one', async () => {
        await open({ approval: 'party' })
        const { id: statementId } = await draw()
        await commerce.settlement.disputeStatement({ statementId, by: 'party', reason: '300 are missing' })
        expect(await resolve(statementId, { resolution: 'adjusted', amount: 300 })).toMatchObject({ payable: 5000, state: 'draft' })
        await commerce.settlement.approveStatement({ statementId, by: 'party' })
        await aMinute()
        expect(await current()).toMatchObject({ id: statementId, state: 'locked', payable: 5000 })
        const next = await draw()
        expect(next).toMatchObject({ opening: 0, payable: 300, lines: [{ kind: 'adjustments', amount: 300 }, { kind: 'payout' }] })
        const [entry] = (await commerce.settlement.statementHistory({ statementId })).filter(({ action }) => action === 'dispute_resolved')
        expect(entry).toMatchObject({ reason: 'looked into', subjectId: expect.stringMatching(/^adj_/) })
      })

      it('may be drawn anew with nothing left to be paid', async () => {
        await open({ approval: 'party' })
        const { id: statementId } = await draw()
        await commerce.settlement.disputeStatement({ statementId, by: 'operator', reason: 'paid already' })
        const redrawn = await resolve(statementId, { resolution: 'redrawn', amount: -5000 })
        expect(redrawn).toMatchObject({ closing: 0, payable: 0, lines: [{ kind: 'adjustments', amount: 0, count: 2 }] })
      })

      it('may be drawn anew under another id, with the correction in it', async () => {
        await open({ approval: 'party' })
        await advance(commerce, clock, monthsEnd)
        const { id: statementId } = await current()
        await advance(commerce, clock, addDays(monthsEnd, 3))
        await give(40)
        await commerce.settlement.disputeStatement({ statementId, by: 'party', reason: '300 are missing' })
        const redrawn = await resolve(statementId, { resolution: 'redrawn', amount: 300 })
        expect(redrawn).toMatchObject({ state: 'draft', until: monthsEnd, opening: 0, payable: 5300, partyApprovedAt: null })
        expect(redrawn?.id).not.toBe(statementId)
        expect(await commerce.settlement.statements({ party })).toHaveLength(1)
        await expect(commerce.settlement.approveStatement({ statementId, by: 'party' })).rejects.toMatchObject({
          code: 'statement.not_found',
        })
        expect((await commerce.settlement.statementHistory({ statementId })).at(-1)).toMatchObject({
          action: 'dispute_resolved',
          from: 'disputed',
          to: null,
          subjectId: redrawn?.id,
        })
        await commerce.settlement.approveStatement({ statementId: redrawn?.id ?? '', by: 'party' })
        await aMinute()
        expect(await claims()).toMatchObject({ available: 40, inPayout: 5300 })
      })
    })

    describe('that is discarded', () => {
      it('leaves what stood in it to the next one, and its history behind', async () => {
        await open({ approval: 'operator' })
        const first = await draw()
        await commerce.settlement.discardStatement({ statementId: first.id, reason: 'too early' }, { actor: staff })
        await expect(commerce.settlement.statement({ statementId: first.id })).rejects.toMatchObject({ code: 'statement.not_found' })
        expect(await history(first.id)).toEqual(['drawn draft system', 'discarded null staff:7'])
        await give(100)
        const second = await draw()
        expect(second).toMatchObject({ opening: 0, payable: 5100, until: first.until })
        await commerce.settlement.approve({ statementId: second.id })
        await aMinute()
        expect(await claims()).toMatchObject({ available: 0, inPayout: 5100 })
        await expect(commerce.settlement.discardStatement({ statementId: second.id, reason: 'late' })).rejects.toMatchObject({
          code: 'statement.wrong_state',
        })
      })

      it('is drawn by the next end of the cycle, with all that came since, whatever month it is', async () => {
        await open({})
        await advance(commerce, clock, monthsEnd)
        clock.set(addDays(monthsEnd, 1))
        await give(200)
        const { id: statementId } = await draw()
        await commerce.settlement.discardStatement({ statementId, reason: 'not yet' })
        await give(100)
        await advance(commerce, clock, '2026-03-01T00:00:00.000Z')
        expect(await current()).toMatchObject({ state: 'locked', payable: 300, opening: 0, closing: 0 })
        expect(await claims()).toMatchObject({ available: 0, inPayout: 5300 })
      })
    })

    it('is not for strangers to move on', async () => {
      await open({ approval: 'both' })
      const { id: statementId } = await draw()
      const { settlement } = commerce
      const refused = (step: Promise<unknown>) => expect(step).rejects.toMatchObject({ code: 'statement.not_permitted' })
      const supplier: Actor = { type: 'supplier', id: 's' }
      await refused(settlement.approveStatement({ statementId, by: 'operator' }, { actor: member }))
      await refused(settlement.approve({ statementId }, { actor: member }))
      await refused(settlement.approveStatement({ statementId, by: 'party' }, { actor: supplier }))
      await refused(settlement.disputeStatement({ statementId, by: 'party', reason: 'x' }, { actor: { type: 'customer', id: 'c' } }))
      await refused(settlement.discardStatement({ statementId, reason: 'x' }, { actor: member }))
      await settlement.disputeStatement({ statementId, by: 'operator', reason: 'x' })
      await refused(settlement.resolveDispute({ statementId, by: 'operator', resolution: 'rejected', reason: 'x' }, { actor: member }))
      await expect(
        settlement.resolveDispute({ statementId, by: 'party', resolution: 'withdrawn', reason: 'x' }, { actor: member }),
      ).rejects.toMatchObject({ code: 'statement.dispute_not_yours' })
      expect(await history(statementId)).toEqual(['drawn draft system', 'disputed disputed system'])
    })

    it('is left as it was by input that makes no sense', async () => {
      await open({ approval: 'both' })
      const { id: statementId } = await draw()
      const { settlement } = commerce
      const before = await current()
      for (const [step, code] of [
        [() => settlement.approveStatement({ statementId, by: 'bank' as 'party' }), 'input.invalid'],
        [() => settlement.approveStatement({ statementId: 'stm_none', by: 'party' }), 'statement.not_found'],
        [() => settlement.disputeStatement({ statementId, by: 'party', reason: '' }), 'input.invalid'],
        [() => settlement.disputeStatement({ statementId, by: 'party', reason: 'x', lines: ['sales'] }), 'statement.line_unknown'],
        [() => settlement.resolveDispute({ statementId, by: 'operator', resolution: 'rejected', reason: 'x' }), 'statement.wrong_state'],
        [() => settlement.resolveDispute({ statementId, by: 'party' as 'operator', resolution: 'rejected', reason: 'x' }), 'input.invalid'],
        [() => settlement.resolveDispute({ statementId, by: 'operator', resolution: 'adjusted', amount: 0, reason: 'x' }), 'input.invalid'],
        [() => settlement.discardStatement({ statementId: 'stm_none', reason: 'x' }), 'statement.not_found'],
        [() => settlement.statementHistory({ statementId: 'stm_none' }), 'statement.not_found'],
      ] as const)
        await expect(step()).rejects.toMatchObject({ code })
      expect(await current()).toEqual(before)
      await expect(open({ approval: 'everybody' as 'both' })).rejects.toThrow()
      await expect(open({ approvalDays: 0 })).rejects.toThrow()
    })

    describe('raced for', () => {
      it('is either approved or disputed, and paid once or not at all', async () => {
        await open({ approval: 'party', cycle: 'manual' })
        for (let round = 0; round < 6; round++) {
          clock.set(addDays(clock.now(), 1))
          await give(100)
          const { id: statementId, payable } = await draw()
          const before = (await claims())?.inPayout ?? 0
          const { settlement, background } = commerce
          clock.set(addMillis(clock.now(), 60_000))
          await Promise.allSettled([
            settlement.approveStatement({ statementId, by: 'party' }),
            settlement.disputeStatement({ statementId, by: 'operator', reason: 'wait' }),
            background.drain(),
            settlement.run(),
            settlement.approveStatement({ statementId, by: 'party' }),
            settlement.settle({ party, currency: 'CNY' }),
          ])
          const { state } = await settlement.statement({ statementId })
          const paid = ((await claims())?.inPayout ?? 0) - before
          expect(paid).toBe(state === 'locked' ? payable : 0)
          if (state !== 'locked') {
            if (state === 'disputed') await settlement.resolveDispute({ statementId, by: 'operator', resolution: 'rejected', reason: 'x' })
            await settlement.approveStatement({ statementId, by: 'party' })
            await aMinute()
            expect((await settlement.statement({ statementId })).state).toBe('locked')
          }
        }
        expect((await claims())?.available).toBe(0)
        expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
      })

      it('is paid once by many that lock it, or gone where one discards it first', async () => {
        await open({ approval: 'operator', cycle: 'manual' })
        for (let round = 0; round < 6; round++) {
          clock.set(addDays(clock.now(), 1))
          await give(100)
          const { id: statementId } = await draw()
          const { settlement } = commerce
          const results = await Promise.allSettled([
            settlement.discardStatement({ statementId, reason: 'x' }),
            settlement.approve({ statementId }).then(() => settlement.lock({ statementId })),
            settlement.settle({ party, currency: 'CNY' }),
          ])
          for (const result of results)
            if (result.status === 'rejected')
              expect(result.reason).toMatchObject({ code: expect.stringMatching(/^statement\.(not_found|wrong_state)$/) })
          const left = (await settlement.statements({ party, limit: 200 })).find(({ state }) => state !== 'locked')
          if (left) await settlement.discardStatement({ statementId: left.id, reason: 'x' })
        }
        const payouts = await commerce.settlement.payouts({ party })
        const paid = payouts.reduce((sum, { amount }) => sum + amount, 0)
        expect(await claims()).toMatchObject({ available: 5600 - paid, inPayout: paid })
        expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
      })
    })
  })
}
