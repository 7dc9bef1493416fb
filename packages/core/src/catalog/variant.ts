import type { Metadata } from '../kernel/index.js'
import { unknownOption, variantRepeated } from './errors.js'
import type { Localized } from './localized.js'

/** A choice that variants differ by. The texts are what variants refer to; their translations stand beside them. */
export interface ProductOption {
  /** `Colour` */
  readonly name: string
  /** `['red', 'blue']` */
  readonly values: readonly string[]
  readonly names?: Localized | undefined
  /** By value: `{ red: { zh: '红' } }`. */
  readonly valueNames?: Readonly<Record<string, Localized>> | undefined
}

/** One form of a product that can be bought: the red one in size 42. */
export interface Variant {
  readonly id: string
  /** The maker's or platform's own number; a supplier's stands in its offer. */
  readonly sku: string | null
  /** Its option values in the options' order: `red / 42`; empty where the product has no options. */
  readonly title: string
  /** By option name: `{ Colour: 'red', Size: '42' }`. */
  readonly optionValues: Readonly<Record<string, string>>
  /** 0 where it is not known or nothing is sent. */
  readonly weightGrams: number
  readonly barcode: string | null
  readonly taxClass: string
  /** False for what is delivered without a parcel. */
  readonly shippable: boolean
  readonly metadata: Metadata
}

/**
 * The title of a variant. It names a value of every option, and nothing else.
 * @throws catalog.unknown_option
 */
export function titleOf(options: readonly ProductOption[], values: Readonly<Record<string, string>>): string {
  const known = new Set(options.map((option) => option.name))
  for (const name of Object.keys(values)) if (!known.has(name)) throw unknownOption({ option: name, value: values[name] ?? '' })
  return options
    .map(({ name, values: possible }) => {
      const value = Object.hasOwn(values, name) ? (values[name] ?? '') : ''
      if (!possible.includes(value)) throw unknownOption({ option: name, value })
      return value
    })
    .join(' / ')
}

/**
 * The titles of variants: customers tell variants apart by them, so no two may be the same.
 * @throws catalog.unknown_option, catalog.variant_repeated
 */
export function titlesOf(
  options: readonly ProductOption[],
  variants: readonly { readonly optionValues?: Readonly<Record<string, string>> | undefined }[],
): readonly string[] {
  const titles = variants.map(({ optionValues }) => titleOf(options, optionValues ?? {}))
  const repeated = titles.find((title, index) => titles.indexOf(title) !== index)
  if (repeated !== undefined) throw variantRepeated({ title: repeated })
  return titles
}
