/** Which promotions a cart gets. Pure. */
import type { Adjustment } from '@entrepot/core'
import { type Grant, grantOf, type PromotedCart, type Refusal } from './grant.js'
import { sameCode } from './inputs.js'
import type { Promotion } from './promotion.js'

/** A cart with the codes that the customer entered. */
export interface CartWithCodes extends PromotedCart {
  readonly codes: readonly string[]
}

interface Candidate {
  readonly promotion: Promotion
  /** As it was entered; null where none is needed. */
  readonly code: string | null
}

/**
 * The documented order: promotions that could be granted come by priority, the higher first; at equal priority the one that takes more off first; at equal
 * amounts the older. The first is granted. After it, each further one is granted if it, and all before it, are combinable. Amounts and percentages are of the
 * price before any discount, so the order changes no amount; core grants no more than the goods cost.
 * @param promotions by code or by themselves, whether or not they can be granted now
 */
export function choosePromotions(
  cart: CartWithCodes,
  promotions: readonly Promotion[],
  isUsedUp: (promotion: Promotion) => boolean,
): Adjustment {
  const results = candidatesOf(cart.codes, promotions).map((candidate) => ({
    ...candidate,
    result: grantOf(candidate.promotion, cart, isUsedUp(candidate.promotion)),
  }))
  const grants = results.flatMap(({ code, result }) => (typeof result === 'string' ? [] : [{ code, ...result }])).sort(byPrecedence)
  const taken: typeof grants = []
  for (const grant of grants) if (combine(taken, grant)) taken.push(grant)
  const refused = [
    ...results.flatMap(({ code, result }) => (typeof result === 'string' ? notice(code, result) : [])),
    ...grants.filter((grant) => !taken.includes(grant)).flatMap(({ code }) => notice(code, 'not_combinable')),
    ...repeatedCodes(cart.codes, promotions).flatMap((code) => notice(code, 'entered_twice')),
  ]
  return {
    discounts: taken.map(({ promotion, code, amount, lineIds, funders }) => ({
      source: promotion.id,
      code,
      label: promotion.name,
      amount,
      lineIds,
      funders,
    })),
    notices: refused,
  }
}

function byPrecedence(a: Grant, b: Grant): number {
  return b.promotion.priority - a.promotion.priority || b.amount - a.amount || (a.promotion.id < b.promotion.id ? -1 : 1)
}

function combine(before: readonly Grant[], { promotion }: Grant): boolean {
  return before.length === 0 || (promotion.combinable && before.every((grant) => grant.promotion.combinable))
}

function candidatesOf(codes: readonly string[], promotions: readonly Promotion[]): readonly Candidate[] {
  return promotions.flatMap((promotion): readonly Candidate[] => {
    if (promotion.code === null) return [{ promotion, code: null }]
    const entered = codes.find((code) => sameCode(code) === promotion.code)
    return entered === undefined ? [] : [{ promotion, code: entered }]
  })
}

/** Codes of ours that were entered once more, in another spelling. */
function repeatedCodes(codes: readonly string[], promotions: readonly Promotion[]): readonly string[] {
  const same = codes.map(sameCode)
  return codes.filter(
    (code, index) => same.indexOf(sameCode(code)) < index && promotions.some((promotion) => promotion.code === sameCode(code)),
  )
}

/** What needs no code is not missed. */
function notice(code: string | null, reason: Refusal): readonly { readonly code: string; readonly reason: Refusal }[] {
  return code === null ? [] : [{ code, reason }]
}
