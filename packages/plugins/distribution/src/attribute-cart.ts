import type { AttributingInput, Reader } from '@entrepot/core'
import { broughtBy } from './binding.js'
import { readDirectory } from './directory.js'

/** Whose prices and stock a cart has: those of the distributor who brought its customer, if it may sell. Two statements, and none for a cart that came by nobody. */
export async function attributeCart(
  { customerId, attribution: { referral }, at }: AttributingInput,
  reader: Reader,
): Promise<{ readonly distributorId: string | null }> {
  const directory = await readDirectory(reader, {
    names: [],
    referrals: referral === null ? [] : [referral],
    customerIds: customerId === null ? [] : [customerId],
  })
  const distributorId = broughtBy({
    binding: directory.binding(customerId),
    referred: directory.referrer(referral)?.id,
    self: directory.self(customerId)?.id,
    at,
  })
  const distributor = distributorId === undefined ? undefined : directory.named(distributorId)
  return { distributorId: distributor?.status === 'approved' ? distributor.id : null }
}
