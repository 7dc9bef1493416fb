import anyAscii from 'any-ascii'

// What the European Payments Council asks every bank to take; others may refuse the whole file for one more.
const notTaken = /[^A-Za-z0-9/\-?:().,'+ ]/g

/** A name or a text as every SEPA bank takes it: `Müller & Söhne` becomes `Muller . Sohne`. */
export function sepaText(text: string, most: number): string {
  return clean(anyAscii(text).replace(notTaken, '.'), most)
}

/** Without what XML cannot hold or a bank's list would break at. */
export function clean(text: string, most: number): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
      .replace(/[\u0000-\u001f\u007f\ufffe\uffff]/g, ' ')
      .replace(/\s+/g, ' ')
      .trim()
      .slice(0, most)
      .trim()
  )
}

/** Of a payout's id, without what SEPA does not take; the id stays recognisable to a person. */
export function referenceOf(payoutId: string): string {
  return payoutId.replace(/[^A-Za-z0-9]/g, '-').slice(0, 35)
}
