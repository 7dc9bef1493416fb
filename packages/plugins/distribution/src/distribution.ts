import type { Call, Claims, Page } from '@entrepot/core'
import type { ApplyDistributorInput } from './apply-distributor.js'
import type { BindInput, BindingResult, IdentifyInput } from './bind-customer.js'
import type { ClickInput } from './click.js'
import type { Distributor, TrailEntry } from './distributor.js'
import type { DistributorIdInput } from './inputs.js'
import type { MoveDistributorInput } from './move-distributor.js'
import type { BindingInput, BoundCustomer, LinkInput, ListCustomersInput, ListOrdersInput, ReferralLink } from './read-business.js'
import type { FindDistributorInput, ListDistributorsInput, ListTrailInput } from './read-distributors.js'
import type { ImportDistributorsInput, RegisterDistributorInput } from './register-distributors.js'
import type { ReasonedInput } from './review-distributor.js'
import type { DistributorOrder } from './sale.js'
import type { UpdateDistributorInput } from './update-distributor.js'

/** What `commerce.distribution` is. */
export interface Distribution {
  /** Applies to become a distributor; it waits for approval. @throws customer.not_found, distribution.not_found, distribution.not_approved, distribution.taken */
  apply(input: ApplyDistributorInput, call?: Call): Promise<Distributor>
  /** Takes over a distributor from elsewhere, for trusted host code; again, it changes nothing. @throws distribution.not_found, distribution.taken, distribution.level_unknown */
  register(input: RegisterDistributorInput, call?: Call): Promise<Distributor>
  /** The same for up to 1000, in a constant number of statements. @throws distribution.not_found, distribution.taken, distribution.level_unknown */
  import(input: ImportDistributorsInput, call?: Call): Promise<readonly Distributor[]>
  /** applied → approved: its links bind customers, and it earns. @throws distribution.not_found, distribution.step_refused */
  approve(input: DistributorIdInput, call?: Call): Promise<Distributor>
  /** applied → rejected; it may apply again. @throws distribution.not_found, distribution.step_refused */
  reject(input: ReasonedInput, call?: Call): Promise<Distributor>
  /** approved → suspended: it earns of no sale from now on, and keeps what it has earned. @throws distribution.not_found, distribution.step_refused */
  suspend(input: ReasonedInput, call?: Call): Promise<Distributor>
  /** suspended → approved. @throws distribution.not_found, distribution.step_refused */
  reinstate(input: DistributorIdInput, call?: Call): Promise<Distributor>
  /** @throws distribution.not_found, distribution.level_unknown */
  update(input: UpdateDistributorInput, call?: Call): Promise<Distributor>
  /** Puts a distributor, and all below it, under another. @throws distribution.not_found, distribution.not_approved, distribution.cycle, distribution.tree_changed */
  move(input: MoveDistributorInput, call?: Call): Promise<Distributor>
  /** @throws distribution.not_found */
  get(input: DistributorIdInput, call?: Call): Promise<Distributor>
  /** By external id, customer or code; null where there is none. */
  find(input: FindDistributorInput, call?: Call): Promise<Distributor | null>
  /** In the order of application, by status or place in the tree. */
  list(input?: ListDistributorsInput, call?: Call): Promise<Page<Distributor>>
  /** Who did what with a distributor, and when and why, first to last. */
  trail(input: ListTrailInput, call?: Call): Promise<Page<TrailEntry>>

  /** A link to a page of the shop that says who sent the customer. @throws distribution.not_found, distribution.not_approved */
  link(input: LinkInput, call?: Call): Promise<ReferralLink>
  /** Counts the opening of a link: binds who opened it, unless a protected binding stands. @throws distribution.code_unknown, customer.not_found */
  click(input: ClickInput, call?: Call): Promise<BindingResult>
  /** A visitor turned out to be a customer: what bound the one binds the other. @throws customer.not_found */
  identify(input: IdentifyInput, call?: Call): Promise<BindingResult | null>
  /** Binds a customer as a click would. @throws customer.not_found, distribution.not_found, distribution.not_approved */
  bind(input: BindInput, call?: Call): Promise<BindingResult>
  /** Whose a customer is; null where it is nobody's. */
  binding(input: BindingInput, call?: Call): Promise<BoundCustomer | null>

  /** The orders of which a distributor has a tier, oldest first. */
  orders(input: ListOrdersInput, call?: Call): Promise<Page<DistributorOrder>>
  /** The customers who belong to a distributor. */
  customers(input: ListCustomersInput, call?: Call): Promise<Page<BoundCustomer>>
  /** What a distributor is owed and has been paid, by currency; from the books. @throws distribution.not_found */
  earnings(input: DistributorIdInput, call?: Call): Promise<readonly Claims[]>
}
