import type { Timestamp, Tx } from '@entrepot/core'
import { type BindingRow, bindingTable, type Subject, subjectOf } from './binding.entity.js'
import { type Binding, type BindingSource, bindingFrom, bindsAnew } from './binding.js'
import type { DistributionContext } from './context.js'

/** Somebody came by a distributor. */
export interface Arrival {
  readonly who: Subject
  readonly distributorId: string
  readonly at: Timestamp
  readonly source: BindingSource
}

/** Whose somebody is once an arrival has been counted. */
export interface Bound extends Binding {
  /** Null for a visitor. */
  readonly customerId: string | null
  /** Whether this arrival bound; else an earlier one stands. */
  readonly anew: boolean
}

/**
 * Binds whom nothing protects, in a number of statements that does not depend on theirs. Of several arrivals of one the first counts.
 * @returns in the order of the arrivals
 */
export async function bindSubjects(context: DistributionContext, tx: Tx, arrivals: readonly Arrival[]): Promise<readonly Bound[]> {
  const wanted = new Map<string, BindingRow>()
  for (const arrival of arrivals) {
    const row = rowOf(context, arrival)
    if (!wanted.has(row.subject)) wanted.set(row.subject, row)
  }
  if (wanted.size === 0) return []
  const subject = [...wanted.keys()].sort()
  const present = new Map((await tx.lock(bindingTable, { subject })).map((row) => [row.subject, row]))
  const fresh = subject.flatMap((key) => wanted.get(key) ?? []).filter((row) => bindsAnew(present.get(row.subject), row.boundAt))
  const ended = fresh.flatMap((row) => present.get(row.subject)?.subject ?? [])
  if (ended.length > 0) await tx.remove(bindingTable, { subject: ended })
  await tx.insertMissing(bindingTable, fresh)
  // Read back: a first click of another may have been ahead of ours since the lock, which holds only rows that were there.
  const rows = await tx.find(bindingTable, { subject })
  const bound = new Map(rows.map((row) => [row.subject, { ...row, anew: row.id === wanted.get(row.subject)?.id }]))
  for (const { anew, customerId, distributorId, protectedUntil } of bound.values()) {
    if (anew && customerId !== null) context.emit(tx, 'distribution.bound', customerId, { customerId, distributorId, protectedUntil })
  }
  return arrivals.flatMap(({ who }) => bound.get(subjectOf(who)) ?? [])
}

/** Binds a customer whoever has it, and protected or not: whatever is clicked at the same moment comes before it, or changes nothing. */
export async function takeOver(context: DistributionContext, tx: Tx, arrival: Arrival): Promise<Bound> {
  const { subject, ...row } = rowOf(context, arrival)
  // A click that binds anew puts another row in the place of the first, so that for a moment there may be none to change.
  while ((await tx.insertMissing(bindingTable, [{ subject, ...row }])) + (await tx.update(bindingTable, row, { subject })) === 0) {}
  const { customerId, distributorId, protectedUntil } = row
  if (customerId !== null) context.emit(tx, 'distribution.bound', customerId, { customerId, distributorId, protectedUntil })
  return { ...row, anew: true }
}

function rowOf({ id, options }: DistributionContext, { who, distributorId, at, source }: Arrival): BindingRow {
  const customerId = 'customerId' in who ? who.customerId : null
  return { subject: subjectOf(who), id: id('bnd'), customerId, source, ...bindingFrom(distributorId, at, options.protectionDays) }
}
