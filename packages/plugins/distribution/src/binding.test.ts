import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Binding, bindingFrom, bindsAnew, broughtBy } from './binding.js'

const bound = bindingFrom('dst_first', '2026-01-01T00:00:00.000Z', 30)
const evidence = { binding: bound, referred: 'dst_link', self: 'dst_self' }

describe('a binding', () => {
  it('is protected until its end, and no longer', () => {
    expect(bound.protectedUntil).toBe('2026-01-31T00:00:00.000Z')
    expect(bindsAnew(bound, '2026-01-30T23:59:59.999Z')).toBe(false)
    expect(bindsAnew(bound, '2026-01-31T00:00:00.000Z')).toBe(true)
  })

  it('of no days protects from nothing', () => {
    expect(bindsAnew(bindingFrom('dst_first', bound.boundAt, 0), bound.boundAt)).toBe(true)
  })

  it('gives every customer to the first click of each period, however many clicks there are', () => {
    const clicks = fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer({ min: 0, max: 400 })), { minLength: 1 })
    fc.assert(
      fc.property(clicks, fc.integer({ min: 1, max: 60 }), (all, days) => {
        const inTime = all
          .map(([who, hour]) => ({ who, at: new Date(Date.UTC(2026, 0, 1) + hour * 8 * 3_600_000).toISOString() }))
          .sort((x, y) => (x.at < y.at ? -1 : 1))
        const bindings: Binding[] = []
        for (const { who, at } of inTime) if (bindsAnew(bindings.at(-1), at)) bindings.push(bindingFrom(who, at, days))
        for (const [index, binding] of bindings.entries()) {
          const previous = bindings[index - 1]
          if (previous) expect(binding.boundAt >= previous.protectedUntil).toBe(true)
        }
      }),
    )
  })
})

describe('who brought a customer', () => {
  it('is who bound it, whatever link it came through, while the binding is protected', () => {
    expect(broughtBy({ ...evidence, at: '2026-01-30T23:59:59.999Z' })).toBe('dst_first')
  })

  it('is whose link it came through once the protection has ended', () => {
    expect(broughtBy({ ...evidence, at: '2026-01-31T00:00:00.000Z' })).toBe('dst_link')
  })

  it('is still who bound it where nobody came after', () => {
    expect(broughtBy({ ...evidence, referred: undefined, at: '2027-01-01T00:00:00.000Z' })).toBe('dst_first')
  })

  it('was nobody before the first click', () => {
    expect(broughtBy({ binding: bound, referred: undefined, self: undefined, at: '2025-12-31T23:59:59.999Z' })).toBeUndefined()
  })

  it('is the distributor itself whom nobody has bound', () => {
    expect(broughtBy({ binding: undefined, referred: undefined, self: 'dst_self', at: bound.boundAt })).toBe('dst_self')
  })
})
