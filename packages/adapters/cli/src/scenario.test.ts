import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runCollected } from './terminal.fixture.js'

describe('entrepot scenario', () => {
  it('plays every file, tells of each scenario by a line, and ends with 1 where one has failed', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scenario-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const file = async (name: string, scenarios: readonly object[]) => {
      await writeFile(join(folder, name), JSON.stringify(scenarios))
      return join(folder, name)
    }
    const sale = { do: 'sell', id: 'o1', lines: [{ id: 'l1', supplier: 'S', price: 1000 }] }
    const good = await file('good.json', [{ id: 'good', currency: 'CNY', steps: [{ ...sale, expect: { C: 1000, S: 1000 } }] }])
    const bad = await file('bad.json', [{ id: 'bad', currency: 'CNY', steps: [{ ...sale, expect: {} }] }])
    expect(await runCollected('scenario', good)).toEqual({ exitCode: 0, out: 'ok good\n1 passed, 0 failed\n', err: '' })
    const { exitCode, out } = await runCollected('scenario', good, bad)
    expect(exitCode).toBe(1)
    expect(out).toBe(
      [
        'ok good',
        'FAILED bad',
        '  steps[0] sell o1:',
        '    changes:',
        '         expected  found',
        '      C         0   1000',
        '      S         0   1000',
        '1 passed, 1 failed',
        '',
      ].join('\n'),
    )
  })

  it('binds customers by clicks, through the distribution plugin', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'scenario-'))
    onTestFinished(() => rm(folder, { recursive: true }))
    const sale = (id: string, at: string, earner: string) => ({
      do: 'sell',
      id,
      at,
      customer: 'c1',
      lines: [{ id: 'l1', supplier: 'S', price: 1000 }],
      expect: { C: 1000, S: 920, [earner]: 80 },
    })
    const click = (distributor: string, at: string) => ({ do: 'click', customer: 'c1', distributor, at })
    const scenario = {
      id: 'binding',
      currency: 'CNY',
      distribution: { tiers: [8], protectionDays: 30 },
      steps: [
        click('D1', '2026-01-01T00:00:00.000Z'),
        click('D2', '2026-01-30T23:59:59.999Z'),
        sale('o1', '2026-01-30T23:59:59.999Z', 'D1'),
        click('D2', '2026-01-31T00:00:00.000Z'),
        sale('o2', '2026-01-31T00:00:00.000Z', 'D2'),
      ],
    }
    await writeFile(join(folder, 'a.json'), JSON.stringify([scenario]))
    expect(await runCollected('scenario', join(folder, 'a.json'))).toEqual({
      exitCode: 0,
      out: 'ok binding\n1 passed, 0 failed\n',
      err: '',
    })
  })

  it('needs a file, and says which one it cannot read', async () => {
    expect((await runCollected('scenario')).exitCode).toBe(2)
    expect(await runCollected('scenario', '/nowhere.json')).toMatchObject({ exitCode: 1, err: expect.stringContaining('/nowhere.json') })
  })
})
