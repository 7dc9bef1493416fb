import type { Kernel, Tx } from '../kernel/index.js'
import type { Accounts } from './accounts.js'
import { requireOwnAccounts } from './core-accounts.js'
import { holdInPast, keyConflict } from './errors.js'
import { changeGuarded } from './guarded-balance.js'
import { type HoldRow, holdTable, openHoldTable } from './hold.entity.js'
import { type Hold, type HoldInput, holdHash, isLapsed } from './hold.js'
import { type AccountRef, accountPath, checkJournal } from './journal.js'

/** @throws balance.insufficient, idempotency.conflict, ledger.core_account, ledger.guard_mismatch, ledger.hold_in_past, ledger.invalid_account, ledger.same_account */
export function placeHold({ kernel, accounts }: { readonly kernel: Pick<Kernel, 'ids'>; readonly accounts: Accounts }) {
  return async (tx: Tx, input: HoldInput): Promise<Hold> => {
    const { from, to, commodity, amount, kind, source, key } = input
    requireOwnAccounts([from, to], input.coreAccounts)
    checkJournal({ kind, source, key, effectiveAt: tx.now, transfers: [{ from, to, amount, commodity, kind }] })
    const open = await accounts.open(tx, [
      { ...from, commodity },
      { ...to, commodity },
    ])
    const path = accountPath(from, commodity)
    const account = open.get(path)
    const row: HoldRow = {
      id: kernel.ids('hld'),
      kind,
      source,
      key,
      contentHash: holdHash(input),
      fromAccount: account?.id ?? '',
      toAccount: open.get(accountPath(to, commodity))?.id ?? '',
      amount,
      commodity,
      ref: input.ref ?? null,
      heldAt: tx.now,
      expiresAt: input.expiresAt ?? null,
    }
    if ((await tx.insertMissing(holdTable, [row])) === 0) {
      const earlier = await tx.findOne(holdTable, { key })
      if (earlier?.contentHash !== row.contentHash) throw keyConflict({ key })
      return toHold(earlier, input)
    }
    // Only of a new one: who asks again after its time gets the answer of the first time.
    if (isLapsed(row, tx.now)) throw holdInPast({ key, expiresAt: row.expiresAt ?? '' })
    await tx.insert(openHoldTable, [{ holdId: row.id, accountId: row.fromAccount, amount, expiresAt: row.expiresAt }])
    if (account?.guarded) await changeGuarded(tx, [{ accountId: account.id, path, balance: 0, held: amount }])
    return toHold(row, input)
  }
}

/** A hold's row with the accounts that its ids stand for. */
export function toHold(row: HoldRow, { from, to }: { readonly from: AccountRef; readonly to: AccountRef }): Hold {
  const { id, amount, commodity, kind, source, key, ref, heldAt, expiresAt } = row
  const pathOf = ({ party, purpose }: AccountRef) => ({ party, purpose })
  return { id, from: pathOf(from), to: pathOf(to), amount, commodity, kind, source, key, ref, heldAt, expiresAt }
}
