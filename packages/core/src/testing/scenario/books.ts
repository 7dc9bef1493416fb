/** What the books say of the parties of a scenario. Nothing is worked out here: balances are read, and put together by whom they belong to. */
import { type AccountBalance, sumAmounts } from '../../index.js'
import type { FoundBuckets } from './scenario.js'
import type { Stage } from './stage.js'

/** The books at one moment. */
export interface Position {
  readonly accounts: readonly AccountBalance[]
  /** By the scenario's letters and names; what they have in all their accounts. */
  readonly parties: ReadonlyMap<string, number>
}

export async function readPosition({ commerce, nameOf }: Stage): Promise<Position> {
  const accounts = await commerce.ledger.balances({})
  const parties = new Map<string, number>()
  for (const account of accounts) {
    const owner = ownerOf(account, nameOf)
    if (owner === undefined) continue
    const { name, balance } = owner
    parties.set(name, sumAmounts([parties.get(name) ?? 0, balance]))
  }
  return { accounts, parties }
}

interface Owned {
  readonly name: string
  readonly balance: number
}

/** Whose money lies on an account; what was paid out is nobody's claim any more. */
function ownerOf({ party, purpose, balance }: AccountBalance, nameOf: Stage['nameOf']): Owned | undefined {
  if (party === 'platform') return { name: 'P', balance }
  if (party === 'tax') return { name: 'X', balance }
  if (party.startsWith('psp:')) return purpose === 'fees' ? { name: 'G', balance } : { name: 'C', balance: 0 - balance }
  const name = nameOf(party)
  return name === undefined || purpose === 'paid' ? undefined : { name, balance }
}

/** What each party has more, or less, than before; parties for whom nothing changed are left out. */
export function changesBetween(before: Position, after: Position): ReadonlyMap<string, number> {
  const names = new Set([...before.parties.keys(), ...after.parties.keys()])
  const changes = [...names].map((name) => [name, sumAmounts([after.parties.get(name) ?? 0, -(before.parties.get(name) ?? 0)])] as const)
  return new Map(changes.filter(([, change]) => change !== 0))
}

/** Accounts whose balances differ, in words. */
export function differencesBetween(before: Position, after: Position): readonly string[] {
  const path = ({ party, purpose, commodity }: AccountBalance): string => `${party}/${purpose} (${commodity})`
  const was = new Map(before.accounts.map((account) => [path(account), account.balance]))
  return after.accounts.flatMap((account) => {
    const earlier = was.get(path(account)) ?? 0
    return earlier === account.balance ? [] : [`${path(account)} was ${earlier} and is ${account.balance}`]
  })
}

/** What must hold of the books at every moment: debits equal credits, no guarded account is negative, and what came in is somebody's or was paid out. */
export async function brokenBooks({ commerce, nameOf }: Stage, { accounts }: Position): Promise<readonly string[]> {
  const { balanced, totals, wrongBalances } = await commerce.ledger.check()
  const broken = balanced ? [] : [`the books do not balance: ${JSON.stringify({ totals, wrongBalances })}`]
  for (const { party, purpose, commodity, guarded, balance } of accounts) {
    if (guarded && balance < 0) broken.push(`${party}/${purpose} is guarded and holds ${balance} ${commodity}`)
  }
  for (const commodity of new Set(accounts.map((account) => account.commodity))) {
    const its = accounts.filter((account) => account.commodity === commodity)
    const sum = (of: (account: AccountBalance) => boolean): number => sumAmounts(its.filter(of).map(({ balance }) => balance))
    const cash = 0 - sum((account) => ownerOf(account, nameOf)?.name === 'C')
    const owned = sum((account) => account.purpose === 'paid' || account.party === 'fx' || (ownerOf(account, nameOf)?.name ?? 'C') !== 'C')
    if (cash !== owned) broken.push(`C is ${cash} ${commodity}, and all claims, what was paid out, and G are ${owned} together`)
  }
  return broken
}

/** What of a party's money lies where. */
export async function bucketsOf({ commerce, party, payoutCurrency }: Stage, name: string): Promise<FoundBuckets> {
  const claims = (await commerce.settlement.balances({ party: party(name) })).find((candidate) => candidate.currency === payoutCurrency)
  const { pending = 0, available = 0, reserve = 0, inPayout = 0, paid = 0 } = claims ?? {}
  return { pending, available, reserve, inPayout, paid }
}
