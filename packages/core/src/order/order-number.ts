import type { IdGenerator, Timestamp } from '../kernel/index.js'

/**
 * A number that a person can read out: the day, and eight of the 26 characters of an id, which name no letter that is misread.
 * Made without coordination, it tells nobody how many orders there are. 40 bits a day: the unique index is there for the day on which they meet.
 */
export function orderNumber(ids: IdGenerator, placedAt: Timestamp): string {
  const day = placedAt.slice(2, 10).replaceAll('-', '')
  return `${day}-${ids('num').slice(-8)}`
}
