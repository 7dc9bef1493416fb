import type { PayoutAccount, Tx } from '@entrepot/core'
import * as z from 'zod'
import type { PayoutFilesContext } from './context.js'
import { noDebtor } from './errors.js'
import { type FilePayoutRow, type FileRow, filePayoutTable, fileTable } from './file.entity.js'
import { pain001 } from './pain001.js'
import { payoutCsv } from './payout-csv.js'
import type { FileTransfer } from './transfer.js'

export interface CreateFileInput {
  /** ISO 4217: a file pays in one currency, from one account. */
  readonly currency: string
  /** The day on which the bank is asked to pay: `2026-03-31`. @default today, in UTC */
  readonly executeOn?: string | undefined
}

/** A file that was made, without what stands in it. */
export interface PayoutFile {
  readonly id: string
  readonly currency: string
  readonly executeOn: string
  /** How many payouts. */
  readonly count: number
  /** Minor units. */
  readonly total: number
  readonly createdAt: string
  readonly erased: boolean
}

export interface CreatedFile {
  /** Null where nothing waited. */
  readonly file: PayoutFile | null
  /** Payouts that stay behind because it is not known any more where their party is paid. */
  readonly left: readonly { readonly payoutId: string; readonly party: string }[]
}

export const createFileInput: z.ZodType<CreateFileInput> = z.strictObject({
  currency: z.string().regex(/^[A-Z]{3}$/, { error: 'must be a code of ISO 4217' }),
  executeOn: z.iso.date().optional(),
})

/** As many as one transaction and one message hold well; what is left goes into the next file. */
const mostInFile = 10_000
const accountsAtOnce = 1000

/**
 * Puts what waits into a file, in one transaction: a payout stands in one file, whatever dies and whoever else makes one at the same time.
 * @throws payout_file.no_debtor
 */
export function createFile({ options, commerce, id }: PayoutFilesContext) {
  return async (tx: Tx, { currency, executeOn = tx.now.slice(0, 10) }: CreateFileInput): Promise<CreatedFile> => {
    const debtor = options.debtors[currency]
    if (debtor === undefined) throw noDebtor({ currency })
    const waiting = await lockWaiting(tx, currency)
    const accounts = new Map<string, PayoutAccount>()
    const parties = [...new Set(waiting.map(({ party }) => party))]
    for (let from = 0; from < parties.length; from += accountsAtOnce) {
      const found = await commerce.settlement.payoutAccounts({ parties: parties.slice(from, from + accountsAtOnce) }, { tx })
      for (const account of found) accounts.set(account.party, account)
    }
    const transfers = waiting.flatMap((payout): (FileTransfer & { readonly payoutId: string })[] => {
      const account = accounts.get(payout.party)
      return account === undefined ? [] : [{ ...payout, account, remittance: payout.statementId ?? payout.payoutId }]
    })
    const left = waiting.filter(({ party }) => !accounts.has(party)).map(({ payoutId, party }) => ({ payoutId, party }))
    if (transfers.length === 0) return { file: null, left }
    const total = transfers.reduce((sum, { amount }) => sum + amount, 0)
    const file = { id: id('pfl'), createdAt: tx.now, executeOn, currency, total, debtor, transfers }
    const row: FileRow = {
      id: file.id,
      currency,
      executeOn,
      count: transfers.length,
      total,
      pain001: pain001(file),
      csv: payoutCsv(file),
      createdAt: tx.now,
    }
    await tx.insert(fileTable, [row])
    await tx.update(filePayoutTable, { status: 'filed', fileId: file.id }, { payoutId: transfers.map(({ payoutId }) => payoutId) })
    return { file: shown(row), left }
  }
}

/** The oldest first. Who comes second waits here, and then finds only what the first has left. */
async function lockWaiting(tx: Tx, currency: string): Promise<readonly FilePayoutRow[]> {
  const next = await tx.find(filePayoutTable, { status: 'waiting', currency }, { orderBy: ['payoutId'], limit: mostInFile })
  if (next.length === 0) return []
  return tx.lock(filePayoutTable, { payoutId: next.map(({ payoutId }) => payoutId), status: 'waiting' })
}

export function shown({ id, currency, executeOn, count, total, pain001: content, createdAt }: FileRow): PayoutFile {
  return { id, currency, executeOn, count, total, createdAt, erased: content === null }
}
