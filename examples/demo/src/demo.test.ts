import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sumAmounts } from '@entrepot/core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { suppliers } from './data/suppliers.js'
import { clockOfTheDay, type Day, playDay } from './day.js'
import { openMarketplace } from './marketplace.js'
import { createStage } from './print/stage.js'
import { table } from './print/table.js'
import { width } from './print/width.js'

describe('the demo day', () => {
  let day: Day
  let folder: string
  const lines: string[] = []

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'entrepot-demo-'))
    const clock = clockOfTheDay()
    const commerce = await openMarketplace({ database: { type: 'better-sqlite3', database: ':memory:' }, clock })
    try {
      day = await playDay({
        commerce,
        clock,
        stage: createStage({ write: (line) => lines.push(line), colour: false }),
        mediaFolder: folder,
      })
    } finally {
      await commerce.close()
    }
  })
  afterAll(() => rm(folder, { recursive: true, force: true }))

  it('shares out what the customer paid, to the cent', () => {
    expect(day.order.captured).toBe(day.order.total)
    expect(day.split.together).toBe(day.order.captured)
    expect(sumAmounts([...day.split.shares.values()])).toBe(day.order.captured)
    expect(day.order.supplierOrders).toHaveLength(2)
  })

  it('gives three tiers of distributors and both suppliers a share', () => {
    const earning = [...day.split.shares].filter(([, amount]) => amount > 0).map(([party]) => party.split(':')[0])
    expect(earning).toEqual(['platform', 'distributor', 'distributor', 'distributor', 'supplier', 'supplier'])
  })

  it('refunds half of the line of which half came back', () => {
    expect(day.refund.amount).toBe(Math.ceil((day.order.lines[0]?.goods ?? 0) / 2))
  })

  it('draws statements whose opening and lines add up to their closing, and to the next opening', () => {
    expect(day.statements).toHaveLength(10)
    expect(day.nextStatements.length).toBeGreaterThan(0)
    for (const { opening, lines: sums, closing, state } of [...day.statements, ...day.nextStatements]) {
      expect(opening + sumAmounts(sums.map(({ amount }) => amount))).toBe(closing)
      expect(state).toBe('locked')
    }
    for (const { party, opening } of day.nextStatements)
      expect(opening).toBe(day.statements.find((earlier) => earlier.party === party)?.closing)
  })

  it('pays what the statements say', () => {
    const payable = day.statements.filter((statement) => statement.payable > 0).map(({ party, payable: amount }) => [party, amount])
    expect(day.payouts.map(({ party, amount }) => [party, amount]).sort()).toEqual(payable.sort())
    expect(day.payouts.length).toBeGreaterThan(4)
    expect(day.payouts.every(({ status }) => status === 'paid')).toBe(true)
  })

  it('leaves balanced books', () => {
    expect(day.books.balanced).toBe(true)
    expect(day.books.totals).toHaveLength(1)
  })

  it('draws a picture for every product, no two alike', async () => {
    const files = await readdir(folder)
    expect(files).toHaveLength(suppliers.flatMap(({ products }) => products).length)
    const pictures = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')))
    expect(new Set(pictures).size).toBe(files.length)
  })

  it('tells the day without a gap', () => {
    expect(lines.filter((line) => /undefined|NaN|\[object/.test(line))).toEqual([])
    expect(lines.filter((line) => line.includes('✔')).length).toBeGreaterThan(5)
  })
})

describe('a table', () => {
  it('keeps its columns below each other with Chinese text in them', () => {
    const [, , first = '', second = ''] = table({
      head: ['Name', '>Price'],
      rows: [
        ['茶', '¥1.00'],
        ['Scarf', '¥128.00'],
      ],
    })
    expect(width(first)).toBe(width(second))
    expect(first).toBe('茶        ¥1.00')
  })
})
