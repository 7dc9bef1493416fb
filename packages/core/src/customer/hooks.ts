import type { Tx } from '../kernel/index.js'

export interface CustomerHooks {
  /** Blanks what another room or a plugin knows of the person, in the same transaction. Told again when an erasure is repeated. */
  'customer.erasing': (input: { readonly customerId: string }, tx: Tx) => Promise<void>
}
