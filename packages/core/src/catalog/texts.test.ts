import { describe, expect, it } from 'vitest'
import { isWithin, pathUnder } from './category.js'
import { containing, textIn } from './localized.js'
import { titlesOf } from './variant.js'

describe('texts in several languages', () => {
  const texts = { en: 'Shoe', zh: '鞋', 'zh-Hant': '鞋子' }
  it('are read in the language asked for, else in a broader one, else in the first', () => {
    expect(textIn(texts, 'zh-Hant-TW')).toBe('鞋子')
    expect(textIn(texts, 'zh-CN')).toBe('鞋')
    expect(textIn(texts, 'fr')).toBe('Shoe')
    expect(textIn(texts)).toBe('Shoe')
  })

  it('are searched as they are written, wildcards too', () => {
    expect(containing('50%_OFF!')).toBe('%50!%!_off!!%')
  })
})

describe('a category path', () => {
  it('joins the slugs from the top down, eight levels at most', () => {
    expect(pathUnder(null, 'shoes')).toBe('shoes')
    expect(pathUnder('shoes', 'running')).toBe('shoes/running')
    expect(() => pathUnder('1/2/3/4/5/6/7/8', '9')).toThrow('catalog.category_too_deep')
  })

  it('lies within itself and what is above it, not within what it only begins like', () => {
    expect(isWithin('shoes', 'shoes')).toBe(true)
    expect(isWithin('shoes/running', 'shoes')).toBe(true)
    expect(isWithin('shoes-for-kids', 'shoes')).toBe(false)
  })
})

describe('the title of a variant', () => {
  const options = [
    { name: 'Colour', values: ['red', 'blue'] },
    { name: 'Size', values: ['42', '43'] },
  ]
  it('has the values in the order of the options', () => {
    expect(titlesOf(options, [{ optionValues: { Size: '42', Colour: 'red' } }])).toEqual(['red / 42'])
    expect(titlesOf([], [{}])).toEqual([''])
  })

  it('is refused where a value is missing, unknown, or of no option', () => {
    for (const optionValues of [{ Colour: 'red' }, { Colour: 'green', Size: '42' }, { Colour: 'red', Size: '42', Width: 'wide' }]) {
      expect(() => titlesOf(options, [{ optionValues }])).toThrow('catalog.unknown_option')
    }
  })

  it('belongs to one variant of the product', () => {
    const variant = { optionValues: { Colour: 'red', Size: '42' } }
    expect(() => titlesOf(options, [variant, variant])).toThrow('catalog.variant_repeated')
  })
})
