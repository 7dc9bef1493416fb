import { describe, expect, it } from 'vitest'
import type { PrepaidPaymentRow } from './payment.entity.js'
import { begin, capture, captureRefusal, fail, heldFor, insufficientBalance, refund, refundRefusal, release, stateOf } from './payment.js'

const request = { paymentId: 'pay_1', amount: 600, currency: 'CNY', customerId: 'cus_1', metadata: { orderId: 'ord_1' } }
const started = (mode: 'automatic' | 'manual'): PrepaidPaymentRow =>
  begin({ ...request, capture: mode }, 'cus_1', '2026-01-01T00:00:00.000Z')

describe('a payment from a balance', () => {
  it('is captured at once, or holds all of its amount', () => {
    expect(stateOf(started('automatic'))).toMatchObject({ status: 'captured', authorized: 600, captured: 600 })
    expect(stateOf(started('manual'))).toMatchObject({ status: 'authorized', authorized: 600, captured: 0 })
    expect([heldFor(started('automatic')), heldFor(started('manual'))]).toEqual([0, 600])
  })

  it('is captured once all of it is', () => {
    const some = capture(started('manual'), 200)
    expect(some).toMatchObject({ status: 'authorized', captured: 200 })
    expect(capture(some, 400)).toMatchObject({ status: 'captured', captured: 600 })
    expect([captureRefusal(some, 400), captureRefusal(some, 401)?.code]).toEqual([undefined, 'capture_exceeds_hold'])
  })

  it('keeps what was captured when the rest is given back', () => {
    expect(stateOf(release(started('manual')))).toMatchObject({ status: 'voided', captured: 0 })
    const kept = release(capture(started('manual'), 200))
    expect(stateOf(kept)).toMatchObject({ status: 'captured', captured: 200 })
    expect([heldFor(kept), captureRefusal(kept, 1)?.code]).toEqual([0, 'capture_exceeds_hold'])
  })

  it('gives back no more than was captured', () => {
    const some = refund(capture(started('manual'), 200), 150)
    expect([refundRefusal(some, 50), refundRefusal(some, 51)?.code]).toEqual([undefined, 'refund_exceeds_capture'])
    expect(stateOf(some)).toMatchObject({ captured: 200, refunded: 150 })
  })

  it('has authorized nothing where it failed', () => {
    const failed = fail(started('automatic'), insufficientBalance)
    expect(stateOf(failed)).toMatchObject({ status: 'failed', authorized: 0, captured: 0, failure: { code: 'insufficient_balance' } })
    expect(captureRefusal(failed, 1)).toBeDefined()
  })
})
