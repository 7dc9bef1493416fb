import type { Commerce, PayoutProvider, Plugin } from '@entrepot/core'
import { describePayoutProvider, openTestCommerce, type TestDatabase, testDatabases } from '@entrepot/core/testing'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { statement } from './bank.fixture.js'
import { filePayoutTable } from './file.entity.js'
import { payoutFiles } from './index.js'
import { providerId } from './provider.js'

const debtors = { EUR: { name: 'Market GmbH', country: 'DE', iban: 'DE02120300000000202051', bic: 'BYLADEM1001' } }
const iban = 'DE89370400440532013000'

type Market = Commerce<readonly [ReturnType<typeof payoutFiles>]>

/** A marketplace that pays by file, and its provider. */
async function openMarket(database: TestDatabase): Promise<{ commerce: Market; rail: PayoutProvider; close(): Promise<void> }> {
  const plugin = payoutFiles({ debtors })
  let rail: PayoutProvider | undefined
  const setup: Plugin['definition']['setup'] = (context) => {
    const payout = (provider: PayoutProvider): void => {
      rail = provider
      context.provide.payout(provider)
    }
    return plugin.definition.setup({ ...context, provide: { ...context.provide, payout } })
  }
  const watched = { ...plugin, definition: { ...plugin.definition, setup } }
  const { commerce, close } = await openTestCommerce(database, {
    plugins: [watched],
    settlement: { payoutProvider: providerId },
    report: () => {},
  })
  if (!rail) throw new TypeError('the plugin provided no payout provider')
  return { commerce, rail, close }
}

for (const database of testDatabases()) {
  describe(`payouts by file on ${database.name}`, () => {
    let commerce: Market
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ commerce, close } = await openMarket(database))
    })
    afterEach(() => close())

    /** A supplier that is owed an amount, and is asked to be paid. @returns its party */
    const owed = async (amount: number, account: { readonly iban: string } | null = { iban }): Promise<string> => {
      const { id } = await commerce.suppliers.apply({ name: 'Tea' })
      const party = `supplier:${id}`
      if (account) await commerce.settlement.setPayoutAccount({ party, holder: 'Tee Müller', country: 'DE', ...account })
      await commerce.settlement.adjust({ party, currency: 'EUR', amount, reason: 'opening' })
      await commerce.settlement.settle({ party, currency: 'EUR' })
      return party
    }
    const payoutOf = async (party: string) => (await commerce.settlement.payouts({ party }))[0]
    const referenceOf = async (party: string): Promise<string> => (await payoutOf(party))?.id.replace('_', '-') ?? ''
    const balanceOf = async (party: string) => (await commerce.settlement.balances({ party }))[0]

    it('pays what statements ask for in one file, and learns by the bank’s statement what was paid and what came back', async () => {
      const [tea, shoes] = [await owed(1250), await owed(99)]
      await commerce.background.drain()
      expect(await payoutOf(tea)).toMatchObject({ status: 'submitted', amount: 1250 })
      const { file, left } = await commerce.payoutFiles.create({ currency: 'EUR' })
      expect(left).toEqual([])
      expect(file).toMatchObject({ count: 2, total: 1349, currency: 'EUR', erased: false })
      const { content, name } = await commerce.payoutFiles.content({ fileId: file?.id ?? '' })
      expect(name).toBe(`${file?.id}.xml`)
      for (const part of [await referenceOf(tea), await referenceOf(shoes), '12.50', '13.49', iban]) expect(content).toContain(part)
      expect(await commerce.payoutFiles.content({ fileId: file?.id ?? '' })).toEqual({ content, name, type: 'application/xml' })

      const both = statement([
        { amount: '12.50', reference: await referenceOf(tea) },
        { amount: '0.99', reference: await referenceOf(shoes) },
        { amount: '70.00', reference: 'rent' },
        { amount: '55.00', way: 'CRDT' },
      ])
      expect(await commerce.payoutFiles.importStatement({ xml: both })).toMatchObject({
        paid: [(await payoutOf(tea))?.id, (await payoutOf(shoes))?.id],
        ignored: 2,
        unmatched: [],
      })
      expect(await balanceOf(tea)).toMatchObject({ available: 0, inPayout: 0, paid: 1250 })
      const back = statement([{ amount: '0.99', way: 'CRDT', reference: await referenceOf(shoes), returned: 'AC04' }])
      expect(await commerce.payoutFiles.importStatement({ xml: back })).toMatchObject({ returned: [(await payoutOf(shoes))?.id] })
      expect(await payoutOf(shoes)).toMatchObject({ status: 'returned', failure: 'account closed' })
      expect(await balanceOf(shoes)).toMatchObject({ available: 99, inPayout: 0, paid: 0 })

      // The same messages once more, the older one last: nothing is new.
      for (const xml of [both, back, both])
        expect(await commerce.payoutFiles.importStatement({ xml })).toMatchObject({ paid: [], returned: [], unmatched: [] })
      expect(await balanceOf(shoes)).toMatchObject({ available: 99, paid: 0 })
      expect(await commerce.ledger.check()).toMatchObject({ balanced: true })
    })

    it('takes each payout into one file, however many are made at once', async () => {
      for (let nth = 0; nth < 6; nth++) await owed(100 + nth)
      await commerce.background.drain()
      const made = await Promise.all(Array.from({ length: 4 }, () => commerce.payoutFiles.create({ currency: 'EUR' })))
      const files = made.flatMap(({ file }) => file ?? [])
      expect(files.reduce((count, file) => count + file.count, 0)).toBe(6)
      expect(files.reduce((total, file) => total + file.total, 0)).toBe(615)
      expect(await commerce.payoutFiles.create({ currency: 'EUR' })).toEqual({ file: null, left: [] })
      expect((await commerce.payoutFiles.list()).items).toHaveLength(files.length)
    })

    it('reports each payout once where two read the same statement at once', async () => {
      const party = await owed(500)
      await commerce.background.drain()
      await commerce.payoutFiles.create({ currency: 'EUR' })
      const xml = statement([{ amount: '5.00', reference: await referenceOf(party) }])
      const read = await Promise.all([1, 2, 3].map(() => commerce.payoutFiles.importStatement({ xml })))
      expect(read.flatMap(({ paid }) => paid)).toHaveLength(1)
      expect(await balanceOf(party)).toMatchObject({ paid: 500, inPayout: 0 })
    })

    it('takes a file that was booked at once as paid, all of it', async () => {
      const [tea, shoes] = [await owed(1000), await owed(200)]
      await commerce.background.drain()
      const { file } = await commerce.payoutFiles.create({ currency: 'EUR' })
      const batch = file?.id.replace('_', '-') ?? ''
      const short = statement([{ amount: '11.99', batch }])
      expect(await commerce.payoutFiles.importStatement({ xml: short })).toMatchObject({ unmatched: [{ reason: 'amount_differs' }] })
      expect((await commerce.payoutFiles.importStatement({ xml: statement([{ amount: '12.00', batch }]) })).paid).toHaveLength(2)
      for (const party of [tea, shoes]) expect(await balanceOf(party)).toMatchObject({ inPayout: 0 })
    })

    it('changes nothing for what does not fit, and tells it', async () => {
      const [tea, waiting] = [await owed(1000), await owed(300)]
      await commerce.background.drain()
      const xml = statement([
        { amount: '3.00', reference: await referenceOf(waiting) },
        { amount: '9.99', reference: await referenceOf(tea) },
        { amount: '10.00', currency: 'USD', reference: await referenceOf(tea) },
        { amount: '1.00', way: 'CRDT', reference: 'pyo-never', returned: 'AC01' },
      ])
      expect((await commerce.payoutFiles.importStatement({ xml })).unmatched.map(({ reason }) => reason)).toEqual([
        'not_sent',
        'amount_differs',
        'amount_differs',
        'unknown_reference',
      ])
      for (const party of [tea, waiting]) expect(await payoutOf(party)).toMatchObject({ status: 'submitted' })
      await expect(commerce.payoutFiles.importStatement({ xml: '<Document/>' })).rejects.toMatchObject({ code: 'payout_file.unreadable' })
    })

    it('gives back at once what no account of either side can pay', async () => {
      const party = await owed(700, null)
      await commerce.background.drain()
      expect(await payoutOf(party)).toMatchObject({ status: 'failed', failure: 'it is not known where the party is paid' })
      expect(await balanceOf(party)).toMatchObject({ available: 700, inPayout: 0 })
      await expect(commerce.payoutFiles.create({ currency: 'USD' })).rejects.toMatchObject({ code: 'payout_file.no_debtor' })
    })

    it('leaves out who has been forgotten since, and forgets what stands in a file', async () => {
      const [tea, shoes] = [await owed(1000), await owed(200)]
      await commerce.background.drain()
      await commerce.settlement.erasePayoutAccount({ party: tea })
      const { file, left } = await commerce.payoutFiles.create({ currency: 'EUR' })
      expect(left).toEqual([{ payoutId: (await payoutOf(tea))?.id, party: tea }])
      expect(file).toMatchObject({ count: 1, total: 200 })
      const fileId = file?.id ?? ''
      expect(await commerce.payoutFiles.erase({ fileId })).toMatchObject({ id: fileId, total: 200, erased: true })
      await expect(commerce.payoutFiles.content({ fileId, format: 'csv' })).rejects.toMatchObject({ code: 'payout_file.erased' })
      await expect(commerce.payoutFiles.content({ fileId: 'pfl_none' })).rejects.toMatchObject({ code: 'payout_file.not_found' })
      expect(
        (await commerce.payoutFiles.importStatement({ xml: statement([{ amount: '2.00', reference: await referenceOf(shoes) }]) })).paid,
      ).toHaveLength(1)
    })
  })

  let market: Awaited<ReturnType<typeof openMarket>>
  let losesAnswer = false
  let party: string
  beforeAll(async () => {
    market = await openMarket(database)
  })
  afterAll(() => market.close())

  describePayoutProvider({
    name: `payout-file on ${database.name}`,
    // A party that always has an account, but where a refusal is asked for.
    async provider() {
      const { id } = await market.commerce.suppliers.apply({ name: 'Tea' })
      party = `supplier:${id}`
      await market.commerce.settlement.setPayoutAccount({ party, holder: 'Tea', country: 'DE', iban })
      const submit: PayoutProvider['submit'] = async (payout) => {
        const state = await market.rail.submit({ ...payout, party })
        if (!losesAnswer) return state
        losesAnswer = false
        throw new Error('the connection broke')
      }
      return { ...market.rail, submit }
    },
    capabilities: { tellsOutcome: false },
    simulate: {
      refuse: () => market.commerce.settlement.erasePayoutAccount({ party }),
      timeoutAfterSubmit() {
        losesAnswer = true
      },
      async taken() {
        const { commerce } = market
        const amounts = await commerce.transaction((tx) => tx.find(filePayoutTable, { party }))
        return amounts.filter(({ status }) => status === 'waiting' || status === 'filed').reduce((sum, { amount }) => sum + amount, 0)
      },
    },
    runner: { describe, it },
  })
}
