import { describe, expect, it } from 'vitest'
import type { Standing } from './ancestors.js'
import { type ChainInput, chainOf } from './chain.js'

const approved = (id: string): Standing => ({ id, level: null, status: 'approved' })
const suspended = (id: string): Standing => ({ id, level: null, status: 'suspended' })
const ids = (input: Partial<ChainInput> & Pick<ChainInput, 'standings'>): readonly string[] =>
  chainOf({ terms: {}, maxDepth: 2, ...input }).map(({ distributor }) => distributor)

describe('the chain of a sale', () => {
  it('goes up from who brought the customer, no further than may earn', () => {
    expect(ids({ standings: [approved('a'), approved('b'), approved('c')] })).toEqual(['a', 'b'])
  })

  it('keeps the tier of one who may not earn for the funder', () => {
    expect(chainOf({ terms: {}, maxDepth: 2, standings: [suspended('a'), approved('b'), approved('c')] })).toEqual([
      { distributor: 'a', mayEarn: false },
      { distributor: 'b' },
    ])
  })

  it('moves up over them with compression, as far as others can take their place', () => {
    const standings = [suspended('a'), approved('b'), suspended('c'), approved('d'), approved('e')]
    expect(ids({ terms: { compress: true }, standings })).toEqual(['a', 'b', 'c', 'd'])
  })

  it('moves up over a buyer who forfeits its own tier', () => {
    const input = { standings: [approved('a'), approved('b'), approved('c')], buyer: approved('a') }
    expect(ids({ ...input, terms: { ownPurchase: 'forfeit', compress: true } })).toEqual(['a', 'b', 'c'])
    expect(ids({ ...input, terms: { ownPurchase: 'forfeit' } })).toEqual(['a', 'b'])
  })

  it('begins with a buyer who gets a rebate, whoever brought it', () => {
    expect(ids({ terms: { ownPurchase: 'rebate' }, standings: [approved('a'), approved('b')], buyer: approved('z') })).toEqual(['z', 'a'])
    expect(ids({ terms: { ownPurchase: 'rebate' }, standings: [approved('a'), approved('b')], buyer: approved('b') })).toEqual(['b', 'a'])
  })

  it('pays no rebate to a buyer who is suspended', () => {
    const [first] = chainOf({ terms: { ownPurchase: 'rebate' }, maxDepth: 2, standings: [], buyer: suspended('z') })
    expect(first).toEqual({ distributor: 'z', mayEarn: false })
  })

  it('carries the levels', () => {
    expect(chainOf({ terms: {}, maxDepth: 1, standings: [{ id: 'a', level: 'gold', status: 'approved' }] })).toEqual([
      { distributor: 'a', level: 'gold' },
    ])
  })
})
