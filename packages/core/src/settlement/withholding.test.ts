import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advance, openTestCommerce, type TestClock, type TestCommerce, testDatabases } from '../testing/index.js'
import { cnLabourSingle } from './cn-labour-single.js'
import { netOfTax, type Withholding, withholdingFor } from './withholding.js'

const party = 'distributor:dst_one'

describe('China\u2019s tax on a single payment for labour', () => {
  const taxOf = (gross: number): number => cnLabourSingle.taxOf({ party, currency: 'CNY', gross })

  it.each([
    // Up to 800 yuan nothing.
    [0, 0],
    [80_000, 0],
    // To 4,000 the amount less 800, at 20 %; rounded once, half up.
    [80_001, 0],
    [80_003, 1],
    [100_000, 4000],
    [400_000, 64_000],
    // Above, 80 % of it at 20 %.
    [400_001, 64_000],
    [400_004, 64_001],
    [2_500_000, 400_000],
    // Over 20,000 of base 30 % less 2,000.
    [2_500_001, 400_000],
    [2_500_003, 400_001],
    [3_000_000, 520_000],
    [6_250_000, 1_300_000],
    // Over 50,000 of base 40 % less 7,000.
    [6_250_001, 1_300_000],
    [6_250_002, 1_300_001],
    [10_000_000, 2_500_000],
  ])('of %i is %i', (gross, tax) => {
    expect(taxOf(gross)).toBe(tax)
  })

  it('never falls, and never leaves less, where more is paid', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000_000 }), (gross) => {
        const more = taxOf(gross + 1) - taxOf(gross)
        expect(more === 0 || more === 1).toBe(true)
      }),
    )
  })
})

describe('withholding', () => {
  const tenth: Withholding = { id: 'tenth', taxOf: ({ gross }) => Math.floor(gross / 10) }
  const at = '2026-06-01T00:00:00.000Z'

  it('goes by the rule that holds, from its first moment, inclusive, to its last, exclusive', () => {
    const old = { ...tenth, id: 'old', validTo: at }
    const next = { ...tenth, id: 'next', validFrom: at }
    const idAt = (moment: string, rules: readonly Withholding[]) => withholdingFor(rules, { party, currency: 'CNY' }, moment)?.id
    for (const rules of [
      [old, next],
      [next, old],
    ]) {
      expect(idAt('2026-05-31T23:59:59.999Z', rules)).toBe('old')
      expect(idAt(at, rules)).toBe('next')
    }
    expect(idAt(at, [next, tenth]), 'the one that began last').toBe('next')
    expect(idAt(at, [tenth, { ...tenth, id: 'named last' }])).toBe('named last')
    expect(idAt(at, [old])).toBeUndefined()
  })

  it('concerns the kind of party, the currency and the persons that its rule names', () => {
    const idFor = (rule: Partial<Withholding>, of = party, currency = 'CNY') =>
      withholdingFor([{ ...tenth, ...rule }], { party: of, currency }, at)?.id
    expect(idFor({ parties: ['distributor'] })).toBe('tenth')
    expect(idFor({ parties: ['supplier'] })).toBeUndefined()
    expect(idFor({ currencies: ['CNY'] }, party, 'USD')).toBeUndefined()
    expect(idFor({ applies: (who) => who !== party })).toBeUndefined()
  })

  it('leaves the rail a multiple that it takes, taxes what is really paid, and carries the rest', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_000_000 }), fc.constantFrom(1, 10, 100, 5000), (wanted, roundTo) => {
        const { gross, withheld } = netOfTax({ party, currency: 'CNY', gross: wanted }, cnLabourSingle, roundTo)
        expect((gross - withheld) % roundTo).toBe(0)
        expect(gross <= wanted).toBe(true)
        expect(withheld).toBe(cnLabourSingle.taxOf({ party, currency: 'CNY', gross }))
        // One multiple more could not have been paid.
        const all = netOfTax({ party, currency: 'CNY', gross: wanted }, cnLabourSingle, 1)
        expect(all.gross - all.withheld - (gross - withheld)).toBeLessThan(roundTo)
      }),
    )
  })

  it('pays nothing where the tax would take all, and refuses a tax that is none', () => {
    const payout = { party, currency: 'CNY', gross: 100 }
    expect(netOfTax(payout, { id: 'all', taxOf: ({ gross }) => gross }, 1)).toMatchObject({ gross: 0, withheld: 0 })
    for (const tax of [-1, 101, 0.5, Number.NaN])
      expect(() => netOfTax(payout, { id: 'wrong', taxOf: () => tax }, 1)).toThrow(expect.objectContaining({ code: 'withholding.invalid' }))
  })
})

for (const database of testDatabases()) {
  describe(`payouts that tax is withheld from, on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let clock: TestClock
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start: '2026-01-10T08:00:00.000Z',
        settlement: { cycle: 'monthly', withholding: [cnLabourSingle], withdrawalFeePercent: 1 },
      }))
    })
    afterEach(() => close())

    const give = (amount: number): Promise<void> => commerce.settlement.adjust({ party, amount, currency: 'CNY', reason: 'opening' })
    const claims = async () => (await commerce.settlement.balances({ party }))[0]
    const withheld = async (): Promise<number> => (await commerce.ledger.balances({ party: 'tax', purpose: 'withheld' }))[0]?.balance ?? 0
    const settle = () => commerce.settlement.settle({ party, currency: 'CNY' })
    const lines = (statement: Awaited<ReturnType<typeof settle>>) => statement?.lines.map(({ kind, amount }) => [kind, amount])

    it('take the gross off the balance, the tax to the tax account and the net to the party', async () => {
      await give(3_000_000)
      const statement = await settle()
      expect(statement).toMatchObject({ payable: 3_000_000, withheld: 520_000, withholdingRule: 'cn-labour-single', closing: 0 })
      expect(lines(statement)).toEqual([
        ['adjustments', 3_000_000],
        ['withholding', -520_000],
        ['payout', -2_480_000],
      ])
      const [payout] = await commerce.settlement.payouts({ party })
      expect(payout).toMatchObject({ amount: 2_480_000, withheld: 520_000, withholdingRule: 'cn-labour-single' })
      await commerce.settlement.reportPayout({ payoutId: payout?.id ?? '', result: 'paid' })
      expect(await claims()).toMatchObject({ available: 0, inPayout: 0, paid: 2_480_000 })
      expect(await withheld()).toBe(520_000)
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('take the tax back when they come back, also after they were paid, and are taxed anew', async () => {
      await give(3_000_000)
      await settle()
      const [payout] = await commerce.settlement.payouts({ party })
      await commerce.settlement.reportPayout({ payoutId: payout?.id ?? '', result: 'paid' })
      await commerce.settlement.reportPayout({ payoutId: payout?.id ?? '', result: 'returned' })
      expect(await claims()).toMatchObject({ available: 3_000_000, inPayout: 0, paid: 0 })
      expect(await withheld()).toBe(0)
      await advance(commerce, clock, '2026-02-01T00:00:00.000Z')
      const [statement] = await commerce.settlement.statements({ party })
      expect(lines(statement ?? null)).toEqual([
        ['withholding_returned', 520_000],
        ['withholding', -520_000],
        ['payout_returned', 2_480_000],
        ['payout', -2_480_000],
      ])
      expect(await withheld()).toBe(520_000)
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('state each of their transfers once', async () => {
      await give(3_000_000)
      await settle()
      clock.set('2026-01-11T08:00:00.000Z')
      expect(await settle(), 'nothing of the payout is left for a next one').toBeNull()
    })

    it('of a withdrawal are taxed after its fee', async () => {
      await give(3_000_000)
      const payout = await commerce.settlement.withdraw({ party, currency: 'CNY', amount: 2_000_000 })
      // 1 % of 20,000 yuan, and 16 % of the 19,800 that are left.
      expect(payout).toMatchObject({ fee: 20_000, withheld: 316_800, amount: 1_663_200 })
      expect(await claims()).toMatchObject({ available: 1_000_000, inPayout: 1_663_200 })
      await commerce.settlement.reportPayout({ payoutId: payout.id, result: 'failed' })
      expect(await claims()).toMatchObject({ available: 2_980_000, inPayout: 0 })
      expect(await withheld()).toBe(0)
    })

    it('stay untaxed in other currencies', async () => {
      await commerce.settlement.adjust({ party, amount: 3_000_000, currency: 'USD', reason: 'opening' })
      expect(await commerce.settlement.settle({ party, currency: 'USD' })).toMatchObject({
        payable: 3_000_000,
        withheld: 0,
        withholdingRule: null,
      })
    })
  })
}

describe('a withholding rule that is none', () => {
  it('is refused when the marketplace opens', async () => {
    const [database] = testDatabases()
    if (!database) throw new Error('SQLite is always there')
    const wrong = { ...cnLabourSingle, validFrom: '2026-02-01T00:00:00.000Z', validTo: '2026-01-01T00:00:00.000Z' }
    await expect(openTestCommerce(database, { settlement: { withholding: [wrong] } })).rejects.toThrow('withholding')
  })
})
