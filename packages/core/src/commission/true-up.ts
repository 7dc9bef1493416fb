import { type Database, groupBy, type Timestamp, type Tx } from '../kernel/index.js'
import type { Ledger, PostJournal, PostTransfer } from '../ledger/index.js'
import { percentOf, type Rounding, sumAmounts } from '../money/index.js'
import { trueUp } from './bands.js'
import { type BandTotalRow, bandTotalTable, ruleTable } from './commission.entity.js'
import { supplierParty } from './party.js'
import type { CommissionTerms } from './rule.js'
import { bandsOf, type VolumeKey, Volumes } from './volume.js'

export interface TrueUpDeps {
  readonly database: Pick<Database, 'transaction'>
  readonly ledger: Pick<Ledger, 'post'>
  readonly rounding: Rounding
  /** The calendar month of a moment in the platform's time zone. */
  readonly monthOf: (at: Timestamp) => string
}

const totalsAtOnce = 200

/**
 * Trues up what retroactive bands have charged in months that ended by `until`: each supplier's base under a rule at the rate that its volume reached, less what
 * was booked. Whatever runs twice, or dies in the middle, books nothing twice: a total and its journal change together.
 */
export function trueUpMonths({ database, ledger, rounding, monthOf }: TrueUpDeps): (until: Timestamp) => Promise<void> {
  return async (until) => {
    const month = monthOf(until)
    const some = (tx: Tx): Promise<number> => trueUpSome(tx, { ledger, rounding, month, until })
    while ((await database.transaction(undefined, some)) === totalsAtOnce);
  }
}

interface Due {
  readonly ledger: Pick<Ledger, 'post'>
  readonly rounding: Rounding
  /** Of the months before this one. */
  readonly month: string
  readonly until: Timestamp
}

async function trueUpSome(tx: Tx, { ledger, rounding, month, until }: Due): Promise<number> {
  const open = (await tx.find(bandTotalTable, { settled: false }, { orderBy: ['period', 'id'], limit: totalsAtOnce })).filter(
    ({ period }) => period < month,
  )
  if (open.length === 0) return 0
  // In the order in which captures lock: the volumes first.
  const volumes = await Volumes.lock(tx, open.map(keyOf))
  const totals = (await tx.lock(bandTotalTable, { id: open.map(({ id }) => id) })).filter(({ settled }) => !settled)
  const rules = new Map((await tx.find(ruleTable, { id: [...new Set(totals.map(({ ruleId }) => ruleId))] })).map((rule) => [rule.id, rule]))
  const dues = totals.map((total) => ({ total, ...dueOf(total, rules.get(total.ruleId)?.terms, volumes, rounding) }))
  await ledger.post(
    tx,
    dues.flatMap(({ total, amount, tax }) => journalOf(total, { amount, tax, until })),
  )
  for (const [change, alike] of groupBy(
    dues,
    ({ total, amount }) => `${total.truedUp + amount} ${total.trueUps + (amount === 0 ? 0 : 1)}`,
  )) {
    const [truedUp = 0, trueUps = 0] = change.split(' ').map(Number)
    await tx.update(bandTotalTable, { truedUp, trueUps, settled: true }, { id: alike.map(({ total }) => total.id) })
  }
  return open.length
}

function dueOf(
  total: BandTotalRow,
  terms: CommissionTerms | undefined,
  volumes: Volumes,
  rounding: Rounding,
): { readonly amount: number; readonly tax: number } {
  const bands = bandsOf(terms)
  if (!terms || !bands) return { amount: 0, tax: 0 }
  const prior = bands.prior?.period === total.period ? bands.prior : undefined
  const amount = trueUp({
    bands,
    volume: volumes.at(keyOf(total), bands),
    base: sumAmounts([total.base, prior?.volume ?? 0]),
    charged: sumAmounts([total.charged, total.truedUp, prior?.commission ?? 0]),
    rounding,
  })
  // Tax follows the commission that it is on, down as well as up.
  const tax = terms.taxPercent === undefined ? 0 : percentOf(Math.abs(amount), terms.taxPercent, rounding)
  return { amount, tax }
}

function journalOf(
  { id, supplierId, currency, trueUps }: BandTotalRow,
  { amount, tax, until }: { readonly amount: number; readonly tax: number; readonly until: Timestamp },
): readonly PostJournal[] {
  if (amount === 0) return []
  const supplier = { party: supplierParty(supplierId), purpose: 'available' }
  const transfer = (other: PostTransfer['to'], size: number, kind: string): PostTransfer => {
    const [from, to] = amount > 0 ? [supplier, other] : [other, supplier]
    return { from, to, amount: size, commodity: currency, kind, ref: supplierId }
  }
  const transfers = [
    transfer({ party: 'platform', purpose: 'commission' }, Math.abs(amount), 'true_up'),
    ...(tax === 0 ? [] : [transfer({ party: 'tax', purpose: 'payable' }, tax, 'commission_tax:true_up')]),
  ]
  return [{ kind: 'true_up', source: supplierId, key: `true-up:${id}:${trueUps}`, effectiveAt: until, transfers }]
}

function keyOf({ supplierId, currency, period }: BandTotalRow): VolumeKey {
  return { supplierId, currency, period }
}
