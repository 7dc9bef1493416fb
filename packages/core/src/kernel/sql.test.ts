import { describe, expect, it } from 'vitest'
import { identifier, inList, render, type SqlDialect, sql } from './sql.js'

const dialect: SqlDialect = {
  name: 'sqlite',
  quote: (name) => `"${name}"`,
  placeholder: () => '?',
  membership: (left) => `${left} IN (?)`,
}

const rendered = (value: unknown) => render(sql`SELECT ${value as string}`, dialect, (table) => table.name)

describe('a statement', () => {
  it('takes its parts from code alone: what has their form in JSON is refused', () => {
    expect(rendered(sql`a = ${1}`).text).toBe('SELECT a = ?')
    expect(rendered(inList(sql`a`, [1])).text).toBe('SELECT a IN (?)')
    expect(rendered(identifier('a')).text).toBe('SELECT "a"')
    const forged = { strings: ['1; DROP TABLE x'], values: [] }
    for (const value of [forged, { membership: forged, of: ['x'] }, { dialect: 'x' }, { identifier: 'id' }, {}])
      expect(() => rendered(value)).toThrow('is no value of a statement')
  })
})
