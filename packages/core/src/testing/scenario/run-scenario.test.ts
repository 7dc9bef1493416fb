import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { parseScenario, parseScenarios } from './parse.js'
import { runScenario } from './run-scenario.js'
import { runScenarios } from './run-scenarios.js'
import type { Scenario } from './scenario.js'
import { scenarioSchema } from './schema.js'

function scenario(given: object): Scenario {
  const read = parseScenario({ id: 'test', currency: 'CNY', ...given })
  if ('problems' in read) throw new Error(read.problems.join('\n'))
  return read.scenario
}

const line = { id: 'l1', supplier: 'S', price: 10_000 }
const sell = { do: 'sell', id: 'o1', lines: [line] }
const tenPercent = { commission: [{ percent: 10 }] }

describe('a scenario', () => {
  it('passes where each step changes what is expected, and nothing else', async () => {
    const steps = [
      { ...sell, expect: { C: 10_000, P: 1000, S: 9000 } },
      { do: 'deliver', order: 'o1', expect: {} },
    ]
    expect(await runScenario(scenario({ ...tenPercent, steps, balances: { S: { pending: 0, available: 9000 } } }))).toEqual([])
  })

  it('fails with expected and found side by side; a party that is not named should not have changed', async () => {
    expect(await runScenario(scenario({ ...tenPercent, steps: [{ ...sell, expect: { C: 10_000, S: 9001 } }] }))).toEqual([
      'steps[0] sell o1:',
      '  changes:',
      '       expected  found',
      '    S      9001   9000',
      '    P         0   1000',
    ])
  })

  it('says which bucket, and which allocation, is not as expected', async () => {
    const steps = [{ ...sell, balances: { S: { pending: 1 } } }]
    expect(await runScenario(scenario({ steps }))).toEqual([
      'steps[0] sell o1:',
      '  balances:',
      '               expected  found',
      '    S pending         1  10000',
    ])
    expect(await runScenario(scenario({ steps: [sell], allocations: { tax: { 'o1/l1': 7 } } }))).toContain(
      '  tax of o1/l1         7      0',
    )
    expect(await runScenario(scenario({ steps: [sell], allocations: { tax: { 'o1/l2': 7 } } }))).toEqual([
      'allocations.tax names o1/l2, and there is no such line',
    ])
  })

  it('is told when a step should be refused and was not, or was for another reason, or when nobody expected it', async () => {
    const tooMuch = { do: 'refund', order: 'o1', line: 'l1', amount: 10_001 }
    expect(await runScenario(scenario({ steps: [sell, { ...tooMuch, error: 'refund.exceeds_captured' }] }))).toEqual([])
    expect(await runScenario(scenario({ steps: [sell, { ...tooMuch, error: true }] }))).toEqual([])
    expect(await runScenario(scenario({ steps: [sell, { ...tooMuch, error: 'balance.insufficient' }] }))).toContain(
      '    error  balance.insufficient  refund.exceeds_captured',
    )
    expect(await runScenario(scenario({ steps: [{ ...sell, error: true }] }))).toContain('    error  any error   none')
    expect((await runScenario(scenario({ steps: [sell, tooMuch] })))[1]).toMatch(
      /^ {2}it was refused: refund\.exceeds_captured: a refund of 10001/,
    )
  })

  it('plays chargebacks: shares go back as by a refund, the fee is borne as said, and a won one restores the last that is open', async () => {
    const chargeback = { do: 'chargeback', order: 'o1', amount: 4000, fee: 1500 }
    const steps = [
      sell,
      { ...chargeback, expect: { C: -4000, P: -400, S: -3600 - 1500, G: 1500 } },
      { ...chargeback, amount: 6000, feeFrom: 'platform', expect: { C: -6000, P: -600 - 1500, S: -5400, G: 1500 } },
      { do: 'refund', order: 'o1', line: 'l1', amount: 1, error: 'refund.exceeds_captured' },
      { do: 'chargebackWon', order: 'o1', expect: { C: 6000, P: 600, S: 5400 } },
      { ...chargeback, amount: 6001, error: 'refund.exceeds_captured' },
      { do: 'refund', order: 'o1', line: 'l1', all: true, expect: { C: -6000, P: -600, S: -5400 } },
    ]
    expect(await runScenario(scenario({ ...tenPercent, steps, balances: { S: { pending: 0, available: -1500 } } }))).toEqual([])
  })

  it('plays payouts in another currency: claims at the rate, what goes back as a part of what was converted', async () => {
    const steps = [
      { ...sell, expect: { C: 10_000, P: 1000, S: 9743 } },
      { do: 'refund', order: 'o1', line: 'l1', amount: 3333, expect: { C: -3333, P: -333, S: -3247 } },
      { do: 'refund', order: 'o1', line: 'l1', all: true, expect: { C: -6667, P: -667, S: -6496 } },
      { do: 'sell', id: 'o2', lines: [{ ...line, distributors: ['D'] }], expect: { C: 10_000, P: 1000, S: 8877, D: 866 } },
      { do: 'deliver', order: 'o2' },
      { do: 'settle', party: 'S', balances: { S: { available: 0, inPayout: 8877 } }, expect: {} },
    ]
    const settlement = { payoutCurrency: 'USD', rate: '1.0825' }
    expect(await runScenario(scenario({ ...tenPercent, distribution: { tiers: [8] }, settlement, steps }))).toEqual([])
  })

  it('sells an order once: the same again changes nothing, another under its name is a conflict, and a refused one may be tried again', async () => {
    const again = { ...sell, expect: {} }
    const other = { ...sell, discounts: [{ amount: 1, fundedBy: 'platform' }], error: 'idempotency.conflict' }
    expect(await runScenario(scenario({ steps: [sell, again, other] }))).toEqual([])
    const rail = { maxSplitPercent: 30 }
    const rules = [{ percent: 40, match: { channel: 'app' } }]
    const refused = { ...sell, channel: 'app', error: 'rail.split_exceeds_cap' }
    expect(
      await runScenario(scenario({ rail, commission: rules, steps: [refused, { ...sell, expect: { C: 10_000, S: 10_000 } }] })),
    ).toEqual([])
  })

  it('does not go back in time, and knows only what it was told of', async () => {
    const back = { ...sell, id: 'o2', at: '2026-01-01T00:00:00.000Z' }
    expect(await runScenario(scenario({ steps: [{ ...sell, at: '2026-02-01T00:00:00.000Z' }, back] }))).toContain(
      '  it would be at 2026-01-01T00:00:00.000Z, and the clock stands at 2026-02-01T00:00:00.000Z already',
    )
    expect(await runScenario(scenario({ steps: [{ do: 'void', order: 'o9' }] }))).toContain('  it was refused: there is no order o9')
    expect(await runScenario(scenario({ steps: [{ do: 'void', order: 'o9', error: true }] }))).toEqual([])
    expect(await runScenario(scenario({ steps: [{ do: 'void', order: 'o9', error: 'order.not_found' }] }))).toContain(
      '  it should be refused with order.not_found, and broke down: there is no order o9',
    )
    expect(await runScenario(scenario({ steps: [{ do: 'writeOff', party: 'M' }] }))).toEqual([
      'it cannot begin: nobody knows whether M is a supplier or a distributor; name suppliers S… and distributors D…',
    ])
  })
})

describe('a file of scenarios', () => {
  it('has every wrong key and value named by its path, and the others are played all the same', async () => {
    const wrong = {
      id: 'wrong',
      currency: 'CNY',
      comission: [],
      settlement: { reserve: { percent: 10, dayz: 90 } },
      steps: [{ ...sell, lines: [{ ...line, prise: 1, price: 1.5 }] }, { do: 'dance' }],
    }
    const right = { id: 'right', currency: 'CNY', steps: [] }
    const printed: string[] = []
    const files = [{ name: 'a.json', text: JSON.stringify([wrong, right]) }]
    expect(await runScenarios({ files, print: (text) => printed.push(text) })).toEqual({ passed: 1, failed: 1 })
    expect(printed).toEqual([
      'FAILED wrong',
      '  a.json: [0].settlement.reserve.days: Invalid input: expected number, received undefined',
      '  a.json: [0].settlement.reserve.dayz: there is no such key',
      '  a.json: [0].steps[0].lines[0].price: Invalid input: expected int, received number',
      '  a.json: [0].steps[0].lines[0].prise: there is no such key',
      expect.stringMatching(/^ {2}a\.json: \[0\]\.steps\[1\]\.do: Invalid discriminator value/),
      '  a.json: [0].comission: there is no such key',
      'ok right',
      '1 passed, 1 failed',
    ])
  })

  it('must be an array of JSON', () => {
    expect(parseScenarios('{}')).toEqual([{ id: '(file)', problems: ['must be an array of scenarios'] }])
    expect(parseScenarios('[')).toMatchObject([{ id: '(file)', problems: [expect.stringMatching(/^is not JSON/)] }])
  })

  it('is described by the published JSON Schema: `npm test -- run-scenario -u` writes it anew', async () => {
    const schema = { title: 'Scenarios', ...z.toJSONSchema(z.array(scenarioSchema), { io: 'input' }) }
    await expect(`${JSON.stringify(schema, null, 1)}\n`).toMatchFileSnapshot('../../../scenario.schema.json')
    expect(readFileSync(new URL('../../../scenario.schema.json', import.meta.url), 'utf8')).toContain('"maxSplitPercent"')
  })
})
