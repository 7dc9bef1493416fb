import type { Kernel } from '../kernel/index.js'
import type { Carrier, CarrierRate, Parcel } from '../ports/index.js'
import { carrierAnswer } from './errors.js'
import { methodsFor } from './quote.js'
import { carries, optionOf, type ShippingMethod, type ShippingOption } from './shipping-method.js'

/** A carrier's rates, by the supplier whose parcel they are for. */
type Rates = ReadonlyMap<string, readonly CarrierRate[]>

/** Asks carriers for the price of methods that leave it to them: each carrier once, all at the same time. */
export function quoteCarriers(
  { database, report }: Pick<Kernel, 'database' | 'report'>,
  carriers: readonly Carrier[],
): (parcels: readonly Parcel[]) => Promise<ReadonlyMap<string, readonly ShippingOption[]>> {
  /** A carrier that cannot answer must not keep the customer from the others. */
  const askSafely = async (carrier: Carrier, parcels: readonly Parcel[]): Promise<readonly [string, Rates]> => {
    try {
      return [carrier.id, await ask(carrier, parcels)]
    } catch (error) {
      report(`carrier ${carrier.id} gave no rates`, error)
      return [carrier.id, new Map()]
    }
  }
  return async (parcels) => {
    database.assertOutside('shipping.quoteCarriers')
    const methods = await database.read(undefined, (reader) => methodsFor(reader, parcels, 'carrier'))
    const asked = carriers.flatMap((carrier) => {
      const own = methods.filter((method) => method.carrier === carrier.id)
      const wanted = parcels.filter((parcel) => own.some((method) => carries(method, parcel)))
      return wanted.length > 0 ? [askSafely(carrier, wanted)] : []
    })
    const rates = new Map(await Promise.all(asked))
    return new Map(parcels.map((parcel) => [parcel.supplierId, carrierOptions(parcel, methods, rates)]))
  }
}

async function ask(carrier: Carrier, parcels: readonly Parcel[]): Promise<Rates> {
  const answer = await carrier.rates(parcels)
  if (answer.length !== parcels.length) {
    throw carrierAnswer({ carrier: carrier.id, problem: `${answer.length} lists of rates for ${parcels.length} parcels` })
  }
  const wrong = answer.flat().find(({ amount }) => !Number.isSafeInteger(amount) || amount < 0)
  if (wrong) throw carrierAnswer({ carrier: carrier.id, problem: `the amount ${wrong.amount} of service "${wrong.service}"` })
  return new Map(parcels.map((parcel, index) => [parcel.supplierId, answer[index] ?? []]))
}

function carrierOptions(parcel: Parcel, methods: readonly ShippingMethod[], rates: ReadonlyMap<string, Rates>): readonly ShippingOption[] {
  return methods.flatMap((method) => {
    if (method.carrier === null || !carries(method, parcel)) return []
    const offered = rates.get(method.carrier)?.get(parcel.supplierId) ?? []
    const services = offered.filter(({ service }) => method.service === null || method.service === service)
    return services.length === 0 ? [] : [optionOf(method, parcel, Math.min(...services.map(({ amount }) => amount)))]
  })
}
