import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { openTestKernel, type TestClock, testDatabases } from '../testing/index.js'
import { addDays, idempotencyTable, type Kernel, outboxTable } from './index.js'
import { forgetOld } from './retention.js'

for (const database of testDatabases()) {
  describe(`retention on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestClock
    let close: () => Promise<void>
    beforeEach(async () => {
      ;({ kernel, clock, close } = await openTestKernel(database))
    })
    afterEach(() => close())

    const write = (number: number): Promise<void> =>
      kernel.database.transaction(undefined, async (tx) => tx.emit({ type: 'thing.happened', aggregate: 'a', payload: { number } }))
    const numbers = async (): Promise<readonly object[]> =>
      (await kernel.database.read(undefined, (reader) => reader.find(outboxTable, {}, { orderBy: ['seq'] }))).map((row) => row.payload)

    it('forgets keys and delivered events after thirty days, and no event that a subscriber could not take', async () => {
      const greet = kernel.useCases.command('greet', z.strictObject({}), async () => 'hello')
      await greet({}, { idempotencyKey: 'old' })
      await kernel.events.subscribe(
        'mail',
        ['thing.happened'],
        ({ number }: { number: number }) => {
          if (number === 1) throw new Error('no such mailbox')
        },
        { attempts: 1 },
      )
      await write(1)
      await write(2)
      await kernel.background.drain()
      clock.set(addDays(clock.now(), 29))
      await greet({}, { idempotencyKey: 'new' })
      await write(3)
      await kernel.background.drain()
      await forgetOld(kernel.database, clock)
      expect(await numbers(), 'not yet').toHaveLength(3)
      clock.set(addDays(clock.now(), 2))
      await forgetOld(kernel.database, clock)
      expect(await numbers()).toEqual([{ number: 1 }, { number: 3 }])
      const keys = await kernel.database.read(undefined, (reader) => reader.find(idempotencyTable, {}))
      expect(keys.map((row) => row.key)).toEqual(['new'])
    })
  })
}
