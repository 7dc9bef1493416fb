import { deepEqual, equal, match, notEqual, ok, rejects } from 'node:assert/strict'
import type { Carrier, Label, LabelAddress, LabelRefused, LabelRequest, Parcel } from '../ports/index.js'
import { oneOf, runSuite, type SuiteCheck, type TestRunner } from './suite.js'

/** How the suite moves the world behind a carrier. What is left out is shown as skipped. */
export interface CarrierSimulation {
  /** Makes the next label do its work and then give no answer. */
  timeoutAfterLabel?(): void | Promise<void>
  /** Makes the next label one that the carrier does not sell. */
  refuseLabel?(): void | Promise<void>
  /** Makes the next void one that the carrier refuses. */
  refuseVoid?(): void | Promise<void>
  /** How many labels of the sandbox are valid and charged for. Finds labels that are sold twice, and voids that void nothing. */
  charged?(): number | Promise<number>
  /** Moves a parcel, so that the carrier has something to say of it. */
  move?(trackingNumber: string): void | Promise<void>
}

/** A carrier to be tested. */
export interface CarrierSuite {
  readonly name: string
  /** A carrier on a sandbox of its own, new for every test. */
  carrier(): Carrier | Promise<Carrier>
  readonly simulate?: CarrierSimulation | undefined
  /** One that it carries. @default a kilogram to Shanghai */
  readonly parcel?: Parcel | undefined
  /** One that it does not carry. */
  readonly uncarried?: Parcel | undefined
  /** Where the parcel goes. @default an address in Shanghai */
  readonly to?: LabelAddress | undefined
  /** What the tests are registered with. @default the global `describe` and `it`, as Jest has them, Mocha, and Vitest with `globals` */
  readonly runner?: TestRunner | undefined
}

/**
 * Tests that a carrier keeps what the port promises. What it leaves out (labels, voids, tracking) is not asked of it.
 * @example describeCarrier({ name: 'acme', carrier: () => acme({ key: sandboxKey }), runner: { describe, it } })
 * @throws TypeError where no runner is given and none is global
 */
export function describeCarrier(suite: CarrierSuite): void {
  runSuite('describeCarrier', `carrier ${suite.name}`, carrierChecks(suite), suite.runner)
}

const shanghai: LabelAddress = {
  name: 'Li Lei',
  company: null,
  phone: '+86 21 5555 0100',
  country: 'CN',
  region: 'SH',
  city: 'Shanghai',
  postalCode: '200001',
  line1: 'Nanjing Road 1',
  line2: null,
}
const kilogram: Parcel = { supplierId: 'sup_suite', country: 'CN', region: 'SH', weightGrams: 1000, value: 10_000, currency: 'CNY' }

/** The checks one by one: what proves the suite itself, by carriers that must fail it. */
export function carrierChecks({
  carrier: open,
  simulate = {},
  parcel = kilogram,
  uncarried,
  to = shanghai,
}: CarrierSuite): readonly SuiteCheck[] {
  let counter = 0
  const request = (): LabelRequest => ({
    shipmentId: `shp_suite${++counter}${Date.now()}`,
    supplierId: parcel.supplierId,
    service: null,
    to,
    weightGrams: parcel.weightGrams,
  })
  const checks: SuiteCheck[] = []
  const check = (name: string, run: (carrier: Carrier) => Promise<void>, skipped?: string | false): void => {
    checks.push({ name, skipped: skipped === false ? undefined : skipped, run: async () => run(await open()) })
  }
  const without = (what: keyof CarrierSimulation): string | false => simulate[what] === undefined && `simulate.${what} is not given`
  const expectCharged = async (expected: number): Promise<void> => {
    if (simulate.charged) equal(await simulate.charged(), expected, `labels charged for in the sandbox are not ${expected}`)
  }

  check('has an id that fits its column', async (carrier) => {
    match(carrier.id, /^[a-z0-9][a-zA-Z0-9_-]{0,39}$/)
  })
  check('answers a list of rates for every parcel, in whole minor units', async (carrier) => {
    const answer = await carrier.rates([parcel, { ...parcel, weightGrams: parcel.weightGrams * 2 }])
    equal(answer.length, 2, 'there is not one list for each parcel')
    for (const { service, name, amount } of answer.flat()) {
      ok(Number.isSafeInteger(amount) && amount >= 0, `${amount} is no amount in minor units`)
      ok(service !== '' && name !== '', 'a rate names its service, for programs and for people')
    }
    ok((answer[0]?.length ?? 0) > 0, 'it does not carry the parcel of this suite; give one that it carries, as `parcel`')
  })
  check('calls a service by the same name every time', async (carrier) => {
    const services = async (): Promise<readonly string[]> => (await carrier.rates([parcel])).flat().map(({ service }) => service)
    deepEqual(await services(), await services())
  })
  check('answers an empty list for what it does not carry, and no list where nothing is asked', async (carrier) => {
    deepEqual(await carrier.rates([]), [])
    if (uncarried) deepEqual((await carrier.rates([uncarried, parcel]))[0], [])
  })
  check('sells one label for a shipment, however often it is asked', async ({ label }) => {
    if (!label) return
    const asked = request()
    const first = sold(await label(asked))
    for (const again of await Promise.all(Array.from({ length: 5 }, () => label(asked)))) deepEqual(sold(again), first)
    await expectCharged(1)
  })
  check('gives every shipment a number and a label of its own', async ({ label }) => {
    if (!label) return
    const [first, second] = [sold(await label(request())), sold(await label(request()))]
    notEqual(first.trackingNumber, second.trackingNumber)
    notEqual(first.labelRef, second.labelRef)
    await expectCharged(2)
  })
  check('answers numbers that fit their columns, and links that a browser may open', async ({ label }) => {
    if (!label) return
    const { labelRef, trackingNumber, trackingUrl, labelUrl } = sold(await label(request()))
    match(labelRef, /^.{1,160}$/)
    match(trackingNumber, /^.{1,120}$/)
    for (const link of [trackingUrl, labelUrl]) if (link !== null) match(link, /^https?:\/\/.{1,1990}$/)
  })
  check(
    'sells one label where the first answer was lost',
    async ({ label }) => {
      if (!label) return
      const asked = request()
      await simulate.timeoutAfterLabel?.()
      await rejects(label(asked), 'a lost answer is not thrown')
      sold(await label(asked))
      await expectCharged(1)
    },
    without('timeoutAfterLabel'),
  )
  check(
    'answers a refusal and does not throw it',
    async ({ label }) => {
      if (!label) return
      await simulate.refuseLabel?.()
      const answer = await label(request())
      ok('refused' in answer && answer.refused !== '', 'a refusal says why')
      await expectCharged(0)
    },
    without('refuseLabel'),
  )
  check('takes a label back, once and again', async ({ label, voidLabel }) => {
    if (!label || !voidLabel) return
    const asked = request()
    const { labelRef } = sold(await label(asked))
    const back = { shipmentId: asked.shipmentId, labelRef }
    for (const answer of [await voidLabel(back), await voidLabel(back)]) equal(answer.voided, true, answer.reason ?? 'it is not voided')
    await expectCharged(0)
  })
  check('takes back by the shipment alone a label whose answer was lost', async ({ label, voidLabel }) => {
    if (!label || !voidLabel) return
    const asked = request()
    sold(await label(asked))
    equal((await voidLabel({ shipmentId: asked.shipmentId, labelRef: null })).voided, true)
    await expectCharged(0)
  })
  check('has nothing to take back of a shipment that it never heard of', async ({ voidLabel }) => {
    if (voidLabel) equal((await voidLabel({ shipmentId: 'shp_never', labelRef: null })).voided, true)
  })
  check(
    'answers a void that it refuses, with its reason',
    async ({ label, voidLabel }) => {
      if (!label || !voidLabel) return
      const asked = request()
      const { labelRef } = sold(await label(asked))
      await simulate.refuseVoid?.()
      const answer = await voidLabel({ shipmentId: asked.shipmentId, labelRef })
      equal(answer.voided, false)
      ok(answer.reason !== null && answer.reason !== '', 'a refusal says why')
      await expectCharged(1)
    },
    without('refuseVoid'),
  )
  check('leaves numbers out that it does not know', async ({ track }) => {
    if (track) deepEqual([...(await track(['no-such-number']))], [])
  })
  check(
    'says where a parcel is, in its own words and by a clock',
    async ({ label, track }) => {
      if (!label || !track) return
      const { trackingNumber } = sold(await label(request()))
      await simulate.move?.(trackingNumber)
      const state = (await track([trackingNumber, 'no-such-number'])).get(trackingNumber)
      ok(state, 'it says nothing of a parcel that has moved')
      oneOf(state.status, ['announced', 'in_transit', 'delivered', 'failed'])
      ok(!Number.isNaN(Date.parse(state.at)), `"${state.at}" is no time`)
    },
    without('move'),
  )
  return checks
}

function sold(answer: Label | LabelRefused): Label {
  if ('refused' in answer)
    throw new Error(`the carrier refused the label of this suite: ${answer.refused}; give an address that it serves, as \`to\``)
  return answer
}
