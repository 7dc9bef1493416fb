import type { core } from 'zod'
import type { Scenario } from './scenario.js'
import { scenarioSchema } from './schema.js'

/** A scenario of a file, or what is wrong with it. */
export type ReadScenario =
  | { readonly id: string; readonly scenario: Scenario }
  /** Sentences that begin with the path of what they are about: `[2].steps[0].lines[1].prise: there is no such key`. */
  | { readonly id: string; readonly problems: readonly string[] }

/** Reads an array of scenarios. One that is wrong keeps none of the others from being played. */
export function parseScenarios(text: string): readonly ReadScenario[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (error) {
    return [{ id: '(file)', problems: [`is not JSON: ${error instanceof Error ? error.message : String(error)}`] }]
  }
  if (!Array.isArray(json)) return [{ id: '(file)', problems: ['must be an array of scenarios'] }]
  return json.map((given: unknown, index) => parseScenario(given, `[${index}]`))
}

/** @param place where the scenario stands, before every path */
export function parseScenario(given: unknown, place = ''): ReadScenario {
  const id = idOf(given) ?? place
  const parsed = scenarioSchema.safeParse(given)
  if (parsed.success) return { id, scenario: parsed.data }
  return { id, problems: parsed.error.issues.flatMap((issue) => sentences(issue, place)) }
}

function idOf(given: unknown): string | undefined {
  return typeof given === 'object' && given !== null && 'id' in given && typeof given.id === 'string' ? given.id : undefined
}

function sentences(issue: core.$ZodIssue, place: string): readonly string[] {
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${pathOf(place, [...issue.path, key])}: there is no such key`)
  // What a choice has in common with none of its forms is said of the whole: the forms themselves would contradict each other.
  return [`${pathOf(place, issue.path)}: ${issue.message}`]
}

/** `[2].steps[0].lines[1].price` */
function pathOf(place: string, path: readonly PropertyKey[]): string {
  const text = path.map((part) => (typeof part === 'number' ? `[${part}]` : `.${String(part)}`)).join('')
  return place === '' ? text.replace(/^\./, '') : `${place}${text}`
}
