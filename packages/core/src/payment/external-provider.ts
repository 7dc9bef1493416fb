import type { Database, Reader } from '../kernel/index.js'
import type { PaymentProvider, PaymentState } from '../ports/index.js'
import { type ExternalPaymentRow, externalPaymentTable } from './external-payment.entity.js'

/** The provider of money that comes by ways we cannot ask: bank transfers, cash, invoices. Its state is what the operator records. */
export const externalProviderId = 'external'

/** How a payment stands by what was recorded of it. */
export function externalState({ paymentId, amount, received, voided }: ExternalPaymentRow): PaymentState {
  const status = received === amount ? 'captured' : voided ? 'voided' : 'pending'
  return { status, providerRef: paymentId, authorized: received, captured: received, refunded: 0 }
}

/**
 * Built in, so that an order can be paid where no processor is connected. A payment waits until `payments.recordReceipt` says what came in;
 * refunds count as done at once, since the operator sends them by the same ways. Whatever was received is captured, also of a manual payment.
 */
export function externalProvider(database: Pick<Database, 'read' | 'transaction'>): PaymentProvider {
  const read = (reader: Reader, paymentId: string): Promise<ExternalPaymentRow | undefined> =>
    reader.findOne(externalPaymentTable, { paymentId })
  const fetch = (paymentId: string): Promise<PaymentState | null> =>
    database.read(undefined, async (reader) => {
      const row = await read(reader, paymentId)
      return row ? externalState(row) : null
    })
  const known = async (paymentId: string): Promise<PaymentState> => {
    const state = await fetch(paymentId)
    if (!state) throw new TypeError(`payment ${paymentId} was never begun`)
    return state
  }
  return {
    id: externalProviderId,
    capabilities: { partialCapture: false, multipleCaptures: false, partialRefund: true, void: true },
    start: ({ paymentId, amount }) =>
      database.transaction(undefined, async (tx) => {
        const fresh: ExternalPaymentRow = { paymentId, amount, received: 0, voided: false }
        const inserted = await tx.insertMissing(externalPaymentTable, [fresh])
        return externalState((inserted === 0 ? await read(tx, paymentId) : undefined) ?? fresh)
      }),
    fetch: ({ paymentId }) => fetch(paymentId),
    capture: ({ paymentId }) => known(paymentId),
    void: async ({ paymentId }) => {
      await database.transaction(undefined, (tx) => tx.update(externalPaymentTable, { voided: true }, { paymentId }))
      return known(paymentId)
    },
    refund: async ({ refundId }) => ({ status: 'succeeded', refundRef: refundId }),
    fetchRefund: async ({ refundRef }) => (refundRef === null ? null : { status: 'succeeded', refundRef }),
    verifyWebhook: async () => null,
  }
}
