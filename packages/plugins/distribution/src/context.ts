import type { PluginContext, Tx } from '@entrepot/core'
import type { DistributionEvents } from './events.js'
import type { Policy } from './options.js'

/** What every use case of the plugin is given. */
export type DistributionContext = PluginContext<Policy, DistributionEvents, object>

/** Refuses a customer that does not exist. @throws customer.not_found */
export async function requireCustomer({ commerce }: DistributionContext, tx: Tx, customerId: string): Promise<void> {
  await commerce.customers.get({ customerId }, { tx })
}
