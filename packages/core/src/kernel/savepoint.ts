import { AsyncLocalStorage } from 'node:async_hooks'

/** A place in a transaction where savepoints are begun: the transaction itself, or a savepoint in it. */
export interface Level {
  /** The same object for all levels of one transaction. */
  readonly root: object
  readonly depth: number
  readonly outer: Level | undefined
  /** The savepoints begun here, one after another: begun at once, each would end or undo the others' statements. */
  queue: Promise<unknown>
  open: boolean
}

/** In which savepoint the running code is; each level knows its transaction, so that instances do not meet. */
const current = new AsyncLocalStorage<Level>()

/** The outermost level of a new transaction. */
export function topLevel(): Level {
  return { root: {}, depth: 0, outer: undefined, queue: Promise.resolve(), open: true }
}

// Several calls may join one transaction of a host at the same time: they share its level by its connection.
const hostLevels = new WeakMap<object, Level>()

export function hostLevel(connection: object): Level {
  const level = hostLevels.get(connection) ?? topLevel()
  hostLevels.set(connection, level)
  return level
}

/** Runs `within` when the savepoints that were begun here before it have ended; what it begins itself lies one level deeper. */
export function nextSavepoint<Result>(top: Level, within: (name: string, work: Entering) => Promise<Result>): Promise<Result> {
  let level = current.getStore()
  while (level && !(level.open && level.root === top.root)) level = level.outer
  const here = level ?? top
  const inner: Level = { root: here.root, depth: here.depth + 1, outer: here, queue: Promise.resolve(), open: true }
  const enter: Entering = (work) =>
    current.run(inner, work).finally(async () => {
      inner.open = false
      // What was begun inside and not awaited must end inside: after a rollback its statements would stay.
      await inner.queue
    })
  const turn = here.queue.then(() => within(`entrepot_${inner.depth}`, enter))
  here.queue = turn.catch(() => {})
  return turn
}

/** Runs the work of a savepoint, and whatever it has begun, to its end. */
export type Entering = <Result>(work: () => Promise<Result>) => Promise<Result>
