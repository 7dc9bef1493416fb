import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCommerce, type TestCommerce, testDatabases } from '../testing/index.js'
import { isBic, isIban } from './iban.js'

describe('an IBAN', () => {
  it('is known by its check digits', () => {
    for (const iban of ['DE89370400440532013000', 'GB29NWBK60161331926819', 'FR1420041010050500013M02606', 'NO9386011117947']) {
      expect(isIban(iban), iban).toBe(true)
      expect(isIban(iban.replace(/\d$/, (digit) => `${(Number(digit) + 1) % 10}`)), `${iban}, mistyped`).toBe(false)
    }
    for (const text of ['', 'DE', 'de89370400440532013000', 'DE89 3704 0044 0532 0130 00', '6222021234567890123'])
      expect(isIban(text)).toBe(false)
    expect(['DEUTDEFF', 'ICBKCNBJSHI'].map(isBic)).toEqual([true, true])
    expect(['DEUTDEF', 'deutdeff', 'DEUTDEFF5'].map(isBic)).toEqual([false, false, false])
  })
})

for (const database of testDatabases()) {
  describe(`payout accounts on ${database.name}`, () => {
    let commerce: TestCommerce<readonly []>['commerce']
    let close: () => Promise<void>
    let party: string
    beforeEach(async () => {
      ;({ commerce, close } = await openTestCommerce(database))
      party = `supplier:${(await commerce.suppliers.apply({ name: 'Tea House' })).id}`
    })
    afterEach(() => close())

    const settlement = () => commerce.settlement
    const german = { holder: 'Teehaus GmbH', iban: 'de89 3704 0044 0532 0130 00', bic: 'deutdeff', country: 'DE', city: 'Köln' }

    it('are one for each party, kept as banks write them, and replaced by the next', async () => {
      await settlement().setPayoutAccount({ party, ...german })
      expect(await settlement().payoutAccounts({ parties: [party, 'distributor:dst_none'] })).toMatchObject([
        { party, holder: 'Teehaus GmbH', iban: 'DE89370400440532013000', bic: 'DEUTDEFF', accountNumber: null, city: 'Köln', street: null },
      ])
      const chinese = { holder: '茶馆', accountNumber: '6222021234567890123', bankCode: '102100099996', country: 'CN' }
      await settlement().setPayoutAccount({ party, ...chinese })
      expect(await settlement().payoutAccounts({ parties: [party] })).toMatchObject([{ party, ...chinese, iban: null, bic: null }])
    })

    it('of two at once are one of the two', async () => {
      const numbers = ['1001', '1002', '1003', '1004']
      const set = (accountNumber: string) => settlement().setPayoutAccount({ party, holder: 'Tea', accountNumber, country: 'CN' })
      await Promise.all(numbers.map(set))
      const [account, another] = await settlement().payoutAccounts({ parties: [party] })
      expect(numbers).toContain(account?.accountNumber)
      expect(another).toBeUndefined()
    })

    it('are forgotten when they are to be, tell nobody their numbers, and stand in no book', async () => {
      const told: unknown[] = []
      commerce.on('payout_account.changed', (event) => told.push(event))
      await settlement().setPayoutAccount({ party, ...german }, { actor: { type: 'staff', id: '7' } })
      await settlement().erasePayoutAccount({ party })
      await settlement().erasePayoutAccount({ party })
      expect(await settlement().payoutAccounts({ parties: [party] })).toEqual([])
      expect(told).toEqual([
        { party, by: 'staff:7' },
        { party, by: 'system' },
      ])
      expect(await commerce.ledger.balances({})).toEqual([])
    })

    it('are refused where a number is mistyped, or nobody would have it', async () => {
      const set = (input: object) => settlement().setPayoutAccount({ party, ...german, ...input })
      await expect(set({ iban: 'DE89370400440532013001' })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(set({ accountNumber: '1' })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(set({ party: 'platform' })).rejects.toMatchObject({ code: 'input.invalid' })
      await expect(set({ party: 'supplier:sup_typo' })).rejects.toMatchObject({ code: 'settlement.supplier_unknown' })
      await settlement().setPayoutAccount({ ...german, party: 'distributor:dst_1' })
      expect(await settlement().payoutAccounts({ parties: [party] })).toEqual([])
    })
  })
}
