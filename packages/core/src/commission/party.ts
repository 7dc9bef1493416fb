/** A supplier, by the id of its claim. */
export type SupplierParty = `supplier:${string}`

/** A distributor, by the id of its claim. */
export type DistributorParty = `distributor:${string}`

/** Whoever has a share of a line: the platform, a distributor, the tax that the platform remits, a supplier. */
export type PartyId = 'platform' | DistributorParty | 'tax' | SupplierParty

/** Where a flow begins or ends: a party, or the customer's cash. */
export type Endpoint = PartyId | 'customer'

export function supplierParty(id: string): SupplierParty {
  return `supplier:${id}`
}

export function distributorParty(id: string): DistributorParty {
  return `distributor:${id}`
}

export function isDistributor(party: Endpoint): party is DistributorParty {
  return party.startsWith('distributor:')
}

/** The order that ties follow (MONEY 1): platform, distributors by tier, tax, supplier. */
export function partyOrder(distributors: readonly DistributorParty[], supplier: SupplierParty): PartyId[] {
  return ['platform', ...new Set(distributors), 'tax', supplier]
}
