import { describe, expect, it } from 'vitest'
import { type PlanAllotment, type PlanInput, type PlanShelf, planReservation } from './plan.js'

const shelf = (id: string, onHand: number, offerId = 'tea'): PlanShelf => ({ id, offerId, onHand, reserved: 0, safety: 0, lowAt: 0 })
const aside = (distributorId: string, quantity: number, used = 0): PlanAllotment => ({
  id: `for-${distributorId}`,
  offerId: 'tea',
  distributorId,
  quantity,
  used,
})
const plan = (input: Partial<PlanInput>) => planReservation({ items: [], shelves: [], allotments: [], distributorId: null, ...input })
const line = (quantity: number, lineId = 'l1', offerId = 'tea') => ({ lineId, offerId, quantity })

describe('planning a reservation', () => {
  it('takes a line from the first shelf that serves it whole', () => {
    const { takes } = plan({ items: [line(4)], shelves: [shelf('a', 3), shelf('b', 5), shelf('c', 9)] })
    expect(takes).toMatchObject([{ stockId: 'b', quantity: 4 }])
  })

  it('takes from the fullest shelves where none serves the line whole', () => {
    const { takes } = plan({ items: [line(11)], shelves: [shelf('a', 3), shelf('b', 5), shelf('c', 7)] })
    expect(takes).toMatchObject([
      { stockId: 'c', quantity: 7 },
      { stockId: 'b', quantity: 4 },
    ])
  })

  it('sums the lines that want the same offer, and takes nothing at all when one is short', () => {
    const items = [line(3, 'l1'), line(3, 'l2'), line(1, 'l3', 'cup')]
    const result = plan({ items, shelves: [shelf('a', 5), shelf('b', 5, 'cup')] })
    expect(result).toEqual({ takes: [], shortages: { tea: { wanted: 6, available: 5 } } })
  })

  it('names every offer that is short, also one that is stocked nowhere', () => {
    const { shortages } = plan({ items: [line(1), line(2, 'l2', 'cup')], shelves: [] })
    expect(shortages).toEqual({ tea: { wanted: 1, available: 0 }, cup: { wanted: 2, available: 0 } })
  })

  it("spends a distributor's own allotment first, and never another's", () => {
    const allotments = [aside('D1', 4, 1), aside('D2', 5)]
    const { takes } = plan({ items: [line(2, 'l1'), line(3, 'l2')], shelves: [shelf('a', 10)], allotments, distributorId: 'D1' })
    expect(takes).toMatchObject([
      { lineId: 'l1', allotmentId: 'for-D1', allotted: 2 },
      { lineId: 'l2', allotmentId: 'for-D1', allotted: 1 },
    ])
    expect(plan({ items: [line(3)], shelves: [shelf('a', 10)], allotments }).shortages).toEqual({ tea: { wanted: 3, available: 2 } })
    expect(plan({ items: [line(6)], shelves: [shelf('a', 10)], allotments, distributorId: 'D1' }).shortages).toEqual({
      tea: { wanted: 6, available: 5 },
    })
  })
})
