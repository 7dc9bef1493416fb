/** Referral codes and the links that carry them. */

/** The parameter of a link that holds the code. */
export const referralParameter = 'ref'

/** A code for who has not chosen one: what follows the time in its id, which is random. */
export function codeFromId(distributorId: string): string {
  return distributorId.slice(-10)
}

/** A link to any page of a shop, with the code in it, and the article, video or live stream that it stands in. */
export function linkTo(url: string, code: string, content?: string): string {
  const link = new URL(url)
  link.searchParams.set(referralParameter, code)
  if (content !== undefined) link.searchParams.set('content', content)
  return link.href
}

/** The code in what a customer came with: a link of ours, or the bare code. Null where there is none. */
export function codeIn(referral: string): string | null {
  const code = URL.canParse(referral) ? new URL(referral).searchParams.get(referralParameter) : referral
  return code === null || code.trim() === '' ? null : code.trim().toUpperCase()
}
