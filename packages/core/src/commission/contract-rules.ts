import { sql, type Tx, validate } from '../kernel/index.js'
import { type SupplierContract, supplierContractTable } from '../supplier/index.js'
import { ruleTable } from './commission.entity.js'
import { contractTermsInput, newRule, type RuleDeps } from './rules.js'

/**
 * Makes the commission of a supplier's contract a rule for that supplier, from the contract's beginning to that of the next one, and ends the rule of the contract
 * that held until then. A contract without commission ends it as well: the platform's general rules hold again.
 * @throws input.invalid, commission.invalid_rule, money.invalid_percentage
 */
export function ruleOfContract(deps: RuleDeps): (tx: Tx, contract: SupplierContract) => Promise<void> {
  return async (tx, { id, supplierId, commission, validFrom, createdBy }) => {
    // What began at the same moment ends as it begins, and so never holds: the newer contract does.
    await tx.run(sql`
      UPDATE ${ruleTable} SET valid_to = ${validFrom}
      WHERE supplier = ${supplierId} AND contract_id IS NOT NULL AND valid_from <= ${validFrom} AND (valid_to IS NULL OR valid_to > ${validFrom})`)
    if (commission === null || Object.keys(commission).length === 0) return
    // A contract may be set with a beginning before that of others.
    const [next] = await tx.all(sql`
      SELECT MIN(valid_from) AS valid_from FROM ${supplierContractTable} WHERE supplier_id = ${supplierId} AND valid_from > ${validFrom}`)
    const validTo = typeof next?.valid_from === 'string' ? next.valid_from : undefined
    const terms = validate(contractTermsInput, commission, "the contract's commission")
    const match = { supplier: supplierId }
    const { row } = newRule(deps, { ...terms, match, validFrom, validTo }, { by: createdBy, at: tx.now, contractId: id })
    await tx.insert(ruleTable, [row])
  }
}
