/** In which currency each party of a sale is paid, and at which rate: frozen with the other terms (R5). */
import type { Timestamp, Tx } from '../kernel/index.js'
import { assertRate, type ExchangeRate } from '../money/index.js'
import type { OrderPlacing } from '../order/index.js'
import type { SupplierContract, Suppliers } from '../supplier/index.js'
import { isClaimant } from './accounts.js'
import { rateMissing } from './errors.js'
import type { Conversions } from './line.js'
import type { PartyId } from './party.js'

/**
 * What one unit of a currency was in another at a moment, as a decimal in text: `1.0825`; undefined where that is not known. It is asked inside the transaction
 * that places an order, so that the rate is frozen with the sale, and so it answers from memory: load and refresh rates beside it.
 */
export type ExchangeRates = (from: string, to: string, at: Timestamp) => string | undefined

export interface PayoutTerms {
  readonly suppliers: Pick<Suppliers, 'contractHistory'>
  readonly exchangeRate: ExchangeRates
  /** Of distributors, and of suppliers whose contract says nothing; null for the currency of each sale. */
  readonly currency: string | null
}

/** The rates of orders' parties, by the contracts of the time of sale; one statement. @throws exchange.rate_missing, money.invalid_rate */
export async function conversions(
  tx: Tx,
  { suppliers, exchangeRate, currency: standard }: PayoutTerms,
  orders: readonly OrderPlacing[],
): Promise<(placing: OrderPlacing, parties: readonly PartyId[]) => Conversions> {
  const supplierIds = [...new Set(orders.flatMap(({ lines }) => lines.map((line) => line.supplierId)))]
  const contracts: (supplierId: string, at: Timestamp) => SupplierContract | undefined = await suppliers.contractHistory(tx, supplierIds)
  const known = new Map<string, ExchangeRate>()
  const rateOf = (from: string, to: string, at: Timestamp): ExchangeRate => {
    const key = `${from} ${to} ${at}`
    const rate = known.get(key)
    if (rate) return rate
    const asked = exchangeRate(from, to, at)
    if (asked === undefined) throw rateMissing({ from, to, at })
    const fresh = assertRate({ from, to, rate: asked })
    known.set(key, fresh)
    return fresh
  }
  return ({ order: { currency, placedAt } }, parties) =>
    Object.fromEntries(
      parties.flatMap((party) => {
        if (!isClaimant(party)) return []
        const supplierId = /^supplier:(.+)$/.exec(party)?.[1]
        const contract = supplierId === undefined ? undefined : contracts(supplierId, placedAt)
        const to = contract?.settlement.payoutCurrency ?? standard
        return to === null || to === currency ? [] : [[party, rateOf(currency, to, placedAt)]]
      }),
    )
}
