import type { Metadata } from '../kernel/index.js'

/** Who hands the tax over to the authority, and so gets it out of the sale. */
export type TaxRemitter = 'supplier' | 'platform'

/** What is charged for a class of goods. */
export interface TaxRate {
  /** `txr_…` */
  readonly id: string
  /** 0 to 100, at most four decimals. */
  readonly percent: number
  /** True: prices contain the tax. False: it comes on top. */
  readonly included: boolean
  readonly remits: TaxRemitter
  /** Whether it is computed line by line, or once on an order's lines and allocated; null: as the platform computes tax. */
  readonly per: 'line' | 'order' | null
}

/** A rate with where, for what and when it holds. */
export interface RegionalTaxRate extends TaxRate {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** State or province, in capitals; null: the whole country. */
  readonly region: string | null
  /** The platform's own name of the class: `standard`, `reduced`. */
  readonly taxClass: string
  /** Inclusive. */
  readonly validFrom: string
  /** Exclusive; null: until further notice. */
  readonly validTo: string | null
  readonly metadata: Metadata
  readonly createdAt: string
  readonly createdBy: string
}

/** How a region is compared: without regard to case, and `US-CA` is the `CA` of the US. */
export function regionKey(country: string, region: string): string {
  const key = region.trim().toUpperCase()
  return key.startsWith(`${country}-`) ? key.slice(country.length + 1) : key
}

/** When a validity that is ended now does end: at once; at its own end, where that has passed; before it begins, where it has not begun. */
export function endOfValidity({ validFrom, validTo }: Pick<RegionalTaxRate, 'validFrom' | 'validTo'>, now: string): string {
  if (validTo !== null && validTo <= now) return validTo
  return validFrom > now ? validFrom : now
}
