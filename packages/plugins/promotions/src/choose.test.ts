import type { AdjustableLine } from '@entrepot/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CartWithCodes, choosePromotions } from './choose.js'
import type { Promotion } from './promotion.js'

const promotion = (id: string, change: Partial<Promotion> = {}): Promotion => ({
  id,
  name: id,
  code: null,
  currency: 'CNY',
  amount: 1000,
  percent: null,
  atMost: null,
  minimum: 0,
  scope: { supplierIds: [], categories: [], productIds: [] },
  funders: { platform: 100 },
  limits: { total: null, perCustomer: null },
  combinable: false,
  priority: 0,
  status: 'active',
  validFrom: '2026-01-01T00:00:00.000Z',
  validTo: '2026-02-01T00:00:00.000Z',
  metadata: {},
  createdAt: '2026-01-01T00:00:00.000Z',
  archivedAt: null,
  ...change,
})

const line = (lineId: string, change: Partial<AdjustableLine> = {}): AdjustableLine => ({
  id: lineId,
  offerId: `ofr_${lineId}`,
  supplierId: 'sup_1',
  productId: `prd_${lineId}`,
  categoryPath: 'shoes/running',
  quantity: 1,
  unitPrice: 10_000,
  price: 10_000,
  ...change,
})

const cart: CartWithCodes = {
  customerId: 'cus_1',
  distributorId: null,
  currency: 'CNY',
  at: '2026-01-15T00:00:00.000Z',
  codes: [],
  lines: [line('a'), line('b', { supplierId: 'sup_2', categoryPath: 'hats' })],
}

const choose = (given: readonly Promotion[], change: Partial<CartWithCodes> = {}, usedUp: readonly string[] = []) =>
  choosePromotions({ ...cart, ...change }, given, ({ id }) => usedUp.includes(id))
const granted = (...input: Parameters<typeof choose>) => choose(...input).discounts.map(({ source, amount }) => [source, amount])
const refused = (given: Promotion, change: Partial<CartWithCodes> = {}, usedUp: readonly string[] = []) =>
  choose([{ ...given, code: 'SPRING' }], { codes: ['spring'], ...change }, usedUp).notices

describe('what a promotion takes off', () => {
  it('is its amount, and never more than its goods cost', () => {
    expect(granted([promotion('prm_1')])).toEqual([['prm_1', 1000]])
    expect(granted([promotion('prm_1', { amount: 1_000_000 })])).toEqual([['prm_1', 20_000]])
  })

  it('is a percentage of the goods, rounded once, up to its most', () => {
    const half = promotion('prm_1', { amount: null, percent: 8.875 })
    expect(granted([half], { lines: [line('a', { price: 333 })] })).toEqual([['prm_1', 30]])
    expect(granted([{ ...half, atMost: 1500 }])).toEqual([['prm_1', 1500]])
  })

  it('falls on the goods in its scope alone, categories with what lies below them', () => {
    const lines = (scope: Partial<Promotion['scope']>) =>
      choose([promotion('prm_1', { scope: { ...promotion('').scope, ...scope } })]).discounts[0]?.lineIds
    expect(lines({})).toEqual(['a', 'b'])
    expect(lines({ categories: ['shoes'] })).toEqual(['a'])
    expect(lines({ categories: ['shoe'] })).toBeUndefined()
    expect(lines({ supplierIds: ['sup_2'] })).toEqual(['b'])
    expect(lines({ productIds: ['prd_a', 'prd_b'], supplierIds: ['sup_2'] })).toEqual(['b'])
  })

  it('begins at its threshold, which counts the goods in its scope', () => {
    expect(granted([promotion('prm_1', { minimum: 20_000 })])).toHaveLength(1)
    expect(granted([promotion('prm_1', { minimum: 20_001 })])).toEqual([])
    expect(granted([promotion('prm_1', { minimum: 20_000, scope: { ...promotion('').scope, categories: ['shoes'] } })])).toEqual([])
  })

  it('begins with its first moment and ends before its last', () => {
    const at = (time: string) => granted([promotion('prm_1')], { at: time }).length
    expect(
      ['2025-12-31T23:59:59.999Z', '2026-01-01T00:00:00.000Z', '2026-01-31T23:59:59.999Z', '2026-02-01T00:00:00.000Z'].map(at),
    ).toEqual([0, 1, 1, 0])
  })
})

describe('who pays for a promotion', () => {
  const funders = { platform: 60, distributor: 40 }

  it('is the distributor who brought the customer, where it says "distributor"', () => {
    expect(choose([promotion('prm_1', { funders })], { distributorId: 'dst_1' }).discounts[0]?.funders).toEqual({
      platform: 60,
      'distributor:dst_1': 40,
    })
  })

  it('is no distributor who did not', () => {
    expect(granted([promotion('prm_1', { funders })])).toEqual([])
    expect(granted([promotion('prm_1', { funders: { 'distributor:dst_1': 100 } })], { distributorId: 'dst_2' })).toEqual([])
    expect(granted([promotion('prm_1', { funders: { 'distributor:dst_1': 100 } })], { distributorId: 'dst_1' })).toHaveLength(1)
  })
})

describe('a code', () => {
  it('is good in any spelling, and kept as it was entered', () => {
    expect(choose([promotion('prm_1', { code: 'SPRING' })], { codes: [' spring'] }).discounts[0]?.code).toBe(' spring')
    expect(granted([promotion('prm_1', { code: 'SPRING' })])).toEqual([])
  })

  it.each([
    ['not_started', { validFrom: '2026-01-15T00:00:00.001Z' }, {}],
    ['ended', { validTo: '2026-01-15T00:00:00.000Z' }, {}],
    ['ended', { status: 'archived' }, {}],
    ['wrong_currency', { currency: 'USD' }, {}],
    ['nothing_in_scope', { scope: { supplierIds: ['sup_9'], categories: [], productIds: [] } }, {}],
    ['below_threshold', { minimum: 20_001 }, {}],
    ['customer_unknown', { limits: { total: null, perCustomer: 1 } }, { customerId: null }],
    ['other_distributor', { funders: { distributor: 100 } }, {}],
  ] as const)('that grants nothing says %s', (reason, change, cartChange) => {
    expect(refused(promotion('prm_1', change), cartChange)).toEqual([{ code: 'spring', reason }])
  })

  it('that is used up says so', () => {
    expect(refused(promotion('prm_1'), {}, ['prm_1'])).toEqual([{ code: 'spring', reason: 'used_up' }])
  })

  it('is good once, however often it is typed', () => {
    const { discounts, notices } = choose([promotion('prm_1', { code: 'SPRING' })], { codes: ['SPRING', 'Spring', 'other'] })
    expect(discounts).toHaveLength(1)
    expect(notices).toEqual([{ code: 'Spring', reason: 'entered_twice' }])
  })
})

describe('several promotions', () => {
  it('come by priority, then the larger first, then the older', () => {
    const together = { combinable: true }
    const all = [
      promotion('prm_3', together),
      promotion('prm_2', together),
      promotion('prm_1', { ...together, amount: 10 }),
      promotion('prm_4', { ...together, amount: 1, priority: 1 }),
    ]
    expect(granted(all).map(([source]) => source)).toEqual(['prm_4', 'prm_2', 'prm_3', 'prm_1'])
  })

  it('leave the first alone if it is not combinable', () => {
    const { discounts, notices } = choose(
      [promotion('prm_1', { amount: 500 }), promotion('prm_2', { code: 'X', amount: 400, combinable: true })],
      { codes: ['x'] },
    )
    expect(discounts.map(({ source }) => source)).toEqual(['prm_1'])
    expect(notices).toEqual([{ code: 'x', reason: 'not_combinable' }])
  })

  it('pass over one that is not combinable', () => {
    expect(
      granted([
        promotion('prm_1', { combinable: true, amount: 500 }),
        promotion('prm_2', { amount: 400 }),
        promotion('prm_3', { combinable: true, amount: 300 }),
      ]),
    ).toEqual([
      ['prm_1', 500],
      ['prm_3', 300],
    ])
  })

  it('are the same in whatever order the database gives them', () => {
    const some = fc.uniqueArray(
      fc.record({
        id: fc.constantFrom('prm_1', 'prm_2', 'prm_3', 'prm_4'),
        amount: fc.integer({ min: 1, max: 3 }),
        priority: fc.integer({ min: 0, max: 1 }),
        combinable: fc.boolean(),
      }),
      { selector: ({ id }) => id },
    )
    fc.assert(
      fc.property(some, (changes) => {
        const all = changes.map(({ id, ...change }) => promotion(id, change))
        const chosen = granted(all)
        expect(granted([...all].reverse())).toEqual(chosen)
        const taken = all.filter(({ id }) => chosen.some(([source]) => source === id))
        expect(taken.length <= 1 || taken.every(({ combinable }) => combinable)).toBe(true)
        expect(all.length === 0 || taken.length > 0).toBe(true)
      }),
    )
  })
})
