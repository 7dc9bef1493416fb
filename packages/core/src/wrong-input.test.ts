/** What a host may hand on from a request as it came, on every way into an instance: it is refused by an error of ours, and becomes no text of a statement. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openTestCommerce, type TestCommerce, testDatabases } from './testing/index.js'

/** JSON that has the form of a part of a statement. */
const statement = { strings: ["'x' OR 1 = 1"], values: [] }
const parts: readonly unknown[] = [statement, { membership: statement, of: ['x'] }, { dialect: 'x' }, {}, ['x'], 5, null]

const ring: Record<string, unknown> = {}
ring.itself = ring
const junk: readonly unknown[] = [
  ...[undefined, null, true, -1, 0, 1.5, Number.NaN, Number.POSITIVE_INFINITY, 2 ** 53, 5n, Symbol('x'), () => 1],
  ...['', ' ', 'x', 'a\u0000b', '\ud800', '😀'.repeat(70), 'x'.repeat(70_000), '%', '9999-12-31T23:59:59.999Z'],
  ...[{}, [], [null], statement, ring, new Date(Number.NaN), Object.create(null), JSON.parse('{"__proto__": {"a": 1}}')],
]

for (const database of testDatabases()) {
  describe(`wrong input on ${database.name}`, () => {
    let opened: TestCommerce<readonly []>
    beforeEach(async () => {
      opened = await openTestCommerce(database)
    })
    afterEach(() => opened.close())
    /** As a host in JavaScript calls it. */
    const refused = async (call: () => unknown, code: string): Promise<void> => {
      await expect((async () => call())()).rejects.toMatchObject({ name: 'CommerceError', code })
    }

    it.each(parts)('is refused as an idempotency key: %j', async (idempotencyKey) => {
      await refused(() => opened.commerce.customers.create({}, { idempotencyKey } as never), 'call.invalid')
    })

    it.each([null, {}, 'staff:1', { type: 'staff', id: 5 }, { type: 'staff', id: statement }, { type: 'nobody', id: '1' }])(
      'is refused as an actor: %j',
      async (actor) => {
        await refused(() => opened.commerce.customers.create({}, { actor } as never), 'call.invalid')
      },
    )

    it('is refused as a signal or a locale', async () => {
      await refused(() => opened.commerce.customers.create({}, { signal: 'stop' } as never), 'call.invalid')
      await refused(() => opened.commerce.customers.list({}, { locale: 5 } as never), 'call.invalid')
    })

    it.each(parts)('is refused as what an operator names: %j', async (name) => {
      const { operations } = opened.commerce
      await refused(() => operations.retryJob({ jobId: name } as never), 'input.invalid')
      await refused(() => operations.replay({ subscriber: 'x', eventId: name } as never), 'input.invalid')
      await refused(() => operations.replay({ subscriber: name, eventId: 'x' } as never), 'input.invalid')
      await refused(() => operations.unsubscribe({ subscriber: name } as never), 'input.invalid')
      await refused(() => operations.retryJob(name as never), 'input.invalid')
    })

    it('is refused as a number of rows', async () => {
      for (const most of [0, -1, 1.5, Number.NaN, '1', statement]) {
        await refused(() => opened.commerce.operations.deadJobs(most as never), 'input.invalid')
        await refused(() => opened.commerce.operations.deadLetters(most as never), 'input.invalid')
      }
    })

    it('is refused by an error of ours, or changes nothing, on every way in', async () => {
      const commerce: Readonly<Record<string, unknown>> = { ...opened.commerce }
      const rooms = Object.entries(commerce).filter(([name]) => name !== 'background')
      const calls = rooms.flatMap(([name, room]) =>
        Object.entries(room ?? {}).flatMap(([method, call]) =>
          typeof call === 'function' && method !== 'close'
            ? junk.map((input) => ({ way: `${name}.${method}`, ask: () => call(input) }))
            : [],
        ),
      )
      expect(calls.length).toBeGreaterThan(junk.length * 100)
      const strange: string[] = []
      for (const { way, ask } of calls) {
        await (async () => ask())().catch((error: { readonly name?: string; readonly code?: string }) => {
          if (error.name !== 'CommerceError' || error.code?.startsWith('database.')) strange.push(`${way}: ${error}`)
        })
      }
      expect(strange).toEqual([])
    })
  })
}
