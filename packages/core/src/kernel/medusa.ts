/**
 * The only door to medusa-core-utils. The package is CommonJS without an export map: named ESM imports of some of its names fail at run time, so its
 * default is taken; and required from our CommonJS build it has no default, being the namespace itself.
 */
import * as namespace from 'medusa-core-utils'
import { CommerceError, type ErrorKind, errorKinds } from './errors.js'

const medusa: typeof namespace.default = namespace.default ?? namespace

/** Turns our error into a MedusaError: what a Medusa backend's error handler answers with the right HTTP status. */
export function toMedusaError(error: CommerceError): Error {
  return Object.assign(new medusa.MedusaError(error.kind, error.message, error.code), { cause: error })
}

/** Turns a MedusaError back into ours; one that was ours before comes back as it was. Undefined for anything else. */
export function fromMedusaError(error: unknown): CommerceError | undefined {
  if (!(error instanceof Error)) return undefined
  if (CommerceError.is(error.cause)) return error.cause
  const kind = 'type' in error ? error.type : undefined
  if (!isKind(kind)) return undefined
  const code = 'code' in error && typeof error.code === 'string' ? error.code : `medusa.${kind}`
  return new CommerceError(kind, code, error.message, { cause: error })
}

/** The kinds as the installed package knows them; a test holds ours equal to them. */
export const medusaKinds: readonly string[] = Object.values(medusa.MedusaError.Types)

function isKind(value: unknown): value is ErrorKind {
  return typeof value === 'string' && Object.values<string>(errorKinds).includes(value)
}
