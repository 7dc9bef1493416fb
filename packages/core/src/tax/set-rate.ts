import * as z from 'zod'
import { type Caller, country, id, type Kernel, line, type Metadata, metadata, type Tx, time } from '../kernel/index.js'
import { percent, percentage } from '../money/index.js'
import { rateNotFound, validityEmpty } from './errors.js'
import { emitTax } from './events.js'
import { type TaxRateRow, taxRateTable, toRegionalTaxRate } from './tax-rate.entity.js'
import { endOfValidity, type RegionalTaxRate, regionKey, type TaxRemitter } from './tax-rate.js'

export interface SetTaxRateInput {
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** State or province, as addresses name it; left out: the whole country. */
  readonly region?: string | undefined
  /** The class that variants name. @default 'standard' */
  readonly taxClass?: string | undefined
  /** 0 to 100, at most four decimals. */
  readonly percent: number
  /** True: prices contain the tax. False: it comes on top. */
  readonly included: boolean
  /** Who hands it over to the authority. */
  readonly remits: TaxRemitter
  /** Computed line by line, or once on an order's lines and allocated to them. @default as the platform computes tax, `carts.tax.per` */
  readonly per?: 'line' | 'order' | undefined
  /** Inclusive, ISO 8601 with offset. @default now */
  readonly validFrom?: string | undefined
  /** Exclusive; left out: until further notice. */
  readonly validTo?: string | undefined
  readonly metadata?: Metadata | undefined
}

export interface RemoveTaxRateInput {
  readonly rateId: string
}

export const setTaxRateSchema: z.ZodType<SetTaxRateInput> = z.strictObject({
  country,
  region: line(64).optional(),
  taxClass: line(64).optional(),
  percent,
  included: z.boolean(),
  remits: z.enum(['supplier', 'platform']),
  per: z.enum(['line', 'order']).optional(),
  validFrom: time.optional(),
  validTo: time.optional(),
  metadata: metadata.optional(),
})

export const removeTaxRateSchema: z.ZodType<RemoveTaxRateInput> = z.strictObject({ rateId: id })

/** Adds a rate, which goes before earlier ones of its place and class from its `validFrom` on. @throws tax.validity_empty */
export function setTaxRate({ ids }: Kernel): (tx: Tx, input: SetTaxRateInput, caller: Caller) => Promise<RegionalTaxRate> {
  return async (tx, input, { by }) => {
    const {
      country,
      region,
      taxClass = 'standard',
      included,
      remits,
      per = null,
      validFrom = tx.now,
      validTo = null,
      metadata = {},
    } = input
    if (validTo !== null && validTo <= validFrom) throw validityEmpty({ validFrom, validTo })
    const row: TaxRateRow = {
      id: ids('txr'),
      country,
      region: region === undefined ? null : regionKey(country, region),
      taxClass,
      rate: percentage(input.percent),
      included,
      remits,
      per,
      validFrom,
      validTo,
      metadata,
      createdAt: tx.now,
      createdBy: by,
    }
    await tx.insert(taxRateTable, [row])
    emitTax(tx, 'tax.rate_set', row.id, { rateId: row.id, country, region: row.region, taxClass })
    return toRegionalTaxRate(row)
  }
}

/** Ends a rate's validity now. Its row stays, since orders name it. Repeating it changes nothing. @throws tax.rate_not_found */
export async function removeTaxRate(tx: Tx, { rateId }: RemoveTaxRateInput): Promise<RegionalTaxRate> {
  const [row] = await tx.lock(taxRateTable, { id: rateId })
  if (!row) throw rateNotFound({ rateId })
  const validTo = endOfValidity(row, tx.now)
  if (validTo === row.validTo) return toRegionalTaxRate(row)
  await tx.update(taxRateTable, { validTo }, { id: rateId })
  emitTax(tx, 'tax.rate_removed', rateId, { rateId })
  return toRegionalTaxRate({ ...row, validTo })
}
