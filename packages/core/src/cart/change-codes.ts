import * as z from 'zod'
import { id, line, type Tx } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { cartTable } from './cart.entity.js'
import { linesOf, lockOpenCart } from './cart-store.js'
import { codeRefused, tooManyCodes } from './errors.js'
import type { CartPricer } from './price-cart.js'

export interface CodeInput {
  readonly cartId: string
  /** As the customer enters it; blanks around it do not count. */
  readonly code: string
}

export interface AppliedCode {
  readonly code: string
  /** What it takes off the cart as it is now, in minor units. */
  readonly discount: number
}

export const codeSchema: z.ZodType<CodeInput> = z.strictObject({ cartId: id, code: line(64) })

const mostCodes = 20

/** Enters a code that is good for a discount now; entering it again changes nothing. @throws cart.not_found, cart.closed, cart.completed, cart.code_refused, cart.too_many_codes */
export function applyCode(pricer: CartPricer): (tx: Tx, input: CodeInput) => Promise<AppliedCode> {
  return async (tx, { cartId, code }) => {
    const cart = await lockOpenCart(tx, cartId)
    const codes = [...new Set([...cart.codes, code])]
    if (codes.length > mostCodes) throw tooManyCodes({ cartId, most: mostCodes })
    const { discounts, refusedCodes } = await pricer.adjusted(tx, { ...cart, codes }, await linesOf(tx, cartId))
    const refused = refusedCodes.find((notice) => notice.code === code)
    if (refused) throw codeRefused({ cartId, code, reason: refused.reason })
    await tx.update(cartTable, { codes }, { id: cartId })
    const granted = discounts.flat().filter((discount) => discount.code === code)
    return { code, discount: sumAmounts(granted.map(({ amount }) => amount)) }
  }
}

/** Takes a code out; one that is not in the cart is out already. @throws cart.not_found, cart.closed, cart.completed */
export async function removeCode(tx: Tx, { cartId, code }: CodeInput): Promise<void> {
  const cart = await lockOpenCart(tx, cartId)
  await tx.update(cartTable, { codes: cart.codes.filter((entered) => entered !== code) }, { id: cartId })
}
