import { createHash } from 'node:crypto'
import * as z from 'zod'
import { addMillis, type Call, dayInMillis, sql, type Timestamp, type Tx } from '../kernel/index.js'
import type { PaymentNotice } from '../ports/index.js'
import { jobs, type PaymentDeps } from './deps.js'
import { webhookForged } from './errors.js'
import { finalizePayment } from './finalize-payment.js'
import { paymentTable, refundTable } from './payment.entity.js'
import { executeRefund } from './refund-payment.js'
import { fetchDisputes } from './report-dispute.js'
import { type PaymentWebhookRow, paymentWebhookTable } from './webhook.entity.js'

/** A webhook as it came in over HTTP. */
export interface ReceiveWebhookInput {
  /** The provider's id, from the route that was called. */
  readonly provider: string
  /** Names in any case. */
  readonly headers: Readonly<Record<string, string>>
  /** The body byte by byte, before any parser. */
  readonly rawBody: Uint8Array
}

/** What was stored of a webhook; it is worked off by jobs, so the provider may be answered at once. */
export interface ReceivedWebhook {
  /** Events that were new. */
  readonly accepted: number
  /** Events that had come before. */
  readonly duplicates: number
}

const maxBodyBytes = 1_000_000

export const receiveSchema: z.ZodType<ReceiveWebhookInput> = z.object({
  provider: z.string().min(1).max(40),
  headers: z.record(z.string(), z.string()),
  rawBody: z.instanceof(Uint8Array).refine((body) => body.byteLength <= maxBodyBytes, `is larger than ${maxBodyBytes} bytes`),
})

/**
 * Stores what a genuine webhook hints at, once per event, with a job for each.
 * @throws payment.provider_unknown, payment.webhook_forged, payment.provider_unreachable
 */
export function receiveWebhook({ kernel, gateway }: PaymentDeps) {
  return async ({ provider, headers, rawBody }: ReceiveWebhookInput, call: Call): Promise<ReceivedWebhook> => {
    const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]))
    const notices = await gateway.verifyWebhook(provider, { headers: lowerCase, rawBody })
    if (!notices) throw webhookForged({ provider })
    if (notices.length === 0) return { accepted: 0, duplicates: 0 }
    return kernel.database.transaction(call, async (tx) => {
      const rows = notices.map((notice) => webhookRow(kernel.ids('whk'), provider, notice, tx.now))
      const accepted = await tx.insertMissing(paymentWebhookTable, rows)
      const stored = await tx.find(paymentWebhookTable, { provider, eventId: rows.map((row) => row.eventId), status: 'received' })
      await enqueueWebhooks(kernel, tx, stored)
      return { accepted, duplicates: notices.length - accepted }
    })
  }
}

function webhookRow(id: string, provider: string, notice: PaymentNotice, receivedAt: Timestamp): PaymentWebhookRow {
  const { eventId, type, paymentId, providerRef } = notice
  return {
    id,
    provider,
    eventId: eventId.length <= 160 ? eventId : createHash('sha256').update(eventId).digest('hex'),
    type: type.slice(0, 120),
    // What is longer than our ids is another system's.
    paymentId: paymentId !== null && paymentId.length <= 64 ? paymentId : null,
    providerRef,
    status: 'received',
    receivedAt,
  }
}

async function enqueueWebhooks(kernel: PaymentDeps['kernel'], tx: Tx, rows: readonly PaymentWebhookRow[]): Promise<void> {
  await kernel.jobs.enqueue(
    tx,
    jobs.webhook,
    rows.map(({ id }) => ({ key: id, payload: { webhookId: id } })),
  )
}

/**
 * Works off one webhook: asks the provider how the payment, its open refunds and its disputes stand. What a payment is not known for yet is parked.
 * @throws payment.provider_unreachable, payment.provider_answer_invalid
 */
export function workWebhook(deps: PaymentDeps) {
  const finalize = finalizePayment(deps)
  const refund = executeRefund(deps)
  const disputes = fetchDisputes(deps)
  const { database } = deps.kernel
  return async (webhookId: string): Promise<void> => {
    const found = await database.read(undefined, async (reader) => {
      const webhook = await reader.findOne(paymentWebhookTable, { id: webhookId })
      if (!webhook || webhook.status === 'done') return undefined
      const { provider, paymentId, providerRef } = webhook
      const byId = paymentId === null ? undefined : await reader.findOne(paymentTable, { id: paymentId, provider })
      const payment = byId ?? (providerRef === null ? undefined : await reader.findOne(paymentTable, { provider, providerRef }))
      const refunds = payment ? await reader.find(refundTable, { paymentId: payment.id, status: 'pending' }) : []
      return { payment, refunds }
    })
    if (!found) return
    if (found.payment) await finalize(found.payment.id)
    for (const { id } of found.refunds) await refund(id)
    if (found.payment) await disputes(found.payment.id)
    const status = found.payment ? 'done' : 'parked'
    await database.transaction(undefined, (tx) => tx.update(paymentWebhookTable, { status }, { id: webhookId }))
  }
}

/** How long an early webhook is looked at again; after that it was another system's at the same provider. */
const parkedForMillis = dayInMillis
const batch = 100

/** Takes up parked webhooks whose payments are known by now. */
export function resumeParked({ kernel }: PaymentDeps) {
  return (): Promise<void> =>
    kernel.database.transaction(undefined, async (tx) => {
      const rows = await tx.all(sql`
        SELECT w.* FROM ${paymentWebhookTable} w
        WHERE w.status = 'parked' AND w.received_at > ${addMillis(tx.now, -parkedForMillis)} AND EXISTS (
          SELECT 1 FROM ${paymentTable} p
          WHERE p.provider = w.provider AND (p.id = w.payment_id OR p.provider_ref = w.provider_ref))
        ORDER BY w.received_at LIMIT ${batch}`)
      await enqueueWebhooks(kernel, tx, rows.map(paymentWebhookTable.read))
    })
}
