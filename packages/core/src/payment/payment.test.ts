import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PaymentState, PaymentStatus } from '../ports/index.js'
import { nextCheck, type PaymentFacts, settle } from './payment.js'

type Known = PaymentFacts & { readonly amount: number }

const fresh: Known = {
  amount: 100,
  status: 'pending',
  authorized: 0,
  captured: 0,
  excess: 0,
  failure: null,
  action: null,
  providerRef: null,
}
const report = (status: PaymentStatus, captured = 0, authorized = captured): PaymentState => ({
  status,
  providerRef: 'ref',
  authorized,
  captured,
  refunded: 0,
})
const told = (...reports: readonly PaymentState[]): Known => {
  let known = fresh
  for (const state of reports) known = { ...known, ...settle(known, state).facts }
  return known
}
const place = ({ status, authorized, captured }: Known) => ({ status, authorized, captured })

describe('what a provider reports', () => {
  it('is booked by what is new of it', () => {
    const known = told(report('authorized', 30, 100))
    expect(settle(known, report('authorized', 70, 100))).toMatchObject({ captured: 40, became: null })
    expect(settle(known, report('authorized', 30, 100))).toMatchObject({ captured: 0, became: null })
  })

  it('never takes a payment back', () => {
    expect(told(report('captured', 100), report('authorized', 0, 100))).toMatchObject({ status: 'captured', captured: 100 })
    expect(told(report('failed'), report('authorized', 0, 100))).toMatchObject({ status: 'failed' })
  })

  it('counts as captured when money came in after all', () => {
    expect(told(report('voided'), report('captured', 100))).toMatchObject({ status: 'captured', captured: 100 })
    expect(told(report('authorized', 40, 100), report('voided', 40, 100))).toMatchObject({ status: 'captured', captured: 40 })
  })

  it('is not booked beyond what was asked for', () => {
    const settled = settle(fresh, report('captured', 130))
    expect(settled).toMatchObject({ captured: 100, exceeded: true, facts: { captured: 100, excess: 30 } })
    expect(settle({ ...fresh, ...settled.facts }, report('captured', 130))).toMatchObject({ captured: 0, exceeded: false })
  })

  it('ends in the same place in whatever order it comes, and however often', () => {
    const states = fc.constantFrom(
      report('pending'),
      report('requires_action'),
      report('authorized', 0, 100),
      report('authorized', 40, 100),
      report('captured', 100, 100),
    )
    fc.assert(
      fc.property(fc.array(states, { minLength: 1 }), fc.array(fc.nat()), (reports, keys) => {
        const shuffled = reports.map((state, index) => ({ state, key: keys[index] ?? 0 })).sort((a, b) => a.key - b.key)
        expect(place(told(...shuffled.map(({ state }) => state), ...reports))).toEqual(place(told(...reports)))
      }),
    )
  })
})

describe('the sweeper looks again', () => {
  const createdAt = '2026-01-01T00:00:00.000Z'
  it('soon while a payment is young, seldom when it is old, never when it is settled', () => {
    expect(nextCheck({ status: 'pending', createdAt }, createdAt)).toBe('2026-01-01T00:02:00.000Z')
    expect(nextCheck({ status: 'pending', createdAt }, '2026-01-01T04:00:00.000Z')).toBe('2026-01-01T05:00:00.000Z')
    expect(nextCheck({ status: 'pending', createdAt }, '2026-03-01T00:00:00.000Z')).toBe('2026-03-01T06:00:00.000Z')
    expect(nextCheck({ status: 'captured', createdAt }, createdAt)).toBeNull()
  })
})
