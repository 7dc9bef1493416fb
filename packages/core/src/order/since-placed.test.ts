import { describe, expect, it } from 'vitest'
import type { Payment } from '../payment/index.js'
import type { OrderAggregate, OrderLine, OrderRecord } from './order.js'
import { sincePlaced } from './since-placed.js'

// Only what the rule looks at.
const line = { id: 'oln_1', goods: 700, shipping: 300, capturedGoods: 0, capturedShipping: 0 } as OrderLine
const order = {
  id: 'ord_1',
  status: 'open',
  fulfilmentStatus: 'unfulfilled',
  returnStatus: 'none',
  total: 1000,
  captured: 0,
  refunded: 0,
} as OrderRecord
const placed: OrderAggregate = { order, supplierOrders: [], lines: [line] }
const captured = (amount: number): Payment => ({ captured: amount }) as Payment

describe('an order since it was placed', () => {
  it('is as it was placed while nothing is captured', () => {
    expect(sincePlaced(placed, { ...order, paymentStatus: 'authorized' }, [captured(0)])).toMatchObject({
      order: { paymentStatus: 'authorized' },
      lines: [line],
    })
  })

  it('has every line captured in full once it is paid', () => {
    const lines = [{ ...line, capturedGoods: 700, capturedShipping: 300 }]
    expect(sincePlaced(placed, { ...order, captured: 1000 }, [captured(400), captured(600)])).toMatchObject({ lines })
  })

  it.each<[string, Partial<OrderRecord>, number]>([
    ['is captured in part', { captured: 400 }, 400],
    ['was paid by another payment than those that were placed with it', { captured: 1000 }, 0],
    ['could not take the money', {}, 1000],
    ['has been sent', { captured: 1000, fulfilmentStatus: 'fulfilled' }, 1000],
    ['is coming back', { captured: 1000, returnStatus: 'requested' }, 1000],
    ['was refunded', { captured: 1000, refunded: 1 }, 1000],
    ['has expired', { status: 'expired' }, 0],
  ])('is read anew where it %s', (_what, now, paid) => {
    expect(sincePlaced(placed, { ...order, ...now }, [captured(paid)])).toBeUndefined()
  })
})
