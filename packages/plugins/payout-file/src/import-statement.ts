import type { Tx } from '@entrepot/core'
import * as z from 'zod'
import { type BankEntry, readCamt053 } from './camt053.js'
import type { PayoutFilesContext } from './context.js'
import { type FilePayoutRow, filePayoutTable } from './file.entity.js'

export interface ImportStatementInput {
  /** A camt.053 message, as the bank has it. */
  readonly xml: string
}

/** A movement that names a payout of ours, or comes back as one, and fits none: for a person to look at. Nothing was changed for it. */
export interface UnmatchedEntry {
  readonly reference: string | null
  readonly amount: number
  readonly currency: string
  readonly reason: 'unknown_reference' | 'amount_differs' | 'not_sent' | 'came_back_before'
}

export interface ImportedStatement {
  /** Payouts that were paid, and that came back, by this message. */
  readonly paid: readonly string[]
  readonly returned: readonly string[]
  /** Movements that said what was known already. */
  readonly known: number
  /** Other movements of the account, that are no payouts. */
  readonly ignored: number
  readonly unmatched: readonly UnmatchedEntry[]
}

const mostCharacters = 50_000_000

export const importStatementInput: z.ZodType<ImportStatementInput> = z.strictObject({ xml: z.string().min(1).max(mostCharacters) })

/** One payment that a bank tells of, and which payout of ours it names. */
interface Told {
  readonly entry: BankEntry
  readonly payouts: readonly FilePayoutRow[]
}

/**
 * Reports what a bank's statement tells of our payouts, each as `settlement.reportPayout` does. The same statement again changes nothing; what does not fit is
 * told and left. All or nothing: a process that dies in it has reported none.
 * @throws payout_file.unreadable
 */
export function importStatement({ commerce }: PayoutFilesContext) {
  const report = async (tx: Tx, payout: FilePayoutRow, returned: BankEntry['returned']): Promise<void> => {
    const { payoutId } = payout
    const status = returned === null ? 'paid' : 'returned'
    await commerce.settlement.reportPayout({ payoutId, result: status, failure: returned?.message }, { tx })
    const failure = { failureCode: returned?.code.slice(0, 40) ?? null, failureMessage: returned?.message ?? null }
    await tx.update(filePayoutTable, { status, ...failure }, { payoutId })
  }

  return async (tx: Tx, { xml }: ImportStatementInput): Promise<ImportedStatement> => {
    const result = { paid: [] as string[], returned: [] as string[], known: 0, ignored: 0, unmatched: [] as UnmatchedEntry[] }
    for (const { entry, payouts } of await find(tx, readCamt053(xml))) {
      const { reference, amount, currency, returned } = entry
      const refuse = (reason: UnmatchedEntry['reason']): void => void result.unmatched.push({ reference, amount, currency, reason })
      // Only a payment that leaves, or one that says that it comes back, can be a payout of ours.
      const concerns = entry.way === 'out' ? returned === null : returned !== null
      if (payouts.length === 0 || !concerns) {
        if (returned !== null && entry.way === 'in') refuse('unknown_reference')
        else result.ignored++
        continue
      }
      const sum = payouts.reduce((total, payout) => total + payout.amount, 0)
      if (sum !== amount || payouts.some((payout) => payout.currency !== currency)) {
        refuse('amount_differs')
        continue
      }
      for (const payout of payouts) {
        const becomes = returned === null ? 'paid' : 'returned'
        if (payout.status === becomes || (payout.status === 'returned' && becomes === 'paid')) result.known++
        else if (payout.status === 'waiting') refuse('not_sent')
        else if (payout.status === 'failed') refuse('came_back_before')
        else {
          await report(tx, payout, returned)
          payout.status = becomes
          result[becomes].push(payout.payoutId)
        }
      }
    }
    return result
  }
}

/** Which payouts each movement names, all locked; as many statements for one movement as for thousands. */
async function find(tx: Tx, entries: readonly BankEntry[]): Promise<readonly Told[]> {
  const references = entries.flatMap(({ reference }) => reference ?? [])
  const files = entries.flatMap((entry) => fileOf(entry) ?? [])
  const named = await tx.find(filePayoutTable, { reference: [...new Set(references)] })
  const booked = await tx.find(filePayoutTable, { fileId: [...new Set(files)] })
  // As they are once nobody else is at them: two who read the same statement at once report each payout once.
  const locked = await tx.lock(filePayoutTable, { payoutId: [...new Set([...named, ...booked].map(({ payoutId }) => payoutId))] })
  const byReference = new Map(locked.map((payout) => [payout.reference, payout]))
  const byFile = new Map<string | null, FilePayoutRow[]>()
  for (const payout of locked) {
    const together = byFile.get(payout.fileId)
    if (together === undefined) byFile.set(payout.fileId, [payout])
    else together.push(payout)
  }
  return entries.map((entry) => {
    const payout = byReference.get(entry.reference ?? '')
    return { entry, payouts: payout !== undefined ? [payout] : (byFile.get(fileOf(entry) ?? '') ?? []) }
  })
}

/** The file that a movement of a whole batch names: our reference of it, with the id's own underscore. */
function fileOf({ reference, batch }: BankEntry): string | undefined {
  return batch === null || (reference !== null && reference !== 'NOTPROVIDED') ? undefined : batch.replace('-', '_')
}
