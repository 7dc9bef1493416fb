import { groupBy, type Hooks, type Tx } from '../kernel/index.js'
import {
  accountTable,
  journalTable,
  type Ledger,
  type PostJournal,
  type Transfer,
  type TransferRow,
  transferTable,
} from '../ledger/index.js'
import { allocate, sumAmounts } from '../money/index.js'
import type { OrderChargeback, OrderChargebackFee } from '../order/index.js'
import type { ChargebackFeeFrom, Suppliers } from '../supplier/index.js'
import { booksOf, chargeTransfers, movementsOf, takenBack, transfersOf } from './accounts.js'
import { lockClaims, together } from './book-captures.js'
import { reversePart } from './book-refunds.js'
import { termsTable } from './commission.entity.js'
import type { CommissionHooks } from './hooks.js'
import type { Conversions } from './line.js'
import { supplierParty } from './party.js'

/** Takes chargebacks back from every party by R4, as refunds of an amount over the order; the money has left by the clearing account already. */
export function bookChargebacks(
  ledger: Ledger,
  hooks: Hooks<CommissionHooks>,
): (taken: readonly OrderChargeback[], tx: Tx) => Promise<void> {
  return async (taken, tx) => {
    const lineIds = linesOf(taken)
    const terms = new Map((await tx.find(termsTable, { lineId: lineIds })).map((row) => [row.lineId, row]))
    const claims = await lockClaims(tx, hooks, lineIds)
    const books = booksOf(await ledger.passages(tx, lineIds))
    const journals = taken.flatMap(({ order, disputeId, parts, clearing, at }): PostJournal[] => {
      // What cost the customer nothing has no amount to go by: it goes back as far as its order does.
      const returned = { part: order.refunded, whole: order.captured }
      const moved = parts.flatMap((part) => {
        const row = terms.get(part.lineId)
        return row ? [reversePart(row, part, returned, books(part.lineId))] : []
      })
      const conversionsOf = (lineId: string): Conversions => terms.get(lineId)?.terms.conversions ?? {}
      const transfers = transfersOf(together(moved), {
        cash: clearing,
        claims,
        commodity: order.currency,
        conversionsOf,
        by: 'chargeback',
      })
      return transfers.length === 0 ? [] : [{ kind: 'chargeback', source: order.id, key: takenKey(disputeId), effectiveAt: at, transfers }]
    })
    await ledger.post(tx, journals)
    await hooks.run(tx, 'commission.booked', { lineIds, movements: movementsOf(journals, claims) })
  }
}

/** Gives back what chargebacks took, transfer by transfer. */
export function restoreChargebacks(
  ledger: Ledger,
  hooks: Hooks<CommissionHooks>,
): (won: readonly OrderChargeback[], tx: Tx) => Promise<void> {
  return async (won, tx) => {
    const lineIds = linesOf(won)
    const claims = await lockClaims(tx, hooks, lineIds)
    const taken = await readJournals(
      tx,
      won.map(({ disputeId }) => takenKey(disputeId)),
    )
    const journals = won.flatMap(({ order, disputeId, at }): PostJournal[] => {
      const journal = taken.get(takenKey(disputeId))
      if (!journal) return []
      const transfers = takenBack(journal.transfers, claims)
      const key = `chargeback_won:${disputeId}`
      return [{ kind: 'chargeback_won', source: order.id, key, effectiveAt: at, transfers, reverses: journal.id }]
    })
    await ledger.post(tx, journals)
    await hooks.run(tx, 'commission.booked', { lineIds, movements: movementsOf(journals, claims) })
  }
}

/** Journals by their keys; three statements. */
async function readJournals(
  tx: Tx,
  key: readonly string[],
): Promise<ReadonlyMap<string, { readonly id: string; readonly transfers: readonly Transfer[] }>> {
  const rows = await tx.find(journalTable, { key })
  const moved = await tx.find(transferTable, { journalId: rows.map(({ id }) => id) }, { orderBy: ['journalId', 'position'] })
  const accounts = await tx.find(accountTable, {
    id: [...new Set(moved.flatMap(({ fromAccount, toAccount }) => [fromAccount, toAccount]))],
  })
  const byId = new Map(accounts.map((account) => [account.id, account]))
  const transfers = groupBy(moved, ({ journalId }) => journalId)
  const named = ({ fromAccount, toAccount, amount, commodity, kind, ref }: TransferRow): readonly Transfer[] => {
    const [from, to] = [byId.get(fromAccount), byId.get(toAccount)]
    return from && to ? [{ from, to, amount, commodity, kind, ref }] : []
  }
  return new Map(rows.map(({ id, key: of }) => [of, { id, transfers: (transfers.get(id) ?? []).flatMap(named) }]))
}

export interface ChargebackFeeDeps {
  readonly ledger: Ledger
  readonly suppliers: Pick<Suppliers, 'contracts'>
  /** Where a supplier's contract says nothing. */
  readonly feeFrom: ChargebackFeeFrom
}

/** Charges a fee to the suppliers whose contract of the time of sale says so, each by its part (R3). @returns how much they bear */
export function bookChargebackFee({ ledger, suppliers, feeFrom: standard }: ChargebackFeeDeps) {
  return async (charged: OrderChargebackFee, tx: Tx): Promise<number> => {
    const { order, lines, parts, disputeId, amount, feeFrom, fees, key, at } = charged
    const partOf = new Map(parts.map(({ lineId, goods, shipping }) => [lineId, goods + shipping]))
    const bySupplier = [
      ...groupBy(
        lines.filter((line) => partOf.has(line.id)),
        (line) => line.supplierId,
      ),
    ]
    const ids = bySupplier.map(([supplierId]) => supplierId)
    const contracts = feeFrom === undefined ? await suppliers.contracts(tx, ids, order.placedAt) : new Map()
    const shares = allocate(
      amount,
      bySupplier.map(([, its]) => sumAmounts(its.map((line) => partOf.get(line.id) ?? 0))),
    )
    const borne = ids.flatMap((supplierId, index) => {
      const from: ChargebackFeeFrom = feeFrom ?? contracts.get(supplierId)?.settlement.chargebackFeeFrom ?? standard
      const share = shares[index] ?? 0
      return from === 'supplier' && share > 0 ? [{ party: supplierParty(supplierId), amount: share }] : []
    })
    if (borne.length === 0) return 0
    const rows = await tx.find(termsTable, { orderId: order.id }, { orderBy: ['lineId'] })
    const transfers = borne.flatMap(({ party, amount: share }) => {
      // At the rate of the sale, as its claims are.
      const terms = rows.find((row) => row.split.parties.includes(party))?.terms
      const { conversions = {}, rounding = 'half-up' as const } = terms ?? {}
      const charge = { party, to: fees, amount: share, commodity: order.currency, kind: 'chargeback_fee', ref: disputeId }
      return chargeTransfers({ ...charge, rate: conversions[party], rounding })
    })
    await ledger.post(tx, [{ kind: 'chargeback_fee', source: order.id, key, effectiveAt: at, transfers }])
    return sumAmounts(borne.map((one) => one.amount))
  }
}

function linesOf(chargebacks: readonly OrderChargeback[]): readonly string[] {
  return [...new Set(chargebacks.flatMap(({ parts }) => parts.map((part) => part.lineId)))]
}

function takenKey(disputeId: string): string {
  return `chargeback:${disputeId}`
}
