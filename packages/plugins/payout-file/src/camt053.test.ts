import { describe, expect, it } from 'vitest'
import { statement } from './bank.fixture.js'
import { readCamt053 } from './camt053.js'

describe('a bank statement', () => {
  it.each(['02', '08'] as const)('of version %s is read movement by movement, amounts exactly', (version) => {
    const xml = statement(
      [
        { amount: '90071992547409.91', reference: 'pyo-1' },
        { amount: '12.5', way: 'CRDT', reference: 'pyo-2', returned: 'AC04' },
        { amount: '1000', currency: 'JPY' },
        { amount: '3.00', batch: 'pfl-1' },
      ],
      version,
    )
    expect(readCamt053(xml)).toEqual([
      { way: 'out', amount: Number.MAX_SAFE_INTEGER, currency: 'EUR', reference: 'pyo-1', batch: null, returned: null },
      {
        way: 'in',
        amount: 1250,
        currency: 'EUR',
        reference: 'pyo-2',
        batch: null,
        returned: { code: 'AC04', message: 'account closed' },
      },
      { way: 'out', amount: 1000, currency: 'JPY', reference: null, batch: null, returned: null },
      { way: 'out', amount: 300, currency: 'EUR', reference: null, batch: 'pfl-1', returned: null },
    ])
  })

  it('tells each payment of an entry that holds several', () => {
    const details = ['a', 'b'].map(
      (reference, index) =>
        `<TxDtls><Refs><EndToEndId>${reference}</EndToEndId></Refs><AmtDtls><TxAmt><Amt Ccy="EUR">${index + 1}.00</Amt></TxAmt></AmtDtls></TxDtls>`,
    )
    const xml = `<Document><BkToCstmrStmt><Stmt><Ntry><Amt Ccy="EUR">3.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>
      <NtryDtls>${details.join('')}</NtryDtls></Ntry></Stmt></BkToCstmrStmt></Document>`
    expect(readCamt053(xml)).toMatchObject([
      { reference: 'a', amount: 100 },
      { reference: 'b', amount: 200 },
    ])
  })

  it('passes over what is only pending', () => {
    expect(readCamt053(statement([{ amount: '1.00', status: 'PDNG' }]))).toEqual([])
  })

  it.each([
    ['text', 'hello', 'this is no camt.053'],
    ['a tag that is not closed', '<Document><BkToCstmrStmt></Document>', 'line 1'],
    ['another message', '<Document><CstmrCdtTrfInitn/></Document>', 'Document/BkToCstmrStmt is not there'],
    ['entities', '<!DOCTYPE x [<!ENTITY a "aaaa">]><Document/>', 'declares entities'],
    ['an amount that is none', statement([{ amount: '1,00' }]), '"1,00" is no amount in EUR'],
    ['more digits than the currency has', statement([{ amount: '1.001' }]), '"1.001" is no amount in EUR'],
    ['an amount that no number holds', statement([{ amount: '90071992547409.92' }]), 'is no amount in EUR'],
    ['a currency that is none', statement([{ amount: '1.00', currency: 'XXQ' }]), '"XXQ" is no currency'],
  ])('is refused where it is %s, and told why', (_what, xml, why) => {
    expect(() => readCamt053(xml)).toThrow(why)
  })
})
