import { defineError } from './errors.js'

/** A moment in UTC to the millisecond, always written `2026-01-31T09:00:00.000Z`: as text it sorts by time, and no driver turns it into something else. */
export type Timestamp = string

/** Where the time comes from. Everything asks it and nothing asks the machine, so that a test repeats and a year of settlement runs in a second. */
export interface Clock {
  now(): Timestamp
}

export const systemClock: Clock = { now: () => new Date().toISOString() }

const invalidTime = defineError(
  'time.invalid',
  'invalid_data',
  (f: { value: string }) => `"${f.value}" is not a time; write it like 2026-01-31T09:00:00.000Z`,
)

/** Any ISO 8601 time with an offset, as a Timestamp. @throws time.invalid */
export function timestamp(value: string | Date): Timestamp {
  const date =
    value instanceof Date ? value : /^\d{4}-\d\d-\d\dT\d\d:\d\d.*(Z|[+-]\d\d:?\d\d)$/.test(value) ? new Date(value) : new Date(Number.NaN)
  const millis = date.getTime()
  // Years beyond four digits would no longer sort as text.
  if (Number.isNaN(millis) || millis < Date.UTC(0, 0) || millis >= Date.UTC(10000, 0)) throw invalidTime({ value: String(value) })
  return date.toISOString()
}

export function addMillis(time: Timestamp, millis: number): Timestamp {
  return new Date(Date.parse(time) + millis).toISOString()
}

export const dayInMillis = 86_400_000

export function addDays(time: Timestamp, days: number): Timestamp {
  return addMillis(time, days * dayInMillis)
}
