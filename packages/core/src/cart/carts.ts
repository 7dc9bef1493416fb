import type { Inventory } from '../inventory/index.js'
import type { Call, Tx } from '../kernel/index.js'
import { askTax, quoteTax } from './ask-tax.js'
import type { PricedCart } from './cart.js'
import { type CartService, createCartService } from './cart-service.js'
import { claimCart, completeCart } from './claim-cart.js'
import { expireCarts } from './expire-carts.js'
import { type CartPricerDeps, createCartPricer } from './price-cart.js'
import { type CartIdInput, cartIdSchema } from './schemas.js'
import type { TaxPolicy } from './tax.js'

/** The cart room, as `createCommerce` and upper rooms hold it. */
export interface Carts {
  readonly service: CartService
  /**
   * Has the tax calculator asked for what an open cart needs, before the transaction that claims it; without a calculator it does nothing.
   * @throws tax.calculator_failed
   */
  quoteTax(input: CartIdInput, call?: Call): Promise<void>
  /**
   * Takes a cart for an order: locks it, computes it anew, and refuses what cannot be ordered. Stock is not asked; reserving it decides.
   * @throws cart.not_found, cart.completed (`details.orderId` is its order), cart.closed, cart.empty, cart.not_sellable, cart.changed, cart.address_missing, cart.shipping_missing, cart.tax_unknown
   */
  claim(tx: Tx, cartId: string): Promise<PricedCart>
  /** Marks a claimed cart as the order that it became, in the same transaction. @throws cart.closed */
  complete(tx: Tx, cartId: string, orderId: string): Promise<void>
  /** What the recurring job does: closes carts whose time has run out. @returns how many */
  expire(): Promise<number>
}

/** What a platform may set. */
export interface CartSettings {
  /** Days that a cart lives after its lines were last added to or changed. @default 30 */
  readonly expiryDays?: number | undefined
  readonly tax?: TaxPolicy | undefined
}

export interface CartDeps extends Omit<CartPricerDeps, 'taxPolicy'> {
  readonly inventory: Inventory
  readonly settings?: CartSettings | undefined
}

const hourInMillis = 3_600_000

export function createCarts({ settings = {}, ...rooms }: CartDeps): Carts {
  const { kernel } = rooms
  const pricer = createCartPricer({ ...rooms, taxPolicy: settings.tax ?? {} })
  const expire = expireCarts(kernel)
  kernel.jobs.every('cart.expire', { everyMillis: hourInMillis }, async () => {
    await expire()
  })
  return {
    service: createCartService({ ...rooms, pricer, expiryDays: settings.expiryDays ?? 30, ask: askTax(rooms) }),
    quoteTax: kernel.useCases.process('carts.quoteTax', cartIdSchema, quoteTax(rooms)),
    claim: claimCart(pricer),
    complete: completeCart,
    expire,
  }
}
