import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import type { PayoutProvider, PayoutState, SubmitPayout } from '../ports/index.js'
import { oneOf, runSuite, type SuiteCheck, shows, type TestRunner } from './suite.js'

/** How the suite moves the world behind a rail. What is left out is shown as skipped. */
export interface PayoutSimulation {
  /** Minor units of all that was taken on in the sandbox to be paid, what came back not counted. Finds payouts that are paid twice. */
  taken?(): number | Promise<number>
  /** Makes the next submission do its work and then give no answer. */
  timeoutAfterSubmit?(): void | Promise<void>
  /** Makes the next submission one that the rail refuses for good. */
  refuse?(): void | Promise<void>
  /** Has a payout arrive, or come back. */
  settle?(payoutId: string, status: 'paid' | 'returned'): void | Promise<void>
}

/** A payout provider to be tested. */
export interface PayoutProviderSuite {
  readonly name: string
  /** A provider on a sandbox of its own, new for every test. */
  provider(): PayoutProvider | Promise<PayoutProvider>
  readonly simulate?: PayoutSimulation | undefined
  /** What it can do beyond the port. */
  readonly capabilities?: {
    /** It tells by `fetch` what became of payouts; else an operator reports it, as for a file that is uploaded by hand. @default true */
    readonly tellsOutcome?: boolean | undefined
  }
  /** Who is paid; the provider has what it needs to pay it. @default 'supplier:sup_suite' */
  readonly party?: string | undefined
  /** ISO 4217. @default 'EUR' */
  readonly currency?: string | undefined
  /** What the tests are registered with. @default the global `describe` and `it`, as Jest has them, Mocha, and Vitest with `globals` */
  readonly runner?: TestRunner | undefined
}

/**
 * Tests that a payout provider keeps what the port promises.
 * @example describePayoutProvider({ name: 'acme', provider: () => acme({ key: sandboxKey }), runner: { describe, it } })
 * @throws TypeError where no runner is given and none is global
 */
export function describePayoutProvider(suite: PayoutProviderSuite): void {
  runSuite('describePayoutProvider', `payout provider ${suite.name}`, payoutProviderChecks(suite), suite.runner)
}

/** The checks one by one: what proves the suite itself, by providers that must fail it. */
export function payoutProviderChecks({
  provider: open,
  simulate = {},
  capabilities,
  party = 'supplier:sup_suite',
  currency = 'EUR',
}: PayoutProviderSuite): readonly SuiteCheck[] {
  const amount = 1000
  let counter = 0
  const payout = (more: Partial<SubmitPayout> = {}): SubmitPayout => ({
    payoutId: `pyo_suite${++counter}x${Date.now()}`,
    party,
    amount,
    currency,
    statementId: `stm_${counter}`,
    ...more,
  })
  const checks: SuiteCheck[] = []
  const check = (name: string, run: (provider: PayoutProvider) => Promise<void>, skipped?: string | false): void => {
    checks.push({ name, skipped: skipped === false ? undefined : skipped, run: async () => run(await open()) })
  }
  const without = (what: keyof PayoutSimulation): string | false => simulate[what] === undefined && `simulate.${what} is not given`
  const silent = capabilities?.tellsOutcome === false && 'it does not tell what became of payouts'
  const expectTaken = async (expected: number): Promise<void> => {
    if (simulate.taken) equal(await simulate.taken(), expected, `what was taken on in the sandbox is not ${expected}`)
  }

  check('has an id that fits its column', async (provider) => {
    match(provider.id, /^[a-z0-9][a-zA-Z0-9_-]{0,39}$/)
  })
  check('takes a payout on, and says so', async (provider) => {
    const state = await provider.submit(payout())
    isState(state)
    oneOf(state.status, ['submitted', 'paid'])
    await expectTaken(amount)
  })
  check('pays a payout that a statement asked for, and one that its party withdraws', async (provider) => {
    for (const statementId of ['stm_suite', null]) oneOf((await provider.submit(payout({ statementId }))).status, ['submitted', 'paid'])
    await expectTaken(2 * amount)
  })
  check('pays one id once, however often it is submitted', async (provider) => {
    const request = payout()
    const first = await provider.submit(request)
    const again = await Promise.all(Array.from({ length: 5 }, () => provider.submit(request)))
    // A rail that is quick may have more to say by now, but never of another payment.
    for (const { providerRef } of again) if (first.providerRef !== null) equal(providerRef, first.providerRef)
    await expectTaken(amount)
  })
  check('pays one id once when it is submitted by several at the same moment', async (provider) => {
    const request = payout()
    await Promise.all(Array.from({ length: 5 }, () => provider.submit(request)))
    await expectTaken(amount)
  })
  check('pays two payouts that are alike but for their ids', async (provider) => {
    await provider.submit(payout())
    await provider.submit(payout())
    await expectTaken(2 * amount)
  })
  check('pays nothing more where an id comes with another amount', async (provider) => {
    const request = payout()
    await provider.submit(request)
    // It may answer with the first, or throw; it must not pay the difference.
    await provider.submit({ ...request, amount: amount * 2 }).catch(() => undefined)
    await expectTaken(amount)
  })
  check('shows the same payout to a submission and to a fetch', async (provider) => {
    const request = payout()
    const { providerRef } = await provider.submit(request)
    const found = await provider.fetch({ payoutId: request.payoutId, providerRef })
    ok(found, 'a payout that was submitted is not known to fetch')
    isState(found)
    shows(found, { providerRef })
    // By our id alone it may not be able to; but then it says so, and does not invent another payout.
    const byId = await provider.fetch({ payoutId: request.payoutId, providerRef: null })
    if (byId) shows(byId, { providerRef })
  })
  check('answers null for a payout that was never submitted', async (provider) => {
    equal(await provider.fetch({ payoutId: 'pyo_never', providerRef: null }), null)
  })
  check(
    'pays once when the first answer was lost',
    async (provider) => {
      const request = payout()
      await simulate.timeoutAfterSubmit?.()
      await rejects(provider.submit(request), 'a lost answer is not thrown')
      oneOf((await provider.submit(request)).status, ['submitted', 'paid'])
      await expectTaken(amount)
    },
    without('timeoutAfterSubmit'),
  )
  check(
    'answers a refusal and does not throw it, and refuses the same id for good',
    async (provider) => {
      const request = payout()
      await simulate.refuse?.()
      const state = await provider.submit(request)
      shows(state, { status: 'failed' })
      ok(
        state.failure && state.failure.code !== '' && state.failure.message !== '',
        'a refusal comes with a failure that has a code and a message',
      )
      // Another attempt has another id.
      shows(await provider.submit(request), { status: 'failed' })
      await expectTaken(0)
    },
    without('refuse'),
  )
  for (const status of ['paid', 'returned'] as const)
    check(
      `tells of a payout that ${status === 'paid' ? 'has arrived' : 'came back'}, and pays it no second time`,
      async (provider) => {
        const request = payout()
        const { providerRef } = await provider.submit(request)
        await simulate.settle?.(request.payoutId, status)
        const query = { payoutId: request.payoutId, providerRef }
        const first = await provider.fetch(query)
        shows(first, { status })
        deepEqual(await provider.fetch(query), first)
        shows(await provider.submit(request), { status })
        await expectTaken(status === 'paid' ? amount : 0)
      },
      silent || without('settle'),
    )
  return checks
}

function isState({ status, providerRef }: PayoutState): void {
  oneOf(status, ['submitted', 'paid', 'failed', 'returned'])
  ok(providerRef === null || (providerRef.length > 0 && providerRef.length <= 200), `${providerRef} is no reference of 1 to 200 characters`)
}
