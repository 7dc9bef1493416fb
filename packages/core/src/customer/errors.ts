import { defineError, type ErrorFactory } from '../kernel/index.js'

export const customerNotFound: ErrorFactory<{ customerId: string }> = defineError(
  'customer.not_found',
  'not_found',
  (f: { customerId: string }) => `there is no customer ${f.customerId}`,
)

export const customerErased: ErrorFactory<{ customerId: string }> = defineError(
  'customer.erased',
  'not_allowed',
  (f: { customerId: string }) => `customer ${f.customerId} was erased and takes no new personal data; create another customer`,
)

// The user's id is personal data of the host's, so the error does not repeat it; who asked knows it.
export const userTaken: ErrorFactory<Record<string, never>> = defineError(
  'customer.user_taken',
  'duplicate_error',
  () => 'another customer has this externalUserId; look it up with findByUser',
)

export const addressNotFound: ErrorFactory<{ customerId: string; addressId: string }> = defineError(
  'customer.address_not_found',
  'not_found',
  (f: { customerId: string; addressId: string }) => `customer ${f.customerId} has no address ${f.addressId}`,
)

export const contactNotFound: ErrorFactory<{ contactId: string }> = defineError(
  'customer.contact_not_found',
  'not_found',
  (f: { contactId: string }) => `there is no contact ${f.contactId}`,
)
