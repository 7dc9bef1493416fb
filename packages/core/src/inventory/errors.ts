import { defineError, type ErrorFactory } from '../kernel/index.js'
import type { Shortage } from './plan.js'

export const insufficient: ErrorFactory<{ readonly offers: Readonly<Record<string, Shortage>> }> = defineError(
  'inventory.insufficient',
  'not_allowed',
  ({ offers }) =>
    `${Object.entries(offers)
      .map(([offerId, { wanted, available }]) => `${wanted} of offer ${offerId} are wanted and ${available} are available`)
      .join('; ')}; take fewer, or wait for stock`,
)

export const belowReserved: ErrorFactory<{
  readonly offerId: string
  readonly locationId: string
  readonly onHand: number
  readonly reserved: number
}> = defineError(
  'inventory.below_reserved',
  'not_allowed',
  (f) =>
    `offer ${f.offerId} cannot have ${f.onHand} on hand at ${f.locationId}, where ${f.reserved} are reserved; cancel orders that wait for it first`,
)

export const locationNotFound: ErrorFactory<{ readonly locationId: string }> = defineError(
  'inventory.location_not_found',
  'not_found',
  (f) => `there is no location ${f.locationId}; create it with inventory.createLocation`,
)

export const notStocked: ErrorFactory<{ readonly offerId: string; readonly locationId: string }> = defineError(
  'inventory.not_stocked',
  'not_found',
  (f) => `offer ${f.offerId} has no stock at ${f.locationId}; set it with inventory.setStock first`,
)

export const notReserved: ErrorFactory<{
  readonly reference: string
  readonly lineId: string
  readonly wanted: number
  readonly reserved: number
}> = defineError(
  'inventory.not_reserved',
  'not_allowed',
  (f) => `line ${f.lineId} of ${f.reference} has ${f.reserved} units reserved, not ${f.wanted}; fulfil what is reserved`,
)

export const alreadyReserved: ErrorFactory<{
  readonly reference: string
  readonly lineId: string
  readonly wanted: number
  readonly reserved: number
}> = defineError(
  'inventory.already_reserved',
  'conflict',
  (f) => `line ${f.lineId} of ${f.reference} holds ${f.reserved} units already and now wants ${f.wanted}; release it first`,
)

export const allotmentSpent: ErrorFactory<{
  readonly offerId: string
  readonly distributorId: string
  readonly wanted: number
  readonly unspent: number
}> = defineError(
  'inventory.allotment_spent',
  'not_allowed',
  (f) => `of what is set aside of offer ${f.offerId} for ${f.distributorId}, ${f.unspent} are unspent, not ${f.wanted}; take back fewer`,
)

export const lostRace: ErrorFactory<{ readonly table: string; readonly expected: number; readonly changed: number }> = defineError(
  'inventory.lost_race',
  'conflict',
  (f) => `${f.changed} of ${f.expected} rows of ${f.table} were as they had been read; nothing was changed, try again`,
)
