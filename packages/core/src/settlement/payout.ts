import type { Kernel, Tx } from '../kernel/index.js'
import { journalTable, type Ledger } from '../ledger/index.js'
import type { PayoutProvider, PayoutState } from '../ports/index.js'
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

const submitJob = 'settlement.submit_payout'

export interface Payouts {
  /** Takes a locked statement's payable off the party's balance and asks for its payout, which a job then submits. */
  request(tx: Tx, statement: StatementRow): Promise<PayoutRow | undefined>
  /** Writes down what became of a payout. The same result again changes nothing. @throws payout.not_found, payout.wrong_state */
  report(tx: Tx, payoutId: string, result: PayoutResult, failure?: string): Promise<PayoutRow>
  /** Submits a requested payout, or asks about one whose answer was lost; outside any transaction. */
  submit(payoutId: string): Promise<void>
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

export function createPayouts({ kernel, ledger, adapters, provider }: PayoutDeps): Payouts {
  const { database, ids, jobs } = kernel

  const report: Payouts['report'] = async (tx, payoutId, result, failure) => {
    const [payout] = await tx.lock(payoutTable, { id: payoutId })
    if (!payout) throw payoutNotFound({ payoutId })
    if (payout.status === result) return payout
    if (!follows[payout.status].includes(result)) throw payoutState({ payoutId, status: payout.status, result })
    const { party, amount, currency } = payout
    const [inPayout, paid, available] = [
      { party, purpose: 'in_payout' },
      { party, purpose: 'paid' },
      { party, purpose: 'available' },
    ]
    const [from, to] = result === 'paid' ? [inPayout, paid] : [payout.status === 'paid' ? paid : inPayout, available]
    const transfers = [{ from, to, amount, commodity: currency, kind: 'payout', ref: payoutId }]
    await ledger.post(tx, [
      { kind: `payout_${result}`, source: payoutId, key: `payout:${payoutId}:${result}`, effectiveAt: tx.now, transfers },
    ])
    const changed = { status: result, failure: failure ?? null, settledAt: tx.now }
    await tx.update(payoutTable, changed, { id: payoutId })
    emitSettlement(tx, `payout.${result}`, payoutId, { payoutId, party, amount, currency })
    return { ...payout, ...changed }
  }

  const accept = async (payoutId: string, state: PayoutState): Promise<void> => {
    await database.transaction(undefined, async (tx) => {
      if (state.status !== 'submitted') return void (await report(tx, payoutId, state.status, state.failure?.message))
      // Only from `requested`: an answer that comes late must not take back what has been reported since.
      await tx.update(payoutTable, { status: 'submitted', providerRef: state.providerRef }, { id: payoutId, status: 'requested' })
    })
  }

  const submit = async (payoutId: string): Promise<void> => {
    const payout = await database.read(undefined, (reader) => reader.findOne(payoutTable, { id: payoutId }))
    if (payout?.status !== 'requested') return
    const rail = [...adapters.payouts, manualPayouts].find((candidate) => candidate.id === payout.provider)
    if (!rail) throw providerUnknown({ provider: payout.provider })
    database.assertOutside(`payout provider ${rail.id}`)
    const { party, amount, currency, statementId } = payout
    // The payout's id is the idempotency key: a crash between this line and the next submits again, and the rail answers with the first.
    await accept(payoutId, await rail.submit({ payoutId, party, amount, currency, statementId }))
  }
  jobs.define<{ payoutId: string }>(submitJob, ({ payoutId }) => submit(payoutId))

  return {
    report,
    submit,
    async request(tx, statement) {
      const { party, currency, payable: amount } = statement
      if (amount === 0) return undefined
      const payout: PayoutRow = {
        id: ids('pyo'),
        statementId: statement.id,
        party,
        currency,
        amount,
        provider,
        providerRef: null,
        status: 'requested',
        failure: null,
        createdAt: tx.now,
        settledAt: null,
      }
      await tx.insert(payoutTable, [payout])
      const transfers = [
        {
          from: { party, purpose: 'available' },
          to: { party, purpose: 'in_payout' },
          amount,
          commodity: currency,
          kind: 'payout',
          ref: payout.id,
        },
      ]
      const key = `payout:${payout.id}:requested`
      await ledger.post(tx, [{ kind: 'payout', source: statement.id, key, effectiveAt: tx.now, transfers }])
      // The statement has this transfer among its lines already; now it has the transfer itself.
      const journal = await tx.findOne(journalTable, { key })
      await tx.insert(statementItemTable, [{ journalId: journal?.id ?? '', position: 0, party, statementId: statement.id }])
      await jobs.enqueue(tx, submitJob, [{ payload: { payoutId: payout.id }, key: payout.id }])
      emitSettlement(tx, 'payout.requested', payout.id, { payoutId: payout.id, party, amount, currency })
      return payout
    },
  }
}
