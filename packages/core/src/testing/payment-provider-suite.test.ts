import { describe, expect, it } from 'vitest'
import type { PaymentProvider, PaymentState } from '../ports/index.js'
import { createMisbehavingProvider, type MisbehavingProvider } from './misbehaving-provider.js'
import { describePaymentProvider, type PaymentProviderSuite, paymentProviderChecks } from './payment-provider-suite.js'

/** The suite on the test provider, or on one that breaks a promise. */
function suiteFor(
  breakIt: (provider: PaymentProvider, psp: MisbehavingProvider) => Partial<PaymentProvider> = () => ({}),
): PaymentProviderSuite {
  let psp = createMisbehavingProvider()
  return {
    name: 'test',
    provider: () => {
      psp = createMisbehavingProvider()
      return { ...psp.provider, ...breakIt(psp.provider, psp) }
    },
    simulate: {
      succeed: () => undefined,
      decline: () => psp.next('start', 'decline') as undefined,
      timeoutAfterSuccess: () => psp.next('start', 'timeout-after') as undefined,
      dispute: (paymentId) => psp.dispute(paymentId),
      webhook: (paymentId) => {
        const { headers, rawBody } = psp.webhook(paymentId)
        return { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])), rawBody }
      },
    },
  }
}

async function failures(suite: PaymentProviderSuite): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, skipped, run } of paymentProviderChecks(suite)) if (skipped === undefined) await run().catch(() => failed.push(name))
  return failed
}

describePaymentProvider({ ...suiteFor(), runner: { describe, it } })

describe('the suite', () => {
  it('says what it needs where there is no test runner', () => {
    expect(() => describePaymentProvider(suiteFor())).toThrow(/runner: \{ describe, it \}/)
  })

  it('registers with the runner that it is given, and shows what it skips', () => {
    const [ran, skipped]: [string[], string[]] = [[], []]
    const it = Object.assign((name: string) => ran.push(name), { skip: (name: string) => skipped.push(name) })
    const suite = suiteFor()
    describePaymentProvider({
      ...suite,
      simulate: { succeed: suite.simulate.succeed },
      runner: { describe: (_name, register) => register(), it },
    })
    expect(ran).toContain('captures an automatic payment whole')
    expect(skipped).toContain('answers a decline and does not throw it (simulate.decline is not given)')
  })
})

describe('the suite finds a provider that', () => {
  const doubled = (state: PaymentState): PaymentState => ({ ...state, captured: state.captured * 2 })
  const broken: readonly [what: string, breakIt: Parameters<typeof suiteFor>[0], found: string][] = [
    [
      'takes the money at every start',
      (provider) => {
        let times = 0
        return { start: async (payment) => ({ ...(await provider.start(payment)), captured: payment.amount * ++times }) }
      },
      'takes the money once, however often a start is sent',
    ],
    [
      'throws a decline',
      (provider) => ({
        start: async (payment) => {
          const state = await provider.start(payment)
          if (state.failure) throw new Error(state.failure.message)
          return state
        },
      }),
      'answers a decline and does not throw it',
    ],
    [
      'invents payments',
      (provider) => ({ fetch: async (query) => (await provider.fetch(query)) ?? pendingState }),
      'answers null for a payment that was never begun',
    ],
    [
      'captures at every asking',
      (provider) => ({ capture: async (capture) => doubled(await provider.capture(capture)) }),
      'captures in parts, where it says so',
    ],
    [
      'voids what was captured',
      (provider) => ({ void: async (payment) => ({ ...(await provider.void(payment)), status: 'voided' }) }),
      'leaves a captured payment as it is when asked to void it',
    ],
    [
      'refunds at every asking',
      (provider) => {
        let times = 0
        return { refund: async (refund) => ({ ...(await provider.refund(refund)), refundRef: `again-${++times}` }) }
      },
      'refunds once, however often a refund is sent',
    ],
    [
      'gives a dispute another id at every asking',
      (provider) => {
        let times = 0
        return {
          fetchDisputes: async (query) =>
            ((await provider.fetchDisputes?.(query)) ?? []).map((dispute) => ({ ...dispute, disputeRef: `again-${++times}` })),
        }
      },
      'tells of a dispute under one id, where it says so',
    ],
    [
      'has no captured money once it is disputed',
      (provider) => ({
        fetch: async (query) => {
          const disputed = (await provider.fetchDisputes?.(query))?.length ?? 0
          const state = await provider.fetch(query)
          return state && disputed > 0 ? { ...state, captured: 0, status: 'voided' } : state
        },
      }),
      'tells of a dispute under one id, where it says so',
    ],
    [
      'believes every webhook',
      () => ({ verifyWebhook: async ({ rawBody }) => [JSON.parse(Buffer.from(rawBody).toString('utf8'))] }),
      'refuses a webhook that was altered or is not signed',
    ],
  ]
  it.each(broken)('%s', async (_what, breakIt, found) => {
    expect(await failures(suiteFor(breakIt))).toContain(found)
  })
  it('is not this one', async () => {
    expect(await failures(suiteFor())).toEqual([])
  })
})

const pendingState: PaymentState = { status: 'pending', providerRef: null, authorized: 0, captured: 0, refunded: 0 }
