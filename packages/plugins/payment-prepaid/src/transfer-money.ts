import type { AccountRef, Caller, Tx } from '@entrepot/core'
import { available, clearingOf, journalOf } from './accounts.js'
import type { PrepaidContext } from './context.js'
import { referenceTaken } from './errors.js'
import { prepaidTransferTable } from './transfer.entity.js'
import type { PrepaidTransfer, TopUpInput, WithdrawInput } from './transfer.js'

type Deps = Pick<PrepaidContext, 'commerce' | 'id' | 'emit'>

/** Books money that a customer has paid in. @throws customer.not_found, prepaid.reference_taken */
export function topUp(deps: Deps) {
  const transfer = transferMoney(deps)
  return async (tx: Tx, { source, ...input }: TopUpInput, { by }: Pick<Caller, 'by'>): Promise<PrepaidTransfer> => {
    const [from, to] = [clearingOf(source), available(input.customerId)]
    const { booked, fresh } = await transfer(tx, { ...input, type: 'top_up', counterparty: source, by }, from, to)
    if (fresh) deps.emit(tx, 'prepaid.topped_up', booked.customerId, { ...about(booked), source })
    return booked
  }
}

/** Books money that is paid out to a customer. @throws customer.not_found, balance.insufficient, prepaid.reference_taken */
export function withdraw(deps: Deps) {
  const transfer = transferMoney(deps)
  return async (tx: Tx, { destination, ...input }: WithdrawInput, { by }: Pick<Caller, 'by'>): Promise<PrepaidTransfer> => {
    const [from, to] = [available(input.customerId), clearingOf(destination)]
    const { booked, fresh } = await transfer(tx, { ...input, type: 'withdrawal', counterparty: destination, by }, from, to)
    if (fresh) deps.emit(tx, 'prepaid.withdrawn', booked.customerId, { ...about(booked), destination })
    return booked
  }
}

type NewTransfer = Omit<PrepaidTransfer, 'id' | 'reference' | 'at'> & { readonly reference?: string | undefined }

/** Moves money once per reference. @returns the transfer, and whether it was made now */
function transferMoney({ commerce, id }: Deps) {
  return async (
    tx: Tx,
    wanted: NewTransfer,
    from: AccountRef,
    to: AccountRef,
  ): Promise<{ readonly booked: PrepaidTransfer; readonly fresh: boolean }> => {
    const { customerId, amount, currency, type } = wanted
    // A misspelt id would open a balance that is nobody's.
    await commerce.customers.get({ customerId }, { tx })
    const booked: PrepaidTransfer = { ...wanted, id: id('ptr'), reference: wanted.reference ?? null, at: tx.now }
    if ((await tx.insertMissing(prepaidTransferTable, [booked])) === 0) return { booked: await earlier(tx, booked), fresh: false }
    await commerce.ledger.post(journalOf({ kind: type, subject: booked.id, from, to, amount, currency }, tx.now), { tx })
    return { booked, fresh: true }
  }
}

/** The transfer that has the reference of this one. @throws prepaid.reference_taken */
async function earlier(tx: Tx, { type, counterparty, reference, customerId, amount, currency }: PrepaidTransfer): Promise<PrepaidTransfer> {
  const [found] = await tx.find(prepaidTransferTable, { type, counterparty, reference })
  const same = found?.customerId === customerId && found.amount === amount && found.currency === currency
  if (!same) throw referenceTaken({ reference: reference ?? '', transferId: found?.id ?? '' })
  return found
}

function about({ id: transferId, customerId, amount, currency, reference }: PrepaidTransfer) {
  return { transferId, customerId, amount, currency, reference }
}
