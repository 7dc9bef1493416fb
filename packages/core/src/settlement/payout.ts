import { groupBy, inList, type Kernel, sql, type Timestamp, type Tx, textByKey } from '../kernel/index.js'
import { journalTable, type Ledger, type PostJournal } from '../ledger/index.js'
import type { PayoutProvider, PayoutState } from '../ports/index.js'
import { knownState, schedulePayoutQuestions } from './ask-payouts.js'
import { payoutNotFound, payoutState, providerUnknown } from './errors.js'
import { emitSettlement } from './events.js'
import { type PayoutRow, payoutTable, type StatementRow, statementItemTable } from './settlement.entity.js'

/** What a payout came to. */
export type PayoutResult = 'paid' | 'failed' | 'returned'

/** The rail that the platform's operator is: it is told what to pay, pays it by hand, and reports what became of it. */
export const manualPayouts: PayoutProvider = {
  id: 'manual',
  submit: async () => ({ status: 'submitted', providerRef: null }),
  fetch: async () => ({ status: 'submitted', providerRef: null }),
}

const submitJob = 'settlement.submit_payouts'
/** Payouts that one job submits, one after the other: few enough to be done long before its lease ends. */
const submitAtOnce = 20

export interface PayoutReport {
  readonly payoutId: string
  readonly result: PayoutResult
  /** Why it failed or came back. */
  readonly failure?: string | undefined
}

export interface Withdrawal {
  readonly party: string
  readonly currency: string
  /** Minor units that are paid out, above 0. */
  readonly amount: number
  /** Minor units that the platform keeps. */
  readonly fee: number
  /** Minor units that are withheld as tax, by which rule. */
  readonly withheld: number
  readonly withholdingRule: string | null
}

export interface Payouts {
  /** Takes what locked statements pay off the parties' balances and asks for the payouts, which jobs then submit. */
  request(tx: Tx, statements: readonly StatementRow[]): Promise<void>
  /** Takes a withdrawal and its fee off the party's balance and asks for the payout; the caller has looked whether the balance covers both. */
  withdraw(tx: Tx, withdrawal: Withdrawal): Promise<PayoutRow>
  /** Writes down what became of a payout. The same result again changes nothing. @throws payout.not_found, payout.wrong_state */
  report(tx: Tx, report: PayoutReport): Promise<PayoutRow>
}

// What may follow what. A payout that came back is not tried again: the next statement pays it under a new id.
const follows: Readonly<Record<PayoutRow['status'], readonly PayoutResult[]>> = {
  requested: ['paid', 'failed', 'returned'],
  submitted: ['paid', 'failed', 'returned'],
  paid: ['returned'],
  failed: [],
  returned: [],
}

export interface PayoutDeps {
  readonly kernel: Kernel
  readonly ledger: Ledger
  readonly adapters: { readonly payouts: readonly PayoutProvider[] }
  readonly provider: string
}

/** @throws payout.provider_unknown */
export function createPayouts({ kernel, ledger, adapters, provider }: PayoutDeps): Payouts {
  const { database, ids, jobs } = kernel
  const rails = [...adapters.payouts, manualPayouts]
  // Told at the start, and not when the first statement is locked.
  if (!rails.some((rail) => rail.id === provider)) throw providerUnknown({ provider })

  /** The payouts are locked, and may become what is reported. */
  const settleAll = async (tx: Tx, reports: readonly { readonly payout: PayoutRow; readonly report: PayoutReport }[]): Promise<void> => {
    await ledger.post(
      tx,
      reports.map(({ payout, report }) => resultJournal(payout, report.result, tx.now)),
    )
    for (const alike of groupBy(reports, ({ report }) => `${report.result} ${report.failure ?? ''}`).values()) {
      const [first] = alike
      if (!first) continue
      const { result: status, failure = null } = first.report
      await tx.update(payoutTable, { status, failure, settledAt: tx.now }, { id: alike.map(({ payout }) => payout.id) })
    }
    for (const { payout, report } of reports) {
      const { id: payoutId, party, amount, currency } = payout
      emitSettlement(tx, `payout.${report.result}`, payoutId, { payoutId, party, amount, currency })
    }
  }

  /** Writes down what rails answered of payouts that are in one of these states by now, of each what may follow. */
  const accept = async (answers: ReadonlyMap<string, PayoutState>, from: readonly PayoutRow['status'][]): Promise<void> => {
    await database.transaction(undefined, async (tx) => {
      const payouts = (await tx.lock(payoutTable, { id: [...answers.keys()] })).filter((payout) => from.includes(payout.status))
      if (payouts.length === 0) return
      const refs = payouts.flatMap(({ id, providerRef }) => {
        const ref = answers.get(id)?.providerRef
        return ref === null || ref === undefined || providerRef !== null ? [] : [[id, ref] as const]
      })
      await tx.update(payoutTable, { status: 'submitted' }, { id: payouts.map(({ id }) => id), status: 'requested' })
      if (refs.length > 0) {
        const payoutIds = refs.map(([id]) => id)
        await tx.run(sql`UPDATE ${payoutTable} SET provider_ref = ${textByKey(sql`id`, refs)} WHERE ${inList(sql`id`, payoutIds)}`)
      }
      const settled = payouts.flatMap((payout) => {
        const { status, failure } = answers.get(payout.id) ?? { status: 'submitted' }
        return status === 'submitted' || !follows[payout.status].includes(status)
          ? []
          : [{ payout, report: { payoutId: payout.id, result: status, failure: failure?.message } }]
      })
      await settleAll(tx, settled)
    })
  }

  const submit = async (payoutIds: readonly string[]): Promise<void> => {
    const payouts = await database.read(undefined, (reader) =>
      reader.find(payoutTable, { id: payoutIds, status: 'requested' }, { orderBy: ['id'] }),
    )
    const answers = new Map<string, PayoutState>()
    const failures: unknown[] = []
    for (const { id: payoutId, party, amount, currency, statementId, provider: railId } of payouts) {
      const rail = rails.find((candidate) => candidate.id === railId)
      try {
        if (!rail) throw providerUnknown({ provider: railId })
        database.assertOutside(`payout provider ${rail.id}`)
        // The payout's id is the idempotency key: a crash before the answer is written submits again, and the rail answers with the first.
        answers.set(payoutId, knownState(rail, payoutId, await rail.submit({ payoutId, party, amount, currency, statementId })))
      } catch (error) {
        failures.push(error)
      }
    }
    // An answer that comes late must not take back what has been reported since.
    if (answers.size > 0) await accept(answers, ['requested'])
    // Those that have no answer are still requested: the job is tried again for them alone.
    if (failures.length > 0) throw failures[0]
  }
  jobs.define<{ payoutIds: readonly string[] }>(submitJob, ({ payoutIds }) => submit(payoutIds))
  schedulePayoutQuestions({ kernel, rails, accept: (answers) => accept(answers, ['requested', 'submitted', 'paid']) })

  /** Writes down new payouts, takes them off the balances, and has jobs submit them. */
  const ask = async (tx: Tx, payouts: readonly PayoutRow[]): Promise<void> => {
    await tx.insert(payoutTable, payouts)
    await ledger.post(tx, payouts.map(requestJournal))
    const batches = Array.from({ length: Math.ceil(payouts.length / submitAtOnce) }, (_, index) =>
      payouts.slice(index * submitAtOnce, (index + 1) * submitAtOnce).map(({ id }) => id),
    )
    await jobs.enqueue(
      tx,
      submitJob,
      batches.map((payoutIds) => ({ payload: { payoutIds }, key: payoutIds[0] })),
    )
    for (const { id: payoutId, party, amount, currency } of payouts) {
      emitSettlement(tx, 'payout.requested', payoutId, { payoutId, party, amount, currency })
    }
  }

  return {
    async report(tx, report) {
      const { payoutId, result, failure = null } = report
      const [payout] = await tx.lock(payoutTable, { id: payoutId })
      if (!payout) throw payoutNotFound({ payoutId })
      if (payout.status === result) return payout
      if (!follows[payout.status].includes(result)) throw payoutState({ payoutId, status: payout.status, result })
      await settleAll(tx, [{ payout, report }])
      return { ...payout, status: result, failure, settledAt: tx.now }
    },
    async request(tx, statements) {
      const payouts = statements
        .filter((statement) => statement.payable > 0)
        .map(({ id: statementId, party, currency, payable, withheld, withholdingRule }) =>
          newPayout(
            ids('pyo'),
            { statementId, party, currency, amount: payable - withheld, fee: 0, withheld, withholdingRule },
            provider,
            tx.now,
          ),
        )
      if (payouts.length === 0) return
      await ask(tx, payouts)
      // The statements have these transfers among their lines already; now they have the transfers themselves.
      const byKey = new Map(payouts.map((payout) => [requestKey(payout.id), payout]))
      const journals = await tx.find(journalTable, { key: [...byKey.keys()] })
      await tx.insert(
        statementItemTable,
        journals.flatMap(({ id: journalId, key }) => {
          const payout = byKey.get(key)
          const { statementId, party } = payout ?? { statementId: null, party: '' }
          if (payout === undefined || statementId === null) return []
          return requestJournal(payout).transfers.map((_, position) => ({ journalId, position, party, statementId }))
        }),
      )
    },
    async withdraw(tx, withdrawal) {
      const payout = newPayout(ids('pyo'), { ...withdrawal, statementId: null }, provider, tx.now)
      await ask(tx, [payout])
      return payout
    },
  }
}

function newPayout(
  id: string,
  payout: Withdrawal & { readonly statementId: string | null },
  provider: string,
  createdAt: Timestamp,
): PayoutRow {
  const open = { provider, providerRef: null, status: 'requested', failure: null, createdAt, settledAt: null, askAt: null } as const
  return { id, ...payout, ...open }
}

const taxWithheld = { party: 'tax', purpose: 'withheld' }

function requestKey(payoutId: string): string {
  return `payout:${payoutId}:requested`
}

function requestJournal({ id, statementId, party, amount, fee, withheld, currency: commodity, createdAt }: PayoutRow): PostJournal {
  const [from, to] = [
    { party, purpose: 'available' },
    { party, purpose: 'in_payout' },
  ]
  const kept =
    fee === 0 ? [] : [{ from, to: { party: 'platform', purpose: 'fees' }, amount: fee, commodity, kind: 'withdrawal_fee', ref: id }]
  const taxed = withheld === 0 ? [] : [{ from, to: taxWithheld, amount: withheld, commodity, kind: 'withholding', ref: id }]
  const transfers = [{ from, to, amount, commodity, kind: 'payout', ref: id }, ...taxed, ...kept]
  return {
    kind: statementId === null ? 'withdrawal' : 'payout',
    source: statementId ?? id,
    key: requestKey(id),
    effectiveAt: createdAt,
    transfers,
  }
}

function resultJournal(
  { id, party, amount, withheld, currency: commodity, status }: PayoutRow,
  result: PayoutResult,
  effectiveAt: Timestamp,
): PostJournal {
  const [inPayout, paid, available] = [
    { party, purpose: 'in_payout' },
    { party, purpose: 'paid' },
    { party, purpose: 'available' },
  ]
  const [from, to] = result === 'paid' ? [inPayout, paid] : [status === 'paid' ? paid : inPayout, available]
  // Nobody has earned what came back, so nothing is owed on it.
  const untaxed =
    result === 'paid' || withheld === 0
      ? []
      : [{ from: taxWithheld, to: available, amount: withheld, commodity, kind: 'withholding', ref: id }]
  const transfers = [{ from, to, amount, commodity, kind: 'payout', ref: id }, ...untaxed]
  return { kind: `payout_${result}`, source: id, key: `payout:${id}:${result}`, effectiveAt, transfers }
}
