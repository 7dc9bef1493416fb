import { describe, expect, it } from 'vitest'
import { countReceived, type ReturnStatus, type ReturnStep, returnable, returnSteps, takeStep } from './return.js'

const statuses: readonly ReturnStatus[] = ['requested', 'approved', 'rejected', 'canceled', 'closed']

describe('a return', () => {
  it('moves only along its table', () => {
    const moves = statuses.flatMap((from) =>
      (['approve', 'reject', 'cancel', 'receive'] as const).flatMap((step: ReturnStep) =>
        returnSteps[step].from.includes(from) ? [`${from} → ${takeStep('ret_1', from, step)}`] : [],
      ),
    )
    expect(moves).toEqual([
      'requested → approved',
      'requested → rejected',
      'requested → canceled',
      'approved → canceled',
      'approved → closed',
    ])
  })

  it('that has ended takes no step', () => {
    for (const status of ['rejected', 'canceled', 'closed'] as const) {
      for (const step of ['approve', 'reject', 'cancel', 'receive'] as const) {
        expect(() => takeStep('ret_1', status, step)).toThrow(/return.step_refused: return ret_1 is/)
      }
    }
  })

  it('is of what was delivered and is neither back nor on its way', () => {
    expect(returnable({ delivered: 5, comingBack: 2, returned: 1 })).toBe(2)
  })
})

describe('what came of a return', () => {
  const lines = [
    { lineId: 'a', quantity: 3 },
    { lineId: 'b', quantity: 1 },
  ]

  it('is counted by line; what is not named did not come', () => {
    expect(countReceived('ret_1', lines, [{ lineId: 'a', quantity: 2, restock: true }])).toEqual([
      { lineId: 'a', quantity: 3, received: 2, restocked: 2 },
      { lineId: 'b', quantity: 1, received: 0, restocked: 0 },
    ])
  })

  it('goes on sale again only where it is fit for it', () => {
    expect(countReceived('ret_1', lines, [{ lineId: 'b', quantity: 1, restock: false }])[1]).toMatchObject({ received: 1, restocked: 0 })
  })

  it('is never more than was asked for, nor of another line', () => {
    expect(() => countReceived('ret_1', lines, [{ lineId: 'b', quantity: 2, restock: true }])).toThrow(/return.exceeds_requested/)
    expect(() => countReceived('ret_1', lines, [{ lineId: 'c', quantity: 1, restock: true }])).toThrow(/return.line_not_found/)
  })
})
