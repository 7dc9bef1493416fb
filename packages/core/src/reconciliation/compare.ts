/** One comparison, from what names it to the three amounts. */
import type { Reader, Timestamp } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { type Comparison, measures, subjectKey } from './case.js'
import { bookedOf, movedIn, type Named, paymentsNamed, recordedOf, reportedOf } from './reconciliation.sql.js'

export interface Period {
  readonly provider: string
  readonly from: Timestamp
  readonly to: Timestamp
}

/** Compares what is named and what moved in the period, all of it cumulatively up to the period's end. Reads only; its statements do not grow with what is compared. */
export async function compare(reader: Reader, { provider, from, to }: Period, named: Named): Promise<readonly Comparison[]> {
  const moved = await movedIn(reader, provider, from, to)
  const wanted: Named = {
    paymentIds: distinct([...named.paymentIds, ...moved.paymentIds]),
    providerRefs: distinct(named.providerRefs),
    payoutIds: distinct([...named.payoutIds, ...moved.payoutIds]),
  }
  const payments = await paymentsNamed(reader, provider, wanted)
  const byRef = new Map(payments.flatMap(({ id, providerRef }) => (providerRef === null ? [] : [[providerRef, id] as const])))
  const ours = new Set(payments.map(({ id }) => id))
  // Whatever the provider called a payment, all its entries count.
  const everyName: Named = {
    ...wanted,
    paymentIds: distinct([...wanted.paymentIds, ...ours]),
    providerRefs: distinct([...wanted.providerRefs, ...byRef.keys()]),
  }
  const known = { paymentIds: [...ours], payoutIds: wanted.payoutIds }
  const recorded = await recordedOf(reader, known, to)
  const booked = await bookedOf(reader, known, to)
  const reported = (await reportedOf(reader, provider, everyName, to)).map(({ paymentId, providerRef, payoutId, ...amount }) => ({
    ...amount,
    subjectId:
      payoutId ??
      (paymentId !== null && ours.has(paymentId) ? paymentId : (byRef.get(providerRef ?? '') ?? providerRef ?? paymentId ?? '')),
  }))

  const found = new Map<string, { -readonly [Key in keyof Comparison]: Comparison[Key] }>()
  const knownPayouts = new Set(recorded.filter(({ measure }) => measure === 'paid_out').map(({ subjectId }) => subjectId))
  const ways = [
    ['reported', reported],
    ['recorded', recorded],
    ['booked', booked],
  ] as const
  for (const [way, amounts] of ways) {
    for (const { subjectId, measure, currency, amount } of amounts) {
      const subject = { subjectId, measure, currency, known: ours.has(subjectId) || knownPayouts.has(subjectId) }
      const key = subjectKey(subject)
      const entry = found.get(key) ?? { ...subject, reported: 0, recorded: 0, booked: 0 }
      entry[way] = sumAmounts([entry[way], amount])
      found.set(key, entry)
    }
  }
  return [...found.values()].sort((a, b) =>
    a.subjectId < b.subjectId ? -1 : a.subjectId > b.subjectId ? 1 : measures.indexOf(a.measure) - measures.indexOf(b.measure),
  )
}

function distinct(names: readonly string[]): readonly string[] {
  return [...new Set(names)]
}
