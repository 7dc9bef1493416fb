/** Account numbers that tell by themselves when they were mistyped. */

/** ISO 13616: the country's letters, two check digits, up to 30 characters; the whole is 1 modulo 97. @param text without spaces, in upper case */
export function isIban(text: string): boolean {
  if (!/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/.test(text)) return false
  // Letters count from 10 on; the first four characters go to the end.
  const digits = [...`${text.slice(4)}${text.slice(0, 4)}`].map((character) => Number.parseInt(character, 36)).join('')
  return BigInt(digits) % 97n === 1n
}

/** ISO 9362: bank, country, place and perhaps a branch. @param text in upper case */
export function isBic(text: string): boolean {
  return /^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$/.test(text)
}
