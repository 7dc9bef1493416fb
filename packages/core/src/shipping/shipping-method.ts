import type { Metadata, Timestamp } from '../kernel/index.js'
import type { Parcel } from '../ports/index.js'

/** A step of a method's table; bounds are inclusive, and what is not bounded fits always. */
export interface ShippingRate {
  readonly upToGrams?: number | undefined
  /** Price of the goods in minor units. */
  readonly upToValue?: number | undefined
  /** What the customer pays, in minor units. */
  readonly amount: number
}

/** A way to send a parcel. */
export interface ShippingMethod {
  readonly id: string
  /** Whose parcels it carries; null: everybody's. */
  readonly supplierId: string | null
  readonly name: string
  /** Id of the carrier adapter that carries it; null: the supplier sends it by its own means. */
  readonly carrier: string | null
  /** The carrier's name of the service; null: whichever of its services is cheapest. */
  readonly service: string | null
  /** ISO 3166-1 alpha-2; null: no country is excluded. */
  readonly countries: readonly string[] | null
  /** `US/CA`, regions as addresses have them: beside `countries`, these places only. */
  readonly regions: readonly string[] | null
  /** The first step that fits a parcel is its price; null: the carrier is asked. */
  readonly rates: readonly ShippingRate[] | null
  /** ISO 4217. */
  readonly currency: string
  /** From this price of the goods on, it costs nothing; minor units. */
  readonly freeFrom: number | null
  /** By what its price is allocated to a parcel's lines. */
  readonly allocate: 'price' | 'weight'
  readonly metadata: Metadata
  readonly createdAt: Timestamp
  /** Since when it is offered no more. */
  readonly removedAt: Timestamp | null
}

/** A method with its price for one parcel. */
export interface ShippingOption {
  readonly methodId: string
  readonly name: string
  /** Minor units of `currency`. */
  readonly amount: number
  readonly currency: string
  readonly allocate: 'price' | 'weight'
  readonly carrier: string | null
}

/** Whether a method takes a parcel at all, at whatever price. */
export function carries({ supplierId, countries, regions, currency }: ShippingMethod, parcel: Parcel): boolean {
  const anywhere = countries === null && regions === null
  const goesThere =
    anywhere || countries?.includes(parcel.country) || (parcel.region !== null && regions?.includes(`${parcel.country}/${parcel.region}`))
  return Boolean(goesThere) && currency === parcel.currency && (supplierId === null || supplierId === parcel.supplierId)
}

/** What the table says, before `freeFrom`. @returns undefined where no step fits */
export function tableAmount(
  rates: readonly ShippingRate[],
  { weightGrams, value }: Pick<Parcel, 'weightGrams' | 'value'>,
): number | undefined {
  const fits = ({ upToGrams, upToValue }: ShippingRate): boolean =>
    (upToGrams === undefined || weightGrams <= upToGrams) && (upToValue === undefined || value <= upToValue)
  return rates.find(fits)?.amount
}

export function optionOf(method: ShippingMethod, parcel: Pick<Parcel, 'value'>, amount: number): ShippingOption {
  const { id, name, currency, allocate, carrier, freeFrom } = method
  const free = freeFrom !== null && parcel.value >= freeFrom
  return { methodId: id, name, amount: free ? 0 : amount, currency, allocate, carrier }
}

/** The options of each parcel whose price a table gives, by supplier, in the order of the methods. */
export function tableOptions(
  parcels: readonly Parcel[],
  methods: readonly ShippingMethod[],
): ReadonlyMap<string, readonly ShippingOption[]> {
  return new Map(
    parcels.map((parcel) => [
      parcel.supplierId,
      methods.flatMap((method) => {
        const amount = method.rates && carries(method, parcel) ? tableAmount(method.rates, parcel) : undefined
        return amount === undefined ? [] : [optionOf(method, parcel, amount)]
      }),
    ]),
  )
}
