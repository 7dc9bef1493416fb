/** Statements with what a paper needs beside them: the party's name, and where the period begins. */
import { type Call, type CommerceApi, type Statement, type Timestamp, timestamp } from '@entrepot/core'
import { tooMany } from './errors.js'

/** One statement, ready to be written down. */
export interface StatementDocument {
  readonly statement: Statement
  readonly name: string
  /** The end of the statement before it, in the same currency; null where none was found. */
  readonly from: Timestamp | null
}

/** Which statements. */
export type StatementsInput =
  | { readonly statementId: string }
  | {
      /** `supplier:sup_…`, `distributor:…` */
      readonly party: string
      /** Statements that end after this moment; ISO 8601 with an offset. @default the beginning */
      readonly from?: string | undefined
      /** Statements that end at this moment or before; ISO 8601 with an offset. @default no end */
      readonly to?: string | undefined
    }

/** What a party is called on its papers. */
export type NameOf = (party: string) => Promise<string | undefined> | string | undefined

type Books = Pick<CommerceApi, 'settlement' | 'suppliers'>

/** The most that core reads of a party's statements at once. */
const most = 200

/** Oldest first. @throws statement.not_found, time.invalid, statement_documents.too_many */
export async function readDocuments(
  { settlement, suppliers }: Books,
  input: StatementsInput,
  nameOf: NameOf | undefined,
  call: Call | undefined,
): Promise<readonly StatementDocument[]> {
  const one = 'statementId' in input ? await settlement.statement({ statementId: input.statementId }, call) : undefined
  const party = 'party' in input ? input.party : (one?.party ?? '')
  const all = await settlement.statements({ party, limit: most }, call)
  const wanted = 'party' in input ? within(input, all) : one ? [one] : []
  if (wanted.length === 0) return []
  const name = (await nameOf?.(party)) ?? (await nameOfSupplier(suppliers, party, call)) ?? party
  return wanted.map((statement) => ({ statement, name, from: before(statement, all)?.until ?? null }))
}

function within({ party, from, to }: Extract<StatementsInput, { party: string }>, newestFirst: readonly Statement[]): readonly Statement[] {
  const [after, last] = [from === undefined ? '' : timestamp(from), to === undefined ? undefined : timestamp(to)]
  const earliest = newestFirst[most - 1]
  if (earliest && earliest.until > after) throw tooMany({ party, earliest: earliest.until })
  return newestFirst.filter(({ until }) => until > after && (last === undefined || until <= last)).reverse()
}

const before = ({ currency, until }: Statement, newestFirst: readonly Statement[]): Statement | undefined =>
  newestFirst.find((other) => other.currency === currency && other.until < until)

async function nameOfSupplier(suppliers: Books['suppliers'], party: string, call: Call | undefined): Promise<string | undefined> {
  const supplierId = /^supplier:(.+)$/.exec(party)?.[1]
  return supplierId === undefined ? undefined : (await suppliers.get({ supplierId }, call)).name
}
