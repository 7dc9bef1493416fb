import type { Call, Page } from '../kernel/index.js'
import type { ReturnsDeps } from './deps.js'
import { getReturn, type ListReturnsInput, listReturns, listReturnsInput } from './read-returns.js'
import { type ReceiveReturnInput, receiveReturn, receiveReturnInput } from './receive-return.js'
import { type RequestReturnInput, requestReturn, requestReturnInput } from './request-return.js'
import type { Return } from './return.js'
import {
  approveReturn,
  type CancelReturnInput,
  cancelReturn,
  cancelReturnInput,
  type RejectReturnInput,
  type ReturnIdInput,
  rejectReturn,
  rejectReturnInput,
  returnIdInput,
} from './return-steps.js'

/** What `commerce.returns` is. */
export interface ReturnService {
  /**
   * A customer wants to send goods of one supplier back; they are counted as on their way from now on.
   * @throws order.not_found, return.order_line_not_found, return.several_suppliers, return.exceeds_delivered
   */
  request(input: RequestReturnInput, call?: Call): Promise<Return>
  /** requested → approved: the goods may come. @throws return.not_found, return.step_refused */
  approve(input: ReturnIdInput, call?: Call): Promise<Return>
  /** requested → rejected. @throws return.not_found, return.step_refused */
  reject(input: RejectReturnInput, call?: Call): Promise<Return>
  /** requested, approved → canceled: the goods will not come. @throws return.not_found, return.step_refused */
  cancel(input: CancelReturnInput, call?: Call): Promise<Return>
  /**
   * approved → closed: what came is refunded by units, unless it was refunded by hand meanwhile, and, where it is fit for it, sold again.
   * @throws return.not_found, return.step_refused, return.line_not_found, return.exceeds_requested, order.exceeds_quantity
   */
  receive(input: ReceiveReturnInput, call?: Call): Promise<Return>
  /** @throws return.not_found */
  get(input: ReturnIdInput, call?: Call): Promise<Return>
  /** In the order of the requests. */
  list(input?: ListReturnsInput, call?: Call): Promise<Page<Return>>
}

/** The returns room. */
export interface Returns {
  readonly service: ReturnService
}

export function createReturns(deps: ReturnsDeps): Returns {
  const { command, query } = deps.kernel.useCases
  const list = query('returns.list', listReturnsInput, listReturns)
  return {
    service: {
      request: command('returns.request', requestReturnInput, requestReturn(deps)),
      approve: command('returns.approve', returnIdInput, approveReturn(deps)),
      reject: command('returns.reject', rejectReturnInput, rejectReturn(deps)),
      cancel: command('returns.cancel', cancelReturnInput, cancelReturn(deps)),
      receive: command('returns.receive', receiveReturnInput, receiveReturn(deps)),
      get: query('returns.get', returnIdInput, getReturn),
      list: (input = {}, call) => list(input, call),
    },
  }
}
