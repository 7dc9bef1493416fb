/** A postal address with whom to reach there. */
export interface Address {
  readonly name: string
  readonly company?: string | undefined
  readonly phone?: string | undefined
  readonly email?: string | undefined
  /** ISO 3166-1 alpha-2: `CN`. */
  readonly country: string
  /** State or province, as tax and shipping rates name it: `CA`. */
  readonly region?: string | undefined
  readonly city?: string | undefined
  readonly postalCode?: string | undefined
  readonly line1: string
  readonly line2?: string | undefined
}

/** The members of an address as they are stored and given back: null where there is none. */
export interface AddressParts {
  readonly name: string | null
  readonly company: string | null
  readonly phone: string | null
  readonly email: string | null
  readonly country: string
  readonly region: string | null
  readonly city: string | null
  readonly postalCode: string | null
  readonly line1: string | null
  readonly line2: string | null
}

/** An entry of a customer's address book. */
export interface CustomerAddress extends AddressParts {
  /** `adr_…` */
  readonly id: string
  readonly customerId: string
  readonly name: string
  readonly line1: string
  readonly createdAt: string
  readonly updatedAt: string
}

/** An address as it was when a cart or an order took it. It never changes, but for erasure. */
export interface Contact extends AddressParts {
  /** `cnt_…` */
  readonly id: string
  readonly customerId: string | null
  /** Blanked: only country and region are left. */
  readonly erased: boolean
}

export function addressParts(address: Address): AddressParts & { readonly name: string; readonly line1: string } {
  const {
    name,
    line1,
    country,
    company = null,
    phone = null,
    email = null,
    region = null,
    city = null,
    postalCode = null,
    line2 = null,
  } = address
  return { name, company, phone, email, country, region, city, postalCode, line1, line2 }
}

/** What erasure sets. Country and region stay: tax was reckoned by them, and the books must be able to tell; no person is found by them. */
export const blankAddress: Omit<AddressParts, 'country' | 'region'> = {
  name: null,
  company: null,
  phone: null,
  email: null,
  city: null,
  postalCode: null,
  line1: null,
  line2: null,
}
