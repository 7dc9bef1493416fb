import type { PayoutProvider, PayoutState } from '@entrepot/core'
import type { PayoutFilesContext } from './context.js'
import { type FilePayoutRow, filePayoutTable } from './file.entity.js'
import { referenceOf } from './text.js'

export const providerId = 'payout-file'

/** Takes payouts on for the next file. What cannot be paid by file fails at once, and goes back to its party. */
export function fileProvider({ options, commerce, transaction, read }: PayoutFilesContext): PayoutProvider {
  return {
    id: providerId,
    submit: ({ payoutId, party, amount, currency, statementId }) =>
      transaction(undefined, async (tx) => {
        const [account] = await commerce.settlement.payoutAccounts({ parties: [party] }, { tx })
        const failure =
          options.debtors[currency] === undefined
            ? { failureCode: 'no_debtor', failureMessage: `no account of the platform pays in ${currency}` }
            : account === undefined
              ? { failureCode: 'no_account', failureMessage: 'it is not known where the party is paid' }
              : undefined
        const row: FilePayoutRow = {
          payoutId,
          party,
          amount,
          currency,
          statementId,
          reference: referenceOf(payoutId),
          status: failure === undefined ? 'waiting' : 'failed',
          fileId: null,
          ...(failure ?? { failureCode: null, failureMessage: null }),
          submittedAt: tx.now,
        }
        // Asked again after an answer that was lost: what was said then stands, whatever has become of the account.
        await tx.insertMissing(filePayoutTable, [row])
        return stateOf((await tx.findOne(filePayoutTable, { payoutId })) ?? row)
      }),
    fetch: ({ payoutId }) =>
      read(undefined, async (reader) => {
        const [row] = await reader.find(filePayoutTable, { payoutId })
        return row === undefined ? null : stateOf(row)
      }),
  }
}

function stateOf({ status, reference, failureCode, failureMessage }: FilePayoutRow): PayoutState {
  return {
    status: status === 'waiting' || status === 'filed' ? 'submitted' : status,
    providerRef: reference,
    ...(failureCode === null ? {} : { failure: { code: failureCode, message: failureMessage ?? failureCode } }),
  }
}
