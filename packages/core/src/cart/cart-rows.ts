import type { CartLineRow, CartRow } from './cart.entity.js'
import type { Attribution, Destination } from './cart.js'

/** Where a cart or a line came from; a line's row says "nothing" by an empty text. */
export function attributionOf({ referral, content }: Pick<CartRow | CartLineRow, 'referral' | 'content'>): Attribution {
  return { referral: referral || null, content: content || null }
}

export function destinationOf({ country, region }: Pick<CartRow, 'country' | 'region'>): Destination | null {
  return country === null ? null : { country, region }
}
