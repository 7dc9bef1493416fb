import { type Call, type Page, type PageInput, pageShape, type Reader, readPage } from '@entrepot/core'
import * as z from 'zod'
import type { PayoutFilesContext } from './context.js'
import { type CreatedFile, type CreateFileInput, createFile, createFileInput, type PayoutFile, shown } from './create-file.js'
import { fileErased, fileNotFound } from './errors.js'
import { type FileRow, fileTable } from './file.entity.js'
import { type ImportedStatement, type ImportStatementInput, importStatement, importStatementInput } from './import-statement.js'

export interface FileContentInput {
  readonly fileId: string
  /** `pain001`: ISO 20022, pain.001.001.09. `csv`: RFC 4180. @default 'pain001' */
  readonly format?: 'pain001' | 'csv' | undefined
}

export interface FileContent {
  /** A name to save it under. */
  readonly name: string
  readonly type: 'application/xml' | 'text/csv'
  /** The same characters each time. */
  readonly content: string
}

/** What an operator does with payouts that are paid by file. */
export interface PayoutFiles {
  /** Puts the payouts that wait in a currency into a file for the bank; each stands in one file. @throws payout_file.no_debtor */
  create(input: CreateFileInput, call?: Call): Promise<CreatedFile>
  /** In the order in which they were made, without what stands in them. */
  list(input?: PageInput, call?: Call): Promise<Page<PayoutFile>>
  /** What stands in a file: names and account numbers. @throws payout_file.not_found, payout_file.erased */
  content(input: FileContentInput, call?: Call): Promise<FileContent>
  /** Forgets what stands in a file, once the bank has it; its sums stay. @throws payout_file.not_found */
  erase(input: { readonly fileId: string }, call?: Call): Promise<PayoutFile>
  /** Reads a bank's statement (camt.053) and reports which payouts were paid or came back. @throws payout_file.unreadable */
  importStatement(input: ImportStatementInput, call?: Call): Promise<ImportedStatement>
}

const pageInput: z.ZodType<PageInput> = z.strictObject(pageShape)
const fileId = z.string().min(1).max(40)
const formats = { pain001: ['xml', 'application/xml'], csv: ['csv', 'text/csv'] } as const

export function createPayoutFiles(context: PayoutFilesContext): PayoutFiles {
  const { command, query } = context
  const list = query('payoutFiles.list', pageInput, async (reader, input) => {
    const { items, ...page } = await readPage(reader, fileTable, {}, input)
    return { items: items.map(shown), ...page }
  })
  return {
    create: command('payoutFiles.create', createFileInput, createFile(context)),
    list: (input = {}, call) => list(input, call),
    content: query(
      'payoutFiles.content',
      z.strictObject({ fileId, format: z.enum(['pain001', 'csv']).default('pain001') }),
      async (reader, input): Promise<FileContent> => {
        const content = (await fileBy(reader, input.fileId))[input.format]
        if (content === null) throw fileErased({ fileId: input.fileId })
        const [ending, type] = formats[input.format]
        return { name: `${input.fileId}.${ending}`, type, content }
      },
    ),
    erase: command('payoutFiles.erase', z.strictObject({ fileId }), async (tx, input) => {
      const file = await fileBy(tx, input.fileId)
      await tx.update(fileTable, { pain001: null, csv: null }, { id: file.id })
      return shown({ ...file, pain001: null })
    }),
    importStatement: command('payoutFiles.importStatement', importStatementInput, importStatement(context)),
  }
}

/** @throws payout_file.not_found */
async function fileBy(reader: Reader, id: string): Promise<FileRow> {
  const [file] = await reader.find(fileTable, { id })
  if (file === undefined) throw fileNotFound({ fileId: id })
  return file
}
