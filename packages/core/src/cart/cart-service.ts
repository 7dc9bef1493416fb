import type { Contact, Customers } from '../customer/index.js'
import type { Inventory } from '../inventory/index.js'
import type { Call, Kernel, Page } from '../kernel/index.js'
import type { Shipping } from '../shipping/index.js'
import { acceptPrices } from './accept-prices.js'
import type { askTax } from './ask-tax.js'
import type { Cart } from './cart.js'
import {
  type SetAttributionInput,
  type SetCustomerInput,
  setAttribution,
  setAttributionSchema,
  setCustomer,
  setCustomerSchema,
} from './cart-customer.js'
import { type AppliedCode, applyCode, type CodeInput, codeSchema, removeCode } from './change-codes.js'
import { type CreateCartInput, type CreatedCart, createCart, createCartSchema } from './create-cart.js'
import * as lines from './edit-lines.js'
import { type MergeCartsInput, type MergedCart, mergeCarts, mergeCartsSchema } from './merge-carts.js'
import type { CartPricer } from './price-cart.js'
import { type CartSummary, getCart, type ListCartsInput, listCarts, listCartsSchema } from './read-cart.js'
import { type CartIdInput, cartIdSchema } from './schemas.js'
import { type ParcelOptions, type SelectShippingInput, selectShipping, selectShippingSchema, shippingOptions } from './select-shipping.js'
import { type CartContact, getAddress, type SetAddressInput, setAddress, setAddressSchema } from './set-address.js'

/**
 * What `commerce.carts` is. An edit answers with what it did; what the cart costs then, `get` computes from scratch.
 * Every edit may also throw cart.not_found, cart.completed (it became an order) and cart.closed (it expired or was merged).
 */
export interface CartService {
  /** An empty cart, a guest's unless it is given a customer. @throws cart.customer_not_found */
  create(input: CreateCartInput, call?: Call): Promise<CreatedCart>
  /** The cart as it is now: lines, prices, discounts, tax, shipping, totals, and notices of what has changed. A tax calculator of the host's is asked where its last answer does not hold. @throws cart.not_found, cart.tax_unknown (in a transaction of the host's), tax.calculator_failed */
  get(input: CartIdInput, call?: Call): Promise<Cart>
  /** Carts without their content, in the order of creation: at login, the customer's open ones. */
  list(input?: ListCartsInput, call?: Call): Promise<Page<CartSummary>>

  /** @throws cart.offer_not_found, cart.not_sellable, cart.quantity_limit */
  addLine(input: lines.AddLineInput, call?: Call): Promise<lines.CartLine>
  /** All or none. @throws cart.offer_not_found, cart.not_sellable, cart.quantity_limit */
  addLines(input: lines.AddLinesInput, call?: Call): Promise<readonly lines.CartLine[]>
  /** Sets a line's quantity. @throws cart.line_not_found, cart.not_sellable */
  updateLine(input: lines.UpdateLineInput, call?: Call): Promise<lines.CartLine>
  /** @throws cart.line_not_found */
  removeLine(input: lines.RemoveLineInput, call?: Call): Promise<void>
  /** The customer has seen today's prices: what rose since a line was added no longer keeps the cart from being placed. */
  acceptPrices(input: CartIdInput, call?: Call): Promise<void>

  /** @throws customer.erased */
  setAddress(input: SetAddressInput, call?: Call): Promise<CartContact>
  /** Where the goods go; null while nobody said. Personal data. @throws cart.not_found */
  address(input: CartIdInput, call?: Call): Promise<Contact | null>
  /** By what each supplier's parcel may be sent, and for how much. Asks carriers, so it does not run in a transaction of the host's. @throws cart.address_missing */
  shippingOptions(input: CartIdInput, call?: Call): Promise<readonly ParcelOptions[]>
  /** @throws cart.shipping_unavailable, and cart.address_missing where a carrier is to be asked for its price */
  selectShipping(input: SelectShippingInput, call?: Call): Promise<void>

  /** @throws cart.code_refused, cart.too_many_codes */
  applyCode(input: CodeInput, call?: Call): Promise<AppliedCode>
  /** A code that is not in the cart is out already. */
  removeCode(input: CodeInput, call?: Call): Promise<void>

  /** Gives a guest's cart to a customer who has none yet. @throws cart.customer_not_found, cart.customer_differs */
  setCustomer(input: SetCustomerInput, call?: Call): Promise<void>
  /** The customer came by another link. */
  setAttribution(input: SetAttributionInput, call?: Call): Promise<void>
  /** Puts a guest's cart into the customer's own. @throws cart.customer_differs, cart.currency_differs, cart.merge_into_itself, cart.quantity_limit */
  merge(input: MergeCartsInput, call?: Call): Promise<MergedCart>
}

export interface CartServiceDeps {
  readonly kernel: Kernel
  readonly pricer: CartPricer
  readonly customers: Customers
  readonly inventory: Inventory
  readonly shipping: Shipping
  readonly expiryDays: number
  readonly ask: ReturnType<typeof askTax>
}

export function createCartService(deps: CartServiceDeps): CartService {
  const { kernel, pricer, customers } = deps
  const { command, query, process } = kernel.useCases
  const list = query('carts.list', listCartsSchema, listCarts)
  return {
    create: command('carts.create', createCartSchema, createCart(deps)),
    get: process('carts.get', cartIdSchema, getCart(deps, deps.ask)),
    list: (input = {}, call) => list(input, call),

    addLine: command('carts.addLine', lines.addLineSchema, lines.addLine(deps)),
    addLines: command('carts.addLines', lines.addLinesSchema, lines.addLines(deps)),
    updateLine: command('carts.updateLine', lines.updateLineSchema, lines.updateLine(deps)),
    removeLine: command('carts.removeLine', lines.removeLineSchema, lines.removeLine),
    acceptPrices: command('carts.acceptPrices', cartIdSchema, acceptPrices(pricer)),

    setAddress: command('carts.setAddress', setAddressSchema, setAddress(customers)),
    address: query('carts.address', cartIdSchema, getAddress(customers)),
    shippingOptions: process('carts.shippingOptions', cartIdSchema, shippingOptions(deps)),
    selectShipping: process('carts.selectShipping', selectShippingSchema, selectShipping(deps)),

    applyCode: command('carts.applyCode', codeSchema, applyCode(pricer)),
    removeCode: command('carts.removeCode', codeSchema, removeCode),

    setCustomer: command('carts.setCustomer', setCustomerSchema, setCustomer(customers)),
    setAttribution: command('carts.setAttribution', setAttributionSchema, setAttribution),
    merge: command('carts.merge', mergeCartsSchema, mergeCarts(customers)),
  }
}
