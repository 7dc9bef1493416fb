/** Worker processes, seen from the coordinator: asked, killed, started anew. */
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Command } from './commands.js'

/** What became of a command. */
export type Outcome =
  | { readonly kind: 'done'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly code: string; readonly message: string }
  /** The process died before it answered: it was done, half done or not begun, and nobody knows. */
  | { readonly kind: 'died' }

export interface Worker {
  ask(command: Command): Promise<Outcome>
  readonly alive: boolean
  /** @returns when it is dead */
  kill(): Promise<void>
  /** Resolves when the process has ended, for whatever reason. */
  readonly ended: Promise<void>
}

export interface Ears {
  /** Options of Node's own for the process. */
  readonly execArgv?: readonly string[] | undefined
  readonly heard: (event: { readonly type: string; readonly aggregate: string }) => void
}

/** Starts a process at once; its modules load while nobody waits for it. */
export function startWorker({ heard, execArgv = [] }: Ears): Worker {
  const child: ChildProcess = fork(fileURLToPath(new URL('worker.ts', import.meta.url)), [], {
    // The loader that this process runs under is the child's too; a proof need not be built.
    execArgv: [...process.execArgv, ...execArgv],
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
  const waiting = new Map<number, (outcome: Outcome) => void>()
  let asked = 0
  let alive = true
  child.on('message', (answer: Answer) => {
    if ('heard' in answer) return heard(answer.heard)
    if (!('id' in answer)) return
    const resolve = waiting.get(answer.id)
    waiting.delete(answer.id)
    resolve?.('refused' in answer ? { kind: 'refused', ...answer.refused } : { kind: 'done', value: answer.value })
  })
  const ended = new Promise<void>((resolve) => {
    child.once('close', () => {
      alive = false
      for (const died of waiting.values()) died({ kind: 'died' })
      waiting.clear()
      resolve()
    })
  })
  return {
    get alive() {
      return alive
    },
    ended,
    ask: (command) =>
      new Promise((resolve) => {
        if (!alive) return resolve({ kind: 'died' })
        const id = ++asked
        waiting.set(id, resolve)
        child.send({ id, command }, (error) => {
          if (error && waiting.delete(id)) resolve({ kind: 'died' })
        })
      }),
    async kill() {
      child.kill('SIGKILL')
      await ended
    },
  }
}

/** @throws Error where it was refused, or its process died */
export async function mustAsk<Value>(worker: Worker, command: Command): Promise<Value> {
  const outcome = await worker.ask(command)
  if (outcome.kind === 'done') return outcome.value as Value
  throw new Error(`${command.do}: ${outcome.kind === 'refused' ? `${outcome.code}: ${outcome.message}` : 'the process died'}`)
}
