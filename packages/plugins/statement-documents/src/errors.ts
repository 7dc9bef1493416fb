import { defineError, type ErrorFactory } from '@entrepot/core'

export const glyphMissing: ErrorFactory<{ character: string; text: string }> = defineError(
  'statement_documents.glyph_missing',
  'not_allowed',
  ({ character, text }) =>
    `no font has the character "${character}" of "${text}"; hand one that has it to statementDocuments({ fonts: [await readFile('….ttf')] })`,
)
export const fontUnreadable: ErrorFactory<{ position: number }> = defineError(
  'statement_documents.font_unreadable',
  'invalid_data',
  ({ position }) => `fonts[${position}] is not a font that can be shown; hand over the bytes of a TrueType or OpenType file (.ttf, .otf)`,
)
export const tooMany: ErrorFactory<{ party: string; earliest: string }> = defineError(
  'statement_documents.too_many',
  'not_allowed',
  ({ party, earliest }) =>
    `${party} has more statements than one export reads; ask for those after ${earliest}, and for an earlier one by its id`,
)
