import { randomBytes } from 'node:crypto'
import type { Clock, Timestamp } from './clock.js'

/** Makes ids such as `ord_06E8PRXVK8D4T0W1Z6Q2N3YHJM`: a prefix that names the kind, then 26 characters that sort by time. */
export type IdGenerator = (prefix: string) => string

// Crockford's alphabet: no I, L, O, U, so that an id read aloud or from paper is not misread; ASCII order is value order.
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/**
 * Ids made by one generator rise strictly, also within one millisecond; two generators need no agreement, since 80 random bits follow the time.
 * @param random gives that many random bytes; a test gives its own to repeat itself
 */
export function createIdGenerator(clock: Clock, random: (size: number) => Uint8Array = randomBytes): IdGenerator {
  let lastMillis = -1
  let tail: number[] = []
  return (prefix) => {
    const millis = Math.max(Date.parse(clock.now()), 0)
    if (millis > lastMillis) {
      lastMillis = millis
      tail = Array.from(random(16), (byte) => byte & 31)
    } else {
      increment(tail)
    }
    return `${prefix}_${encodeTime(lastMillis)}${tail.map((digit) => alphabet[digit]).join('')}`
  }
}

/** What no id is below that was made with this prefix at this moment or later: a bound for what is new. */
export function idFloor(prefix: string, time: Timestamp): string {
  return `${prefix}_${encodeTime(Math.max(Date.parse(time), 0))}`
}

function increment(digits: number[]): void {
  for (let index = digits.length - 1; index >= 0; index--) {
    const next = (digits[index] ?? 0) + 1
    digits[index] = next & 31
    if (next < 32) return
  }
}

function encodeTime(millis: number): string {
  let text = ''
  for (let rest = millis, place = 0; place < 10; place++) {
    text = alphabet.charAt(rest % 32) + text
    rest = Math.floor(rest / 32)
  }
  return text
}
