/** The three ways, each by one statement for any number of payments or payouts. */
import { captureKey } from '../commission/index.js'
import { inList, join, type Reader, type Sql, sql, type Timestamp, wholeNumber } from '../kernel/index.js'
import { accountTable, journalTable, transferTable } from '../ledger/index.js'
import { escrowKey, exchangePaymentKey } from '../order/index.js'
import { captureTable, paymentTable, refundedKey, refundTable } from '../payment/index.js'
import { payoutTable } from '../settlement/index.js'
import type { Measure } from './case.js'
import { entryTable } from './reconciliation.entity.js'
import type { EntryType } from './report.js'

/** One amount of one subject. */
export interface Amount {
  readonly subjectId: string
  readonly measure: Measure
  readonly currency: string
  readonly amount: number
}

/** Payments and payouts of a provider, by what names them. */
export interface Named {
  readonly paymentIds: readonly string[]
  readonly providerRefs: readonly string[]
  readonly payoutIds: readonly string[]
}

/** A payment of ours, as it may be named. */
export interface KnownPayment {
  readonly id: string
  readonly providerRef: string | null
  readonly currency: string
}

const measureOf: Readonly<Record<EntryType, Measure>> = {
  capture: 'captured',
  refund: 'refunded',
  payout: 'paid_out',
  payout_return: 'paid_out',
}

/** What the provider has told of these, up to a moment; the subject is named as the provider named it. */
export async function reportedOf(
  reader: Reader,
  provider: string,
  { paymentIds, providerRefs, payoutIds }: Named,
  to: Timestamp,
): Promise<
  readonly (Omit<Amount, 'subjectId'> & {
    readonly paymentId: string | null
    readonly providerRef: string | null
    readonly payoutId: string | null
  })[]
> {
  const rows = await reader.all(sql`
    SELECT payment_id, provider_ref, payout_id, type, currency, SUM(amount) AS amount FROM ${entryTable}
    WHERE provider = ${provider} AND at < ${to} AND (
      ${join(
        [inList(sql`payment_id`, paymentIds), inList(sql`provider_ref`, providerRefs), inList(sql`payout_id`, payoutIds)].map(
          (each) => sql`${each}`,
        ),
        ' OR ',
      )})
    GROUP BY payment_id, provider_ref, payout_id, type, currency`)
  return rows.map((raw) => {
    const type = String(raw.type) as EntryType
    const sum = wholeNumber(raw.amount)
    return {
      paymentId: textOrNull(raw.payment_id),
      providerRef: textOrNull(raw.provider_ref),
      payoutId: textOrNull(raw.payout_id),
      measure: measureOf[type],
      currency: String(raw.currency),
      amount: type === 'payout_return' ? -sum : sum,
    }
  })
}

/** Payments of ours that are meant: by our id, or by the provider's. */
export async function paymentsNamed(
  reader: Reader,
  provider: string,
  { paymentIds, providerRefs }: Named,
): Promise<readonly KnownPayment[]> {
  const rows = await reader.all(sql`
    SELECT id, provider_ref, currency FROM ${paymentTable}
    WHERE provider = ${provider} AND (${inList(sql`id`, paymentIds)} OR ${inList(sql`provider_ref`, providerRefs)})`)
  return rows.map((raw) => ({ id: String(raw.id), providerRef: textOrNull(raw.provider_ref), currency: String(raw.currency) }))
}

/** Payments and payouts of which something moved in the period, by our own records: what a report that is silent about them leaves out. */
export async function movedIn(
  reader: Reader,
  provider: string,
  from: Timestamp,
  to: Timestamp,
): Promise<Pick<Named, 'paymentIds' | 'payoutIds'>> {
  const payments = await reader.all(sql`
    SELECT c.payment_id AS id FROM ${captureTable} c JOIN ${paymentTable} p ON p.id = c.payment_id
    WHERE p.provider = ${provider} AND c.captured_at >= ${from} AND c.captured_at < ${to}
    UNION SELECT r.payment_id AS id FROM ${refundTable} r JOIN ${paymentTable} p ON p.id = r.payment_id
    WHERE p.provider = ${provider} AND r.status = 'succeeded' AND r.settled_at >= ${from} AND r.settled_at < ${to}`)
  const payouts = await reader.all(sql`
    SELECT id FROM ${payoutTable} WHERE provider = ${provider} AND status IN ('paid', 'returned') AND settled_at >= ${from} AND settled_at < ${to}`)
  return { paymentIds: payments.map((raw) => String(raw.id)), payoutIds: payouts.map((raw) => String(raw.id)) }
}

/** What our payments and payouts record of these, up to a moment. */
export async function recordedOf(
  reader: Reader,
  { paymentIds, payoutIds }: Pick<Named, 'paymentIds' | 'payoutIds'>,
  to: Timestamp,
): Promise<readonly Amount[]> {
  const rows = await reader.all(sql`
    SELECT p.id AS id, 'captured' AS measure, p.currency AS currency, c.amount AS amount
    FROM ${captureTable} c JOIN ${paymentTable} p ON p.id = c.payment_id WHERE ${inList(sql`p.id`, paymentIds)} AND c.captured_at < ${to}
    UNION ALL SELECT r.payment_id AS id, 'refunded' AS measure, r.currency AS currency, r.amount AS amount
    FROM ${refundTable} r WHERE ${inList(sql`r.payment_id`, paymentIds)} AND r.status = 'succeeded' AND r.settled_at < ${to}
    UNION ALL SELECT o.id AS id, 'paid_out' AS measure, o.currency AS currency, o.amount AS amount
    FROM ${payoutTable} o WHERE ${inList(sql`o.id`, payoutIds)} AND o.status = 'paid' AND o.settled_at < ${to}`)
  return rows.map(amountOf)
}

/** What the books hold of these, up to a moment: what passed a clearing account for a capture or refund, and what reached an account of what is paid. */
export async function bookedOf(
  reader: Reader,
  { paymentIds, payoutIds }: Pick<Named, 'paymentIds' | 'payoutIds'>,
  to: Timestamp,
): Promise<readonly Amount[]> {
  const captures = await reader.find(captureTable, { paymentId: paymentIds })
  const refunds = await reader.find(refundTable, { paymentId: paymentIds, status: 'succeeded' })
  const cause = new Map<string, { readonly subjectId: string; readonly measure: Measure }>([
    ...captures.flatMap(({ id, paymentId }) =>
      [captureKey(id), escrowKey(id), exchangePaymentKey(id)].map(
        (key) => [key, { subjectId: paymentId, measure: 'captured' as const }] as const,
      ),
    ),
    ...refunds.map(({ id, paymentId }) => [refundedKey(id), { subjectId: paymentId, measure: 'refunded' as const }] as const),
  ])
  const cash = await passed(reader, sql`a.purpose = 'clearing' AND ${inList(sql`j.key`, [...cause.keys()])}`, to)
  const paid = await passed(reader, sql`a.purpose = 'paid' AND ${inList(sql`j.source`, payoutIds)}`, to)
  return [
    ...cash.flatMap(({ key, currency, amount }) => {
      const of = cause.get(key)
      // Cash that came in lies on the clearing account as what the provider owes: below zero.
      return of === undefined ? [] : [{ ...of, currency, amount: of.measure === 'captured' ? -amount : amount }]
    }),
    ...paid.map(({ source, currency, amount }) => ({ subjectId: source, measure: 'paid_out' as const, currency, amount })),
  ]
}

interface Passed {
  readonly key: string
  readonly source: string
  readonly currency: string
  readonly amount: number
}

/** What accounts of a condition received less what they gave, by journal. */
async function passed(reader: Reader, condition: Sql, to: Timestamp): Promise<readonly Passed[]> {
  const rows = await reader.all(sql`
    SELECT j.key AS journal_key, j.source AS source, a.commodity AS currency, SUM(CASE WHEN t.to_account = a.id THEN t.amount ELSE -t.amount END) AS amount
    FROM ${journalTable} j JOIN ${transferTable} t ON t.journal_id = j.id JOIN ${accountTable} a ON (a.id = t.to_account OR a.id = t.from_account)
    WHERE ${condition} AND j.effective_at < ${to} GROUP BY j.key, j.source, a.commodity`)
  return rows.map((raw) => ({
    key: String(raw.journal_key),
    source: String(raw.source),
    currency: String(raw.currency),
    amount: wholeNumber(raw.amount),
  }))
}

function amountOf(raw: Readonly<Record<string, unknown>>): Amount {
  return {
    subjectId: String(raw.id),
    measure: String(raw.measure) as Measure,
    currency: String(raw.currency),
    amount: wholeNumber(raw.amount),
  }
}

function textOrNull(raw: unknown): string | null {
  return raw === null || raw === undefined ? null : String(raw)
}
