import { describe, expect, it } from 'vitest'
import { allotmentReturn, hasLapsed, portionsOf, type Reservation } from './reservation.js'

const reservation: Reservation = {
  id: 'r1',
  lineId: 'l1',
  quantity: 10,
  allotted: 6,
  fulfilled: 0,
  released: 0,
  status: 'held',
  expiresAt: '2026-01-01T00:15:00.000Z',
}

describe('a reservation', () => {
  it('is over at the moment of its expiry, unless it was confirmed', () => {
    expect(hasLapsed(reservation, '2026-01-01T00:14:59.999Z')).toBe(false)
    expect(hasLapsed(reservation, '2026-01-01T00:15:00.000Z')).toBe(true)
    expect(hasLapsed({ ...reservation, status: 'confirmed', expiresAt: null }, '2026-01-01T00:15:00.000Z')).toBe(false)
  })

  it('gives back what was set aside only after what was not, in whatever parts it is released', () => {
    expect(allotmentReturn(reservation, 4)).toBe(0)
    expect(allotmentReturn(reservation, 10)).toBe(6)
    expect(allotmentReturn({ ...reservation, released: 3 }, 3)).toBe(2)
    expect(allotmentReturn({ ...reservation, released: 6, fulfilled: 2 }, 2)).toBe(2)
  })

  it("spreads a line's units over its shelves, and never more than is open", () => {
    const open = [
      { ...reservation, fulfilled: 7 },
      { ...reservation, id: 'r2' },
      { ...reservation, id: 'r3', lineId: 'l2' },
    ]
    const spread = (lines?: Parameters<typeof portionsOf>[1]) => portionsOf(open, lines).map(({ of, quantity }) => [of.id, quantity])
    expect(spread([{ lineId: 'l1', quantity: 5 }])).toEqual([
      ['r1', 3],
      ['r2', 2],
    ])
    expect(spread([{ lineId: 'l1', quantity: 99 }])).toEqual([
      ['r1', 3],
      ['r2', 10],
    ])
    expect(spread([{ lineId: 'l2' }])).toEqual([['r3', 10]])
    expect(spread()).toEqual([
      ['r1', 3],
      ['r2', 10],
      ['r3', 10],
    ])
  })
})
