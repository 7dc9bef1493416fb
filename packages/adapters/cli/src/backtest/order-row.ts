/** One row of the file: one line of an order. Pure. */
import { type Timestamp, timestamp } from '@entrepot/core'

/** The columns, in any order; others may stand beside them. */
export const columns = [
  'order_id',
  'line_id',
  'product_id',
  'supplier_id',
  'quantity',
  'price',
  'shipping',
  'placed_at',
  'delivered_at',
  'refunded_at',
  'refund_amount',
  'distributors',
] as const
export type Column = (typeof columns)[number]

/** A line of an order as the file has it. */
export interface OrderRow {
  readonly orderId: string
  readonly lineId: string
  readonly productId: string
  readonly supplierId: string
  readonly quantity: number
  /** Minor units: unit price × quantity. */
  readonly price: number
  /** Minor units. */
  readonly shipping: number
  readonly placedAt: Timestamp
  readonly deliveredAt: Timestamp
  readonly refund: { readonly at: Timestamp; readonly amount: number } | null
  /** Tier 1 first. */
  readonly distributors: readonly string[]
}

/** What is wrong with a cell, or with a row where no column is to blame. */
export interface Problem {
  readonly column: Column | null
  readonly problem: string
}

/** As long as the columns behind them. */
const longestId = 120
const mostUnits = 1_000_000
const mostDistributors = 10

/** Reads a row. @returns it, or everything that is wrong with it */
export function readRow(cell: (column: Column) => string): OrderRow | readonly Problem[] {
  const problems: Problem[] = []
  const refuse = (column: Column | null, problem: string): undefined => void problems.push({ column, problem })

  const id = (column: Column): string => {
    const value = cell(column)
    if (value === '') refuse(column, 'is missing')
    else if (value.length > longestId) refuse(column, `has ${value.length} characters; ${longestId} are the most`)
    else if (/\p{Cc}/u.test(value)) refuse(column, 'holds a control character')
    return value
  }
  const whole = (column: Column, value: string, least = 0): number | undefined => {
    if (value === '') return refuse(column, 'is missing')
    if (/^-\d+(\.\d+)?$/.test(value)) return refuse(column, `is negative: ${value}`)
    if (/^\d+\.\d+$/.test(value)) return refuse(column, `must be a whole number (amounts are minor units): ${value}`)
    if (!/^\d+$/.test(value)) return refuse(column, `is not a number: "${shorten(value)}"`)
    const number = Number(value)
    if (!Number.isSafeInteger(number)) return refuse(column, `is too large to be held exactly: ${shorten(value)}`)
    if (number < least) return refuse(column, `must be at least ${least}: ${value}`)
    return number
  }
  const time = (column: Column, value: string): Timestamp | undefined => {
    if (value === '') return refuse(column, 'is missing')
    return moment(value) ?? refuse(column, `is not a time such as 2026-01-31T09:00:00.000Z: "${shorten(value)}"`)
  }

  const [orderId, lineId, productId, supplierId] = [id('order_id'), id('line_id'), id('product_id'), id('supplier_id')]
  const quantity = whole('quantity', cell('quantity'), 1)
  const unitPrice = whole('price', cell('price'))
  const shipping = whole('shipping', cell('shipping'))
  const placedAt = time('placed_at', cell('placed_at'))
  const deliveredAt = time('delivered_at', cell('delivered_at'))
  if (quantity !== undefined && quantity > mostUnits) refuse('quantity', `is above ${mostUnits}: ${quantity}`)
  const price = unitPrice === undefined || quantity === undefined ? undefined : unitPrice * quantity
  if (price !== undefined && !Number.isSafeInteger(price)) refuse('price', 'times quantity is too large to be held exactly')
  if (placedAt !== undefined && deliveredAt !== undefined && deliveredAt < placedAt)
    refuse('delivered_at', `is before placed_at: ${deliveredAt}`)

  const [refundedAt, refundAmount] = [cell('refunded_at'), cell('refund_amount')]
  const refunds = refundedAt !== '' || refundAmount !== ''
  const at = refunds ? time('refunded_at', refundedAt) : undefined
  const amount = refunds ? whole('refund_amount', refundAmount) : undefined
  if (at !== undefined && placedAt !== undefined && at < placedAt) refuse('refunded_at', `is before placed_at: ${at}`)
  if (amount !== undefined && price !== undefined && amount > price)
    refuse('refund_amount', `is above price × quantity, ${price}: ${amount}`)

  const distributors =
    cell('distributors') === ''
      ? []
      : cell('distributors')
          .split('|')
          .map((name) => name.trim())
  if (distributors.length > mostDistributors) refuse('distributors', `names ${distributors.length}; ${mostDistributors} are the most`)
  if (distributors.some((name) => name.length > longestId)) refuse('distributors', `holds an id of more than ${longestId} characters`)
  if (/\p{Cc}/u.test(cell('distributors'))) refuse('distributors', 'holds a control character')
  if (distributors.includes('')) refuse('distributors', 'names an empty distributor')
  else if (new Set(distributors).size !== distributors.length) refuse('distributors', `names one twice: ${shorten(cell('distributors'))}`)

  const complete =
    quantity !== undefined && price !== undefined && shipping !== undefined && placedAt !== undefined && deliveredAt !== undefined
  if (problems.length > 0 || !complete) return problems
  const refund = at === undefined || amount === undefined ? null : { at, amount }
  return { orderId, lineId, productId, supplierId, quantity, price, shipping, placedAt, deliveredAt, refund, distributors }
}

/** An ISO 8601 time with an offset, on a day that the calendar has: JavaScript takes 30 February for 2 March. */
function moment(value: string): Timestamp | undefined {
  const parts = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)$/.exec(value)
  if (!parts) return undefined
  const [year, month, day] = [Number(parts[1]), Number(parts[2]), Number(parts[3])]
  if (new Date(Date.UTC(year, month, 0)).getUTCDate() < day || Number.isNaN(Date.parse(value))) return undefined
  return timestamp(value)
}

function shorten(value: string): string {
  return value.length > 40 ? `${value.slice(0, 40)}…` : value
}
