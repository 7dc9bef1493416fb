import { addMillis, inList, type Kernel, sql, type Timestamp, textByKey } from '../kernel/index.js'
import type { PayoutProvider, PayoutState, PayoutStatus } from '../ports/index.js'
import { answerUnknown } from './errors.js'
import { type PayoutRow, payoutTable } from './settlement.entity.js'

export interface AskPayoutsDeps {
  readonly kernel: Pick<Kernel, 'database' | 'jobs' | 'report'>
  readonly rails: readonly PayoutProvider[]
  /** Writes down what rails answered; whatever was reported meanwhile stays. */
  readonly accept: (answers: ReadonlyMap<string, PayoutState>) => Promise<void>
}

const minute = 60_000
/** How long a payout is left alone after it was submitted, and then asked about again. */
const firstAsk = 5 * minute
/** Between two questions about one payout, however old it is. */
const longestPause = 6 * 60 * minute
/** Few enough to be asked about long before the job's lease ends. */
const atOnce = 20

/** The answer of a rail, if it is one: whatever else it may be, nothing is known by it. @throws payout.answer_unknown */
export function knownState(rail: PayoutProvider, payoutId: string, state: PayoutState): PayoutState {
  const { status, providerRef }: { readonly [Member in keyof PayoutState]?: unknown } = Object(state)
  const isRef = providerRef === null || (typeof providerRef === 'string' && providerRef.length <= 200)
  if (typeof status === 'string' && Object.hasOwn(known, status) && isRef) return state
  throw answerUnknown({ provider: rail.id, payoutId, status: String(status) })
}

const known: Readonly<Record<PayoutStatus, true>> = { submitted: true, paid: true, failed: true, returned: true }

/** When a payout is asked about next: after half of its age, so that one that takes days is not asked about every few minutes. */
export function nextAsk({ createdAt }: Pick<PayoutRow, 'createdAt'>, now: Timestamp): Timestamp {
  const age = Date.parse(now) - Date.parse(createdAt)
  return addMillis(now, Math.min(Math.max(age / 2, firstAsk), longestPause))
}

/**
 * Asks rails, all the time, about payouts of which nothing was heard for some minutes, and applies the answer as a report of it would be. A rail that does not answer,
 * or knows nothing of what it took on, is reported and asked again later.
 */
export function schedulePayoutQuestions({ kernel: { database, jobs, report }, rails, accept }: AskPayoutsDeps): void {
  const due = (): Promise<readonly PayoutRow[]> =>
    database.read(undefined, async (reader) => {
      const rows = await reader.all(sql`
        SELECT * FROM ${payoutTable} WHERE status IN ('requested', 'submitted') AND provider <> 'manual'
          AND created_at <= ${addMillis(reader.now, -firstAsk)} AND (ask_at IS NULL OR ask_at <= ${reader.now})
        ORDER BY created_at, id LIMIT ${atOnce}`)
      return rows.map(payoutTable.read)
    })

  const ask = async ({ id: payoutId, provider, providerRef, status }: PayoutRow): Promise<PayoutState | undefined> => {
    const rail = rails.find((candidate) => candidate.id === provider)
    try {
      if (!rail) throw new RangeError(`there is no payout provider ${provider} any more`)
      database.assertOutside(`payout provider ${rail.id}`)
      const answer = await rail.fetch({ payoutId, providerRef })
      const state = answer === null ? null : knownState(rail, payoutId, answer)
      // Of what is still to be submitted it need not know.
      if (state === null && status === 'submitted')
        report(`${rail.id} took payout ${payoutId} on, and knows nothing of it`, new Error('unknown payout'))
      return state ?? undefined
    } catch (error) {
      report(`payout ${payoutId} could not be asked about, and will be asked about again`, error)
      return undefined
    }
  }

  jobs.every('settlement.ask_payouts', { everyMillis: firstAsk }, async () => {
    for (;;) {
      const payouts = await due()
      if (payouts.length === 0) return
      const answers = new Map<string, PayoutState>()
      for (const payout of payouts) {
        const state = await ask(payout)
        if (state) answers.set(payout.id, state)
      }
      // Before the answers are written down: one that cannot be keeps no other from being asked about.
      await database.transaction(undefined, (tx) => {
        const askAt = textByKey(
          sql`id`,
          payouts.map((payout) => [payout.id, nextAsk(payout, tx.now)]),
        )
        return tx.run(
          sql`UPDATE ${payoutTable} SET ask_at = ${askAt} WHERE ${inList(
            sql`id`,
            payouts.map(({ id }) => id),
          )}`,
        )
      })
      if (answers.size > 0) await accept(answers)
    }
  })
}
