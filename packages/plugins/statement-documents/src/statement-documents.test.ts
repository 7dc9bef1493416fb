import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { addDays, type Commerce, type Statement } from '@entrepot/core'
import { openTestCommerce, type TestClock, testDatabases } from '@entrepot/core/testing'
import { parse } from 'csv-parse/sync'
import { extractText, getDocumentProxy } from 'unpdf'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { facesOf } from './faces.js'
import { statementDocuments } from './index.js'
import { statementPdf } from './pdf.js'
import { readDocuments } from './read-documents.js'
import { wordsWith } from './words.js'

const start = '2026-01-10T08:00:00.000Z'
const chinese = createRequire(import.meta.url).resolve('@expo-google-fonts/ma-shan-zheng/400Regular/MaShanZheng_400Regular.ttf')

/** A document's text, page by page, without blanks: where they stand depends on the fonts. */
async function textOf(pdf: Uint8Array): Promise<readonly string[]> {
  const { text } = await extractText(await getDocumentProxy(new Uint8Array(pdf)), { mergePages: false })
  return text.map((page) => page.replace(/\s+/g, ''))
}

for (const database of testDatabases()) {
  describe(`statements as documents on ${database.name}`, () => {
    let commerce: Commerce<readonly [ReturnType<typeof statementDocuments>]>
    let clock: TestClock
    let close: () => Promise<void>
    beforeEach(async () => {
      const plugin = statementDocuments({
        platform: ['Côte Bazaar', '12 Rue des Épices'],
        fonts: [await readFile(chinese)],
        nameOf: (party) => (party.startsWith('distributor:') ? 'Zoë' : undefined),
      })
      ;({ commerce, clock, close } = await openTestCommerce(database, {
        start,
        plugins: [plugin],
        settlement: { holdDays: 7, cycle: 'monthly' },
      }))
    })
    afterEach(() => close())

    const supplier = async (name: string): Promise<string> => `supplier:${(await commerce.suppliers.apply({ name })).id}`
    const adjust = (party: string, amount: number, currency = 'CNY'): Promise<void> =>
      commerce.settlement.adjust({ party, amount, currency, reason: 'test' })
    const settle = async (party: string, currency = 'CNY'): Promise<Statement> => {
      const statement = await commerce.settlement.settle({ party, currency })
      if (!statement) throw new TypeError('nothing was stated')
      return statement
    }
    const rowsOf = async (input: Parameters<typeof commerce.statementDocuments.csv>[0]): Promise<readonly Record<string, string>[]> =>
      parse(await commerce.statementDocuments.csv(input), { columns: true, record_delimiter: '\r\n' })

    it('are rows of a table that add up, each in the decimals of its currency', async () => {
      const party = await supplier('Tea House')
      await adjust(party, -1234)
      const first = await settle(party)
      clock.set(addDays(start, 1))
      await adjust(party, 1300)
      const yen = await adjust(party, 5, 'JPY').then(() => settle(party, 'JPY'))
      const second = await settle(party)
      const rows = await rowsOf({ party })
      const of = ({ id }: Statement) => rows.filter(({ statement }) => statement === id)
      expect(of(first)).toMatchObject([
        { row: 'opening', amount: '0.00', party, name: 'Tea House', from: '', until: start, currency: 'CNY', state: 'locked' },
        { row: 'line', kind: 'adjustments', description: 'Adjustments', count: '1', amount: '-12.34' },
        { row: 'closing', amount: '-12.34' },
      ])
      expect(of(second)).toMatchObject([
        { row: 'opening', amount: '-12.34', from: start, until: addDays(start, 1) },
        { kind: 'adjustments', amount: '13.00' },
        { kind: 'payout', amount: '-0.66' },
        { row: 'closing', amount: '0.00' },
      ])
      expect(of(yen).map(({ amount }) => amount)).toEqual(['0', '5', '-5', '0'])
      expect(await rowsOf({ statementId: second.id })).toEqual(of(second))
      expect(await rowsOf({ party, to: start })).toEqual(of(first))
      expect(await rowsOf({ party, from: start })).toHaveLength(of(second).length + of(yen).length)
    })

    it('show a name that is a formula, and do not run it', async () => {
      const party = await supplier('=HYPERLINK("http://x.example","a, b")')
      await adjust(party, -100)
      await settle(party)
      const csv = await commerce.statementDocuments.csv({ party, bom: true })
      expect(csv.startsWith('\uFEFFstatement,state,')).toBe(true)
      expect(csv.endsWith('\r\n')).toBe(true)
      const rows: readonly Record<string, string>[] = parse(csv, { columns: true, bom: true })
      expect(rows.map(({ name }) => name)).toEqual(Array(3).fill(`'=HYPERLINK("http://x.example","a, b")`))
      expect(rows.map(({ amount }) => amount)).toEqual(['0.00', '-1.00', '-1.00'])
    })

    it('are papers with names of any alphabet that a font has, the period and every sum', async () => {
      const party = await supplier('北京茶馆 Crème')
      await adjust(party, 100)
      await settle(party)
      clock.set(addDays(start, 1))
      await adjust(party, 123_456)
      const { id: statementId } = await settle(party)
      const pdf = await commerce.statementDocuments.pdf({ statementId })
      const [page = '', ...others] = await textOf(pdf)
      expect(others).toEqual([])
      for (const text of ['CôteBazaar', '12RuedesÉpices', '北京茶馆Crème', `${statementId}(Final)`, party, 'Page1/1'])
        expect(page).toContain(text)
      expect(page).toContain('2026-01-1008:00:00UTC–2026-01-1108:00:00UTC')
      for (const sum of ['Openingbalance0.00', 'Adjustments11234.56', 'Payout1-1234.56', 'Closingbalance0.00', 'Amount(CNY)'])
        expect(page).toContain(sum)
      expect(Buffer.from(await commerce.statementDocuments.pdf({ statementId })).equals(pdf)).toBe(true)
    })

    it('name others than suppliers as the host does, and refuse what no font can show', async () => {
      await adjust('distributor:dst_1', 100)
      const known = await settle('distributor:dst_1')
      expect((await textOf(await commerce.statementDocuments.pdf({ statementId: known.id })))[0]).toContain('Zoë(distributor:dst_1)')
      const party = await supplier('שוק')
      await adjust(party, 100)
      const { id: statementId } = await settle(party)
      await expect(commerce.statementDocuments.pdf({ statementId })).rejects.toMatchObject({
        code: 'statement_documents.glyph_missing',
        details: { character: 'ש' },
      })
      await expect(commerce.statementDocuments.pdf({ statementId: 'stm_none' })).rejects.toMatchObject({ code: 'statement.not_found' })
      await expect(commerce.statementDocuments.csv({ party, to: 'soon' })).rejects.toMatchObject({ code: 'time.invalid' })
      await expect(commerce.statementDocuments.csv(JSON.parse('{}'))).rejects.toMatchObject({ code: 'input.invalid' })
    })
  })
}

describe('a paper', () => {
  const words = wordsWith()
  const kinds = Object.keys(words.lines) as (keyof typeof words.lines)[]
  const statement: Statement = {
    ...{ id: 'stm_1', party: 'supplier:sup_1', currency: 'EUR', state: 'draft', until: start, drawnAt: start, opening: 0, closing: 0 },
    ...{ payable: 0, withheld: 0, withholdingRule: null, approvedAt: null, approvedBy: null, lockedAt: null, approvalNeeded: null },
    ...{ operatorApprovedAt: null, partyApprovedAt: null, silentFrom: null, disputedBy: null },
    lines: kinds.map((kind, index) => ({ kind, amount: index * 101 - 500, count: index })),
  }

  it('goes on on the next page, with its head, and counts its pages', async () => {
    const name = 'A very long name of a house that trades in tea, silk and salt '.repeat(12)
    const pdf = await statementPdf({ statement, name, from: null }, { platform: ['P'], words, faces: facesOf([]) })
    const pages = await textOf(pdf)
    expect(pages).toHaveLength(2)
    for (const [index, page] of pages.entries()) {
      expect(page).toContain(`Page${index + 1}/2`)
      expect(page).toContain('Description')
    }
    expect(pages[0]).toContain('(Draft)')
    for (const kind of kinds) expect(pages.join('')).toContain(words.lines[kind].replace(/\s/g, ''))
    expect(pages.join('').split('silkandsalt')).toHaveLength(13)
  })

  it('is one of the last 200 of its party, or is asked for by its id: none is left out in silence', async () => {
    const until = (day: number): string => addDays(start, day)
    const books = (count: number): Parameters<typeof readDocuments>[0] =>
      ({
        settlement: { statements: async () => Array.from({ length: count }, (_, day) => ({ ...statement, until: until(-day) })) },
        suppliers: { get: async () => ({ name: 'Tea House' }) },
      }) as never
    const read = (count: number, from?: string) => readDocuments(books(count), { party: statement.party, from }, undefined, undefined)
    expect(await read(199)).toHaveLength(199)
    await expect(read(200)).rejects.toMatchObject({ code: 'statement_documents.too_many', details: { earliest: until(-199) } })
    const all = await read(200, until(-199))
    expect(all).toHaveLength(199)
    expect(all.map(({ from }) => from)).toEqual([until(-199), ...all.slice(0, -1).map((document) => document.statement.until)])
  })

  it('has no font of what is none', () => {
    expect(() => facesOf([new Uint8Array([1, 2, 3])])).toThrowError(
      expect.objectContaining({ code: 'statement_documents.font_unreadable' }),
    )
  })
})
