import { type BooksCheck, sumAmounts } from '@entrepot/core'
import { cny, prove, type World } from '../world.js'

/** All accounts, and whether they agree. */
export async function books({ commerce, clock, stage }: World): Promise<BooksCheck> {
  stage.scene(
    'The check of the books',
    clock.now(),
    'Every amount above is a transfer between two accounts, so the sum of all accounts is nothing. What came in through a payment provider stands as a negative balance on its clearing account.',
  )
  const accounts = await commerce.ledger.balances({})
  const groups = new Map<string, number[]>()
  for (const { party, purpose, balance } of accounts) {
    const name = groupOf(party, purpose)
    groups.set(name, [...(groups.get(name) ?? []), balance])
  }
  const sums = [...groups].map(([name, balances]) => ({ name, accounts: balances.length, balance: sumAmounts(balances) }))
  const total = sumAmounts(sums.map(({ balance }) => balance))
  stage.table({
    head: ['Accounts', '>How many', '>Balance'],
    rows: sums
      .map(({ name, accounts: count, balance }) => [name, count, cny(balance)])
      .sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
    foot: [['Sum of all accounts', accounts.length, cny(total)]],
  })
  const sumOf = (fits: (name: string) => boolean): number => sumAmounts(sums.filter(({ name }) => fits(name)).map(({ balance }) => balance))
  const cameIn = -sumOf((name) => name.startsWith('psp:'))
  const paidOut = sumOf((name) => name.endsWith('/ paid'))
  const platform = sumOf((name) => name.startsWith('platform'))
  const owed = sumOf((name) => !name.startsWith('psp:') && !name.startsWith('platform') && !name.endsWith('/ paid'))
  prove(cameIn === paidOut + platform + owed, 'what came in is what was paid out, earned and owed')
  stage.proof(
    `${cny(cameIn)} came in, refunds off = ${cny(paidOut)} paid out + ${cny(platform)} earned by the platform + ${cny(owed)} still owed.`,
  )
  const check = await commerce.ledger.check()
  prove(total === 0, 'all accounts add up to nothing')
  prove(check.balanced, 'the books are balanced')
  stage.proof(
    `${check.journals} journals, ${check.transfers} transfers; debits ${check.totals.map(({ debits }) => cny(debits)).join(', ')} = credits ${check.totals.map(({ credits }) => cny(credits)).join(', ')}.`,
  )
  stage.proof(`No guarded account is wrong or below zero (${check.wrongBalances.length} found).`)
  const failed = await commerce.operations.deadJobs()
  prove(failed.length === 0, 'no background job failed')
  return check
}

function groupOf(party: string, purpose: string): string {
  const [kind = ''] = party.split(':')
  const owner = kind === 'supplier' || kind === 'distributor' || kind === 'customer' ? `${kind}s` : party
  return `${owner} / ${purpose.replaceAll('_', ' ')}`
}
