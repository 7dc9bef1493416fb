import * as z from 'zod'
import { amount, id, line, mapPage, type Page, type PageInput, pageShape, type Reader, readPage, type Tx } from '../kernel/index.js'
import type { DisputeState, DisputeStatus } from '../ports/index.js'
import type { PaymentDeps } from './deps.js'
import { disputeTable, toDispute } from './dispute.entity.js'
import type { Dispute } from './dispute.js'
import { nothingDisputed, paymentAmbiguous, paymentNotFound } from './errors.js'
import { readPayment } from './finalize-payment.js'
import type { DisputeFeeFrom } from './hooks.js'
import { paymentTable } from './payment.entity.js'
import { type DisputedMoney, recordDispute } from './record-dispute.js'

interface ReportedDispute {
  /** The provider's own id of the dispute: the same id is the same dispute, whoever reports it. */
  readonly disputeRef: string
  /** `opened`: the money is gone. `won`: it is back. `lost`: it will not come back. */
  readonly status: DisputeStatus
  /** Minor units that were taken back; the same in every report of a dispute. */
  readonly amount: number
  /** Minor units that the provider has charged for it so far, all reports together. @default 0 */
  readonly fee?: number | undefined
  /** The network's or the provider's own code of why. */
  readonly reason?: string | undefined
  /** Who bears the fee, instead of what the suppliers' contracts say. */
  readonly feeFrom?: DisputeFeeFrom | undefined
  /** The platform bears what was taken beyond what is left of the payment; else such a report is refused. */
  readonly excessFrom?: 'platform' | undefined
}

/** Says what became of a dispute, of a payment; or, by what was paid, of an order that has one payment or was paid outside of ours. */
export type ReportDisputeInput = ReportedDispute & ({ readonly paymentId: string } | { readonly reference: string })

const reported = {
  disputeRef: line(160),
  status: z.enum(['opened', 'won', 'lost']),
  amount: amount.min(1),
  fee: amount.optional(),
  reason: line(200).optional(),
  feeFrom: z.enum(['supplier', 'platform']).optional(),
  excessFrom: z.literal('platform').optional(),
}
export const reportDisputeSchema: z.ZodType<ReportDisputeInput> = z.union([
  z.strictObject({ paymentId: id, ...reported }),
  z.strictObject({ reference: id, ...reported }),
])

/** @throws payment.not_found, dispute.nothing_disputed, dispute.payment_ambiguous, dispute.differs, refund.exceeds_captured */
export function reportDispute(deps: PaymentDeps) {
  const record = recordDispute(deps)
  return async (tx: Tx, input: ReportDisputeInput): Promise<Dispute> => {
    const { disputeRef, status, amount: taken, fee = 0, reason = null, feeFrom, excessFrom } = input
    const money = 'paymentId' in input ? await moneyOfPayment(tx, input.paymentId) : await moneyOfReference(deps, tx, input.reference)
    return record(tx, money, { disputeRef, status, amount: taken, fee, reason }, { feeFrom, excess: excessFrom ?? 'refused' })
  }
}

/** @throws payment.not_found */
async function moneyOfPayment(tx: Tx, paymentId: string): Promise<DisputedMoney> {
  const payment = await tx.findOne(paymentTable, { id: paymentId })
  if (!payment) throw paymentNotFound({ paymentId })
  const { reference, provider, currency } = payment
  return { paymentId, reference, provider, currency }
}

/** @throws dispute.nothing_disputed, dispute.payment_ambiguous */
async function moneyOfReference({ hooks }: PaymentDeps, tx: Tx, reference: string): Promise<DisputedMoney> {
  const captured = (await tx.find(paymentTable, { reference }, { orderBy: ['id'] })).filter((payment) => payment.captured > 0)
  const [payment, second] = captured
  if (second) throw paymentAmbiguous({ reference, payments: captured.map((one) => one.id) })
  if (payment) return moneyOfPayment(tx, payment.id)
  const outside = (await hooks.run(tx, 'payment.outside', { reference })).find((answer) => answer !== undefined)
  if (!outside) throw nothingDisputed({ reference })
  return { paymentId: null, reference, ...outside }
}

/**
 * Asks the provider for the disputes of a payment and books what came of them; nothing where it tells of none.
 * @throws payment.not_found, payment.provider_unreachable, payment.provider_answer_invalid
 */
export function fetchDisputes(deps: PaymentDeps) {
  const record = recordDispute(deps)
  const { database, report } = deps.kernel
  return async (paymentId: string): Promise<readonly Dispute[]> => {
    const payment = await readPayment(deps, paymentId)
    const { reference, provider, currency } = payment
    const taken: Dispute[] = []
    // A transaction each: one that contradicts what is known keeps no other from the books.
    const book = (state: DisputeState): Promise<Dispute> =>
      database.transaction(undefined, (tx) => record(tx, { paymentId, reference, provider, currency }, state, { excess: 'platform' }))
    for (const state of await deps.gateway.fetchDisputes(payment)) {
      const dispute = await book(state).catch((error: unknown) =>
        report(`dispute ${state.disputeRef} of payment ${paymentId} could not be booked; report it by hand`, error),
      )
      if (dispute) taken.push(dispute)
    }
    return taken
  }
}

export interface ListDisputesInput extends PageInput {
  readonly paymentId?: string | undefined
  /** Only those of this reference: of an order. */
  readonly reference?: string | undefined
  readonly status?: DisputeStatus | undefined
}

export const listDisputesSchema: z.ZodType<ListDisputesInput> = z.strictObject({
  ...pageShape,
  paymentId: id.optional(),
  reference: id.optional(),
  status: z.enum(['opened', 'won', 'lost']).optional(),
})

export async function listDisputes(reader: Reader, { paymentId, reference, status, ...page }: ListDisputesInput): Promise<Page<Dispute>> {
  return mapPage(await readPage(reader, disputeTable, { paymentId, reference, status }, page), toDispute)
}
