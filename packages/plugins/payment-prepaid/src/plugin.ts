import { type AnyTable, createTables, definePlugin, isCurrency, type PluginFactory } from '@entrepot/core'
import * as z from 'zod'
import { providerId } from './accounts.js'
import type { PrepaidSettings } from './context.js'
import type { PrepaidEvents } from './events.js'
import { prepaidOperationTable, prepaidPaymentTable } from './payment.entity.js'
import { createPrepaid, type Prepaid } from './prepaid-service.js'
import { prepaidProvider } from './provider.js'
import { prepaidTransferTable } from './transfer.entity.js'

export interface PrepaidOptions {
  /** ISO 4217 codes of the currencies that balances are topped up in. @default any */
  readonly currencies?: readonly string[] | undefined
}

const options: z.ZodType<PrepaidSettings, PrepaidOptions> = z.strictObject({
  currencies: z.array(z.string().refine(isCurrency, 'must be a code of ISO 4217')).min(1).optional(),
})

const tables: readonly AnyTable[] = [prepaidPaymentTable, prepaidOperationTable, prepaidTransferTable]

/**
 * A stored balance for every customer, and the payment provider `prepaid` that spends it.
 * @example
 * const commerce = await createCommerce({ database, plugins: [prepaid()] })
 * await commerce.prepaid.topUp({ customerId, amount: 5000, currency: 'EUR', source: 'bank', reference: 'transfer 4711' })
 * await commerce.orders.place({ cartId, payments: [{ provider: 'prepaid', amount: 3000 }, { provider: 'stripe' }] })
 */
export const prepaid: PluginFactory<'prepaid', PrepaidOptions, Prepaid, PrepaidEvents> = definePlugin({
  id: providerId,
  core: '>=0.1.0 <1.0.0',
  options,
  entities: tables,
  migrations: [createTables('0001-initial', tables)],
  setup: (context) => {
    context.provide.payment(prepaidProvider(context))
    return createPrepaid(context)
  },
})
