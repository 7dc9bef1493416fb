import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type FulfilmentProgress, fulfilmentMoves, fulfilmentStatus } from './fulfilment-state.js'
import { type PaymentProgress, paymentMoves, paymentStatus } from './payment-state.js'
import { type ReturnProgress, returnMoves, returnStatus } from './return-state.js'

/** Every way that a walk of steps takes through a machine is a way that its table allows. */
function expectAllowed<Status extends string, State>(
  start: State,
  steps: readonly ((state: State) => State)[],
  statusOf: (state: State) => Status,
  moves: Readonly<Record<Status, readonly Status[]>>,
): void {
  let state = start
  for (const step of steps) {
    const next = step(state)
    const [from, to] = [statusOf(state), statusOf(next)]
    expect(from === to || moves[from].includes(to), `${from} → ${to}`).toBe(true)
    state = next
  }
}

const part = fc.integer({ min: 1, max: 100 })

describe('the payment of an order', () => {
  const { record, oneof, array, property, constant } = fc
  const step = oneof(
    part.map((amount) => (at: PaymentProgress) => (at.closed ? at : { ...at, authorized: Math.min(at.total, at.authorized + amount) })),
    constant((at: PaymentProgress) => ({ ...at, authorized: 0 })),
    part.map((amount) => (at: PaymentProgress) => (at.closed ? at : { ...at, captured: Math.min(at.total, at.captured + amount) })),
    part.map((amount) => (at: PaymentProgress) => ({ ...at, refunded: Math.min(at.captured, at.refunded + amount) })),
    // Closing gives back what was paid; only what was never paid is opened again.
    constant((at: PaymentProgress) => ({ ...at, closed: true, authorized: 0, refunded: at.captured })),
    constant((at: PaymentProgress) => (at.captured === 0 ? { ...at, closed: false } : at)),
  )

  it('moves along its table, whatever happens', () => {
    fc.assert(
      property(record({ total: fc.integer({ min: 0, max: 200 }) }), array(step, { maxLength: 30 }), ({ total }, steps) =>
        expectAllowed({ total, authorized: 0, captured: 0, refunded: 0, closed: false }, steps, paymentStatus, paymentMoves),
      ),
    )
  })

  it('is paid from the first where nothing is to be paid, and stays it', () => {
    expect(paymentStatus({ total: 0, authorized: 0, captured: 0, refunded: 0, closed: false })).toBe('paid')
    expect(paymentStatus({ total: 0, authorized: 0, captured: 0, refunded: 0, closed: true })).toBe('paid')
  })
})

describe('the fulfilment of an order', () => {
  const step = fc.oneof(
    part.map((count) => (at: FulfilmentProgress) => ({ ...at, fulfilled: Math.min(at.quantity - at.canceled, at.fulfilled + count) })),
    part.map((count) => (at: FulfilmentProgress) => ({ ...at, delivered: Math.min(at.fulfilled, at.delivered + count) })),
    part.map((count) => (at: FulfilmentProgress) => ({ ...at, canceled: Math.min(at.quantity - at.fulfilled, at.canceled + count) })),
  )

  it('moves along its table, and never back', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 200 }), fc.array(step, { maxLength: 30 }), (quantity, steps) =>
        expectAllowed({ quantity, canceled: 0, fulfilled: 0, delivered: 0 }, steps, (at) => fulfilmentStatus([at]), fulfilmentMoves),
      ),
    )
  })

  it('does not wait for what is canceled', () => {
    expect(
      fulfilmentStatus([
        { quantity: 2, canceled: 0, fulfilled: 2, delivered: 2 },
        { quantity: 5, canceled: 5, fulfilled: 0, delivered: 0 },
      ]),
    ).toBe('delivered')
  })
})

describe('the return of an order', () => {
  const step = fc.oneof(
    part.map((count) => (at: ReturnProgress) => ({ ...at, fulfilled: at.fulfilled + count })),
    part.map((count) => (at: ReturnProgress) => ({ ...at, comingBack: Math.min(at.fulfilled - at.returned, at.comingBack + count) })),
    part.map((count) => (at: ReturnProgress) => ({ ...at, comingBack: Math.max(0, at.comingBack - count) })),
    part.map((count) => (at: ReturnProgress) => {
      const arrived = Math.min(count, at.fulfilled - at.returned)
      return { ...at, returned: at.returned + arrived, comingBack: Math.max(0, at.comingBack - arrived) }
    }),
  )

  it('moves along its table', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) =>
        expectAllowed({ fulfilled: 0, comingBack: 0, returned: 0 }, steps, (at) => returnStatus([at]), returnMoves),
      ),
    )
  })
})
