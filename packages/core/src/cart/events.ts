/** What happens to carts, by event name. */
export interface CartEvents {
  /** A guest's cart went into a customer's. */
  'cart.merged': { readonly cartId: string; readonly into: string }
  /** Nobody touched it for its whole time: a reminder may bring the customer back. */
  'cart.expired': { readonly cartId: string; readonly customerId: string | null }
}
