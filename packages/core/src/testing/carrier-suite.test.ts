import { describe, expect, it } from 'vitest'
import type { Carrier } from '../ports/index.js'
import { type CarrierSuite, carrierChecks, describeCarrier } from './carrier-suite.js'
import { createMisbehavingCarrier, type MisbehavingCarrier } from './misbehaving-carrier.js'

/** The suite on the test carrier, or on one that breaks a promise. */
function suiteFor(breakIt: (carrier: Required<Carrier>, world: MisbehavingCarrier) => Partial<Carrier> = () => ({})): CarrierSuite {
  let world = createMisbehavingCarrier()
  return {
    name: 'test',
    carrier: () => {
      world = createMisbehavingCarrier()
      const { carrier } = world
      return { ...carrier, ...breakIt(carrier as Required<Carrier>, world) }
    },
    simulate: {
      timeoutAfterLabel: () => world.next('label', 'timeout-after'),
      refuseLabel: () => world.next('label', 'refuse'),
      refuseVoid: () => world.next('voidLabel', 'refuse'),
      charged: () => world.charged(),
      move: (number) => world.move(number, { status: 'in_transit', at: '2026-01-01T00:00:00.000Z', description: null }),
    },
  }
}

async function failures(suite: CarrierSuite): Promise<readonly string[]> {
  const failed: string[] = []
  for (const { name, skipped, run } of carrierChecks(suite)) if (skipped === undefined) await run().catch(() => failed.push(name))
  return failed
}

describeCarrier({ ...suiteFor(), runner: { describe, it } })

describe('the suite', () => {
  it('asks nothing of a carrier that it does not offer', async () => {
    const { id, rates } = createMisbehavingCarrier().carrier
    expect(await failures({ name: 'rates alone', carrier: () => ({ id, rates }) })).toEqual([])
  })

  it('shows what it skips', () => {
    const skipped = carrierChecks({ name: 'test', carrier: () => createMisbehavingCarrier().carrier }).flatMap(
      (check) => check.skipped ?? [],
    )
    expect(skipped).toContain('simulate.timeoutAfterLabel is not given')
  })
})

describe('the suite finds a carrier that', () => {
  let count = 0
  const broken: readonly [what: string, breakIt: Parameters<typeof suiteFor>[0], found: string][] = [
    [
      'sells a label every time it is asked',
      ({ label }) => ({ label: (request) => label({ ...request, shipmentId: `${request.shipmentId}-${++count}` }) }),
      'sells one label for a shipment, however often it is asked',
    ],
    [
      'sells a second label where the first answer was lost',
      ({ label }, world) => ({
        label: (request) => label(world.calls('label') > 0 ? { ...request, shipmentId: `${request.shipmentId}-${++count}` } : request),
      }),
      'sells one label where the first answer was lost',
    ],
    [
      'gives its numbers again',
      ({ label }) => ({ label: async (request) => ({ ...(await label(request)), trackingNumber: '1' }) }),
      'gives every shipment a number and a label of its own',
    ],
    [
      'links to scripts',
      ({ label }) => ({ label: async (request) => ({ ...(await label(request)), labelUrl: 'javascript:alert(1)' }) }),
      'answers numbers that fit their columns, and links that a browser may open',
    ],
    [
      'throws a refusal',
      ({ label }) => ({
        label: async (request) => {
          const answer = await label(request)
          if ('refused' in answer) throw new Error(answer.refused)
          return answer
        },
      }),
      'answers a refusal and does not throw it',
    ],
    [
      'says that it voids, and charges all the same',
      () => ({ voidLabel: async () => ({ voided: true, reason: null }) }),
      'takes a label back, once and again',
    ],
    [
      'voids only what it can name itself',
      ({ voidLabel }) => ({
        voidLabel: async (request) => (request.labelRef === null ? { voided: false, reason: 'which?' } : voidLabel(request)),
      }),
      'takes back by the shipment alone a label whose answer was lost',
    ],
    [
      'asks for fractions of a cent',
      ({ rates }) => ({ rates: async (parcels) => (await rates(parcels)).map((all) => all.map((rate) => ({ ...rate, amount: 9.5 }))) }),
      'answers a list of rates for every parcel, in whole minor units',
    ],
    [
      'forgets a parcel',
      ({ rates }) => ({ rates: async (parcels) => (await rates(parcels)).slice(1) }),
      'answers a list of rates for every parcel, in whole minor units',
    ],
    [
      'invents parcels',
      () => ({
        track: async (numbers) =>
          new Map(numbers.map((number) => [number, { status: 'delivered', at: '2026-01-01T00:00:00.000Z', description: null }])),
      }),
      'leaves numbers out that it does not know',
    ],
    [
      'tells no time',
      ({ track }) => ({
        track: async (numbers) => new Map([...(await track(numbers))].map(([number, state]) => [number, { ...state, at: 'yesterday' }])),
      }),
      'says where a parcel is, in its own words and by a clock',
    ],
  ]
  it.each(broken)('%s', async (_what, breakIt, found) => {
    expect(await failures(suiteFor(breakIt))).toContain(found)
  })
})
