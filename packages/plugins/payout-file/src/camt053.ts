/** Reads ISO 20022 bank-to-customer statements, camt.053 of version 02 and later. Pure. */
import { currencyExponent, isCurrency } from '@entrepot/core'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { unreadable } from './errors.js'

/** A booked movement on the platform's account. */
export interface BankEntry {
  /** `out` pays somebody, `in` is money that comes, or comes back. */
  readonly way: 'in' | 'out'
  /** Minor units. */
  readonly amount: number
  readonly currency: string
  /** What we gave the payment to carry; null where the bank does not tell. */
  readonly reference: string | null
  /** The file's own reference, where the bank booked the whole file at once and does not tell its payments. */
  readonly batch: string | null
  /** Why it came back, where it did; a code of ISO 20022 such as `AC04`. */
  readonly returned: { readonly code: string; readonly message: string } | null
}

type Node = string | number | boolean | undefined | null | readonly Node[] | { readonly [name: string]: Node }

const parser = new XMLParser({
  removeNSPrefix: true,
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  // Amounts are text until we have read them: a number would be rounded.
  parseTagValue: false,
  parseAttributeValue: false,
})

/** @throws payout_file.unreadable */
export function readCamt053(xml: string): readonly BankEntry[] {
  // What a bank sends needs no entities of its own; they only serve to make a small file huge.
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw unreadable({ reason: 'it declares entities, which a statement has no use for' })
  const valid = XMLValidator.validate(xml)
  if (valid !== true) throw unreadable({ reason: `${valid.err.msg} (line ${valid.err.line}, column ${valid.err.col})` })
  const root = at(parser.parse(xml) as Node, 'Document', 'BkToCstmrStmt')
  if (root === undefined) throw unreadable({ reason: 'Document/BkToCstmrStmt is not there' })
  return list(at(root, 'Stmt')).flatMap((statement) => list(at(statement, 'Ntry')).flatMap(entriesOf))
}

function entriesOf(entry: Node): readonly BankEntry[] {
  // Version 02 has the status as text, later ones as a code. What is pending may still not come.
  const status = text(at(entry, 'Sts', 'Cd')) ?? text(at(entry, 'Sts'))
  if (status !== 'BOOK') return []
  const details = list(at(entry, 'NtryDtls'))
  const single = details.flatMap((detail) => list(at(detail, 'TxDtls')))
  if (single.length === 0) return [{ ...moneyOf(entry, entry), reference: null, batch: batchOf(details[0]), returned: null }]
  return single.map((transaction) => ({
    ...moneyOf(transaction, single.length === 1 ? entry : undefined),
    way: wayOf(transaction) ?? wayOf(entry) ?? 'out',
    reference: text(at(transaction, 'Refs', 'EndToEndId')) ?? null,
    // Of a batch of which the bank tells one line without a reference of its own.
    batch: text(at(transaction, 'Refs', 'PmtInfId')) ?? batchOf(details[0]),
    returned: returnOf(transaction, entry),
  }))
}

function batchOf(detail: Node): string | null {
  return text(at(detail, 'Btch', 'PmtInfId')) ?? text(at(detail, 'Btch', 'MsgId')) ?? null
}

/** Of a transaction by itself; the entry's where it is its only one. */
function moneyOf(transaction: Node, entry: Node): Pick<BankEntry, 'way' | 'amount' | 'currency'> {
  const amount = at(transaction, 'Amt') ?? at(transaction, 'AmtDtls', 'TxAmt', 'Amt') ?? at(entry, 'Amt')
  const currency = text(at(amount, '@Ccy')) ?? ''
  return { way: wayOf(transaction) ?? wayOf(entry) ?? 'out', amount: minorUnits(text(amount) ?? '', currency), currency }
}

function wayOf(node: Node): BankEntry['way'] | undefined {
  const indicator = text(at(node, 'CdtDbtInd'))
  return indicator === undefined ? undefined : indicator === 'CRDT' ? 'in' : 'out'
}

function returnOf(transaction: Node, entry: Node): BankEntry['returned'] {
  const information = at(transaction, 'RtrInf')
  if (information === undefined && text(at(entry, 'RvslInd')) !== 'true') return null
  const code = text(at(information, 'Rsn', 'Cd')) ?? text(at(information, 'Rsn', 'Prtry')) ?? 'returned'
  const message = list(at(information, 'AddtlInf')).flatMap((line) => text(line) ?? [])
  return { code, message: message.length === 0 ? `the bank returned it: ${code}` : message.join(' ') }
}

/** `1234.5` of a currency with two digits is 123450; exactly, without a number in between that could round. @throws payout_file.unreadable */
function minorUnits(amount: string, currency: string): number {
  if (!isCurrency(currency)) throw unreadable({ reason: `"${currency}" is no currency` })
  const exponent = currencyExponent(currency)
  const [, whole = '', fraction = ''] = /^(\d+)(?:\.(\d+))?$/.exec(amount) ?? []
  const beyond = fraction.slice(exponent)
  const units = Number(`${whole}${fraction.slice(0, exponent).padEnd(exponent, '0')}`)
  if (whole === '' || /[^0]/.test(beyond) || !Number.isSafeInteger(units))
    throw unreadable({ reason: `"${amount}" is no amount in ${currency}` })
  return units
}

/** What stands under a path of names. */
function at(node: Node, ...path: readonly string[]): Node {
  let found = node
  for (const name of path) {
    if (Array.isArray(found)) found = found[0]
    if (typeof found !== 'object' || found === null || Array.isArray(found)) return undefined
    found = (found as { readonly [name: string]: Node })[name]
  }
  return found
}

function list(node: Node): readonly Node[] {
  return node === undefined || node === null ? [] : Array.isArray(node) ? node : [node]
}

/** The text of an element, with attributes or without. */
function text(node: Node): string | undefined {
  const found =
    typeof node === 'object' && node !== null && !Array.isArray(node) ? (node as { readonly [name: string]: Node })['#text'] : node
  return typeof found === 'string' && found !== '' ? found : undefined
}
