import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { advance, openTestKernel, type Reported, type TestClock, testDatabases } from '../testing/index.js'
import { addMillis, type Kernel } from './index.js'
import { jobTable } from './jobs.js'

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

    const enqueue = (key: string, n = 0): Promise<void> =>
      kernel.database.transaction(undefined, (tx) => kernel.jobs.enqueue(tx, 'greet', [{ payload: { n }, key }]))

    it('runs a keyed job once more when it is wanted again while it runs, and not at the same time', async () => {
      let wanted = 0
      kernel.jobs.define<{ n: number }>('greet', async ({ n }) => {
        ran.push(`begin ${n}`)
        // Wanted after the job has looked at what there is to do.
        if (wanted++ < 2) await Promise.all([enqueue('one', wanted), kernel.jobs.work()])
        ran.push(`end ${n}`)
      })
      await enqueue('one')
      await kernel.background.drain()
      expect(ran).toEqual(['begin 0', 'end 0', 'begin 1', 'end 1', 'begin 2', 'end 2'])
      await kernel.background.drain()
      expect(ran).toHaveLength(6)
    })

    it('runs it once more, too, when the run in which it was wanted again fails', async () => {
      kernel.jobs.define<{ n: number }>('greet', async ({ n }) => {
        ran.push(`greet ${n}`)
        if (n === 0) {
          await enqueue('one', 1)
          throw new Error('not now')
        }
      })
      await enqueue('one')
      await kernel.background.drain()
      expect(ran).toEqual(['greet 0', 'greet 1'])
    })

    it('runs no keyed job before the transaction that wants it again has committed', async () => {
      if (database.name === 'SQLite') return
      kernel.jobs.define<{ n: number }>('greet', async ({ n }) => void ran.push(`greet ${n}`))
      await enqueue('one')
      let commit = (): void => {}
      const committed = new Promise<void>((resolve) => (commit = resolve))
      let enqueued = false
      const wanting = kernel.database.transaction(undefined, async (tx) => {
        await kernel.jobs.enqueue(tx, 'greet', [{ payload: { n: 1 }, key: 'one' }])
        enqueued = true
        await committed
      })
      await expect.poll(() => enqueued).toBe(true)
      expect(await kernel.jobs.work()).toBe(0)
      commit()
      await wanting
      await kernel.background.drain()
      expect(ran).toEqual(['greet 0'])
    })

    it('begins a keyed job anew that had failed for good', async () => {
      let broken = true
      kernel.jobs.define(
        'greet',
        async () => {
          if (broken) throw new Error('no')
          ran.push('greet')
        },
        { attempts: 1 },
      )
      await enqueue('one')
      await kernel.background.drain()
      expect(await kernel.jobs.dead()).toHaveLength(1)
      broken = false
      await enqueue('one')
      await kernel.background.drain()
      expect(ran).toEqual(['greet'])
      expect(await kernel.jobs.dead()).toEqual([])
    })

    it('leaves a job to whoever took it over after its lease, whatever the first one comes to at last', async () => {
      const ends: (() => void)[] = []
      kernel.jobs.define(
        'greet',
        () => new Promise<void>((resolve, reject) => ends.push(ends.length === 0 ? () => reject(new Error('late')) : resolve)),
      )
      await enqueue('one')
      const first = kernel.jobs.work()
      await expect.poll(() => ends).toHaveLength(1)
      clock.set(addMillis(clock.now(), 121_000))
      const second = kernel.jobs.work()
      await expect.poll(() => ends).toHaveLength(2)
      ends[0]?.()
      await first
      expect(await kernel.jobs.work(), 'it is not given to a third while the second has it').toBe(0)
      ends[1]?.()
      await second
      clock.set(addMillis(clock.now(), 121_000))
      expect(await kernel.jobs.work()).toBe(0)
    })

    it('keeps the lease of a job that takes long, and of those behind it', async () => {
      vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] })
      try {
        let end = (): void => {}
        kernel.jobs.define<{ n: number }>('greet', ({ n }) => {
          ran.push(`greet ${n}`)
          return n === 0 ? new Promise<void>((resolve) => (end = resolve)) : Promise.resolve()
        })
        await enqueue('one', 0)
        await enqueue('two', 1)
        const first = kernel.jobs.work()
        await expect.poll(() => ran).toEqual(['greet 0'])
        for (let time = 0; time < 5; time++) {
          clock.set(addMillis(clock.now(), 60_000))
          vi.advanceTimersByTime(60_000)
          await expect
            .poll(async () => (await kernel.database.read(undefined, (reader) => reader.find(jobTable, {})))[0]?.leaseUntil)
            .toBe(addMillis(clock.now(), 120_000))
          expect(await kernel.jobs.work()).toBe(0)
        }
        end()
        await first
        expect(ran).toEqual(['greet 0', 'greet 1'])
      } finally {
        vi.useRealTimers()
      }
    })

    it('takes up a changed schedule at the next start', async () => {
      kernel.jobs.every('sweep', { cron: '0 0 1 1 *', timezone: 'UTC' }, async () => void ran.push('sweep'))
      await kernel.jobs.start()
      kernel.jobs.every('sweep', { everyMillis: 1000 }, async () => void ran.push('sweep'))
      await kernel.jobs.start()
      await kernel.jobs.start()
      clock.set(addMillis(clock.now(), 1000))
      await kernel.background.drain()
      expect(ran).toEqual(['sweep'])
    })

    it('gives up a job whose process dies in every try', async () => {
      const dies = (): Promise<void> => {
        ran.push('greet')
        return new Promise(() => {})
      }
      kernel.jobs.define('greet', dies, { attempts: 2 })
      await enqueue('one')
      for (let time = 0; time < 4; time++) {
        void kernel.jobs.work().catch(() => {})
        await new Promise((resolve) => setTimeout(resolve, 30))
        clock.set(addMillis(clock.now(), 121_000))
      }
      await expect.poll(() => kernel.jobs.dead()).toHaveLength(1)
      expect(ran).toHaveLength(2)
    })

    it('stops with the job in hand, and gives those behind it back at once, as if they had not been taken', async () => {
      let finish = (): void => {}
      kernel.jobs.define<{ n: number }>('greet', async ({ n }) => {
        ran.push(`begin ${n}`)
        if (n === 1) await new Promise<void>((resolve) => (finish = resolve))
        ran.push(`end ${n}`)
      })
      const jobs = [1, 2, 3].map((n) => ({ payload: { n } }))
      await kernel.database.transaction(undefined, (tx) => kernel.jobs.enqueue(tx, 'greet', jobs))
      kernel.background.start()
      await vi.waitFor(() => expect(ran).toEqual(['begin 1']))
      const stopped = kernel.background.stop()
      finish()
      await stopped
      expect(ran).toEqual(['begin 1', 'end 1'])
      const left = await kernel.database.read(undefined, (reader) => reader.find(jobTable, { name: 'greet' }, { orderBy: ['id'] }))
      expect(left).toMatchObject([2, 3].map((n) => ({ payload: { n }, attempts: 0, leaseUntil: null })))
      // Another process, at the same moment.
      await kernel.background.drain()
      expect(ran.slice(2)).toEqual(['begin 2', 'end 2', 'begin 3', 'end 3'])
    })
  })
}
