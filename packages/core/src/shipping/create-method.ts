import * as z from 'zod'
import { amount, country, id, isCountry, type Kernel, line, type Metadata, metadata, type Tx } from '../kernel/index.js'
import { currency } from '../money/index.js'
import type { Carrier } from '../ports/index.js'
import { carrierUnknown } from './errors.js'
import { type ShippingMethodRow, shippingMethodTable } from './shipping.entity.js'
import type { ShippingMethod, ShippingRate } from './shipping-method.js'

export interface CreateShippingMethodInput {
  /** Whose parcels it carries; null: everybody's. */
  readonly supplierId: string | null
  /** As the customer reads it, at most 200 characters. */
  readonly name: string
  /** Id of a carrier adapter. Without a price of its own, the method costs what this carrier asks. */
  readonly carrier?: string | undefined
  /** The carrier's name of one of its services; whichever is cheapest, unless given. */
  readonly service?: string | undefined
  /** Destinations, ISO 3166-1 alpha-2; with `regions` empty too, everywhere. */
  readonly countries?: readonly string[] | undefined
  /** Further destinations smaller than a country: `US/CA`, the region as addresses have it. */
  readonly regions?: readonly string[] | undefined
  /** One price for every parcel, minor units of `currency`. */
  readonly flat?: number | undefined
  /** A price by weight and by price of the goods: the first step that fits; where none does, the method is not offered. */
  readonly rates?: readonly ShippingRate[] | undefined
  /** ISO 4217; only carts of this currency see the method. */
  readonly currency: string
  /** From this price of the goods on, it costs nothing; minor units. */
  readonly freeFrom?: number | undefined
  /** By what its price is allocated to the lines of a parcel. @default 'price' */
  readonly allocate?: 'price' | 'weight' | undefined
  readonly metadata?: Metadata | undefined
}

const region = z
  .string()
  .max(120)
  .refine((text) => /^[A-Z]{2}\/./.test(text) && isCountry(text.slice(0, 2)), 'is no region; write it like US/CA')
const rate: z.ZodType<ShippingRate> = z.strictObject({ upToGrams: z.int().min(0).optional(), upToValue: amount.optional(), amount })

export const createMethodSchema: z.ZodType<CreateShippingMethodInput> = z
  .strictObject({
    supplierId: id.nullable(),
    name: line(200),
    carrier: line(40).optional(),
    service: line(100).optional(),
    countries: z.array(country).min(1).max(300).optional(),
    regions: z.array(region).min(1).max(1000).optional(),
    flat: amount.optional(),
    rates: z.array(rate).min(1).max(200).optional(),
    currency,
    freeFrom: amount.optional(),
    allocate: z.enum(['price', 'weight']).optional(),
    metadata: metadata.optional(),
  })
  .refine(({ flat, rates }) => flat === undefined || rates === undefined, 'has one price: give flat or rates, not both')
  .refine(
    ({ flat, rates, carrier }) => flat !== undefined || rates !== undefined || carrier !== undefined,
    'has no price: give flat, rates or a carrier',
  )
  .refine(({ service, carrier }) => service === undefined || carrier !== undefined, 'names a service of no carrier: give the carrier too')

/** @throws shipping.carrier_unknown */
export function createMethod(
  { ids }: Pick<Kernel, 'ids'>,
  carriers: readonly Carrier[],
): (tx: Tx, input: CreateShippingMethodInput) => Promise<ShippingMethod> {
  return async (tx, input) => {
    const { carrier = null } = input
    const known = carriers.map(({ id }) => id)
    if (carrier !== null && !known.includes(carrier)) throw carrierUnknown({ carrier, known })
    const method: ShippingMethodRow = {
      id: ids('shm'),
      supplierId: input.supplierId,
      name: input.name,
      carrier,
      service: input.service ?? null,
      countries: input.countries ?? null,
      regions: input.regions ?? null,
      rates: input.flat === undefined ? (input.rates ?? null) : [{ amount: input.flat }],
      currency: input.currency,
      freeFrom: input.freeFrom ?? null,
      allocate: input.allocate ?? 'price',
      metadata: input.metadata ?? {},
      createdAt: tx.now,
      removedAt: null,
    }
    await tx.insert(shippingMethodTable, [method])
    return method
  }
}
