import type { Metadata, Timestamp } from '../kernel/index.js'

export type LocationKind = 'warehouse' | 'shop'

/** A place where goods lie. */
export interface Location {
  readonly id: string
  readonly name: string
  readonly kind: LocationKind
  /** Whose place it is; null: the platform's. */
  readonly supplierId: string | null
  readonly metadata: Metadata
  readonly createdAt: Timestamp
}
