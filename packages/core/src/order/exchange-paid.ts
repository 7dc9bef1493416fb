import { CommerceError, type Tx } from '../kernel/index.js'
import type { CapturedInput, Payment } from '../payment/index.js'
import { cancelExchange, completeExchange, planExchange, readyExchangeCash } from './complete-exchange.js'
import type { OrderDeps } from './deps.js'
import { type ExchangeRow, exchangeTable } from './exchange.entity.js'
import type { RefundingLine } from './hooks.js'
import type { OrderAggregate, OrderRecord } from './order.js'
import { unlessRefused } from './order-stock.js'
import { whole, withLines } from './order-store.js'
import { returnPayment } from './return-payment.js'

/** The exchange whose difference a payment pays; undefined for every other payment. */
export function exchangeOf({ metadata }: Pick<Payment, 'metadata'>): string | undefined {
  return typeof metadata.exchangeId === 'string' ? metadata.exchangeId : undefined
}

/**
 * A difference has come in, perhaps in parts. Once it is whole the exchange is completed; where the old line was refunded meanwhile, the order canceled, or the new
 * goods are gone, the money goes back. The order is locked.
 */
export function exchangePaid(deps: OrderDeps) {
  const [complete, cancel, giveBack] = [completeExchange(deps), cancelExchange(deps), returnPayment(deps)]
  return async (tx: Tx, order: OrderRecord, captured: CapturedInput): Promise<void> => {
    const { payment, amount } = captured
    const [row] = await tx.lock(exchangeTable, { id: exchangeOf(payment) ?? '' })
    if (row?.status !== 'awaiting_payment') return giveBack(tx, order, captured, amount, row?.status ?? 'unknown')
    await readyExchangeCash(deps, tx, row, { ...captured, currency: order.currency })
    if (payment.captured < row.difference) return
    const aggregate = await whole(tx, await withLines(tx, order))
    const part = order.status === 'open' ? await planAgain(tx, aggregate, row) : undefined
    const done =
      part !== undefined &&
      (await unlessRefused(tx, async () => {
        await tx.update(exchangeTable, { status: 'completed', paymentId: payment.id, endedAt: tx.now, expiresAt: null }, { id: row.id })
        await complete(tx, aggregate, { ...row, status: 'completed', paymentId: payment.id }, part)
      }))
    if (!done) await cancel(tx, { order }, row, part === undefined ? 'the line has changed' : 'the new goods are gone')
  }
}

/** What is given back, if it is still what the exchange was worked out with. */
async function planAgain(tx: Tx, aggregate: OrderAggregate, row: ExchangeRow): Promise<RefundingLine | undefined> {
  const part = await planExchange(tx, aggregate, row).catch((error: unknown) => {
    if (CommerceError.is(error)) return undefined
    throw error
  })
  return part?.goods === row.credit && part.quantity === row.quantity ? part : undefined
}
