/**
 * Statements as documents: what settlement has drawn, written down for a bookkeeper and for the party.
 *
 * - Nothing is computed: a document shows the statement's own opening, lines and closing.
 * - What a font cannot show is refused, never left out.
 */
export { type CsvInput, type StatementDocuments, type StatementDocumentsOptions, statementDocuments } from './plugin.js'
export type { NameOf, StatementsInput } from './read-documents.js'
export type { StatementWords, StatementWordsInput } from './words.js'
