/** What the conformance suites of all ports are made of. */
import { deepEqual, ok } from 'node:assert/strict'

/** The part of a test runner that suites use: Vitest has it, Jest, Mocha and `node:test`. */
export interface TestRunner {
  describe(name: string, register: () => void): unknown
  readonly it: {
    (name: string, run: () => Promise<void>): unknown
    skip(name: string, run: () => Promise<void>): unknown
  }
}

/** One promise of a port. */
export interface SuiteCheck {
  readonly name: string
  /** Why it does not apply to this adapter; undefined where it does. */
  readonly skipped: string | undefined
  run(): Promise<void>
}

/** Registers the checks with a test runner. @throws TypeError where no runner is given and none is global */
export function runSuite(suite: string, title: string, checks: readonly SuiteCheck[], runner?: TestRunner | undefined): void {
  const { describe, it } = runner ?? globalRunner(suite)
  describe(title, () => {
    for (const { name, skipped, run } of checks) {
      if (skipped === undefined) it(name, run)
      else it.skip(`${name} (${skipped})`, run)
    }
  })
}

function globalRunner(suite: string): TestRunner {
  const { describe, it }: { readonly describe?: TestRunner['describe']; readonly it?: TestRunner['it'] } = globalThis as object
  if (typeof describe !== 'function' || typeof it !== 'function')
    throw new TypeError(
      `${suite} found no global describe and it; hand in your test runner's: runner: { describe, it }, imported from vitest or node:test`,
    )
  return { describe, it }
}

/** The members that are expected are so; others may be there. */
export function shows<State extends object>(state: State | null, expected: Partial<State>): void {
  ok(state !== null, 'the answer is null')
  deepEqual(Object.fromEntries(Object.keys(expected).map((member) => [member, Reflect.get(state, member)])), expected)
}

export function oneOf(value: string, allowed: readonly string[]): void {
  ok(allowed.includes(value), `${value} is none of ${allowed.join(', ')}`)
}
