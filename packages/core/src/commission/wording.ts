import { formatAmount } from '../money/index.js'

/** How an explanation writes what it speaks of. */
export interface Wording {
  readonly amount: (amount: number) => string
  /** `the rule for category shoes` */
  readonly rule: (ruleId: string) => string
  /** `distributor Chen` */
  readonly distributor: (distributorId: string) => string
}

/** Minor units and ids, as they are stored with a line. */
export const plainWording: Wording = {
  amount: String,
  rule: (ruleId) => `rule ${ruleId}`,
  distributor: (distributorId) => `distributor ${distributorId}`,
}

/** Amounts in a currency, and names by party: `supplier:sup_…`, `distributor:dst_…`. */
export function wordingFor(currency: string, names: ReadonlyMap<string, string>, ruleName: string): Wording {
  return {
    amount: (amount) => formatAmount(amount, currency),
    rule: () => ruleName,
    distributor: (distributorId) => names.get(`distributor:${distributorId}`) ?? `distributor ${distributorId}`,
  }
}
