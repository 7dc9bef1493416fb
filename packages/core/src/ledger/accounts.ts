import type { Kernel, Tx } from '../kernel/index.js'
import { guardMismatch } from './errors.js'
import { type AccountRef, accountPath } from './journal.js'
import { type AccountRow, accountTable, guardedBalanceTable } from './ledger.entity.js'

/** An account that exists. */
export interface OpenAccount {
  readonly id: string
  readonly guarded: boolean
}

export interface Accounts {
  /** The accounts of these refs by path, opening what is not there: no statement where all are known to this process, two or three else. @throws ledger.guard_mismatch */
  open(tx: Tx, refs: readonly (AccountRef & { readonly commodity: string })[]): Promise<ReadonlyMap<string, OpenAccount>>
}

// Accounts are never closed or changed, so what is known of one stays true; the bound is for memory alone.
const knownAtMost = 50_000

export function createAccounts(kernel: Pick<Kernel, 'ids'>): Accounts {
  const known = new Map<string, OpenAccount>()

  const openMissing = async (
    tx: Tx,
    missing: ReadonlyMap<string, AccountRef & { readonly commodity: string }>,
  ): Promise<Map<string, OpenAccount>> => {
    // In one order everywhere: two transactions that open the same accounts wait for each other in a line, not in a ring.
    const refs = [...missing].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, ref]) => ref)
    const wanted = {
      party: [...new Set(refs.map((ref) => ref.party))],
      purpose: [...new Set(refs.map((ref) => ref.purpose))],
      commodity: [...new Set(refs.map((ref) => ref.commodity))],
    }
    let rows = await tx.find(accountTable, wanted)
    const there = new Set(rows.map((row) => accountPath(row, row.commodity)))
    const absent = refs.filter((ref) => !there.has(accountPath(ref, ref.commodity)))
    if (absent.length > 0) {
      const opened = absent.map(
        (ref): AccountRow => ({
          id: kernel.ids('acc'),
          party: ref.party,
          purpose: ref.purpose,
          commodity: ref.commodity,
          guarded: ref.guarded ?? false,
          createdAt: tx.now,
        }),
      )
      await tx.insertMissing(accountTable, opened)
      // Another process may have opened some of them in between: theirs are the ones that count.
      rows = await tx.find(accountTable, wanted)
      const ours = new Set(opened.map((row) => row.id))
      await tx.insert(
        guardedBalanceTable,
        rows.filter((row) => row.guarded && ours.has(row.id)).map((row) => ({ accountId: row.id, balance: 0, held: 0 })),
      )
    }
    return new Map(rows.map((row) => [accountPath(row, row.commodity), { id: row.id, guarded: row.guarded }]))
  }

  return {
    async open(tx, refs) {
      const result = new Map<string, OpenAccount>()
      const missing = new Map<string, AccountRef & { readonly commodity: string }>()
      for (const ref of refs) {
        const path = accountPath(ref, ref.commodity)
        const account = known.get(path)
        if (account) result.set(path, account)
        else if (!missing.has(path)) missing.set(path, ref)
      }
      if (missing.size > 0) {
        const found = await openMissing(tx, missing)
        for (const path of missing.keys()) {
          const account = found.get(path)
          if (account) result.set(path, account)
        }
        // Remembered once they are certain to stay: a rolled back opening must leave nothing here.
        tx.afterCommit(() => {
          if (known.size > knownAtMost) known.clear()
          for (const path of missing.keys()) {
            const account = found.get(path)
            if (account) known.set(path, account)
          }
        })
      }
      for (const ref of refs) {
        const path = accountPath(ref, ref.commodity)
        if (ref.guarded !== undefined && result.get(path)?.guarded !== ref.guarded) throw guardMismatch({ account: path })
      }
      return result
    },
  }
}
