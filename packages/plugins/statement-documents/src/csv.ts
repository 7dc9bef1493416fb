import { formatAmount } from '@entrepot/core'
import { stringify } from 'csv-stringify/sync'
import type { StatementDocument } from './read-documents.js'
import type { StatementWords } from './words.js'

const columns = ['statement', 'state', 'party', 'name', 'from', 'until', 'currency', 'row', 'kind', 'description', 'count', 'amount']

/**
 * Statements as CSV by RFC 4180: for each its opening balance, its lines and its closing balance, told apart by `row`. Amounts are decimals with as many places
 * as the currency has; opening and lines add up to closing.
 * @param bom begins with the mark by which Excel knows UTF-8
 */
export function statementsCsv(documents: readonly StatementDocument[], words: StatementWords, bom: boolean): string {
  const rows = documents.flatMap(({ statement, name, from }) => {
    const { id, state, party, until, currency, opening, closing, lines } = statement
    const row = (what: string, kind: string, description: string, count: number | '', amount: number): readonly (string | number)[] => [
      ...[id, state, party, name, from ?? '', until, currency, what, kind, description].map(inert),
      count,
      decimal(amount, currency),
    ]
    return [
      row('opening', '', words.opening, '', opening),
      ...lines.map(({ kind, count, amount }) => row('line', kind, words.lines[kind], count, amount)),
      row('closing', '', words.closing, '', closing),
    ]
  })
  return stringify([columns, ...rows], { bom, record_delimiter: 'windows' })
}

/** `-1234.50`: what a spreadsheet reads as a number. */
export function decimal(amount: number, currency: string): string {
  return formatAmount(amount, currency).slice(0, -(currency.length + 1))
}

/** Text that no spreadsheet takes for a formula (OWASP, CSV injection): a name such as `=HYPERLINK(…)` is shown, not run. */
function inert(text: string): string {
  return /^\s*[=+\-@\uFF1D\uFF0B\uFF0D\uFF20]|^[\t\r\n]/.test(text) ? `'${text}` : text
}
