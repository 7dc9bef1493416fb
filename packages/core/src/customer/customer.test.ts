import { describe, expect, it } from 'vitest'
import { type Address, addressParts, blankAddress } from './address.js'

const address: Address = { name: 'Li Lei', country: 'CN', region: '浙江', city: '杭州', line1: '文三路 1', email: 'li@example.com' }

describe('an address', () => {
  it('is stored with null where there is nothing', () => {
    expect(addressParts(address)).toEqual({ ...address, company: null, phone: null, postalCode: null, line2: null })
  })

  it('keeps after erasure what tax was reckoned by, and nothing else', () => {
    const left = Object.entries({ ...addressParts(address), ...blankAddress }).filter(([, value]) => value !== null)
    expect(Object.fromEntries(left)).toEqual({ country: 'CN', region: '浙江' })
  })
})
