/** Finding distributors by whatever orders, carts and imports name them by, in a constant number of statements. */
import { columns, inList, type Reader, sql } from '@entrepot/core'
import { bindingTable } from './binding.entity.js'
import type { Binding } from './binding.js'
import { distributorTable } from './distributor.entity.js'
import type { Distributor } from './distributor.js'
import { codeIn } from './referral.js'

/** What distributors are looked for by. */
export interface Asked {
  /** Ids, or ids that they were imported with. */
  readonly names: readonly string[]
  /** Codes, or links that hold them. */
  readonly referrals: readonly string[]
  readonly customerIds: readonly string[]
}

/** What is known of the distributors and customers that were asked for. */
export interface Directory {
  /** By id, or else by the id that it was imported with. */
  named(name: string): Distributor | undefined
  /** The one whose link it is, if it may bind. */
  referrer(referral: string | null | undefined): Distributor | undefined
  /** The distributor that a customer is itself. */
  self(customerId: string | null): Distributor | undefined
  binding(customerId: string | null): Binding | undefined
}

/** Two statements, whatever is asked for. */
export async function readDirectory(reader: Reader, { names, referrals, customerIds }: Asked): Promise<Directory> {
  const customers = unique(customerIds)
  const bindings = customers.length === 0 ? [] : await reader.find(bindingTable, { customerId: customers })
  const distributors = await readDistributors(reader, {
    names: [...names, ...bindings.map(({ distributorId }) => distributorId)],
    codes: referrals.flatMap((referral) => codeIn(referral) ?? []),
    customerIds: customers,
  })
  const byId = new Map(distributors.map((distributor) => [distributor.id, distributor]))
  const byExternalId = new Map(distributors.map((distributor) => [distributor.externalId, distributor]))
  const byCode = new Map(distributors.map((distributor) => [distributor.code, distributor]))
  const byCustomer = new Map(distributors.map((distributor) => [distributor.customerId, distributor]))
  const bound = new Map(bindings.map((binding) => [binding.customerId, binding]))
  return {
    named: (name) => byId.get(name) ?? byExternalId.get(name),
    referrer: (referral) => {
      const code = referral ? codeIn(referral) : null
      const distributor = code === null ? undefined : byCode.get(code)
      return distributor?.status === 'approved' ? distributor : undefined
    },
    self: (customerId) => (customerId === null ? undefined : byCustomer.get(customerId)),
    binding: (customerId) => (customerId === null ? undefined : bound.get(customerId)),
  }
}

/** Distributors by any of these, by one statement. */
export async function readDistributors(reader: Reader, { names, codes, customerIds }: Keys): Promise<readonly Distributor[]> {
  if (names.length + codes.length + customerIds.length === 0) return []
  const rows = await reader.all(sql`
    SELECT ${columns(distributorTable)} FROM ${distributorTable}
    WHERE ${inList(sql`id`, unique(names))} OR ${inList(sql`external_id`, unique(names))}
      OR ${inList(sql`code`, unique(codes))} OR ${inList(sql`customer_id`, unique(customerIds))}`)
  return rows.map(distributorTable.read)
}

interface Keys {
  /** Ids or external ids. */
  readonly names: readonly string[]
  readonly codes: readonly string[]
  readonly customerIds: readonly string[]
}

function unique(values: readonly string[]): readonly string[] {
  return [...new Set(values)]
}
