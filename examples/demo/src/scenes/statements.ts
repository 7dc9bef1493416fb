import { type Statement, sumAmounts } from '@entrepot/core'
import { payoutThreshold } from '../marketplace.js'
import { moment } from '../print/format.js'
import type { Cell } from '../print/table.js'
import { cny, cnyOrDot, partyName, prove, until, type World } from '../world.js'

/** The week ends, and the marketplace draws everyone's statement by itself. */
export async function statements(world: World): Promise<readonly Statement[]> {
  const { clock, stage } = world
  await until(world, '2026-03-16T00:05:00+08:00')
  const drawn = await statementsOf(world)
  stage.scene(
    'Statements',
    clock.now(),
    `At midnight the week ended, and a statement was drawn for each party from the books, approved and locked; a locked statement never changes. Distributors are not paid less than ${cny(payoutThreshold)}: it carries to the next.`,
  )
  printStatements(world, drawn)
  return drawn
}

/** Each party's newest statement, suppliers first. */
export async function statementsOf({ commerce, people }: World): Promise<readonly Statement[]> {
  const parties = [
    ...[...people.suppliers.values()].map(({ id }) => `supplier:${id}`),
    ...[...people.distributors.values()].map(({ id }) => `distributor:${id}`),
  ]
  const newest = await Promise.all(parties.map((party) => commerce.settlement.statements({ party, limit: 1 })))
  return newest.flat()
}

type LineKind = Statement['lines'][number]['kind']

/** The lines that occur in the demo, in the order in which one reads them. */
const words: Partial<Record<LineKind, string>> = {
  sales: 'Sales',
  shipping: 'Shipping',
  promotion_reimbursement: 'Coupons, borne by the platform',
  commission: 'Commission',
  distribution: 'Distributors’ shares',
  earnings: 'Earnings',
  refunds: 'Refunds',
  commission_reversal: 'Commission, given back',
  distribution_reversal: 'Distributors’ shares, given back',
  promotion_reversal: 'Coupons, taken back',
  earnings_reversal: 'Earnings, taken back',
  payout: 'Payout',
}

function place(kind: LineKind): number {
  const at = Object.keys(words).indexOf(kind)
  return at < 0 ? Number.MAX_SAFE_INTEGER : at
}

/** One table for the suppliers and one for the distributors, a column each. */
export function printStatements({ stage, people }: Pick<World, 'stage' | 'people'>, all: readonly Statement[]): void {
  for (const title of ['Suppliers', 'Distributors']) {
    const ones = all.filter(({ party }) => party.startsWith(title.toLowerCase().slice(0, -1)))
    if (ones.length === 0) continue
    const present = new Set(ones.flatMap(({ lines }) => lines.map(({ kind }) => kind)))
    const kinds = [...present].sort((a, b) => place(a) - place(b))
    const row = (name: string, value: (statement: Statement) => Cell): readonly Cell[] => [name, ...ones.map(value)]
    stage.table({
      head: [title, ...ones.map(({ party }) => `>${partyName(people, party)}`)],
      rows: [
        row('Opening', ({ opening }) => cny(opening)),
        ...kinds.map((kind) => row(words[kind] ?? kind, (statement) => cnyOrDot(lineOf(statement, kind)))),
      ],
      foot: [row('Closing', ({ closing }) => cny(closing)), row('State', ({ state }) => state)],
    })
  }
  for (const { id, opening, lines, closing } of all) {
    prove(opening + sumAmounts(lines.map(({ amount }) => amount)) === closing, `opening and lines of statement ${id} add up to its closing`)
  }
  const [first] = all
  if (first) stage.proof(`${all.length} statements up to ${moment(first.until)}: in each, opening plus lines equals closing.`)
}

function lineOf({ lines }: Statement, kind: LineKind): number {
  return sumAmounts(lines.filter((line) => line.kind === kind).map(({ amount }) => amount))
}
