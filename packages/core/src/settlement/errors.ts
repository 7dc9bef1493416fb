import { defineError, type ErrorFactory } from '../kernel/index.js'

export const statementNotFound: ErrorFactory<{ statementId: string }> = defineError(
  'statement.not_found',
  'not_found',
  (f) => `there is no statement ${f.statementId}; list the party's statements to see which there are`,
)
export const statementState: ErrorFactory<{ statementId: string; state: string; needed: string }> = defineError(
  'statement.wrong_state',
  'conflict',
  (f) =>
    `statement ${f.statementId} is ${f.state}, and would have to be ${f.needed}; what is locked never changes, so correct it in the next one`,
)
export const statementOpen: ErrorFactory<{ party: string; statementId: string }> = defineError(
  'statement.open',
  'conflict',
  (f) => `${f.party} has statement ${f.statementId} open; lock it before the next is drawn`,
)
export const payoutNotFound: ErrorFactory<{ payoutId: string }> = defineError(
  'payout.not_found',
  'not_found',
  (f) => `there is no payout ${f.payoutId}`,
)
export const payoutState: ErrorFactory<{ payoutId: string; status: string; result: string }> = defineError(
  'payout.wrong_state',
  'conflict',
  (f) => `payout ${f.payoutId} is ${f.status} and cannot become ${f.result}; what came back is paid by the next statement under a new id`,
)
export const nothingToWriteOff: ErrorFactory<{ party: string; balance: number }> = defineError(
  'settlement.nothing_to_write_off',
  'not_allowed',
  (f) => `${f.party} has an available balance of ${f.balance}; only a negative one can be written off`,
)
export const providerUnknown: ErrorFactory<{ provider: string }> = defineError(
  'payout.provider_unknown',
  'invalid_argument',
  (f) =>
    `there is no payout provider "${f.provider}"; pass it to createCommerce in adapters.payouts, or install the plugin that provides it`,
)
