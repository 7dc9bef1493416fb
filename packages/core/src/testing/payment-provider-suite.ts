import { deepEqual, equal, match, ok, rejects } from 'node:assert/strict'
import type { IncomingWebhook, PaymentProvider, PaymentState, StartPayment } from '../ports/index.js'
import { oneOf, runSuite, type SuiteCheck, shows, type TestRunner } from './suite.js'

/** What `start` is given for the provider: a test card's token. */
type StartData = Readonly<Record<string, unknown>> | undefined

/** How the suite moves the world behind a provider. What is left out is shown as skipped. */
export interface PaymentSimulation {
  /** Makes the next payment one that goes through. @returns the `data` of its start */
  succeed(): StartData | Promise<StartData>
  /** Lets the customer pay what is still waiting for it; needed where a start alone ends nothing. */
  settle?(paymentId: string): void | Promise<void>
  /** Makes the next payment one that is declined. @returns the `data` of its start */
  decline?(): StartData | Promise<StartData>
  /** Makes the next start do its work and then give no answer. @returns the `data` of that start */
  timeoutAfterSuccess?(): StartData | Promise<StartData>
  /** All that was taken in the sandbox, less what was given back; minor units. Finds money that is taken twice. */
  taken?(): number | Promise<number>
  /** Has a payment disputed for all of it. @returns the provider's id of the dispute */
  dispute?(paymentId: string): string | Promise<string>
  /** A genuine webhook about a payment, as it comes in over HTTP, header names in lower case. */
  webhook?(paymentId: string): IncomingWebhook | Promise<IncomingWebhook>
}

/** A provider to be tested. */
export interface PaymentProviderSuite {
  readonly name: string
  /** A provider on a sandbox of its own, new for every test. */
  provider(): PaymentProvider | Promise<PaymentProvider>
  readonly simulate: PaymentSimulation
  /** What it can do beyond `provider.capabilities`. */
  readonly capabilities?: {
    /** An authorization may wait for its capture. @default true */
    readonly manualCapture?: boolean | undefined
  }
  /** ISO 4217. @default 'EUR' */
  readonly currency?: string | undefined
  /** What the tests are registered with. @default the global `describe` and `it`, as Jest has them, Mocha, and Vitest with `globals` */
  readonly runner?: TestRunner | undefined
}

/**
 * Tests that a payment provider keeps what the port promises.
 * @example describePaymentProvider({ name: 'acme', provider: () => acme({ key: sandboxKey }), simulate: { succeed: () => ({ token: 'tok_visa' }) }, runner: { describe, it } })
 * @throws TypeError where no runner is given and none is global
 */
export function describePaymentProvider(suite: PaymentProviderSuite): void {
  runSuite('describePaymentProvider', `payment provider ${suite.name}`, paymentProviderChecks(suite), suite.runner)
}

/** The checks one by one: what proves the suite itself, by providers that must fail it. */
export function paymentProviderChecks({
  provider: open,
  simulate,
  capabilities,
  currency = 'EUR',
}: PaymentProviderSuite): readonly SuiteCheck[] {
  const amount = 1000
  let counter = 0
  const asked = (data: StartData, more: Partial<StartPayment> = {}): StartPayment => {
    const paymentId = `pay_suite${++counter}${Date.now()}`
    return { paymentId, amount, currency, capture: 'automatic', customerId: null, metadata: { orderId: `ord_${counter}` }, data, ...more }
  }
  /** Begins a payment and has it paid. */
  const paid = async (
    provider: PaymentProvider,
    more?: Partial<StartPayment>,
  ): Promise<{ request: StartPayment; state: PaymentState; providerRef: string }> => {
    const request = asked(await simulate.succeed(), more)
    await provider.start(request)
    await simulate.settle?.(request.paymentId)
    const state = await provider.start(request)
    const { providerRef } = state
    ok(typeof providerRef === 'string', 'a payment that was paid has a reference')
    return { request, state, providerRef }
  }
  const expectTaken = async (expected: number): Promise<void> => {
    if (simulate.taken) equal(await simulate.taken(), expected, `money taken in the sandbox is not ${expected}`)
  }
  const checks: SuiteCheck[] = []
  const check = (name: string, run: (provider: PaymentProvider) => Promise<void>, skipped?: string | false): void => {
    checks.push({ name, skipped: skipped === false ? undefined : skipped, run: async () => run(await open()) })
  }
  const without = (what: keyof PaymentSimulation): string | false => simulate[what] === undefined && `simulate.${what} is not given`
  const noManual = capabilities?.manualCapture === false && 'no manual capture'
  /** Left early where the provider itself says that it cannot; known only once it is open. */
  const lacks = (provider: PaymentProvider, ...needed: readonly (keyof PaymentProvider['capabilities'])[]): boolean =>
    needed.some((capability) => !provider.capabilities[capability])

  check('has an id that fits its column', async (provider) => {
    match(provider.id, /^[a-z0-9][a-zA-Z0-9_-]{0,39}$/)
  })
  check('captures an automatic payment whole', async (provider) => {
    const { state } = await paid(provider)
    shows(state, { status: 'captured', authorized: amount, captured: amount, refunded: 0 })
    await expectTaken(amount)
  })
  check('takes the money once, however often a start is sent', async (provider) => {
    const { request, state } = await paid(provider)
    const again = await Promise.all(Array.from({ length: 5 }, () => provider.start(request)))
    for (const answer of again) shows(answer, { status: state.status, captured: amount, providerRef: state.providerRef })
    await expectTaken(amount)
  })
  check('shows the same state to a start and to a fetch', async (provider) => {
    const { request, state, providerRef } = await paid(provider)
    const shown = { status: state.status, captured: state.captured, providerRef }
    shows(await provider.fetch({ paymentId: request.paymentId, providerRef }), shown)
    // By our id alone it may not be able to; but then it says so, and does not invent another state.
    const byId = await provider.fetch({ paymentId: request.paymentId, providerRef: null })
    if (byId) shows(byId, shown)
  })
  check('answers null for a payment that was never begun', async (provider) => {
    equal(await provider.fetch({ paymentId: 'pay_never', providerRef: null }), null)
  })
  check(
    'answers a decline and does not throw it',
    async (provider) => {
      const state = await provider.start(asked(await simulate.decline?.()))
      shows(state, { captured: 0 })
      fails(state)
      oneOf(state.status, ['failed', 'requires_action'])
      await expectTaken(0)
    },
    without('decline'),
  )
  check(
    'takes the money once when the first answer was lost',
    async (provider) => {
      const request = asked(await simulate.timeoutAfterSuccess?.())
      await rejects(provider.start(request), 'a lost answer is not thrown')
      shows(await provider.start(request), { status: 'captured', captured: amount })
      await expectTaken(amount)
    },
    without('timeoutAfterSuccess'),
  )
  check(
    'holds a manual payment until it is captured, once per capture',
    async (provider) => {
      const { request, state, providerRef } = await paid(provider, { capture: 'manual' })
      shows(state, { status: 'authorized', authorized: amount, captured: 0 })
      const capture = { paymentId: request.paymentId, providerRef, captureId: 'cpr_1', amount, currency }
      await provider.capture(capture)
      shows(await provider.capture(capture), { status: 'captured', captured: amount })
      await expectTaken(amount)
    },
    noManual,
  )
  check(
    'captures in parts, where it says so',
    async (provider) => {
      if (lacks(provider, 'partialCapture', 'multipleCaptures')) return
      const { request, providerRef } = await paid(provider, { capture: 'manual' })
      const part = { paymentId: request.paymentId, providerRef, currency }
      // The second is the same capture again.
      for (const captureId of ['cpr_1', 'cpr_1']) shows(await provider.capture({ ...part, captureId, amount: 400 }), { captured: 400 })
      shows(await provider.capture({ ...part, captureId: 'cpr_2', amount: 600 }), { captured: amount })
    },
    noManual,
  )
  check(
    'answers a capture that it cannot make with the unchanged state and a failure',
    async (provider) => {
      const { request, providerRef } = await paid(provider, { capture: 'manual' })
      const capture = { paymentId: request.paymentId, providerRef, captureId: 'cpr_1', amount: amount + 1, currency }
      const state = await provider.capture(capture)
      shows(state, { captured: 0 })
      fails(state)
    },
    noManual,
  )
  check(
    'gives back an authorization, where it says so',
    async (provider) => {
      if (lacks(provider, 'void')) return
      const { request, providerRef } = await paid(provider, { capture: 'manual' })
      await provider.void({ paymentId: request.paymentId, providerRef })
      // Again, it stays voided.
      shows(await provider.void({ paymentId: request.paymentId, providerRef }), { status: 'voided', captured: 0 })
    },
    noManual,
  )
  check('leaves a captured payment as it is when asked to void it', async (provider) => {
    if (lacks(provider, 'void')) return
    const { request, providerRef } = await paid(provider)
    shows(await provider.void({ paymentId: request.paymentId, providerRef }), { status: 'captured', captured: amount })
  })
  check('refunds once, however often a refund is sent', async (provider) => {
    const { request, providerRef } = await paid(provider)
    const refund = { paymentId: request.paymentId, providerRef, refundId: 'rfd_1', amount, currency }
    const [first, second] = [await provider.refund(refund), await provider.refund(refund)]
    oneOf(first.status, ['pending', 'succeeded'])
    equal(second.refundRef, first.refundRef)
    const known = await provider.fetchRefund({ ...refund, refundRef: first.refundRef })
    shows(known, { refundRef: first.refundRef })
    if (known?.status === 'succeeded') await expectTaken(0)
  })
  check('refunds in parts, where it says so', async (provider) => {
    if (lacks(provider, 'partialRefund')) return
    const { request, providerRef } = await paid(provider)
    for (const [refundId, part] of [
      ['rfd_1', 400],
      ['rfd_2', 600],
    ] as const) {
      const { status } = await provider.refund({ paymentId: request.paymentId, providerRef, refundId, amount: part, currency })
      oneOf(status, ['pending', 'succeeded'])
    }
  })
  check('answers null for a refund that was never asked for', async (provider) => {
    const { request, providerRef } = await paid(provider)
    equal(await provider.fetchRefund({ paymentId: request.paymentId, providerRef, refundId: 'rfd_never', refundRef: null }), null)
  })
  check('knows of no dispute before there is one, where it tells of them', async (provider) => {
    if (lacks(provider, 'disputes')) return
    const { request, providerRef } = await paid(provider)
    deepEqual(await provider.fetchDisputes?.({ paymentId: request.paymentId, providerRef }), [])
  })
  check(
    'tells of a dispute under one id, where it says so',
    async (provider) => {
      if (lacks(provider, 'disputes')) return
      const { request, providerRef } = await paid(provider)
      const disputeRef = (await simulate.dispute?.(request.paymentId)) ?? ''
      const query = { paymentId: request.paymentId, providerRef }
      const [first, second] = [await provider.fetchDisputes?.(query), await provider.fetchDisputes?.(query)]
      const [dispute, another] = first ?? []
      ok(dispute, 'the dispute is not told of')
      equal(another, undefined, 'one dispute is told of as several')
      shows(dispute, { disputeRef, status: 'opened', amount })
      deepEqual(second, first)
      // What was captured stays captured: the dispute is told beside it.
      shows(await provider.fetch(query), { status: 'captured', captured: amount })
    },
    without('dispute'),
  )
  check(
    'recognises a genuine webhook, and the same event when it is sent again',
    async (provider) => {
      const { request, providerRef } = await paid(provider)
      const webhook = await simulate.webhook?.(request.paymentId)
      const [first, second] = webhook ? [await provider.verifyWebhook(webhook), await provider.verifyWebhook(webhook)] : []
      equal(typeof first?.[0]?.eventId, 'string', 'a notice has the id of its event')
      deepEqual(second, first)
      const named = first?.some((notice) => notice.paymentId === request.paymentId || notice.providerRef === providerRef)
      ok(named, 'no notice names the payment')
    },
    without('webhook'),
  )
  check(
    'refuses a webhook that was altered or is not signed',
    async (provider) => {
      const { request } = await paid(provider)
      const webhook = await simulate.webhook?.(request.paymentId)
      const rawBody = webhook?.rawBody ?? new Uint8Array()
      const altered = Buffer.concat([rawBody, Buffer.from(' ')])
      equal(await provider.verifyWebhook({ headers: webhook?.headers ?? {}, rawBody: altered }), null, 'an altered webhook was believed')
      equal(await provider.verifyWebhook({ headers: {}, rawBody }), null, 'a webhook without a signature was believed')
    },
    without('webhook'),
  )
  return checks
}

function fails({ failure }: Pick<PaymentState, 'failure'>): void {
  ok(
    typeof failure?.code === 'string' && typeof failure.message === 'string',
    'a refusal comes with a failure that has a code and a message',
  )
}
