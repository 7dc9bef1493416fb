import { type LineSplit, type Order, sumAmounts } from '@entrepot/core'
import { currency } from '../marketplace.js'
import { cny, cnyOrDot, partyName, prove, type World } from '../world.js'

/** An order's shares, from the terms that were frozen with it. */
export interface Split {
  readonly lines: readonly LineSplit[]
  /** In party order. */
  readonly parties: readonly string[]
  readonly shares: ReadonlyMap<string, number>
  readonly together: number
}

/** Who gets what of the order, to the cent. */
export async function split({ commerce, clock, stage, people }: World, order: Order): Promise<Split> {
  stage.scene(
    'The split, to the cent',
    clock.now(),
    'Every line is shared out among the platform, the distributors of the chain and the line’s supplier. The supplier’s share is what the others leave, so nothing is lost to rounding and nothing is made up.',
  )
  const lines = await Promise.all(order.lines.map((line) => commerce.commission.explain({ orderLineId: line.id })))
  const parties = partiesOf(lines)
  const shareOf = (line: LineSplit, party: string): number =>
    sumAmounts(line.shares.filter((share) => share.party === party).map(({ amount }) => amount))
  const shares = new Map(parties.map((party) => [party, sumAmounts(lines.map((line) => shareOf(line, party)))]))
  const together = sumAmounts([...shares.values()])
  const columnOf = (amounts: (line: LineSplit) => number): readonly string[] => lines.map((line) => cny(amounts(line)))

  stage.table({
    head: ['Share of', ...order.lines.map((line) => `>${line.names['zh-CN']} ×${line.quantity}`), '>Whole order'],
    rows: parties.map((party) => [
      `${partyName(people, party)}${tierOf(lines, party)}`,
      ...lines.map((line) => cnyOrDot(shareOf(line, party))),
      cny(shares.get(party) ?? 0),
    ]),
    foot: [
      ['Together', ...columnOf((line) => sumAmounts(line.shares.map(({ amount }) => amount))), cny(together)],
      ['The customer paid', ...columnOf(({ paid }) => paid.goods + paid.shipping), cny(order.captured)],
    ],
  })
  for (const line of lines) {
    const paid = line.paid.goods + line.paid.shipping
    prove(sumAmounts(line.shares.map(({ amount }) => amount)) === paid, `the shares of line ${line.line} add up to ${paid}`)
  }
  prove(together === order.captured, `the shares of order ${order.number} add up to what was captured`)
  stage.proof(`The shares add up to what the customer paid, line by line and in all: ${cny(together)}.`)

  const booked = await commerce.ledger.balances({ party: parties, commodity: currency })
  for (const party of parties) {
    const held = sumAmounts(booked.filter((account) => account.party === party).map(({ balance }) => balance))
    prove(held === shares.get(party), `the books hold the share of ${party}`)
  }
  stage.proof('The books say the same: what was frozen at the order was booked, in the transaction that made the payment known.')
  stage.blank()

  const [first] = order.lines
  const explained = lines[0]
  if (first && explained) {
    stage.note(`Why? Every line explains itself. ${first.names.en}:`)
    for (const words of explained.explanation.words) stage.point(words)
  }
  return { lines, parties, shares, together }
}

/** Platform, distributors by tier, tax, and then the suppliers. */
function partiesOf(lines: readonly LineSplit[]): readonly string[] {
  const all = [...new Set(lines.flatMap((line) => line.parties))].filter((party) =>
    lines.some((line) => line.shares.some((share) => share.party === party && share.amount !== 0)),
  )
  return [...all.filter((party) => !party.startsWith('supplier:')), ...all.filter((party) => party.startsWith('supplier:'))]
}

function tierOf(lines: readonly LineSplit[], party: string): string {
  const distributors: readonly string[] = lines[0]?.parties.filter((candidate) => candidate.startsWith('distributor:')) ?? []
  const tier = distributors.indexOf(party)
  return tier < 0 ? '' : `, tier ${tier + 1}`
}
