import type { Reader } from '@entrepot/core'
import { distributorTable } from './distributor.entity.js'

/** What distributors are called, for those who have a share explained to them. */
export async function describeDistributors(
  reader: Reader,
  parties: readonly string[],
): Promise<readonly { readonly party: string; readonly name: string }[]> {
  const ids = parties.flatMap((party) => /^distributor:(.+)$/.exec(party)?.[1] ?? [])
  if (ids.length === 0) return []
  return (await reader.find(distributorTable, { id: ids })).map(({ id, name }) => ({ party: `distributor:${id}`, name }))
}
