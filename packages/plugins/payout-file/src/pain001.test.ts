import type { PayoutAccount } from '@entrepot/core'
import { parse } from 'csv-parse/sync'
import { XMLParser } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import { pain001, type TransferFile } from './pain001.js'
import { payoutCsv } from './payout-csv.js'

const account: PayoutAccount = {
  party: 'supplier:sup_1',
  holder: 'Müller & Söhne <GmbH>',
  iban: 'DE89370400440532013000',
  accountNumber: null,
  bic: 'COBADEFFXXX',
  bankCode: null,
  bankName: null,
  country: 'DE',
  city: 'Köln',
  postalCode: '50667',
  street: 'Domstraße 1',
  updatedAt: '2026-01-01T00:00:00.000Z',
}

const file: TransferFile = {
  id: 'pfl_01',
  createdAt: '2026-03-30T22:15:00.000Z',
  executeOn: '2026-03-31',
  currency: 'EUR',
  total: 150_005,
  debtor: { name: 'Märkte AG', country: 'DE', iban: 'DE02120300000000202051', bic: 'BYLADEM1001' },
  transfers: [
    { reference: 'pyo-1', amount: 150_000, account, remittance: 'stm_1' },
    { reference: 'pyo-2', amount: 5, account: { ...account, bic: null }, remittance: 'stm_2' },
  ],
}

/** Elements in the order in which they stand, each as [name, content]. */
type Tree = readonly (readonly [string, string | Tree])[]
const ordered = new XMLParser({ preserveOrder: true, parseTagValue: false, ignoreAttributes: true })
function tree(nodes: unknown): Tree {
  return (nodes as readonly Record<string, unknown>[]).flatMap((node) =>
    Object.entries(node)
      .filter(([name]) => !name.startsWith('?') && name !== ':@')
      .map(([name, inner]): readonly [string, string | Tree] => {
        const children = inner as readonly Record<string, unknown>[]
        const only = children[0]?.['#text']
        return [name, children.length === 1 && only !== undefined ? String(only) : tree(children)]
      }),
  )
}
const read = (xml: string): Tree => tree(ordered.parse(xml))

describe('a credit transfer file', () => {
  it('is pain.001.001.09: its elements in the order of the schema, its sums those of its transfers, its texts what SEPA takes', () => {
    const xml = pain001(file)
    expect(xml).toContain('<?xml version="1.0" encoding="UTF-8"?>')
    expect(xml).toContain('xmlns="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09"')
    expect(xml).toContain('<InstdAmt Ccy="EUR">1500.00</InstdAmt>')
    const transfer = (reference: string, amount: string, bic: Tree, remittance: string): readonly [string, Tree] => [
      'CdtTrfTxInf',
      [
        ['PmtId', [['EndToEndId', reference]]],
        ['Amt', [['InstdAmt', amount]]],
        ...bic,
        [
          'Cdtr',
          [
            ['Nm', 'Muller . Sohne .GmbH.'],
            [
              'PstlAdr',
              [
                ['StrtNm', 'Domstrasse 1'],
                ['PstCd', '50667'],
                ['TwnNm', 'Koln'],
                ['Ctry', 'DE'],
              ],
            ],
          ],
        ],
        ['CdtrAcct', [['Id', [['IBAN', 'DE89370400440532013000']]]]],
        ['RmtInf', [['Ustrd', remittance]]],
      ],
    ]
    expect(read(xml)).toEqual([
      [
        'Document',
        [
          [
            'CstmrCdtTrfInitn',
            [
              [
                'GrpHdr',
                [
                  ['MsgId', 'pfl-01'],
                  ['CreDtTm', '2026-03-30T22:15:00'],
                  ['NbOfTxs', '2'],
                  ['CtrlSum', '1500.05'],
                  ['InitgPty', [['Nm', 'Markte AG']]],
                ],
              ],
              [
                'PmtInf',
                [
                  ['PmtInfId', 'pfl-01'],
                  ['PmtMtd', 'TRF'],
                  ['NbOfTxs', '2'],
                  ['CtrlSum', '1500.05'],
                  ['PmtTpInf', [['SvcLvl', [['Cd', 'SEPA']]]]],
                  ['ReqdExctnDt', [['Dt', '2026-03-31']]],
                  [
                    'Dbtr',
                    [
                      ['Nm', 'Markte AG'],
                      ['PstlAdr', [['Ctry', 'DE']]],
                    ],
                  ],
                  [
                    'DbtrAcct',
                    [
                      ['Id', [['IBAN', 'DE02120300000000202051']]],
                      ['Ccy', 'EUR'],
                    ],
                  ],
                  ['DbtrAgt', [['FinInstnId', [['BICFI', 'BYLADEM1001']]]]],
                  ['ChrgBr', 'SLEV'],
                  transfer('pyo-1', '1500.00', [['CdtrAgt', [['FinInstnId', [['BICFI', 'COBADEFFXXX']]]]]], 'stm.1'),
                  transfer('pyo-2', '0.05', [], 'stm.2'),
                ],
              ],
            ],
          ],
        ],
      ],
    ])
  })

  it('outside of SEPA keeps names as they are written, and finds a bank by its clearing number', () => {
    const chinese = {
      ...account,
      holder: '杭州茶叶有限公司',
      iban: null,
      accountNumber: '6222020903001483077',
      bic: null,
      bankCode: '102331002205',
    }
    const xml = pain001({
      ...file,
      currency: 'JPY',
      total: 1000,
      debtor: { name: '市场', country: 'CN', accountNumber: '1' },
      transfers: [{ reference: 'pyo-3', amount: 1000, account: chinese, remittance: '对账单' }],
    })
    expect(xml).toContain('<Nm>杭州茶叶有限公司</Nm>')
    expect(xml).toContain('<InstdAmt Ccy="JPY">1000</InstdAmt>')
    expect(xml).toContain('<MmbId>102331002205</MmbId>')
    expect(xml).toContain('<ChrgBr>SHAR</ChrgBr>')
    expect(xml).not.toContain('SEPA')
  })

  it('is also a list, in which no cell is a formula', () => {
    const rows: readonly Record<string, string>[] = parse(
      payoutCsv({
        ...file,
        transfers: [{ ...file.transfers[0], account: { ...account, holder: '=1+1, "Ltd"' } } as TransferFile['transfers'][0]],
      }),
      { columns: true },
    )
    expect(rows).toEqual([
      {
        reference: 'pyo-1',
        holder: `'=1+1, "Ltd"`,
        iban: 'DE89370400440532013000',
        account_number: '',
        bic: 'COBADEFFXXX',
        bank_code: '',
        bank_name: '',
        country: 'DE',
        amount: '1500.00',
        currency: 'EUR',
        execute_on: '2026-03-31',
        remittance: 'stm_1',
      },
    ])
  })
})
