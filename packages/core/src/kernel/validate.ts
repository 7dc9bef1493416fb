import type { ZodType } from 'zod'
import { CommerceError, errorKinds } from './errors.js'

/** One thing that is wrong with an input. */
export interface InputIssue {
  /** Where: `lines.0.quantity`. */
  readonly path: string
  readonly message: string
}

/**
 * Checks an input and gives it back as its schema has it.
 * @param what names the input in the error: `orders.place`
 * @throws input.invalid with every issue's path
 */
export function validate<Output>(schema: ZodType<Output>, input: unknown, what: string): Output {
  // Before the schema, which follows a value however deep it goes, and would run out of stack.
  const endless = endlessPath(input, [], new Set())
  const result = endless ? undefined : schema.safeParse(input)
  if (result?.success && !holdsNul(result.data)) return result.data
  const issues: readonly InputIssue[] = !result
    ? [{ path: (endless ?? []).slice(0, 5).join('.'), message: `contains itself, or is nested deeper than ${mostLevels} levels` }]
    : result.success
      ? [{ path: '', message: 'a text holds the character U+0000, which no database can store' }]
      : result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const sentence = issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`)).join('; ')
  throw new CommerceError(errorKinds.invalidData, 'input.invalid', `${what}: ${sentence}`, { details: { what, issues } })
}

const mostLevels = 100

function endlessPath(value: unknown, path: readonly string[], done: Set<object>): readonly string[] | undefined {
  if (!isPlain(value) || done.has(value)) return undefined
  if (path.length > mostLevels) return path
  for (const [key, part] of Object.entries(value)) {
    const endless = endlessPath(part, [...path, key], done)
    if (endless) return endless
  }
  done.add(value)
  return undefined
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000')
  return isPlain(value) && Object.entries(value).some(([key, part]) => key.includes('\u0000') || holdsNul(part))
}

/** What is made of data: an option may as well be a client with sockets and loops, which is nobody's input. */
function isPlain(value: unknown): value is object {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  // Of whatever realm: a class has a prototype above its own.
  return Array.isArray(value) || prototype === null || Object.getPrototypeOf(prototype) === null
}
