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
  const result = schema.safeParse(input)
  if (result.success && !holdsNul(result.data)) return result.data
  const issues: readonly InputIssue[] = result.success
    ? [{ path: '', message: 'a text holds the character U+0000, which no database can store' }]
    : result.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }))
  const sentence = issues.map((issue) => (issue.path === '' ? issue.message : `${issue.path}: ${issue.message}`)).join('; ')
  throw new CommerceError(errorKinds.invalidData, 'input.invalid', `${what}: ${sentence}`, { details: { what, issues } })
}

function holdsNul(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('\u0000')
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false
  return Object.entries(value).some(([key, part]) => key.includes('\u0000') || holdsNul(part))
}
