import type { Tx } from '@entrepot/core'
import * as z from 'zod'
import { type BindingResult, bindOne } from './bind-customer.js'
import type { Subject } from './binding.entity.js'
import { type DistributionContext, requireCustomer } from './context.js'
import { readDirectory } from './directory.js'
import { codeUnknown } from './errors.js'
import { id, text } from './inputs.js'

/** A link was opened: by a customer, or by a visitor whom the host knows by a token alone. */
export interface ClickInput {
  /** The link, or the code in it. */
  readonly code: string
  readonly customerId?: string | undefined
  /** A random token that the host keeps in the visitor's browser. */
  readonly visitor?: string | undefined
}

export const clickInput: z.ZodType<ClickInput> = z
  .strictObject({ code: text(2000), customerId: id.optional(), visitor: text(120).optional() })
  .refine(({ customerId, visitor }) => (customerId === undefined) !== (visitor === undefined), 'give either customerId or visitor')

/** Binds who opened a link, unless a protected binding stands. A link of nobody, or of one who may not bind, is unknown. @throws distribution.code_unknown, customer.not_found */
export function click(context: DistributionContext): (tx: Tx, input: ClickInput) => Promise<BindingResult> {
  return async (tx, { code, customerId, visitor = '' }) => {
    const who: Subject = customerId === undefined ? { visitor } : { customerId }
    if (customerId !== undefined) await requireCustomer(context, tx, customerId)
    const distributor = (await readDirectory(tx, { names: [], referrals: [code], customerIds: [] })).referrer(code)
    if (!distributor) throw codeUnknown({ code: code.slice(0, 100) })
    return bindOne(context, tx, { who, distributorId: distributor.id, at: tx.now, source: 'click' })
  }
}
