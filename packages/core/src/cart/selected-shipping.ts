import { addDays, type Timestamp } from '../kernel/index.js'
import type { Parcel } from '../ports/index.js'
import type { ShippingOption } from '../shipping/index.js'

/** How the customer wants one supplier's parcel sent. */
export interface SelectedShipping {
  readonly methodId: string
  /** What the carrier asked, where a carrier sets the price; a price from a table is looked up anew each time. */
  readonly quote: CarrierQuote | null
}

/** A carrier's price for a parcel as it was. Carriers cannot be asked inside a transaction, so what they said is kept for a day. */
export interface CarrierQuote {
  readonly option: ShippingOption
  readonly parcel: Parcel
  readonly quotedAt: Timestamp
}

const daysAQuoteHolds = 1

/** What a parcel's shipping costs as it is now. @returns null where what was selected does not hold for it (any more) */
export function selectedOption(
  parcel: Parcel,
  selected: SelectedShipping | undefined,
  options: readonly ShippingOption[],
  now: Timestamp,
): ShippingOption | null {
  if (selected === undefined) return null
  if (selected.quote === null) return options.find((option) => option.methodId === selected.methodId) ?? null
  const { option, parcel: quoted, quotedAt } = selected.quote
  return isSame(quoted, parcel) && now < addDays(quotedAt, daysAQuoteHolds) ? option : null
}

function isSame(a: Parcel, b: Parcel): boolean {
  return (
    a.weightGrams === b.weightGrams && a.value === b.value && a.country === b.country && a.region === b.region && a.currency === b.currency
  )
}
