/** A part of each claim that is withheld when the claim becomes available: refunds of the claim take it first, and what they leave is released some days later. */
import type { ClaimMovement } from '../commission/index.js'
import { addDays, groupBy, inList, type Kernel, numberByKey, sql, type Timestamp, type Tx } from '../kernel/index.js'
import { accountTable, journalTable, type Ledger, type PostJournal, type PostTransfer, transferTable } from '../ledger/index.js'
import { percentage, percentOf, type Rounding, sumAmounts } from '../money/index.js'
import type { ReserveTerms } from '../supplier/index.js'
import type { Policies } from './policy.js'
import { type ReserveRow, reserveTable } from './settlement.entity.js'

/** R1: the part of a claim that is withheld; nothing of a claim that is not positive. */
export function reservedOf(net: number, terms: ReserveTerms | null, rounding: Rounding): number {
  return terms === null || net <= 0 ? 0 : percentOf(net, percentage(terms.percent), rounding)
}

/** What of a refund the claim's reserves bear, the oldest first; ids ascend. */
export function consumed(
  reserves: readonly ReserveRow[],
  amount: number,
): readonly { readonly reserve: ReserveRow; readonly amount: number }[] {
  let left = amount
  return [...reserves]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap((reserve) => {
      const taken = Math.min(left, reserve.withheld - reserve.consumed)
      left -= taken
      return taken > 0 ? [{ reserve, amount: taken }] : []
    })
}

export function newReserve(
  id: string,
  { lineId, party, currency, withheld }: Pick<ReserveRow, 'lineId' | 'party' | 'currency' | 'withheld'>,
  from: Timestamp,
  { days }: ReserveTerms,
): ReserveRow {
  return { id, lineId, party, currency, withheld, consumed: 0, releaseAt: addDays(from, days), state: 'held' }
}

export interface ReservesDeps {
  readonly kernel: Pick<Kernel, 'ids'>
  readonly ledger: Ledger
  readonly policies: Policies
  readonly rounding: Rounding
}

/**
 * Follows what captures and refunds do to claims that are available already: what a late capture adds is withheld in part, and what a refund takes comes from the
 * reserve first. One pending claim after another costs no statement.
 */
export function keepReserves({
  kernel,
  ledger,
  policies,
  rounding,
}: ReservesDeps): (tx: Tx, movements: readonly ClaimMovement[]) => Promise<void> {
  return async (tx, movements) => {
    const ofAvailable = movements.filter(({ state }) => state === 'available')
    const growing = ofAvailable.filter(({ kind, amount }) => kind === 'capture' && amount > 0)
    const shrinking = ofAvailable.filter(({ amount }) => amount < 0)
    const journals: PostJournal[] = []
    if (growing.length > 0) {
      const policyOf = await policies(tx, [...new Set(growing.map(({ party }) => party))], tx.now)
      const added = growing.flatMap((movement) => {
        const terms = policyOf(movement.party).reserve
        const withheld = reservedOf(movement.amount, terms, rounding)
        return withheld === 0 || terms === null
          ? []
          : [{ movement, reserve: newReserve(kernel.ids('rsv'), { ...movement, withheld }, movement.at, terms) }]
      })
      if (added.length > 0) {
        await tx.insert(
          reserveTable,
          added.map(({ reserve }) => reserve),
        )
        journals.push(...reserveJournals(added.map(({ movement, reserve }) => ({ movement, amount: reserve.withheld, way: 'in' }))))
      }
    }
    const restored = ofAvailable.filter(({ amount, reverses }) => amount > 0 && reverses !== undefined)
    if (restored.length > 0) journals.push(...(await restore(tx, restored)))
    if (shrinking.length > 0) journals.push(...(await consume(tx, shrinking)))
    await ledger.post(tx, journals)
  }
}

async function consume(tx: Tx, movements: readonly ClaimMovement[]): Promise<readonly PostJournal[]> {
  const held = await tx.lock(reserveTable, { lineId: [...new Set(movements.map(({ lineId }) => lineId))], state: 'held' })
  if (held.length === 0) return []
  const current = new Map(held.map((reserve) => [reserve.id, reserve]))
  const moves = movements.flatMap((movement) => {
    const own = [...current.values()].filter(({ lineId, party }) => lineId === movement.lineId && party === movement.party)
    const taken = consumed(own, -movement.amount)
    for (const { reserve, amount } of taken) current.set(reserve.id, { ...reserve, consumed: reserve.consumed + amount })
    const amount = sumAmounts(taken.map((part) => part.amount))
    return amount === 0 ? [] : [{ movement, amount, way: 'out' } as const]
  })
  await storeConsumed(tx, held, current)
  return reserveJournals(moves)
}

/** What a chargeback took from reserves goes back into them once it is won, as far as their time has not come. */
async function restore(tx: Tx, movements: readonly ClaimMovement[]): Promise<readonly PostJournal[]> {
  const reversed = await tx.find(journalTable, { id: movements.flatMap(({ reverses }) => reverses ?? []) })
  const beside = await tx.find(journalTable, { key: reversed.map(({ key }) => besideKey(key)) })
  if (beside.length === 0) return []
  const held = await tx.lock(reserveTable, { lineId: [...new Set(movements.map(({ lineId }) => lineId))], state: 'held' })
  const transfers = await tx.find(transferTable, { journalId: beside.map(({ id }) => id) })
  const accounts = await tx.find(accountTable, { id: [...new Set(transfers.map(({ fromAccount }) => fromAccount))] })
  const partyOf = new Map(accounts.map(({ id, party }) => [id, party]))
  const journalOf = new Map(reversed.map(({ id, key }) => [id, beside.find((journal) => journal.key === besideKey(key))?.id]))
  const current = new Map(held.map((reserve) => [reserve.id, reserve]))
  const moves = movements.flatMap((movement) => {
    const own = transfers.filter(
      ({ journalId, ref, fromAccount }) =>
        journalId === journalOf.get(movement.reverses ?? '') && ref === movement.lineId && partyOf.get(fromAccount) === movement.party,
    )
    const taken = sumAmounts(own.map((transfer) => transfer.amount))
    let left = taken
    // The youngest first: they were taken last.
    for (const reserve of [...current.values()].sort((a, b) => (a.id < b.id ? 1 : -1))) {
      if (reserve.lineId !== movement.lineId || reserve.party !== movement.party) continue
      const back = Math.min(left, reserve.consumed)
      current.set(reserve.id, { ...reserve, consumed: reserve.consumed - back })
      left -= back
    }
    return taken === left ? [] : [{ movement, amount: taken - left, way: 'in' } as const]
  })
  await storeConsumed(tx, held, current)
  return reserveJournals(moves)
}

/** Writes how much of reserves is consumed by now; they are locked. */
async function storeConsumed(tx: Tx, before: readonly ReserveRow[], current: ReadonlyMap<string, ReserveRow>): Promise<void> {
  const changed = before.flatMap(({ id, consumed: was }) => {
    const now = current.get(id)?.consumed ?? was
    return now === was ? [] : [[id, now - was] as const]
  })
  if (changed.length === 0) return
  const ids = changed.map(([id]) => id)
  await tx.run(sql`UPDATE ${reserveTable} SET consumed = consumed + ${numberByKey(sql`id`, changed)} WHERE ${inList(sql`id`, ids)}`)
}

function besideKey(key: string): string {
  return `reserve:${key}`
}

/** A journal beside each capture's or refund's own. */
function reserveJournals(
  moves: readonly { readonly movement: ClaimMovement; readonly amount: number; readonly way: 'in' | 'out' }[],
): readonly PostJournal[] {
  return [...groupBy(moves, ({ movement }) => movement.key)].flatMap(([key, own]) => {
    const [first] = own
    if (first === undefined) return []
    const transfers = own.map(({ movement, amount, way }) => reserveTransfer(movement, amount, way))
    return [{ kind: 'reserve', source: first.movement.lineId, key: besideKey(key), effectiveAt: first.movement.at, transfers }]
  })
}

/** Between a party's available and reserve, for a line. */
export function reserveTransfer(
  { lineId, party, currency }: { readonly lineId: string; readonly party: string; readonly currency: string },
  amount: number,
  way: 'in' | 'out',
): PostTransfer {
  const [available, reserve] = [
    { party, purpose: 'available' },
    { party, purpose: 'reserve' },
  ]
  const [from, to] = way === 'in' ? [available, reserve] : [reserve, available]
  return { from, to, amount, commodity: currency, kind: 'reserve', ref: lineId }
}
