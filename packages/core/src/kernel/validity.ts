import type { Timestamp } from './clock.js'
import { identifier, type Sql, sql } from './sql.js'

/** That a row holds at a moment: from `valid_from`, inclusive, to `valid_to`, exclusive, or for good where that is null. */
export function holdsAt(at: Timestamp, alias?: string): Sql {
  const column = (name: string): Sql => (alias === undefined ? sql`${identifier(name)}` : sql`${identifier(alias)}.${identifier(name)}`)
  const [from, to] = [column('valid_from'), column('valid_to')]
  return sql`${from} <= ${at} AND (${to} IS NULL OR ${to} > ${at})`
}
