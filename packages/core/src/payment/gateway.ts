import * as z from 'zod'
import type { Database } from '../kernel/index.js'
import type {
  DisputeState,
  IncomingWebhook,
  PaymentCapabilities,
  PaymentNotice,
  PaymentProvider,
  PaymentState,
  RefundState,
} from '../ports/index.js'
import { providerAnswerInvalid, providerDuplicate, providerUnknown, providerUnreachable, unsupported } from './errors.js'
import type { PaymentRow, RefundRow } from './payment.entity.js'

/**
 * The one way to the payment providers: never inside a transaction, what does not answer is an error of ours, and what answers is checked before it is
 * believed, since it decides what is booked.
 *
 * Every method @throws payment.provider_unreachable, payment.provider_answer_invalid, tx.outside_call
 */
export interface Gateway {
  /** @throws payment.provider_unknown */
  capabilities(provider: string): PaymentCapabilities
  /** False for one that is not connected any more. */
  tellsOfDisputes(provider: string): boolean
  /** @throws payment.unsupported */
  require(provider: string, capability: keyof PaymentCapabilities): void
  start(payment: PaymentRow): Promise<PaymentState>
  fetch(payment: PaymentRow): Promise<PaymentState | null>
  capture(payment: PaymentRow, providerRef: string, request: { readonly id: string; readonly amount: number }): Promise<PaymentState>
  void(payment: PaymentRow, providerRef: string): Promise<PaymentState>
  refund(payment: PaymentRow, providerRef: string, refund: RefundRow): Promise<RefundState>
  fetchRefund(payment: PaymentRow, refund: RefundRow): Promise<RefundState | null>
  /** None where the provider does not tell of them. */
  fetchDisputes(payment: PaymentRow): Promise<readonly DisputeState[]>
  verifyWebhook(provider: string, webhook: IncomingWebhook): Promise<readonly PaymentNotice[] | null>
}

const ref = z.string().min(1).max(160).nullable()
const amount = z.int().min(0)
const failure = z.object({ code: z.string(), message: z.string(), retryable: z.boolean() }).optional()
const action = z
  .discriminatedUnion('type', [
    z.object({ type: z.literal('redirect'), url: z.string() }),
    z.object({ type: z.literal('qr'), content: z.string() }),
    z.object({ type: z.literal('client'), parameters: z.record(z.string(), z.unknown()) }),
    z.object({ type: z.literal('instructions'), text: z.string() }),
  ])
  .optional()

const paymentState = z
  .object({
    status: z.enum(['pending', 'requires_action', 'authorized', 'captured', 'failed', 'voided']),
    providerRef: ref,
    authorized: amount,
    captured: amount,
    refunded: amount,
    failure,
    action,
  })
  .refine((state) => state.status !== 'captured' || state.captured > 0, 'status is captured, and captured is 0')
  .refine((state) => state.status !== 'authorized' || state.authorized > 0, 'status is authorized, and authorized is 0')

const refundState = z.object({ status: z.enum(['pending', 'succeeded', 'failed']), refundRef: ref, failure })
const disputeStates = z.array(
  z.object({
    disputeRef: z.string().min(1).max(160),
    status: z.enum(['opened', 'won', 'lost']),
    amount: z.int().min(1),
    fee: amount,
    reason: z
      .string()
      .transform((text) => text.slice(0, 200))
      .nullable(),
  }),
)
const notices = z.array(
  z
    .object({ eventId: z.string().min(1), type: z.string(), paymentId: ref, providerRef: ref })
    .refine((notice) => notice.paymentId !== null || notice.providerRef !== null, 'names no payment'),
)

/** @throws payment.provider_duplicate */
export function createGateway(database: Pick<Database, 'assertOutside'>, providers: readonly PaymentProvider[]): Gateway {
  const byId = new Map(providers.map((provider) => [provider.id, provider]))
  const twice = providers.find((provider) => byId.get(provider.id) !== provider)
  if (twice) throw providerDuplicate({ provider: twice.id })

  const providerOf = (id: string): PaymentProvider => {
    const provider = byId.get(id)
    if (!provider) throw providerUnknown({ provider: id, known: [...byId.keys()] })
    return provider
  }
  const ask = async <Answer>(
    id: string,
    what: string,
    schema: z.ZodType<Answer>,
    request: (provider: PaymentProvider) => Promise<Answer>,
  ): Promise<Answer> => {
    database.assertOutside(`${what} of payment provider "${id}"`)
    const answer = await request(providerOf(id)).catch((error: unknown) => {
      throw providerUnreachable({ provider: id, what }, error)
    })
    const checked = schema.safeParse(answer)
    if (!checked.success) throw providerAnswerInvalid({ provider: id, what, issues: z.prettifyError(checked.error) })
    return checked.data
  }

  return {
    capabilities: (id) => providerOf(id).capabilities,
    tellsOfDisputes: (id) => byId.get(id)?.capabilities.disputes === true,
    require: (id, capability) => {
      if (!providerOf(id).capabilities[capability]) throw unsupported({ provider: id, capability })
    },
    start: ({ id, provider, amount, currency, capture, customerId, reference, returnUrl, startData }) =>
      ask(provider, `start ${id}`, paymentState, (port) =>
        port.start({
          paymentId: id,
          amount,
          currency,
          capture,
          customerId,
          metadata: { orderId: reference },
          returnUrl: returnUrl ?? undefined,
          data: startData ?? undefined,
        }),
      ),
    fetch: ({ id, provider, providerRef }) =>
      ask(provider, `fetch ${id}`, paymentState.nullable(), (port) => port.fetch({ paymentId: id, providerRef })),
    capture: ({ id, provider, currency }, providerRef, request) =>
      ask(provider, `capture ${request.id}`, paymentState, (port) =>
        port.capture({ paymentId: id, providerRef, captureId: request.id, amount: request.amount, currency }),
      ),
    void: ({ id, provider }, providerRef) => ask(provider, `void ${id}`, paymentState, (port) => port.void({ paymentId: id, providerRef })),
    refund: ({ id, provider, currency }, providerRef, refund) =>
      ask(provider, `refund ${refund.id}`, refundState, (port) =>
        port.refund({ paymentId: id, providerRef, refundId: refund.id, amount: refund.amount, currency }),
      ),
    fetchRefund: ({ id, provider, providerRef }, refund) =>
      ask(provider, `fetch ${refund.id}`, refundState.nullable(), (port) =>
        port.fetchRefund({ paymentId: id, providerRef, refundId: refund.id, refundRef: refund.refundRef }),
      ),
    fetchDisputes: async ({ id, provider, providerRef }) => {
      if (!providerOf(provider).capabilities.disputes) return []
      return ask(provider, `fetch the disputes of ${id}`, disputeStates, async (port) => {
        if (!port.fetchDisputes) throw new TypeError('it says that it tells of disputes, and has no fetchDisputes')
        return port.fetchDisputes({ paymentId: id, providerRef })
      })
    },
    verifyWebhook: (id, webhook) => ask(id, 'verify a webhook', notices.nullable(), (port) => port.verifyWebhook(webhook)),
  }
}
