import { describe, expect, it } from 'vitest'
import { type Column, readRow } from './order-row.js'

const good: Readonly<Record<Column, string>> = {
  order_id: 'o-1',
  line_id: '1',
  product_id: 'pot',
  supplier_id: 'tea',
  quantity: '2',
  price: '1050',
  shipping: '300',
  placed_at: '2026-02-27T23:30:00.000+01:00',
  delivered_at: '2026-02-28T09:00:00Z',
  refunded_at: '2026-03-02T00:00:00.000Z',
  refund_amount: '2100',
  distributors: 'dora | eli',
}
const read = (cells: Partial<Record<Column, string>>) => readRow((column) => cells[column] ?? good[column])

describe('a row of the file', () => {
  it('is a line of an order, its times in UTC and its price that of all units', () => {
    expect(read({})).toEqual({
      orderId: 'o-1',
      lineId: '1',
      productId: 'pot',
      supplierId: 'tea',
      quantity: 2,
      price: 2100,
      shipping: 300,
      placedAt: '2026-02-27T22:30:00.000Z',
      deliveredAt: '2026-02-28T09:00:00.000Z',
      refund: { at: '2026-03-02T00:00:00.000Z', amount: 2100 },
      distributors: ['dora', 'eli'],
    })
  })

  it('needs neither a refund nor distributors, and may cost nothing', () => {
    expect(read({ refunded_at: '', refund_amount: '', distributors: '', price: '0', shipping: '0' })).toMatchObject({
      price: 0,
      refund: null,
      distributors: [],
    })
  })

  it('may be refunded before it arrives', () => {
    expect(read({ refunded_at: '2026-02-28T00:00:00Z' })).toMatchObject({ refund: { at: '2026-02-28T00:00:00.000Z' } })
  })

  const wrong: readonly (readonly [Column, string, string])[] = [
    ['order_id', '', 'is missing'],
    ['product_id', 'x'.repeat(121), 'has 121 characters'],
    ['supplier_id', 'a\u0000b', 'control character'],
    ['quantity', '0', 'must be at least 1'],
    ['quantity', '1000001', 'is above 1000000'],
    ['quantity', '1.5', 'must be a whole number'],
    ['price', '', 'is missing'],
    ['price', '-5', 'is negative'],
    ['price', '1e3', 'is not a number'],
    ['price', '9007199254740993', 'too large'],
    ['price', '9007199254740991', 'times quantity is too large'],
    ['shipping', '3,00', 'is not a number'],
    ['placed_at', '2026-02-27', 'is not a time'],
    ['placed_at', '2026-02-27T23:30:00.000', 'is not a time'],
    ['delivered_at', '2026-02-30T00:00:00Z', 'is not a time'],
    ['delivered_at', '2026-13-01T00:00:00Z', 'is not a time'],
    ['delivered_at', '2026-02-27T22:29:59Z', 'is before placed_at'],
    ['delivered_at', '', 'is missing'],
    ['refunded_at', '', 'is missing'],
    ['refunded_at', '2026-02-01T00:00:00Z', 'is before placed_at'],
    ['refund_amount', '', 'is missing'],
    ['refund_amount', '2101', 'is above price × quantity, 2100'],
    ['distributors', 'dora|', 'an empty distributor'],
    ['distributors', 'dora|eli|dora', 'names one twice'],
    ['distributors', 'abcdefghijk'.split('').join('|'), '10 are the most'],
  ]
  it.each(wrong)('is refused with %s = %j', (column, value, problem) => {
    expect(read({ [column]: value })).toEqual([{ column, problem: expect.stringContaining(problem) }])
  })

  it('tells everything that is wrong with it', () => {
    expect(read({ quantity: 'two', shipping: '', distributors: '|' })).toMatchObject([
      { column: 'quantity' },
      { column: 'shipping' },
      { column: 'distributors' },
    ])
  })
})
