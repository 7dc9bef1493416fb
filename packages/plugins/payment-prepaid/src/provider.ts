import { CommerceError, type PaymentFailure, type PaymentProvider, type Reader, type RefundState, type Tx } from '@entrepot/core'
import { available, clearing, held, journalOf, type Movement, providerId } from './accounts.js'
import type { PrepaidContext } from './context.js'
import { paymentNotFound } from './errors.js'
import { type PrepaidOperationRow, type PrepaidPaymentRow, prepaidOperationTable, prepaidPaymentTable } from './payment.entity.js'
import * as rules from './payment.js'

type Deps = Pick<PrepaidContext, 'commerce' | 'transaction' | 'read'>

/**
 * Pays orders out of balances. What it answers stands in a table of its own, which changes in the transaction that moves the money; each request locks its
 * payment first, so that the same request, sent twice or at once, finds what the first one did.
 */
export function prepaidProvider({ commerce, transaction, read }: Deps): PaymentProvider {
  const move = (tx: Tx, movement: Movement) => commerce.ledger.post(journalOf(movement, tx.now), { tx })

  /** @throws prepaid.payment_not_found */
  const locked = <Answer>(paymentId: string, work: (tx: Tx, payment: PrepaidPaymentRow) => Promise<Answer>): Promise<Answer> =>
    transaction(undefined, async (tx) => {
      const [payment] = await tx.lock(prepaidPaymentTable, { id: paymentId })
      if (!payment) throw paymentNotFound({ paymentId })
      return work(tx, payment)
    })

  /** Takes a new payment's money off the balance. @returns why not, where the balance has less */
  const take = async (tx: Tx, { id, customerId, amount, currency, status }: PrepaidPaymentRow): Promise<PaymentFailure | undefined> => {
    const step = { subject: id, from: available(customerId), amount, currency }
    try {
      await move(tx, status === 'captured' ? { ...step, kind: 'spend', to: clearing } : { ...step, kind: 'hold', to: held(customerId) })
      return undefined
    } catch (error) {
      if (CommerceError.is(error) && error.code === 'balance.insufficient') return rules.insufficientBalance
      throw error
    }
  }

  return {
    id: providerId,
    capabilities: { partialCapture: true, multipleCaptures: true, partialRefund: true, void: true },

    start: async (request) => {
      const { customerId } = request
      if (customerId === null) return rules.refused(rules.guest)
      return transaction(undefined, async (tx) => {
        const payment = rules.begin(request, customerId, tx.now)
        const inserted = await tx.insertMissing(prepaidPaymentTable, [payment])
        if (inserted === 0) return rules.stateOf((await find(tx, payment.id)) ?? payment)
        const failure = await take(tx, payment)
        return rules.stateOf(failure ? await store(tx, rules.fail(payment, failure)) : payment)
      })
    },

    fetch: ({ paymentId }) =>
      read(undefined, async (reader) => {
        const payment = await find(reader, paymentId)
        return payment ? rules.stateOf(payment) : null
      }),

    capture: ({ paymentId, captureId: id, amount }) =>
      locked(paymentId, async (tx, payment) => {
        if (await isDone(tx, { paymentId, id, type: 'capture' })) return rules.stateOf(payment)
        const failure = rules.captureRefusal(payment, amount)
        if (failure) return { ...rules.stateOf(payment), failure }
        const { customerId, currency } = payment
        await note(tx, { paymentId, id, type: 'capture', amount, at: tx.now })
        await move(tx, { kind: 'spend', subject: paymentId, operation: id, from: held(customerId), to: clearing, amount, currency })
        return rules.stateOf(await store(tx, rules.capture(payment, amount)))
      }),

    void: ({ paymentId }) =>
      locked(paymentId, async (tx, payment) => {
        const amount = rules.heldFor(payment)
        if (amount === 0) return rules.stateOf(payment)
        const { customerId, currency } = payment
        await move(tx, { kind: 'release', subject: paymentId, from: held(customerId), to: available(customerId), amount, currency })
        return rules.stateOf(await store(tx, rules.release(payment)))
      }),

    refund: ({ paymentId, refundId: id, amount }) =>
      locked(paymentId, async (tx, payment) => {
        if (await isDone(tx, { paymentId, id, type: 'refund' })) return refunded(id)
        const failure = rules.refundRefusal(payment, amount)
        if (failure) return { status: 'failed', refundRef: null, failure }
        const { customerId, currency } = payment
        await note(tx, { paymentId, id, type: 'refund', amount, at: tx.now })
        await move(tx, { kind: 'refund', subject: paymentId, operation: id, from: clearing, to: available(customerId), amount, currency })
        await store(tx, rules.refund(payment, amount))
        return refunded(id)
      }),

    fetchRefund: ({ paymentId, refundId: id }) =>
      read(undefined, async (reader) => ((await isDone(reader, { paymentId, id, type: 'refund' })) ? refunded(id) : null)),

    // Nothing happens to a balance but by us, so nobody has anything to tell.
    verifyWebhook: async () => null,
  }
}

function refunded(refundId: string): RefundState {
  return { status: 'succeeded', refundRef: refundId }
}

function find(reader: Reader, paymentId: string): Promise<PrepaidPaymentRow | undefined> {
  return reader.findOne(prepaidPaymentTable, { id: paymentId })
}

async function store(tx: Tx, payment: PrepaidPaymentRow): Promise<PrepaidPaymentRow> {
  await tx.update(prepaidPaymentTable, payment, { id: payment.id })
  return payment
}

async function isDone(reader: Reader, operation: Pick<PrepaidOperationRow, 'paymentId' | 'id' | 'type'>): Promise<boolean> {
  return (await reader.findOne(prepaidOperationTable, operation)) !== undefined
}

function note(tx: Tx, operation: PrepaidOperationRow): Promise<void> {
  return tx.insert(prepaidOperationTable, [operation])
}
