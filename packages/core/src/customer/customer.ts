import type { Metadata } from '../kernel/index.js'

/** What the host tells of a customer. All of it is personal data and goes at erasure. */
export interface CustomerProfile {
  /** The host's own id of the user; unique. A guest has none. */
  readonly externalUserId: string | null
  readonly email: string | null
  readonly name: string | null
  readonly phone: string | null
  /** The host's own name of a group that has prices of its own: `wholesale`. */
  readonly group: string | null
  /** BCP 47: `zh-Hans-CN`. */
  readonly locale: string | null
  readonly metadata: Metadata
}

export interface Customer extends CustomerProfile {
  /** `cus_…` */
  readonly id: string
  readonly createdAt: string
  readonly updatedAt: string
  /** When its personal data was blanked; what it bought stays in the books under its id. */
  readonly erasedAt: string | null
}

/** What is left of a profile after erasure. */
export const blankProfile: CustomerProfile = {
  externalUserId: null,
  email: null,
  name: null,
  phone: null,
  group: null,
  locale: null,
  metadata: {},
}
