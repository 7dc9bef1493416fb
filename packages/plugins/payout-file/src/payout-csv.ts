/** The same transfers for a bank that takes lists. Pure. */
import { stringify } from 'csv-stringify/sync'
import { decimal, type TransferFile } from './pain001.js'

/** RFC 4180, a header first; a cell that a spreadsheet would take for a formula is quoted off with an apostrophe. */
export function payoutCsv({ currency, executeOn, transfers }: TransferFile): string {
  const rows = transfers.map(({ reference, amount, account, remittance }) => ({
    reference,
    holder: account.holder,
    iban: account.iban,
    account_number: account.accountNumber,
    bic: account.bic,
    bank_code: account.bankCode,
    bank_name: account.bankName,
    country: account.country,
    amount: decimal(amount, currency),
    currency,
    execute_on: executeOn,
    remittance,
  }))
  return stringify(rows, { header: true, escape_formulas: true, record_delimiter: 'windows' })
}
