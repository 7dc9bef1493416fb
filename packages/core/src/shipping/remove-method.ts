import * as z from 'zod'
import { id, type Tx } from '../kernel/index.js'
import { methodNotFound } from './errors.js'
import { shippingMethodTable } from './shipping.entity.js'

export interface RemoveShippingMethodInput {
  readonly methodId: string
}

export const removeMethodSchema: z.ZodType<RemoveShippingMethodInput> = z.strictObject({ methodId: id })

/** Offers a method no more; orders that were sent by it keep pointing to it. Again, it changes nothing. @throws shipping.method_not_found */
export async function removeMethod(tx: Tx, { methodId }: RemoveShippingMethodInput): Promise<void> {
  const removed = await tx.update(shippingMethodTable, { removedAt: tx.now }, { id: methodId, removedAt: null })
  if (removed === 0 && !(await tx.findOne(shippingMethodTable, { id: methodId }))) throw methodNotFound({ methodId })
}
