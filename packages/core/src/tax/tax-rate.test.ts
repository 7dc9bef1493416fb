import { describe, expect, it } from 'vitest'
import { endOfValidity, regionKey } from './tax-rate.js'

describe('a tax region', () => {
  it('is compared without regard to case and to its country before it', () => {
    expect(['ca', ' CA ', 'US-CA', 'us-ca'].map((region) => regionKey('US', region))).toEqual(['CA', 'CA', 'CA', 'CA'])
    expect(regionKey('CN', '广东')).toBe('广东')
    expect(regionKey('US', 'CA-US')).toBe('CA-US')
  })
})

describe('a validity that is ended', () => {
  const [before, now, after] = ['2026-01-01T00:00:00.000Z', '2026-02-01T00:00:00.000Z', '2026-03-01T00:00:00.000Z'] as const

  it('ends now, and no earlier end is moved', () => {
    expect(endOfValidity({ validFrom: before, validTo: null }, now)).toBe(now)
    expect(endOfValidity({ validFrom: before, validTo: after }, now)).toBe(now)
    expect(endOfValidity({ validFrom: '2025-01-01T00:00:00.000Z', validTo: before }, now)).toBe(before)
  })

  it('is empty where it had not begun', () => {
    expect(endOfValidity({ validFrom: after, validTo: null }, now)).toBe(after)
  })
})
