/** `replaced`: a newer one of its kind was added. */
export type DocumentStatus = 'valid' | 'expired' | 'replaced'

/** A proof of qualification: a business licence, a brand's authorisation, an inspection report. */
export interface SupplierDocument {
  /** `sdc_…` */
  readonly id: string
  readonly supplierId: string
  /** The platform's own name of the kind: `business-licence`. A supplier has one current document of each. */
  readonly kind: string
  /** As it is printed on the document. */
  readonly number: string | null
  readonly fileUrl: string | null
  /** The first moment at which it is no longer valid; null: it does not expire. */
  readonly expiresAt: string | null
  /** Without it the supplier does not qualify: it must not be expired at approval, and its expiry is told. */
  readonly mandatory: boolean
  readonly status: DocumentStatus
  readonly addedAt: string
  readonly addedBy: string
}

/** @param now times compare as text */
export function documentStatus(
  { replacedAt, expiresAt }: { readonly replacedAt: string | null; readonly expiresAt: string | null },
  now: string,
): DocumentStatus {
  if (replacedAt !== null) return 'replaced'
  return expiresAt !== null && expiresAt <= now ? 'expired' : 'valid'
}
