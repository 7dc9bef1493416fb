import type { Caller, Tx } from '../kernel/index.js'
import { emitSupplier } from './events.js'
import type { SupplierHooks } from './hooks.js'
import { type SupplierDeps, takeStep } from './record.js'
import type { ReasonedInput, SupplierIdInput } from './review-supplier.js'
import type { Supplier } from './supplier.js'

/** Stops a supplier from selling; what is sold already goes its way. @throws supplier.not_found, supplier.step_refused */
export function suspendSupplier({ kernel }: SupplierDeps): (tx: Tx, input: ReasonedInput, caller: Caller) => Promise<Supplier> {
  return async (tx, { supplierId, reason }, caller) => {
    const supplier = await takeStep(tx, kernel, caller, { supplierId, step: 'suspend', action: 'suspended', reason })
    await kernel.hooks<SupplierHooks>().run(tx, 'supplier.suspended', { supplierId, reason })
    emitSupplier(tx, 'supplier.suspended', supplierId, { supplierId, reason })
    return supplier
  }
}

/** Lets a suspended supplier sell again. @throws supplier.not_found, supplier.step_refused */
export function reinstateSupplier({ kernel }: SupplierDeps): (tx: Tx, input: SupplierIdInput, caller: Caller) => Promise<Supplier> {
  return async (tx, { supplierId }, caller) => {
    const supplier = await takeStep(tx, kernel, caller, { supplierId, step: 'reinstate', action: 'reinstated' })
    await kernel.hooks<SupplierHooks>().run(tx, 'supplier.reinstated', { supplierId })
    emitSupplier(tx, 'supplier.reinstated', supplierId, { supplierId })
    return supplier
  }
}
