import { describe, expect, it } from 'vitest'
import { codeIn, linkTo } from './referral.js'

describe('a referral link', () => {
  it('leads to the page it was made for, with the code in it', () => {
    expect(linkTo('https://shop.example/p/1?size=42#reviews', 'ANNA')).toBe('https://shop.example/p/1?size=42&ref=ANNA#reviews')
  })

  it('says what it stands in', () => {
    expect(linkTo('https://shop.example/', 'ANNA', 'live 7')).toBe('https://shop.example/?ref=ANNA&content=live+7')
  })

  it('is somebody else’s once another code is set', () => {
    expect(linkTo('https://shop.example/?ref=ANNA', 'BEN')).toBe('https://shop.example/?ref=BEN')
  })

  it('is read as its code, and so is the bare code, in any case', () => {
    expect(codeIn(linkTo('https://shop.example/', 'ANNA'))).toBe('ANNA')
    expect(codeIn(' anna ')).toBe('ANNA')
    expect(codeIn('https://shop.example/')).toBeNull()
    expect(codeIn('   ')).toBeNull()
  })
})
