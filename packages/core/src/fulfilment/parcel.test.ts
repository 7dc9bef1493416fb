import { describe, expect, it } from 'vitest'
import { arrivalTime } from './arrival-time.js'
import { arrive, cancel, deliver, handOver, heard, newParcel, type Parcel, relabel } from './parcel.js'
import { isNews, type ShipmentStatus, shipmentMoves } from './shipment.js'

const [day1, day2, day3] = ['2026-03-01T00:00:00.000Z', '2026-03-02T00:00:00.000Z', '2026-03-03T00:00:00.000Z'] as const
const lineOf = (id: string, quantity: number): Parcel['lines'][number] => ({ shipmentId: 'shp_1', lineId: id, quantity, deliveredAt: null })

function parcel(status: ShipmentStatus = 'announced', set: Partial<Parcel['shipment']> = {}): Parcel {
  const { shipment } = newParcel(
    'shp_1',
    { part: { id: 'sor_1', orderId: 'ord_1', supplierId: 'sup_1' }, units: [] },
    { carrier: 'sf', trackingNumber: 'SF1' },
    day1,
  )
  return {
    shipment: { ...shipment, status, handedOverAt: status === 'announced' ? null : day1, ...set },
    lines: [lineOf('a', 1), lineOf('b', 2)],
  }
}

describe('a parcel', () => {
  it('is handed over once', () => {
    const gone = handOver(parcel(), day2)
    expect(gone.shipment).toMatchObject({ status: 'in_transit', handedOverAt: day2 })
    expect(() => handOver(gone, day3)).toThrow(/fulfilment.step_refused: shipment shp_1 is in_transit/)
  })

  it('can be canceled while it waits, and never after', () => {
    expect(cancel(parcel(), day2).shipment).toMatchObject({ status: 'canceled', canceledAt: day2 })
    for (const status of ['in_transit', 'failed', 'delivered', 'canceled'] as const) {
      expect(() => cancel(parcel(status), day2)).toThrow(/fulfilment.not_cancelable/)
    }
  })

  it('that arrives before anybody told of its handover was handed over too', () => {
    expect(deliver(parcel(), day2).shipment).toMatchObject({ status: 'delivered', handedOverAt: day2, deliveredAt: day2 })
  })

  it('is delivered when the last of its lines is, at that moment', () => {
    const half = arrive(parcel('in_transit'), new Map([['a', day2]]))
    expect(half.shipment).toMatchObject({ status: 'in_transit', deliveredAt: null })
    const whole = deliver(half, day3)
    expect(whole.shipment).toMatchObject({ status: 'delivered', deliveredAt: day3 })
    expect(whole.lines.map((line) => line.deliveredAt)).toEqual([day2, day3])
  })

  it('that is delivered or canceled moves no more', () => {
    for (const status of ['delivered', 'canceled'] as const) {
      expect(shipmentMoves[status]).toEqual([])
      expect(() => deliver(parcel(status), day3)).toThrow(/fulfilment.step_refused/)
      expect(() => relabel(parcel(status), { trackingNumber: 'SF2' })).toThrow(/fulfilment.step_refused/)
    }
  })

  it('forgets what was heard under another number', () => {
    const told = parcel('in_transit', { trackedAt: day2, carrierNote: 'in Leipzig' })
    expect(relabel(told, { trackingUrl: 'https://sf.test/1' }).shipment).toMatchObject({ trackedAt: day2, carrierNote: 'in Leipzig' })
    expect(relabel(told, { trackingNumber: 'SF2' }).shipment).toMatchObject({ trackingNumber: 'SF2', trackedAt: null, carrierNote: null })
  })
})

describe("a carrier's word", () => {
  const word = (status: 'announced' | 'in_transit' | 'failed' | 'delivered', at: string = day2) => ({ status, at, description: status })
  const news = (of: Parcel, said: ReturnType<typeof word>) => isNews({ ...of.shipment, notBefore: day1 }, said)

  it('hands a waiting parcel over', () => {
    expect(heard(parcel(), word('in_transit'), day3).shipment).toMatchObject({ status: 'in_transit', handedOverAt: day2, trackedAt: day2 })
  })

  it('never moves a parcel back', () => {
    expect(heard(parcel('in_transit'), word('announced'), day3).shipment).toMatchObject({ status: 'in_transit', carrierNote: 'announced' })
    expect(news(parcel('delivered'), word('in_transit', day3))).toBe(false)
    expect(news(parcel('canceled'), word('delivered', day3))).toBe(false)
  })

  it('that is older than the last one, or than the order, is no news', () => {
    const told = parcel('failed', { trackedAt: day2 })
    expect(news(told, word('in_transit', day1))).toBe(false)
    expect(news(told, word('in_transit', day3))).toBe(true)
    expect(news(parcel('in_transit'), word('delivered', '2026-02-28T23:59:59.999Z'))).toBe(false)
  })

  it('said twice at the same moment is news only where it moves the parcel', () => {
    expect(news(parcel('in_transit', { trackedAt: day2 }), word('in_transit'))).toBe(false)
    expect(news(parcel('in_transit', { trackedAt: day2 }), word('delivered'))).toBe(true)
  })

  it('from a clock that runs ahead counts as said now', () => {
    expect(heard(parcel('in_transit'), word('delivered', day3), day2).shipment).toMatchObject({
      status: 'delivered',
      deliveredAt: day2,
      trackedAt: day3,
    })
  })
})

describe('when goods arrived', () => {
  const host = { actor: undefined, by: 'system' }
  const staff = { actor: { type: 'staff', id: '42' }, by: 'staff:42' } as const

  it('is now unless said otherwise', () => {
    expect(arrivalTime(undefined, day2, staff)).toBe(day2)
  })

  it("lies in the past only by the word of the host's own code", () => {
    expect(arrivalTime(day1, day2, host)).toBe(day1)
    expect(() => arrivalTime(day1, day2, staff)).toThrow(/fulfilment.backdated: staff:42/)
  })

  it('never lies in the future', () => {
    for (const caller of [host, staff]) expect(() => arrivalTime(day3, day2, caller)).toThrow(/fulfilment.in_future/)
  })
})
