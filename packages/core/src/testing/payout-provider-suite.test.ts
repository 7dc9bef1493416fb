import { describe, expect, it } from 'vitest'
import type { PayoutProvider, PayoutState, SubmitPayout } from '../ports/index.js'
import { describePayoutProvider, type PayoutProviderSuite, payoutProviderChecks } from './payout-provider-suite.js'

interface Bank {
  readonly provider: PayoutProvider
  readonly paid: Map<string, { readonly asked: SubmitPayout; state: PayoutState }>
  next: 'behave' | 'timeout-after' | 'refuse'
}

/** A bank in memory that keeps the port to the letter. */
function openBank(): Bank {
  const paid: Bank['paid'] = new Map()
  const bank: Bank = {
    paid,
    next: 'behave',
    provider: {
      id: 'test-bank',
      async submit(asked) {
        const { next } = bank
        bank.next = 'behave'
        const known = paid.get(asked.payoutId)
        const failure = { code: 'account_closed', message: 'the account is closed' }
        const fresh: PayoutState =
          next === 'refuse'
            ? { status: 'failed', providerRef: null, failure }
            : { status: 'submitted', providerRef: `bank-${asked.payoutId}` }
        if (!known) paid.set(asked.payoutId, { asked, state: fresh })
        if (next === 'timeout-after') throw new Error('the bank did not answer')
        return known?.state ?? fresh
      },
      fetch: async ({ payoutId }) => paid.get(payoutId)?.state ?? null,
    },
  }
  return bank
}

/** The suite on the test bank, or on one that breaks a promise. */
function suiteFor(breakIt: (provider: PayoutProvider, bank: Bank) => Partial<PayoutProvider> = () => ({})): PayoutProviderSuite {
  let bank = openBank()
  return {
    name: 'test',
    provider: () => {
      bank = openBank()
      return { ...bank.provider, ...breakIt(bank.provider, bank) }
    },
    simulate: {
      taken: () =>
        [...bank.paid.values()].reduce(
          (sum, { asked, state }) => sum + (['submitted', 'paid'].includes(state.status) ? asked.amount : 0),
          0,
        ),
      timeoutAfterSubmit: () => {
        bank.next = 'timeout-after'
      },
      refuse: () => {
        bank.next = 'refuse'
      },
      settle: (payoutId, status) => {
        const payout = bank.paid.get(payoutId)
        if (payout) payout.state = { ...payout.state, status }
      },
    },
  }
}

async function failures(suite: PayoutProviderSuite): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, skipped, run } of payoutProviderChecks(suite)) if (skipped === undefined) await run().catch(() => failed.push(name))
  return failed
}

describePayoutProvider({ ...suiteFor(), runner: { describe, it } })

describe('the suite', () => {
  it('shows what it skips, and asks no outcome of a rail that tells none', () => {
    const skipped = (more: Partial<PayoutProviderSuite>): readonly string[] =>
      payoutProviderChecks({ name: 'test', provider: () => openBank().provider, ...more }).flatMap((check) => check.skipped ?? [])
    expect(skipped({})).toContain('simulate.timeoutAfterSubmit is not given')
    expect(skipped({ ...suiteFor(), capabilities: { tellsOutcome: false } })).toEqual([
      'it does not tell what became of payouts',
      'it does not tell what became of payouts',
    ])
  })
})

describe('the suite finds a payout provider that', () => {
  let count = 0
  const broken: readonly [what: string, breakIt: Parameters<typeof suiteFor>[0], found: string][] = [
    [
      'pays at every asking',
      ({ submit }) => ({ submit: (asked) => submit({ ...asked, payoutId: `${asked.payoutId}-${++count}` }) }),
      'pays one id once, however often it is submitted',
    ],
    [
      'looks whether it has paid, and then pays',
      ({ submit }, { paid }) => ({
        async submit(asked) {
          const known = paid.has(asked.payoutId)
          await Promise.resolve()
          return submit(known ? asked : { ...asked, payoutId: `${asked.payoutId}${paid.has(asked.payoutId) ? `-${++count}` : ''}` })
        },
      }),
      'pays one id once when it is submitted by several at the same moment',
    ],
    [
      'takes payouts that are alike for one',
      ({ submit }) => ({ submit: (asked) => submit({ ...asked, payoutId: `${asked.party} ${asked.amount}` }) }),
      'pays two payouts that are alike but for their ids',
    ],
    [
      'pays the rest where the amount has grown',
      ({ submit }) => {
        const before = new Map<string, number>()
        return {
          async submit(asked) {
            const first = before.get(asked.payoutId) ?? 0
            before.set(asked.payoutId, asked.amount)
            return first === 0 || first === asked.amount
              ? submit(asked)
              : submit({ ...asked, payoutId: `${asked.payoutId}-more`, amount: asked.amount - first })
          },
        }
      },
      'pays nothing more where an id comes with another amount',
    ],
    [
      'pays nothing but statements',
      ({ submit }) => ({
        submit: async (asked) => (asked.statementId === null ? { status: 'failed', providerRef: null } : submit(asked)),
      }),
      'pays a payout that a statement asked for, and one that its party withdraws',
    ],
    [
      'knows a payout by another reference each time',
      ({ fetch }) => ({
        fetch: async (query) => {
          const state = await fetch(query)
          return state && { ...state, providerRef: `again-${++count}` }
        },
      }),
      'shows the same payout to a submission and to a fetch',
    ],
    [
      'knows of payouts that never were',
      ({ fetch }) => ({ fetch: async (query) => (await fetch(query)) ?? { status: 'submitted', providerRef: null } }),
      'answers null for a payout that was never submitted',
    ],
    [
      'pays again where the first answer was lost',
      ({ submit }, bank) => {
        let lost = false
        return {
          async submit(asked) {
            const again = lost
            lost = bank.next === 'timeout-after'
            return submit(again ? { ...asked, payoutId: `${asked.payoutId}-again` } : asked)
          },
        }
      },
      'pays once when the first answer was lost',
    ],
    [
      'throws a refusal',
      ({ submit }) => ({
        async submit(asked) {
          const state = await submit(asked)
          if (state.failure) throw new Error(state.failure.message)
          return state
        },
      }),
      'answers a refusal and does not throw it, and refuses the same id for good',
    ],
    [
      'pays under the same id what came back',
      ({ submit }, { paid }) => ({
        submit: (asked) =>
          submit(paid.get(asked.payoutId)?.state.status === 'returned' ? { ...asked, payoutId: `${asked.payoutId}-again` } : asked),
      }),
      'tells of a payout that came back, and pays it no second time',
    ],
  ]
  it.each(broken)('%s', async (_what, breakIt, found) => {
    expect(await failures(suiteFor(breakIt))).toContain(found)
  })
  it('is not this one', async () => {
    expect(await failures(suiteFor())).toEqual([])
  })
})
