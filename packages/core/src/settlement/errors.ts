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
export const statementNotPermitted: ErrorFactory<{ statementId: string; actor: string; by: string }> = defineError(
  'statement.not_permitted',
  'not_allowed',
  (f) => `${f.actor} may not act for the ${f.by} of statement ${f.statementId}`,
)
export const statementLineUnknown: ErrorFactory<{ statementId: string; unknown: readonly string[]; lines: readonly string[] }> =
  defineError(
    'statement.line_unknown',
    'invalid_argument',
    (f) => `statement ${f.statementId} has no line ${f.unknown.join(', ')}; it has ${f.lines.join(', ')}`,
  )
export const disputeNotYours: ErrorFactory<{ statementId: string; by: string; disputedBy: string }> = defineError(
  'statement.dispute_not_yours',
  'not_allowed',
  (f) => `statement ${f.statementId} is disputed by the ${f.disputedBy}, so the ${f.by} cannot withdraw that; the operator can reject it`,
)
export const statementOpen: ErrorFactory<{ party: string; statementId: string }> = defineError(
  'statement.open',
  'conflict',
  (f) => `${f.party} has statement ${f.statementId} open; lock or discard it before the next is drawn`,
)
export const statementInFuture: ErrorFactory<{ until: string }> = defineError(
  'statement.in_future',
  'invalid_argument',
  (f) => `a statement cannot be drawn up to ${f.until}, which is still to come; leave it out to draw up to now`,
)
export const untilStated: ErrorFactory<{ party: string; until: string; statementId: string }> = defineError(
  'statement.until_stated',
  'conflict',
  (f) => `${f.party} is stated up to ${f.until} by ${f.statementId}; draw up to a later moment, and what became known late is in it`,
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
export const answerUnknown: ErrorFactory<{ provider: string; payoutId: string; status: string }> = defineError(
  'payout.answer_unknown',
  'unexpected_state',
  (f) => `payout provider "${f.provider}" answered of ${f.payoutId} with "${f.status}", which is no state of a payout; it is asked again`,
)
export const nothingToWriteOff: ErrorFactory<{ party: string; balance: number }> = defineError(
  'settlement.nothing_to_write_off',
  'not_allowed',
  (f) => `${f.party} has an available balance of ${f.balance}; only a negative one can be written off`,
)
export const withdrawalTooSmall: ErrorFactory<{ party: string; amount: number; fee: number; roundTo: number }> = defineError(
  'settlement.withdrawal_too_small',
  'invalid_argument',
  (f) =>
    `of the ${f.amount} that ${f.party} would withdraw, ${f.fee} is the fee, and what is left is below the ${f.roundTo} that the rail pays at least; withdraw more`,
)
export const withholdingInvalid: ErrorFactory<{ rule: string; tax: number; gross: number; party: string }> = defineError(
  'withholding.invalid',
  'unexpected_state',
  (f) =>
    `rule "${f.rule}" withholds ${f.tax} of ${f.gross} for ${f.party}; a tax is a whole number of minor units from 0 to the gross, so mend the rule`,
)
export const supplierUnknown: ErrorFactory<{ party: string }> = defineError(
  'settlement.supplier_unknown',
  'not_found',
  (f) => `there is no ${f.party}; money would be paid to nobody`,
)
export const providerUnknown: ErrorFactory<{ provider: string }> = defineError(
  'payout.provider_unknown',
  'invalid_argument',
  (f) =>
    `there is no payout provider "${f.provider}"; pass it to createCommerce in adapters.payouts, or install the plugin that provides it`,
)
