import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { metadata } from './index.js'
import { validate } from './validate.js'

describe('an input', () => {
  const thing = z.strictObject({ metadata })
  const loop: Record<string, unknown> = {}
  loop.self = { loop }
  let deep: unknown = 1
  for (let level = 0; level < 20_000; level++) deep = [deep]

  it.each([
    ['itself', loop],
    ['twenty thousand levels', { deep }],
    ['a function', { call: () => {} }],
    ['a bigint', { count: 1n }],
    ['a Date', { at: new Date(0) }],
    ['NaN', { rate: Number.NaN }],
    ['undefined', { nothing: undefined }],
    ['U+0000', { text: 'a\u0000b' }],
    ['U+0000 in a key', { 'a\u0000b': [1] }],
  ])('whose metadata holds %s is refused by its code', (_what, value) => {
    expect(() => validate(thing, { metadata: value }, 'things.create')).toThrow(expect.objectContaining({ code: 'input.invalid' }))
  })

  it('may hold the same object twice', () => {
    const shared = { a: 1 }
    expect(validate(thing, { metadata: { one: shared, two: [shared, shared] } }, 'things.create')).toBeTruthy()
  })

  it('changes no prototype', () => {
    const parsed = validate(thing, { metadata: JSON.parse('{"__proto__": {"admin": true}, "constructor": 1}') }, 'things.create')
    expect(parsed.metadata.admin).toBeUndefined()
    expect(({} as { admin?: unknown }).admin).toBeUndefined()
  })

  it('that is an option may be a living object with loops, and comes through as it is', () => {
    class Client {
      readonly self = this
      readonly socket = { owner: this, buffer: '\u0000' }
    }
    const client = new Client()
    expect(validate(z.object({ client: z.custom<Client>() }), { client }, 'options').client).toBe(client)
  })
})
