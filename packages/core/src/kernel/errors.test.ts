import { describe, expect, it } from 'vitest'
import { CommerceError, defineError, errorKinds, fromMedusaError, medusaKinds, toMedusaError } from './index.js'

const notFound = defineError('order.not_found', 'not_found', (f: { orderId: string }) => `there is no order ${f.orderId}`)

describe('errors', () => {
  it('carry kind, code, sentence and facts', () => {
    const error = notFound({ orderId: 'ord_1' })
    expect(error).toMatchObject({
      kind: 'not_found',
      code: 'order.not_found',
      message: 'order.not_found: there is no order ord_1',
      details: { orderId: 'ord_1' },
    })
  })

  it('are recognised across installs, where instanceof fails', () => {
    const other = Object.defineProperty(new Error('x'), Symbol.for('entrepot.CommerceError'), { value: true })
    expect(other).not.toBeInstanceOf(CommerceError)
    expect(CommerceError.is(other)).toBe(true)
    expect(CommerceError.is(new Error('x'))).toBe(false)
  })

  it('speak the kinds of MedusaError, no more and no fewer', () => {
    expect(new Set(Object.values<string>(errorKinds))).toEqual(new Set(medusaKinds))
  })

  it('cross into a Medusa backend and come back unchanged', () => {
    const error = notFound({ orderId: 'ord_1' })
    const crossed = toMedusaError(error)
    expect(crossed).toMatchObject({ type: 'not_found', code: 'order.not_found', message: error.message })
    expect(fromMedusaError(crossed)).toBe(error)
    expect(fromMedusaError(Object.assign(new Error('gone'), { type: 'not_found' }))).toMatchObject({
      kind: 'not_found',
      code: 'medusa.not_found',
    })
    expect(fromMedusaError(new Error('x'))).toBeUndefined()
  })
})
