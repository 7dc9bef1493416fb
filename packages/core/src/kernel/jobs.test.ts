import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { advance, openTestKernel, type Reported, type TestClock, testDatabases } from '../testing/index.js'
import { addMillis, type Kernel } from './index.js'

for (const database of testDatabases()) {
  describe(`jobs on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestClock
    let close: () => Promise<void>
    let reports: readonly Reported[]
    let ran: string[]
    beforeEach(async () => {
      ;({ kernel, clock, close, reports } = await openTestKernel(database, [], '2026-01-15T12:00:00.000Z'))
      ran = []
    })
    afterEach(() => close())

    it('runs a job when it is due, once, and only if its transaction committed', async () => {
      kernel.jobs.define<{ n: number }>('greet', async ({ n }) => void ran.push(`greet ${n}`))
      const runAt = addMillis(clock.now(), 1000)
      await kernel.database.transaction(undefined, (tx) => kernel.jobs.enqueue(tx, 'greet', [{ payload: { n: 1 }, runAt }]))
      await kernel.database
        .transaction(undefined, async (tx) => {
          await kernel.jobs.enqueue(tx, 'greet', [{ payload: { n: 2 }, runAt }])
          throw new Error('stop')
        })
        .catch(() => {})
      await kernel.background.drain()
      expect(ran).toEqual([])
      clock.set(runAt)
      await kernel.background.drain()
      await kernel.background.drain()
      expect(ran).toEqual(['greet 1'])
    })

    it('keeps one waiting job per key', async () => {
      kernel.jobs.define('greet', async () => void ran.push('greet'))
      for (let time = 0; time < 3; time++) {
        await kernel.database.transaction(undefined, (tx) => kernel.jobs.enqueue(tx, 'greet', [{ payload: {}, key: 'one' }]))
      }
      await kernel.background.drain()
      expect(ran).toEqual(['greet'])
    })

    it('tries a failed job again after a pause, gives up at last, and runs it again on demand', async () => {
      let broken = true
      kernel.jobs.define(
        'greet',
        async () => {
          ran.push('greet')
          if (broken) throw new Error('not now')
        },
        { attempts: 2 },
      )
      await kernel.database.transaction(undefined, (tx) => kernel.jobs.enqueue(tx, 'greet', [{ payload: {} }]))
      await kernel.background.drain()
      expect(ran).toHaveLength(1)
      clock.set(addMillis(clock.now(), 10_000))
      await kernel.background.drain()
      expect(ran).toHaveLength(2)
      const [dead] = await kernel.jobs.dead()
      expect(dead).toMatchObject({ name: 'greet', attempts: 2, lastError: 'not now' })
      broken = false
      await kernel.jobs.retry({ jobId: dead?.id ?? '' })
      await kernel.background.drain()
      expect(ran).toHaveLength(3)
      expect(await kernel.jobs.dead()).toEqual([])
      expect(reports.map(({ message }) => message)).toEqual([1, 2].map((attempt) => `job greet ${dead?.id} failed, try ${attempt}`))
    })

    it('makes up for each missed time of a schedule that catches up, each as of its own time', async () => {
      kernel.jobs.every(
        'close month',
        { cron: '0 0 1 * *', timezone: 'Asia/Shanghai', catchUp: true },
        async (_payload, { dueAt }) => void ran.push(dueAt),
      )
      kernel.jobs.every('sweep', { everyMillis: 1000 }, async () => void ran.push('sweep'))
      await kernel.jobs.start()
      await advance(kernel, clock, '2026-03-15T00:00:00.000Z')
      expect(ran.filter((name) => name !== 'sweep')).toEqual(['2026-01-31T16:00:00.000Z', '2026-02-28T16:00:00.000Z'])
      expect(ran.filter((name) => name === 'sweep').length).toBeLessThan(5)
    })

    it('lets only one of several workers run a job', async () => {
      kernel.jobs.define<{ n: number }>('greet', async ({ n }) => void ran.push(`${n}`))
      await kernel.database.transaction(undefined, (tx) =>
        kernel.jobs.enqueue(
          tx,
          'greet',
          Array.from({ length: 50 }, (_, n) => ({ payload: { n } })),
        ),
      )
      await Promise.all(Array.from({ length: 6 }, () => kernel.background.drain()))
      expect(ran).toHaveLength(50)
      expect(new Set(ran).size).toBe(50)
    })
  })
}
