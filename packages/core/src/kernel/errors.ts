/** What went wrong in general: the MedusaError vocabulary, so that an error crosses into a Medusa backend and back unchanged. */
export const errorKinds = {
  databaseError: 'database_error',
  duplicate: 'duplicate_error',
  invalidArgument: 'invalid_argument',
  invalidData: 'invalid_data',
  unauthorized: 'unauthorized',
  notFound: 'not_found',
  notAllowed: 'not_allowed',
  unexpectedState: 'unexpected_state',
  conflict: 'conflict',
  paymentAuthorization: 'payment_authorization_error',
} as const

export type ErrorKind = (typeof errorKinds)[keyof typeof errorKinds]

/** Facts for a program: ids, amounts, paths. Never a secret, never personal data. */
export type ErrorDetails = Readonly<Record<string, unknown>>

const brand: unique symbol = Symbol.for('entrepot.CommerceError') as never

/** The one error class. `code` is stable and is what a program compares; `message` says what happened, to which id, and what to do next. */
export class CommerceError extends Error {
  override readonly name = 'CommerceError'
  readonly kind: ErrorKind
  readonly code: string
  readonly details: ErrorDetails

  constructor(kind: ErrorKind, code: string, message: string, options: { readonly details?: ErrorDetails; readonly cause?: unknown } = {}) {
    super(`${code}: ${message}`, options.cause === undefined ? undefined : { cause: options.cause })
    this.kind = kind
    this.code = code
    this.details = options.details ?? {}
    Object.defineProperty(this, brand, { value: true })
  }

  /** Recognises a CommerceError of any install of this package, where `instanceof` would know only its own. */
  static is(error: unknown): error is CommerceError {
    return error instanceof Error && brand in error
  }
}

/** Builds one error of a room's code table. */
export type ErrorFactory<Facts> = (facts: Facts, cause?: unknown) => CommerceError

/**
 * Declares one code of a room: its kind and its sentence. The facts that fill the sentence become the error's details.
 * @example const notFound = defineError('order.not_found', 'not_found', (f: { orderId: string }) => `there is no order ${f.orderId}`)
 */
export function defineError<Facts extends ErrorDetails>(
  code: string,
  kind: ErrorKind,
  sentence: (facts: Facts) => string,
): ErrorFactory<Facts> {
  return (facts, cause) => new CommerceError(kind, code, sentence(facts), { details: facts, cause })
}
