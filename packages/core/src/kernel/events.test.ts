import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { openTestKernel, type Reported, type TestClock, testDatabases } from '../testing/index.js'
import { Events } from './events.js'
import { addMillis, type Kernel } from './index.js'
import { deliveryTable } from './outbox.js'

for (const database of testDatabases()) {
  describe(`events on ${database.name}`, () => {
    let kernel: Kernel
    let clock: TestClock
    let close: () => Promise<void>
    let reports: readonly Reported[]
    beforeEach(async () => {
      ;({ kernel, clock, close, reports } = await openTestKernel(database))
    })
    afterEach(() => close())

    const write = (aggregate: string, ...numbers: number[]): Promise<void> =>
      kernel.database.transaction(undefined, async (tx) => {
        for (const number of numbers) tx.emit({ type: 'thing.happened', aggregate, payload: { number } })
      })

    it('tells listeners after the commit, and nothing of a transaction that was rolled back', async () => {
      const told: unknown[] = []
      kernel.events.on('thing.happened', (event) => told.push(event))
      await write('a', 1)
      await kernel.database
        .transaction(undefined, async (tx) => {
          tx.emit({ type: 'thing.happened', aggregate: 'a', payload: { number: 2 } })
          throw new Error('stop')
        })
        .catch(() => {})
      expect(told).toEqual([{ number: 1 }])
    })

    it('forgets the events of a savepoint that was undone', async () => {
      const told: unknown[] = []
      kernel.events.on('thing.happened', (event) => told.push(event))
      await kernel.database.transaction(undefined, async (tx) => {
        tx.emit({ type: 'thing.happened', aggregate: 'a', payload: { number: 1 } })
        await tx
          .savepoint(async () => {
            tx.emit({ type: 'thing.happened', aggregate: 'a', payload: { number: 2 } })
            throw new Error('stop')
          })
          .catch(() => {})
      })
      await kernel.background.drain()
      expect(told).toEqual([{ number: 1 }])
    })

    it('delivers to durable subscribers in the order of each aggregate, once for all', async () => {
      const seen: string[] = []
      await kernel.events.subscribe(
        'mail',
        ['thing.happened'],
        (event: { number: number }, { aggregate }) => void seen.push(`${aggregate}${event.number}`),
      )
      await write('a', 1, 2)
      await write('b', 1)
      await write('a', 3)
      await kernel.background.drain()
      await kernel.background.drain()
      expect(seen.filter((name) => name.startsWith('a'))).toEqual(['a1', 'a2', 'a3'])
      expect(seen).toHaveLength(4)
    })

    it('holds back the later events of an aggregate until the failing one is through, and those of no other', async () => {
      const seen: string[] = []
      let broken = true
      await kernel.events.subscribe('mail', ['thing.happened'], (event: { number: number }, { aggregate }) => {
        if (broken && aggregate === 'a') throw new Error('mail server down')
        seen.push(`${aggregate}${event.number}`)
      })
      await write('a', 1, 2)
      await write('b', 1)
      await kernel.background.drain()
      expect(seen).toEqual(['b1'])
      broken = false
      await kernel.background.drain()
      expect(seen, 'the pause is not over').toEqual(['b1'])
      clock.set(addMillis(clock.now(), 10_000))
      await kernel.background.drain()
      expect(seen).toEqual(['b1', 'a1', 'a2'])
    })

    it('puts an event aside after its last try, and replays it on demand', async () => {
      const seen: number[] = []
      let broken = true
      await kernel.events.subscribe(
        'mail',
        ['thing.happened'],
        (event: { number: number }) => {
          if (broken) throw new Error('no such mailbox')
          seen.push(event.number)
        },
        { attempts: 2 },
      )
      await write('a', 1)
      await kernel.background.drain()
      clock.set(addMillis(clock.now(), 10_000))
      await kernel.background.drain()
      const [letter] = await kernel.events.deadLetters()
      expect(letter).toMatchObject({ subscriber: 'mail', payload: { number: 1 }, attempts: 2, lastError: 'no such mailbox' })
      broken = false
      await kernel.events.replay({ subscriber: 'mail', eventId: letter?.event.id ?? '' })
      await kernel.background.drain()
      expect(seen).toEqual([1])
      expect(await kernel.events.deadLetters()).toEqual([])
      expect(reports).toMatchObject([1, 2].map((attempt) => ({ message: expect.stringContaining(`try ${attempt} of 2`) })))
      await expect(kernel.events.replay({ subscriber: 'mail', eventId: letter?.event.id ?? '' })).rejects.toMatchObject({
        code: 'event.not_dead',
      })
    })

    it('delivers an event once more when the process died before it could be marked, not before its lease ends', async () => {
      const seen: number[] = []
      let die = true
      await kernel.events.subscribe('mail', ['thing.happened'], (event: { number: number }) => {
        seen.push(event.number)
        // A process that is killed here neither marks nor fails the delivery: what stays is the lease.
        return die ? new Promise<void>(() => {}) : undefined
      })
      await write('a', 1)
      void kernel.events.work()
      await expect.poll(() => seen).toEqual([1])
      die = false
      await kernel.background.drain()
      expect(seen).toEqual([1])
      clock.set(addMillis(clock.now(), 61_000))
      await kernel.background.drain()
      expect(seen).toEqual([1, 1])
    })

    it('leaves an event to whoever took it over after its lease: the first one’s end does not let the next event overtake', async () => {
      const seen: string[] = []
      const ends: (() => void)[] = []
      await kernel.events.subscribe('mail', ['thing.happened'], async (event: { number: number }) => {
        seen.push(`begin ${event.number}`)
        await new Promise<void>((resolve) => ends.push(resolve))
        seen.push(`end ${event.number}`)
      })
      await write('a', 1, 2)
      const first = kernel.events.work()
      await expect.poll(() => ends).toHaveLength(1)
      clock.set(addMillis(clock.now(), 61_000))
      const second = kernel.events.work()
      await expect.poll(() => ends).toHaveLength(2)
      ends[0]?.()
      await first
      expect(await kernel.events.work(), 'the second is at work on event 1').toBe(0)
      ends[1]?.()
      await second
      expect(seen).toEqual(['begin 1', 'begin 1', 'end 1', 'end 1'])
      const third = kernel.events.work()
      await expect.poll(() => ends).toHaveLength(3)
      ends[2]?.()
      await third
    })

    it('reports a listener that is async and fails, and the process lives on', async () => {
      kernel.events.on('thing.happened', (async () => {
        throw new Error('listener down')
      }) as () => void)
      await write('a', 1)
      await expect.poll(() => reports).toMatchObject([{ error: { message: 'listener down' } }])
    })

    it('refuses a second subscriber of the same name, which would take the place of the first', async () => {
      await kernel.events.subscribe('mail', ['thing.happened'], () => {})
      await expect(kernel.events.subscribe('mail', ['other.happened'], () => {})).rejects.toMatchObject({
        code: 'event.subscriber_taken',
      })
    })

    it('hands nothing to a handler that it no longer subscribes to', async () => {
      const old = new Events(kernel.database, clock, () => {})
      await old.subscribe('mail', ['thing.happened'], () => {
        throw new Error('down')
      })
      await write('a', 1)
      await old.work()
      const seen: unknown[] = []
      await kernel.events.subscribe('mail', ['other.happened'], (event) => void seen.push(event))
      await kernel.database.transaction(undefined, async (tx) =>
        tx.emit({ type: 'other.happened', aggregate: 'a', payload: { number: 2 } }),
      )
      clock.set(addMillis(clock.now(), 10_000))
      await kernel.background.drain()
      expect(seen).toEqual([{ number: 2 }])
    })

    it('stops with the event in hand, and gives those behind it back at once, in their order', async () => {
      const seen: string[] = []
      let finish = (): void => {}
      await kernel.events.subscribe('mail', ['thing.happened'], async (event: { number: number }, { aggregate }) => {
        seen.push(`${aggregate}${event.number}`)
        if (seen.length === 1) await new Promise<void>((resolve) => (finish = resolve))
      })
      await write('a', 1, 2)
      await write('b', 1, 2)
      kernel.background.start()
      await vi.waitFor(() => expect(seen).toEqual(['a1']))
      const stopped = kernel.background.stop()
      finish()
      await stopped
      expect(seen).toEqual(['a1'])
      const left = await kernel.database.read(undefined, (reader) => reader.find(deliveryTable, {}))
      expect(left).toHaveLength(3)
      expect(left.every(({ attempts, leaseUntil }) => attempts === 0 && leaseUntil === null)).toBe(true)
      // Another process, at the same moment.
      await kernel.background.drain()
      expect(seen.filter((each) => each.startsWith('a'))).toEqual(['a1', 'a2'])
      expect(seen.filter((each) => each.startsWith('b'))).toEqual(['b1', 'b2'])
    })
  })

  describe(`a subscription on ${database.name}`, () => {
    it('ends for good, with what waited for it', async () => {
      const { kernel, clock, close } = await openTestKernel(database)
      const emit = (): Promise<void> =>
        kernel.database.transaction(undefined, async (tx) => tx.emit({ type: 'thing.happened', aggregate: 'a', payload: {} }))
      await new Events(kernel.database, clock, () => {}).subscribe('old', ['*'], () => {})
      await emit()
      await kernel.background.drain()
      const waiting = (): Promise<readonly unknown[]> => kernel.database.read(undefined, (reader) => reader.find(deliveryTable, {}))
      expect(await waiting(), 'nobody here registers it').toHaveLength(1)
      await kernel.events.unsubscribe({ subscriber: 'old' })
      await emit()
      await kernel.background.drain()
      expect(await waiting()).toEqual([])
      await expect(kernel.events.unsubscribe({ subscriber: 'old' })).rejects.toMatchObject({ code: 'event.not_subscribed' })
      await close()
    })
  })

  describe(`background on ${database.name}`, () => {
    it('stops and starts in any order, and works on after the last start', async () => {
      const { kernel, close } = await openTestKernel(database)
      const seen: unknown[] = []
      await kernel.events.subscribe('mail', ['thing.happened'], (event) => void seen.push(event))
      kernel.background.start()
      const stops = [kernel.background.stop(), kernel.background.stop()]
      kernel.background.start()
      await Promise.all(stops)
      await kernel.database.transaction(undefined, async (tx) => tx.emit({ type: 'thing.happened', aggregate: 'a', payload: {} }))
      await expect.poll(() => seen).toHaveLength(1)
      await kernel.background.stop()
      await kernel.database.transaction(undefined, async (tx) => tx.emit({ type: 'thing.happened', aggregate: 'a', payload: {} }))
      await new Promise((resolve) => setTimeout(resolve, 50))
      expect(seen).toHaveLength(1)
      await close()
    })

    it('does not start once it is closed', async () => {
      const { kernel, close } = await openTestKernel(database)
      await close()
      expect(() => kernel.background.start()).toThrow(expect.objectContaining({ code: 'database.closed' }))
    })

    it('delivers events while a job takes its time, and waits for that job when it stops', async () => {
      const { kernel, close } = await openTestKernel(database)
      const seen: unknown[] = []
      let begun = false
      let end = (): void => {}
      kernel.jobs.define('long', async () => {
        begun = true
        await new Promise<void>((resolve) => (end = resolve))
        seen.push('job')
      })
      await kernel.events.subscribe('mail', ['thing.happened'], () => void seen.push('event'))
      await kernel.database.transaction(undefined, (tx) => kernel.jobs.enqueue(tx, 'long', [{ payload: {} }]))
      kernel.background.start()
      await expect.poll(() => begun).toBe(true)
      await kernel.database.transaction(undefined, async (tx) => tx.emit({ type: 'thing.happened', aggregate: 'a', payload: {} }))
      await expect.poll(() => seen).toEqual(['event'])
      const stopped = kernel.background.stop().then(() => seen.push('stopped'))
      await new Promise((resolve) => setTimeout(resolve, 20))
      end()
      await stopped
      expect(seen).toEqual(['event', 'job', 'stopped'])
      await close()
    })
  })
}
