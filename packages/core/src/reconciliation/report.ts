/** What a provider's report is, once a host has read it from whatever file or API it came by. */
import * as z from 'zod'
import { amount, id, line, type Timestamp, time } from '../kernel/index.js'
import { currency } from '../money/index.js'

/** `payout_return`: a payout that came back. */
export const entryTypes = ['capture', 'refund', 'payout', 'payout_return'] as const
export type EntryType = (typeof entryTypes)[number]

/** One movement of money, as the provider tells it. */
export interface ReportEntry {
  /** The provider's own id of this movement, the same in every report: it is counted once. */
  readonly ref: string
  readonly type: EntryType
  /** Our id of the payment that was captured or refunded, where the provider carries it. */
  readonly paymentId?: string | undefined
  /** The provider's id of the payment; one of the two must be there for captures and refunds. */
  readonly providerRef?: string | undefined
  /** Our id of the payout; must be there for payouts and their returns. */
  readonly payoutId?: string | undefined
  /** Minor units, above 0: before any fee. */
  readonly amount: number
  readonly currency: string
  readonly at: Timestamp
}

export interface ReportInput {
  /** Id of a payment provider or of a payout provider. */
  readonly provider: string
  /** All that happened at the provider from here, inclusive … */
  readonly from: Timestamp
  /** … to here, exclusive, is in the report; not in the future. */
  readonly to: Timestamp
  /** Up to 10,000; a longer report is handed in in parts, each with a period of its own. */
  readonly entries: readonly ReportEntry[]
}

const entry: z.ZodType<ReportEntry, ReportEntry> = z
  .strictObject({
    ref: line(160),
    type: z.enum(entryTypes),
    paymentId: id.optional(),
    providerRef: line(160).optional(),
    payoutId: id.optional(),
    amount: amount.min(1),
    currency,
    at: time,
  })
  .refine(
    ({ type, paymentId, providerRef, payoutId }) =>
      type === 'capture' || type === 'refund'
        ? payoutId === undefined && (paymentId !== undefined || providerRef !== undefined)
        : payoutId !== undefined && paymentId === undefined,
    'a capture or refund names its payment by paymentId or providerRef, a payout and its return their payoutId',
  )

export const reportInput: z.ZodType<ReportInput, ReportInput> = z
  .strictObject({ provider: line(40), from: time, to: time, entries: z.array(entry).max(10_000) })
  .refine(({ from, to }) => from < to, { error: 'the period ends before it begins', path: ['to'] })
  .refine(({ from, to, entries }) => entries.every(({ at }) => at >= from && at < to), {
    error: 'an entry lies outside of the period; give it in the report of its own time',
    path: ['entries'],
  })
  .refine(({ entries }) => new Set(entries.map(({ ref }) => ref)).size === entries.length, {
    error: 'a ref stands here once',
    path: ['entries'],
  })
