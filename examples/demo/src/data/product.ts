/** The form in which the demo's goods are written down; seeding turns it into what the catalogue takes. */

/** A text in Chinese and in English. */
export interface Text {
  readonly zh: string
  readonly en: string
}

export function text(zh: string, en: string): Text {
  return { zh, en }
}

/** One value of an option, and what choosing it adds. */
export interface Choice extends Text {
  /** Minor units on top of the product's price. */
  readonly more?: number | undefined
  /** Grams on top of the product's weight. */
  readonly grams?: number | undefined
}

export interface Option extends Text {
  readonly choices: readonly Choice[]
}

/** What the product's picture is drawn from. */
export interface Drawing {
  readonly motif: Motif
  /** Degrees on the colour wheel. */
  readonly hue: number
}

export const motifs = [
  'cake',
  'tin',
  'leaf',
  'box',
  'cup',
  'teapot',
  'bowl',
  'plate',
  'vase',
  'burner',
  'scarf',
  'garment',
  'bedding',
  'mask',
  'fan',
  'earphones',
  'headphones',
  'brick',
  'cable',
  'lamp',
  'speaker',
  'keyboard',
  'mouse',
  'kettle',
  'drop',
  'stand',
] as const

export type Motif = (typeof motifs)[number]

export interface DemoProduct {
  /** Names its picture, and begins its SKUs: `GT-01`. */
  readonly code: string
  /** Path of its category. */
  readonly category: string
  readonly name: Text
  readonly about: Text
  /** Minor units of CNY, of the variant to which no choice adds anything; tax in. */
  readonly price: number
  /** Grams, packed. */
  readonly grams: number
  readonly options?: readonly Option[] | undefined
  /** Name and value of each. */
  readonly facts: readonly (readonly [name: Text, value: Text])[]
  readonly drawing: Drawing
}

/** A form of a product that can be bought. */
export interface DemoVariant {
  readonly sku: string
  /** English value by English option name. */
  readonly optionValues: Readonly<Record<string, string>>
  readonly price: number
  readonly grams: number
}

/** Every combination of the product's choices, in their order. */
export function variantsOf({ code, price, grams, options = [] }: DemoProduct): readonly DemoVariant[] {
  const first: DemoVariant = { sku: code, optionValues: {}, price, grams }
  return options.reduce<readonly DemoVariant[]>(
    (variants, option) =>
      variants.flatMap((variant) =>
        option.choices.map((choice, index) => ({
          sku: `${variant.sku}-${index + 1}`,
          optionValues: { ...variant.optionValues, [option.en]: choice.en },
          price: variant.price + (choice.more ?? 0),
          grams: variant.grams + (choice.grams ?? 0),
        })),
      ),
    [first],
  )
}

// Options and facts that many products share.
export const colour = (...choices: readonly Choice[]): Option => ({ zh: '颜色', en: 'Colour', choices })
export const size = (...choices: readonly Choice[]): Option => ({ zh: '尺码', en: 'Size', choices })
export const pack = (...choices: readonly Choice[]): Option => ({ zh: '规格', en: 'Pack', choices })

export const origin = (zh: string, en: string): readonly [Text, Text] => [text('产地', 'Origin'), text(zh, en)]
export const material = (zh: string, en: string): readonly [Text, Text] => [text('材质', 'Material'), text(zh, en)]
export const capacity = (value: string): readonly [Text, Text] => [text('容量', 'Capacity'), text(value, value)]
export const harvest = (zh: string, en: string): readonly [Text, Text] => [text('采摘', 'Harvest'), text(zh, en)]
export const power = (value: string): readonly [Text, Text] => [text('功率', 'Power'), text(value, value)]
export const battery = (zh: string, en: string): readonly [Text, Text] => [text('续航', 'Battery'), text(zh, en)]
