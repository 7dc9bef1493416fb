import { describe, expect, it } from 'vitest'
import { availableTo, isLow, sellable } from './stock.js'

const shelf = { onHand: 10, reserved: 3, safety: 2, lowAt: 0 }

describe('what may be sold', () => {
  it('is what is free above the safety stock, and never less than nothing', () => {
    expect(sellable(shelf)).toBe(5)
    expect(sellable({ ...shelf, safety: 9 })).toBe(0)
  })

  it('is low at its alert level, not before', () => {
    expect(isLow({ ...shelf, lowAt: 4 })).toBe(false)
    expect(isLow({ ...shelf, lowAt: 5 })).toBe(true)
  })

  it('leaves to everybody what is not set aside, and to a distributor its own besides', () => {
    expect(availableTo({ sellable: 10, setAside: 6, own: 0 })).toBe(4)
    expect(availableTo({ sellable: 10, setAside: 6, own: 2 })).toBe(6)
  })

  it('gives nobody more than there is where less lies there than was set aside', () => {
    expect(availableTo({ sellable: 3, setAside: 6, own: 0 })).toBe(0)
    expect(availableTo({ sellable: 3, setAside: 6, own: 5 })).toBe(3)
  })
})
