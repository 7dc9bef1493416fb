import { createHmac, timingSafeEqual } from 'node:crypto'
import type {
  DisputeState,
  IncomingWebhook,
  PaymentCapabilities,
  PaymentFailure,
  PaymentNotice,
  PaymentProvider,
  PaymentState,
  PaymentStatus,
  RefundState,
  StartPayment,
} from '../ports/index.js'

/**
 * - `decline`: refuses for good. `refuse-now`: refuses, and may succeed later.
 * - `timeout-before`: no answer, and nothing was done. `timeout-after`: no answer, and it was done.
 * - `pending`: takes it and says nothing final until told (`pay`, `settleRefund`). `action`: a start that waits for the customer.
 * - `nonsense`: answers with what is no state.
 */
export type Misbehaviour = 'decline' | 'refuse-now' | 'timeout-before' | 'timeout-after' | 'pending' | 'action' | 'nonsense'

export type ProviderMethod = 'start' | 'fetch' | 'capture' | 'void' | 'refund' | 'fetchRefund' | 'fetchDisputes'

/** What a webhook of the test provider says; all of it genuine but for `forged`. */
export interface WebhookOptions {
  /** The same id is the same event, however often it is sent. @default a new one */
  readonly eventId?: string | undefined
  readonly type?: string | undefined
  /** Names the payment by the provider's id alone. @default false */
  readonly byReference?: boolean | undefined
  /** What it claims was paid; nobody should believe it. */
  readonly amount?: number | undefined
  /** Signed with another's secret. */
  readonly forged?: boolean | undefined
}

/** A payment provider in memory, with a world behind it that a test moves, and faults that a test asks for. */
export interface MisbehavingProvider {
  /** To be passed to `createCommerce` or `createPayments`. */
  readonly provider: PaymentProvider
  /** What the next calls of a method do, in order; after them it behaves. */
  next(method: ProviderMethod, ...behaviours: readonly Misbehaviour[]): void
  /** Holds all calls of a method before they have any effect, until the function that is returned is called. */
  hold(method: ProviderMethod): () => void
  /** How often a method was called. */
  calls(method: ProviderMethod): number
  /** The customer pays what is pending or waits for an action. @param amount another than was asked for */
  pay(paymentId: string, amount?: number): void
  /** The payment fails or lapses at the provider. */
  end(paymentId: string, status: 'failed' | 'voided'): void
  settleRefund(refundId: string, status: 'succeeded' | 'failed'): void
  /** The customer's bank takes a payment back, or a part of it; nothing is told until a webhook is sent. @returns the provider's id of the dispute */
  dispute(paymentId: string, dispute?: Partial<DisputeState>): string
  /** @param fee what has been charged by then; as before unless given */
  settleDispute(disputeRef: string, status: 'won' | 'lost', fee?: number): void
  /** The payment as the provider has it; undefined where it never heard of it. */
  state(paymentId: string): PaymentState | undefined
  /** What the payment was started with; undefined where it never heard of it. */
  started(paymentId: string): StartPayment | undefined
  /** A webhook about a payment, as it would come in over HTTP. It may be sent early, late, twice or in any order. */
  webhook(paymentId: string, options?: WebhookOptions): IncomingWebhook
}

export interface MisbehavingOptions {
  /** @default 'test' */
  readonly id?: string | undefined
  /** @default all of them */
  readonly capabilities?: Partial<PaymentCapabilities> | undefined
}

interface World {
  readonly asked: StartPayment
  readonly providerRef: string
  status: PaymentStatus
  authorized: number
  captured: number
  refunded: number
  failure?: PaymentFailure | undefined
  readonly captures: Set<string>
  readonly disputes: DisputeState[]
}

const declined: PaymentFailure = { code: 'declined', message: 'the test said so', retryable: false }
const secrets = { genuine: 'the provider’s secret', forged: 'someone else’s secret' }

/** A provider that keeps the contract of `PaymentProvider` to the letter, and fails in every way that the contract allows. */
export function createMisbehavingProvider({ id = 'test', capabilities }: MisbehavingOptions = {}): MisbehavingProvider {
  const payments = new Map<string, World>()
  const refunds = new Map<string, { readonly paymentId: string; readonly amount: number; state: RefundState }>()
  const queued = new Map<ProviderMethod, Misbehaviour[]>()
  const counted = new Map<ProviderMethod, number>()
  const gates = new Map<ProviderMethod, Promise<void>>()
  let events = 0
  let disputes = 0

  const worldOf = (paymentId: string): World => {
    const world = payments.get(paymentId)
    if (!world) throw new TypeError(`the test provider knows no payment ${paymentId}`)
    return world
  }

  /** Wraps what a method does in what the test wants to go wrong with it. */
  const act = async <Answer>(method: ProviderMethod, effect: (behaviour: Misbehaviour | undefined) => Answer): Promise<Answer> => {
    counted.set(method, (counted.get(method) ?? 0) + 1)
    const behaviour = queued.get(method)?.shift()
    await gates.get(method)
    if (behaviour === 'timeout-before') throw new Error(`${method} timed out`)
    const answer = effect(behaviour)
    if (behaviour === 'timeout-after') throw new Error(`${method} timed out`)
    // What no type lets through is what is to be tested.
    return behaviour === 'nonsense' ? ({ status: 'splendid' } as Answer) : answer
  }

  const receive = (world: World, amount: number): void => {
    world.authorized = amount
    world.captured = world.asked.capture === 'automatic' ? amount : 0
    world.status = world.asked.capture === 'automatic' ? 'captured' : 'authorized'
  }

  const provider: PaymentProvider = {
    id,
    capabilities: { partialCapture: true, multipleCaptures: true, partialRefund: true, void: true, disputes: true, ...capabilities },
    start: (asked) =>
      act('start', (behaviour) => {
        const known = payments.get(asked.paymentId)
        if (known) return stateOf(known)
        const world: World = {
          asked,
          providerRef: `${id}-${asked.paymentId}`,
          status: behaviour === 'action' ? 'requires_action' : 'pending',
          authorized: 0,
          captured: 0,
          refunded: 0,
          captures: new Set(),
          disputes: [],
        }
        payments.set(asked.paymentId, world)
        if (behaviour === 'decline' || behaviour === 'refuse-now') fail(world, behaviour)
        else if (behaviour !== 'pending' && behaviour !== 'action') receive(world, asked.amount)
        return stateOf(world)
      }),
    fetch: ({ paymentId }) =>
      act('fetch', () => {
        const world = payments.get(paymentId)
        return world ? stateOf(world) : null
      }),
    capture: ({ paymentId, captureId, amount }) =>
      act('capture', (behaviour) => {
        const world = worldOf(paymentId)
        const refusal = refusalOf(behaviour) ?? (world.captures.has(captureId) ? undefined : cannotCapture(world, amount))
        if (refusal) return { ...stateOf(world), failure: refusal }
        if (!world.captures.has(captureId)) {
          world.captures.add(captureId)
          world.captured += amount
          if (world.captured === world.authorized) world.status = 'captured'
        }
        return stateOf(world)
      }),
    void: ({ paymentId }) =>
      act('void', (behaviour) => {
        const world = worldOf(paymentId)
        const refusal = refusalOf(behaviour)
        if (refusal) return { ...stateOf(world), failure: refusal }
        if (['pending', 'requires_action', 'authorized'].includes(world.status)) world.status = world.captured > 0 ? 'captured' : 'voided'
        return stateOf(world)
      }),
    refund: ({ paymentId, refundId, amount }) =>
      act('refund', (behaviour) => {
        const known = refunds.get(refundId)
        if (known) return known.state
        const world = worldOf(paymentId)
        const failure = refusalOf(behaviour) ?? (world.refunded + amount + gone(world) > world.captured ? declined : undefined)
        const status = failure ? 'failed' : behaviour === 'pending' ? 'pending' : 'succeeded'
        const state: RefundState = { status, refundRef: `${id}-${refundId}`, failure }
        refunds.set(refundId, { paymentId, amount, state })
        if (status === 'succeeded') world.refunded += amount
        return state
      }),
    fetchRefund: ({ refundId }) => act('fetchRefund', () => refunds.get(refundId)?.state ?? null),
    fetchDisputes: ({ paymentId }) => act('fetchDisputes', () => [...worldOf(paymentId).disputes]),
    verifyWebhook: async ({ headers, rawBody }) => {
      const signature = Buffer.from(headers['x-signature'] ?? '', 'hex')
      const expected = sign(rawBody, secrets.genuine)
      if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) return null
      const { eventId, type, paymentId, providerRef } = JSON.parse(Buffer.from(rawBody).toString('utf8')) as PaymentNotice
      return [{ eventId, type, paymentId, providerRef }]
    },
  }

  return {
    provider,
    next: (method, ...behaviours) => void queued.set(method, [...(queued.get(method) ?? []), ...behaviours]),
    hold: (method) => {
      let release = (): void => {}
      gates.set(method, new Promise<void>((resolve) => (release = resolve)))
      return () => {
        gates.delete(method)
        release()
      }
    },
    calls: (method) => counted.get(method) ?? 0,
    pay: (paymentId, amount) => {
      const world = worldOf(paymentId)
      receive(world, amount ?? world.asked.amount)
    },
    end: (paymentId, status) => {
      const world = worldOf(paymentId)
      world.status = status
      if (status === 'failed') world.failure = declined
    },
    settleRefund: (refundId, status) => {
      const refund = refunds.get(refundId)
      if (refund?.state.status !== 'pending') throw new TypeError(`the test provider has no pending refund ${refundId}`)
      refund.state = { ...refund.state, status, failure: status === 'failed' ? declined : undefined }
      if (status === 'succeeded') worldOf(refund.paymentId).refunded += refund.amount
    },
    dispute: (paymentId, { disputeRef = `${id}-dispute-${++disputes}`, ...more } = {}) => {
      const world = worldOf(paymentId)
      world.disputes.push({ status: 'opened', amount: world.captured, fee: 0, reason: 'fraudulent', ...more, disputeRef })
      return disputeRef
    },
    settleDispute: (disputeRef, status, fee) => {
      for (const { disputes: known } of payments.values()) {
        const at = known.findIndex((dispute) => dispute.disputeRef === disputeRef)
        const dispute = known[at]
        if (dispute) known[at] = { ...dispute, status, fee: fee ?? dispute.fee }
      }
    },
    state: (paymentId) => {
      const world = payments.get(paymentId)
      return world && stateOf(world)
    },
    started: (paymentId) => payments.get(paymentId)?.asked,
    webhook: (paymentId, { eventId, type = 'payment.updated', byReference = false, amount, forged = false } = {}) => {
      const notice: PaymentNotice = {
        eventId: eventId ?? `evt-${++events}`,
        type,
        paymentId: byReference ? null : paymentId,
        providerRef: `${id}-${paymentId}`,
      }
      const rawBody = Buffer.from(JSON.stringify({ ...notice, amount }))
      const signature = sign(rawBody, forged ? secrets.forged : secrets.genuine).toString('hex')
      return { headers: { 'X-Signature': signature }, rawBody }
    },
  }
}

function stateOf({ status, providerRef, authorized, captured, refunded, failure }: World): PaymentState {
  const action = status === 'requires_action' ? ({ type: 'redirect', url: `https://pay.example/${providerRef}` } as const) : undefined
  return { status, providerRef, authorized, captured, refunded, failure, action }
}

/** What disputes hold of a payment. */
function gone({ disputes }: World): number {
  return disputes.reduce((sum, { status, amount }) => (status === 'won' ? sum : sum + amount), 0)
}

function fail(world: World, behaviour: 'decline' | 'refuse-now'): void {
  world.status = 'failed'
  world.failure = refusalOf(behaviour)
}

function refusalOf(behaviour: Misbehaviour | undefined): PaymentFailure | undefined {
  return behaviour === 'decline' || behaviour === 'refuse-now' ? { ...declined, retryable: behaviour === 'refuse-now' } : undefined
}

function cannotCapture(world: World, amount: number): PaymentFailure | undefined {
  const possible = world.status === 'authorized' && world.captured + amount <= world.authorized
  return possible ? undefined : { code: 'not_capturable', message: `the payment is ${world.status}`, retryable: false }
}

function sign(body: Uint8Array, secret: string): Buffer {
  return createHmac('sha256', secret).update(body).digest()
}
