/** What is not kept. */
import { sql, type Tx } from '@entrepot/core'
import { bindingTable } from './binding.entity.js'
import { distributorTable } from './distributor.entity.js'

/** Visitors who never became customers, once nothing protects their binding any more: a table of strangers would only grow. */
export async function forgetVisitors(tx: Tx): Promise<void> {
  await tx.run(sql`DELETE FROM ${bindingTable} WHERE customer_id IS NULL AND protected_until <= ${tx.now}`)
}

/** The name and the facts of a distributor whose customer is erased. Its id, its place in the tree and its books stay. */
export async function forgetPerson(tx: Tx, customerId: string): Promise<void> {
  await tx.update(distributorTable, { name: '', metadata: {}, updatedAt: tx.now }, { customerId })
}
