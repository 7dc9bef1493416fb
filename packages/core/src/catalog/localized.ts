/** A text in several languages: BCP 47 tag → text, such as `{ zh: '跑鞋', en: 'Running shoe' }`. At least one. */
export type Localized = Readonly<Record<string, string>>

/**
 * The text for a reader: in the language asked for, else in a broader form of it (`zh-Hant-TW` → `zh-Hant` → `zh`), else in the first that there is.
 * @example textIn({ en: 'Shoe', zh: '鞋' }, 'zh-CN') // '鞋'
 */
export function textIn(texts: Localized, locale?: string | undefined): string {
  const parts = (locale ?? '').split('-')
  for (let length = parts.length; length > 0; length--) {
    const text = texts[parts.slice(0, length).join('-')]
    if (text !== undefined) return text
  }
  return Object.values(texts)[0] ?? ''
}

/** What a plain search looks in: every language's text in lower case, so that databases that compare case differently find the same. */
export function searchTextOf(texts: Localized): string {
  return Object.values(texts).join('\n').toLowerCase()
}

/** A LIKE pattern, with `!` as its escape, that finds a text anywhere. */
export function containing(query: string): string {
  return `%${query.toLowerCase().replace(/[!%_]/g, '!$&')}%`
}
