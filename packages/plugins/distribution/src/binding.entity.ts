import { column, defineTable, nullable, type Table } from '@entrepot/core'
import type { Binding, BindingSource } from './binding.js'
import { distributorTable } from './distributor.entity.js'

export interface BindingRow extends Binding {
  /** `customer:cus_…` or `visitor:…`: one binding each. */
  readonly subject: string
  /** Another with every binding anew, so that whoever wrote it knows it again. */
  readonly id: string
  readonly customerId: string | null
  readonly source: BindingSource
}

export const bindingTable: Table<BindingRow> = defineTable<BindingRow>({
  name: 'distribution_binding',
  primaryKey: ['subject'],
  columns: {
    subject: column.string(140),
    id: column.id(),
    customerId: nullable(column.id()),
    distributorId: column.id(),
    boundAt: column.time(),
    protectedUntil: column.time(),
    source: column.string<BindingSource>(10),
  },
  indexes: [
    { name: 'distribution_binding_customer', columns: ['customerId'], unique: true },
    { name: 'distribution_binding_distributor', columns: ['distributorId', 'customerId'] },
    { name: 'distribution_binding_protection', columns: ['protectedUntil'] },
  ],
  foreignKeys: [
    { name: 'distribution_binding_distributor_fk', columns: ['distributorId'], references: () => distributorTable, referenced: ['id'] },
  ],
})

/** Who is bound: a customer, or a visitor who is not one yet, by the host's own token for its browser. */
export type Subject = { readonly customerId: string } | { readonly visitor: string }

export function subjectOf(who: Subject): string {
  return 'customerId' in who ? `customer:${who.customerId}` : `visitor:${who.visitor}`
}
