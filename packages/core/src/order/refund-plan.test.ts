import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { sumAmounts } from '../money/index.js'
import { partsOfCapture } from './capture-order.js'
import type { OrderAggregate, OrderLine, OrderRefundLine } from './order.js'
import { allocateOverPayments, planRefund, planRefundOfAll, unsentUnits } from './refund-plan.js'

const amount = fc.integer({ min: 0, max: 10_000 })

function line(id: string, given: Partial<OrderLine>): OrderLine {
  const none = {
    offerId: null,
    productId: null,
    variantId: null,
    categoryPath: null,
    sku: null,
    priceListId: null,
    tax: null,
    weightGrams: null,
    attribution: null,
    distributors: null,
  }
  const zero = {
    unitPrice: 0,
    price: 0,
    goods: 0,
    shipping: 0,
    capturedGoods: 0,
    capturedShipping: 0,
    refundedGoods: 0,
    refundedShipping: 0,
  }
  const units = { quantity: 1, canceled: 0, fulfilled: 0, delivered: 0, comingBack: 0, returned: 0 }
  const rest = {
    orderId: 'ord_1',
    supplierOrderId: 'sor_1',
    supplierId: 'sup_1',
    position: 1,
    names: {},
    variantTitle: '',
    discounts: [],
    shippable: true,
    metadata: {},
  }
  return { id, ...none, ...zero, ...units, ...rest, ...given }
}

describe('a capture of an order', () => {
  it('in any number of parts captures every line in full, and no line beyond', () => {
    const pots = fc.array(fc.record({ goods: amount, shipping: amount }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(pots, fc.array(amount, { maxLength: 6 }), (given, steps) => {
        let lines = given.map((of, index) => line(`l${index}`, of))
        const total = sumAmounts(given.flatMap(({ goods, shipping }) => [goods, shipping]))
        let captured = 0
        for (const step of [...steps, total]) {
          const now = Math.min(step, total - captured)
          if (now === 0) continue
          const parts = partsOfCapture(lines, now)
          expect(sumAmounts(parts.flatMap(({ goods, shipping }) => [goods, shipping]))).toBe(now)
          const byLine = new Map(parts.map((part) => [part.lineId, part]))
          lines = lines.map((of) => ({
            ...of,
            capturedGoods: of.capturedGoods + (byLine.get(of.id)?.goods ?? 0),
            capturedShipping: of.capturedShipping + (byLine.get(of.id)?.shipping ?? 0),
          }))
          for (const of of lines) expect(of.capturedGoods <= of.goods && of.capturedShipping <= of.shipping).toBe(true)
          captured += now
        }
        for (const of of lines) expect([of.capturedGoods, of.capturedShipping]).toEqual([of.goods, of.shipping])
      }),
    )
  })

  it('has a free line stand in the capture that completes the order', () => {
    const lines = [line('paid', { goods: 100 }), line('free', {})]
    expect(partsOfCapture(lines, 40).map((part) => part.lineId)).toEqual(['paid'])
    expect(partsOfCapture(lines, 100).map((part) => part.lineId)).toEqual(['paid', 'free'])
  })
})

describe('a refund', () => {
  const aggregate = (lines: readonly OrderLine[]): OrderAggregate => ({
    order: { id: 'ord_1' } as OrderAggregate['order'],
    supplierOrders: [],
    lines,
  })

  it('by units, in any portions, comes out at what the line cost, and never below a unit’s share', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 8 }),
        (net, portions) => {
          const quantity = sumAmounts(portions)
          const of = line('l', { goods: net, capturedGoods: net, quantity })
          const past: OrderRefundLine[] = []
          for (const units of portions) {
            const refunded = sumAmounts(past.map((before) => before.amount))
            const [part] = planRefund(aggregate([{ ...of, refundedGoods: refunded }]), past, { lines: [{ lineId: 'l', quantity: units }] })
            past.push({ lineId: 'l', amount: part?.goods ?? 0, shipping: 0, quantity: units })
            const done = sumAmounts(past.map((before) => before.quantity ?? 0))
            expect(sumAmounts(past.map((before) => before.amount))).toBe(Math.ceil((net * done) / quantity))
            expect(part?.refundedUnits).toBe(done)
          }
          expect(sumAmounts(past.map((before) => before.amount))).toBe(net)
        },
      ),
    )
  })

  it('of all gives back what is left, and a free line by its units', () => {
    const lines = [
      line('l', { goods: 100, capturedGoods: 100, refundedGoods: 40, shipping: 10, capturedShipping: 10 }),
      line('free', { quantity: 3 }),
    ]
    expect(planRefundOfAll(lines, [])).toEqual([
      { lineId: 'l', goods: 60, shipping: 10, quantity: 1, refundedUnits: 1 },
      { lineId: 'free', goods: 0, shipping: 0, quantity: 3, refundedUnits: 3 },
    ])
    expect(planRefundOfAll([line('unpaid', { goods: 100 })], [])).toEqual([])
  })

  it('takes from each payment its part, never more than it holds, and empties all of them at the end', () => {
    const payments = fc.array(fc.integer({ min: 1, max: 10_000 }), { minLength: 1, maxLength: 4 })
    fc.assert(
      fc.property(payments, fc.array(amount, { maxLength: 6 }), (captured, steps) => {
        let state = captured.map((of, index) => ({ id: `p${index}`, captured: of, refunded: 0, refunding: 0, disputed: 0 }))
        const total = sumAmounts(captured)
        for (const step of [...steps, total]) {
          const left = total - sumAmounts(state.map((of) => of.refunding))
          const now = Math.min(step, left)
          const parts = new Map(allocateOverPayments('ord_1', state, now).map((part) => [part.paymentId, part.amount]))
          expect(sumAmounts([...parts.values()])).toBe(now)
          state = state.map((of) => ({ ...of, refunding: of.refunding + (parts.get(of.id) ?? 0) }))
          for (const of of state) expect(of.refunding).toBeLessThanOrEqual(of.captured)
        }
        expect(() => allocateOverPayments('ord_1', state, 1)).toThrow('refund.exceeds_captured')
      }),
    )
  })
})

describe('units that are refunded', () => {
  const units = (given: Partial<OrderLine>, quantity: number, refundedBefore = 0): number =>
    unsentUnits(
      [line('l1', { quantity: 5, ...given })],
      [{ lineId: 'l1', goods: 0, shipping: 0, quantity, refundedUnits: refundedBefore + quantity }],
    )[0]?.quantity ?? 0

  it('are those that came back, then those that were not sent, then those that the customer keeps', () => {
    expect(units({ fulfilled: 2 }, 1)).toBe(1)
    expect(units({ fulfilled: 2, returned: 2 }, 2)).toBe(0)
    expect(units({ fulfilled: 2, returned: 2 }, 3)).toBe(1)
    expect(units({ fulfilled: 2, returned: 2 }, 1, 2)).toBe(1)
    expect(units({ fulfilled: 2 }, 5)).toBe(3)
    expect(units({ fulfilled: 5 }, 2)).toBe(0)
  })

  it('count what was canceled as refunded and never sent', () => {
    expect(units({ fulfilled: 2, canceled: 1, returned: 2 }, 2, 1)).toBe(0)
    expect(units({ fulfilled: 2, canceled: 1, returned: 2 }, 2, 3)).toBe(2)
  })
})
