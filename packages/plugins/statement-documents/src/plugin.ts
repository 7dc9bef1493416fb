import { type Call, definePlugin, type PluginFactory } from '@entrepot/core'
import * as z from 'zod'
import { statementsCsv } from './csv.js'
import { facesOf } from './faces.js'
import { statementPdf } from './pdf.js'
import { type NameOf, readDocuments, type StatementsInput } from './read-documents.js'
import { type StatementWordsInput, wordsSchema, wordsWith } from './words.js'

export interface StatementDocumentsOptions {
  /** The platform's name as it stands at the head of a PDF, and lines below it: an address, a tax number. */
  readonly platform: string | readonly string[]
  /** What a party is called on its papers. @default a supplier's name; for others, the party as the books have it */
  readonly nameOf?: NameOf | undefined
  /** Font files (TrueType or OpenType: .ttf, .otf) for the PDF: each character is shown in the first that has it, and in Helvetica after all. @default none */
  readonly fonts?: readonly Uint8Array[] | undefined
  /** In place of the English words. */
  readonly words?: StatementWordsInput | undefined
}

export type CsvInput = StatementsInput & {
  /** Begins with the mark by which Excel knows UTF-8. @default false */
  readonly bom?: boolean | undefined
}

export interface StatementDocuments {
  /**
   * One statement, or a party's, oldest first, as CSV.
   * @throws statement.not_found, time.invalid, statement_documents.too_many
   */
  csv(input: CsvInput, call?: Call): Promise<string>
  /** One statement as PDF. @throws statement.not_found, statement_documents.glyph_missing */
  pdf(input: { readonly statementId: string }, call?: Call): Promise<Uint8Array>
}

type Settings = Omit<StatementDocumentsOptions, 'platform'> & { readonly platform: readonly string[] }

const text = z.string().trim().min(1).max(200)
const options: z.ZodType<Settings, StatementDocumentsOptions> = z.strictObject({
  platform: z.union([text.transform((name) => [name]), z.array(text).min(1).max(10)]),
  nameOf: z.custom<NameOf>((value) => typeof value === 'function', 'must be a function').optional(),
  fonts: z.array(z.instanceof(Uint8Array)).max(20).optional(),
  words: wordsSchema.optional(),
})

const statementId = z.string().min(1)
const time = z.string().optional()
const pdfInput = z.strictObject({ statementId })
const csvInput: z.ZodType<CsvInput> = z.union([
  z.strictObject({ statementId, bom: z.boolean().optional() }),
  z.strictObject({ party: z.string().min(1), from: time, to: time, bom: z.boolean().optional() }),
])

/**
 * Statements as documents: CSV for bookkeeping, PDF for people.
 * @throws statement_documents.font_unreadable, when the commerce is created
 * @example
 * const commerce = await createCommerce({ database, plugins: [statementDocuments({ platform: 'Harbour Market', fonts: [await readFile('NotoSansSC.ttf')] })] })
 * await writeFile('statement.pdf', await commerce.statementDocuments.pdf({ statementId }))
 */
export const statementDocuments: PluginFactory<'statementDocuments', StatementDocumentsOptions, StatementDocuments> = definePlugin({
  id: 'statementDocuments',
  core: '>=0.1.0 <1.0.0',
  options,
  setup: ({ commerce, query, options: { platform, nameOf, fonts = [], words } }): StatementDocuments => {
    const style = { platform, words: wordsWith(words), faces: facesOf(fonts) }
    // Checked first and read after: what core reads takes a connection of its own.
    const forCsv = query('statementDocuments.csv', csvInput, async (_reader, input) => input)
    const forPdf = query('statementDocuments.pdf', pdfInput, async (_reader, input) => input)
    return {
      csv: async (input, call) => {
        const { bom = false, ...which } = await forCsv(input, call)
        return statementsCsv(await readDocuments(commerce, which, nameOf, call), style.words, bom)
      },
      pdf: async (input, call) => {
        const [document] = await readDocuments(commerce, await forPdf(input, call), nameOf, call)
        if (!document) throw new TypeError('a statement that was found has a document')
        return statementPdf(document, style)
      },
    }
  },
})
