/** Amounts and times as people read them. */
import { currencyExponent } from '@entrepot/core'

/** Minor units by the currency's own number of decimals: `¥1,234.50`. */
export function amount(minor: number, currency: string): string {
  const digits = currencyExponent(currency)
  const format = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
    currencyDisplay: 'narrowSymbol',
    minimumFractionDigits: digits,
  })
  // A float only here, where it is printed; nothing is calculated with it.
  return format.format(minor / 10 ** digits).replace('-', '−')
}

/** The same, and a dot where there is nothing: tables of shares are mostly that. */
export function amountOrDot(minor: number, currency: string): string {
  return minor === 0 ? '·' : amount(minor, currency)
}

/** Where the marketplace lives. */
export const timezone = 'Asia/Shanghai'

const format = new Intl.DateTimeFormat('en-GB', {
  timeZone: timezone,
  weekday: 'short',
  day: '2-digit',
  month: 'short',
  hour: '2-digit',
  minute: '2-digit',
})

/** `Mon 02 Mar, 09:00`, by the marketplace's clocks. */
export function moment(time: string): string {
  const parts = new Map(format.formatToParts(new Date(time)).map(({ type, value }) => [type, value]))
  return `${parts.get('weekday')} ${parts.get('day')} ${parts.get('month')}, ${parts.get('hour')}:${parts.get('minute')}`
}
