import { describe, expect, it } from 'vitest'
import { parseScenario } from './parse.js'
import { runScenario } from './run-scenario.js'

function play(given: object): Promise<readonly string[]> {
  const read = parseScenario({ id: 'test', currency: 'CNY', ...given })
  return 'problems' in read ? Promise.resolve(read.problems) : runScenario(read.scenario)
}

const sell = { do: 'sell', id: 'o1', at: '2026-03-01T10:00:00.000Z', lines: [{ id: 'l1', supplier: 'S', price: 10_000 }] }
const deliver = { do: 'deliver', order: 'o1', at: '2026-03-02T10:00:00.000Z' }

describe('a scenario of settlement', () => {
  it('withholds a reserve, lets refunds take it first, and releases the rest', async () => {
    const refund = { do: 'refund', order: 'o1', line: 'l1', amount: 500, expect: { C: -500, P: -50, S: -450 } }
    const steps = [
      sell,
      { ...deliver, balances: { S: { available: 8100, reserve: 900 } } },
      { ...refund, balances: { S: { available: 8100, reserve: 450 } } },
      { do: 'advance', to: '2026-05-31T09:59:59.999Z', balances: { S: { available: 8100, reserve: 450 } } },
      { do: 'advance', to: '2026-05-31T10:00:00.000Z', expect: {}, balances: { S: { available: 8550, reserve: 0 } } },
    ]
    expect(await play({ commission: [{ percent: 10 }], settlement: { reserve: { percent: 10, days: 90 } }, steps })).toEqual([])
  })

  it('withdraws for a fee that stays spent when the payout comes back', async () => {
    const steps = [
      { do: 'adjust', party: 'D1', amount: 20_000, reason: 'opening' },
      {
        do: 'withdraw',
        party: 'D1',
        amount: 10_050,
        feePercent: 0.6,
        expect: { P: 60, D1: -60 },
        balances: { D1: { available: 9950, inPayout: 9990 } },
      },
      { do: 'withdraw', party: 'D1', amount: 9951, feePercent: 0, error: 'balance.insufficient' },
      { do: 'payout', party: 'D1', result: 'returned', expect: {}, balances: { D1: { available: 19_940, inPayout: 0 } } },
    ]
    expect(await play({ steps })).toEqual([])
  })

  it('withholds tax from every payout, and gives it back with one that is returned', async () => {
    const steps = [
      { do: 'adjust', party: 'S', amount: 3_000_000, reason: 'opening' },
      { do: 'settle', party: 'S', expect: { S: -520_000, X: 520_000 }, balances: { S: { available: 0, inPayout: 2_480_000 } } },
      { do: 'payout', party: 'S', result: 'returned', expect: { S: 520_000, X: -520_000 }, balances: { S: { available: 3_000_000 } } },
    ]
    expect(await play({ settlement: { withholding: 'cn-labour-single' }, steps })).toEqual([])
  })
})
