import { CommerceError } from '@entrepot/core'
import { openTestCommerce, testDatabases } from '@entrepot/core/testing'
import { describe, expect, it } from 'vitest'
import { type DistributionOptions, distributionOptions } from './options.js'
import { distribution } from './plugin.js'

const parse = (options: DistributionOptions): unknown => distributionOptions.parse(options)
const issue = (options: object): string | undefined => distributionOptions.safeParse(options).error?.issues[0]?.message

describe('a distribution plan', () => {
  it('is two tiers deep and paid by the supplier unless it says otherwise', () => {
    expect(parse({ tiers: [{ percent: 8 }, { percent: 4.5 }] })).toEqual({
      terms: { rates: { by: 'tier', percents: [80_000, 45_000] }, fundedBy: 'supplier', ownPurchase: 'allow', compress: false },
      maxDepth: 2,
      protectionDays: 30,
    })
  })

  it('may go by levels instead of tiers, and not by both', () => {
    expect(parse({ levels: { gold: 12 } })).toMatchObject({ terms: { rates: { by: 'level', percents: { gold: 120_000 } } } })
    expect(issue({})).toContain('either tiers or levels')
    expect(issue({ tiers: [{ percent: 1 }], levels: { gold: 1 } })).toContain('either tiers or levels')
  })

  it('is refused where it is deeper than it says, or than the law allows', () => {
    const three = [{ percent: 3 }, { percent: 2 }, { percent: 1 }]
    expect(issue({ tiers: three })).toContain('more tiers than maxDepth')
    expect(issue({ tiers: three, maxDepth: 3 })).toBeUndefined()
    expect(issue({ tiers: [...three, { percent: 1 }], maxDepth: 4 })).toBeDefined()
  })

  it('gives away no more than there is, unless its tiers are weights in a pool', () => {
    expect(issue({ tiers: [{ percent: 60 }, { percent: 41 }] })).toContain('above 100 %')
    expect(issue({ tiers: [{ percent: 60 }, { percent: 41 }], pool: 40 })).toBeUndefined()
  })

  it('has percentages of at most four decimals', () => {
    expect(issue({ tiers: [{ percent: 1.00005 }] })).toContain('four decimals')
  })

  it('is checked when the marketplace opens', async () => {
    const [database] = testDatabases()
    if (!database) throw new Error('there is always SQLite')
    const error: unknown = await openTestCommerce(database, { plugins: [distribution({ tiers: [] })] }).catch((thrown: unknown) => thrown)
    expect(CommerceError.is(error) && error.code).toBe('input.invalid')
  })
})
