/**
 * Payouts by bank file.
 *
 * - A payout stands in one file, whatever dies and whoever makes files at the same time; a file that was made can be had again, the same to the letter.
 * - What a bank's statement says is reported once, however often it is read; what does not fit is told, and nothing is adjusted for it.
 * - Names and account numbers stand in the files alone, and can be erased there.
 */
export type { Debtor } from './context.js'
export type { CreatedFile, CreateFileInput, PayoutFile } from './create-file.js'
export type { ImportedStatement, ImportStatementInput, UnmatchedEntry } from './import-statement.js'
export type { FileContent, FileContentInput, PayoutFiles } from './payout-files-service.js'
export { type PayoutFilesOptions, payoutFiles } from './plugin.js'
