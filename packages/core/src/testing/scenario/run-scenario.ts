import { CommerceError, sumAmounts, timestamp } from '../../index.js'
import { advance } from '../test-clock.js'
import { act, type Play } from './act.js'
import { brokenBooks, bucketsOf, changesBetween, differencesBetween, type Position, readPosition } from './books.js'
import { ScenarioMistake } from './cast.js'
import type { Scenario, ScenarioAllocations, ScenarioBalances, ScenarioStep } from './scenario.js'
import { type DistributionFactory, openStage, type Stage } from './stage.js'
import { compareBuckets, compareChanges, type Deviation, deviation, tabulate } from './verdict.js'

export interface ScenarioOptions {
  /** `distribution` of `@entrepot/plugin-distribution`; scenarios with clicks need it. */
  readonly distribution?: DistributionFactory | undefined
}

/** What is wrong, in lines of text; none where all came as expected. */
export type ScenarioFailures = readonly string[]

/** Plays a scenario through the public API, on an in-memory database of its own. It stops at the first step that goes wrong: what follows would mean nothing. */
export async function runScenario(scenario: Scenario, { distribution }: ScenarioOptions = {}): Promise<ScenarioFailures> {
  let stage: Stage
  try {
    stage = await openStage(scenario, distribution)
  } catch (error) {
    return [`it cannot begin: ${messageOf(error)}`]
  }
  try {
    const play: Play = { stage, sold: new Map(), attempts: new Map(), settled: new Map(), said: { time: stage.clock.now() } }
    for (const [index, step] of scenario.steps.entries()) {
      const failures = await playStep(play, step)
      if (failures.length > 0) return [`steps[${index}] ${titleOf(step)}:`, ...failures.map((line) => `  ${line}`)]
    }
    return [
      ...table('allocations:', await compareAllocations(play, scenario.allocations ?? {})),
      ...table('balances at the end:', await compareBalances(stage, scenario.balances ?? {})),
    ]
  } catch (error) {
    return [messageOf(error)]
  } finally {
    await stage.commerce.close()
  }
}

async function playStep(play: Play, step: ScenarioStep): Promise<readonly string[]> {
  const { stage } = play
  const { commerce, clock, reports } = stage
  const reported = reports.length
  const start = await readPosition(stage)
  const time = step.do === 'advance' ? step.to : step.at
  if (time !== undefined) {
    const at = timestamp(time)
    if (at < play.said.time) return [`it would be at ${at}, and the clock stands at ${play.said.time} already`]
    play.said.time = at
    // Where a step begins a moment of its own, the clock is a millisecond ahead of what was said.
    if (at >= clock.now()) await advance(commerce, clock, at)
  }
  // What falls due as time passes is the change of a step that lets it pass, and of no other.
  const before = step.do === 'advance' ? start : await readPosition(stage)
  const refusal = await refusalOf(act(play, step))
  await commerce.background.drain()
  const after = await readPosition(stage)
  const failures = [
    ...judge(step, refusal, before, after),
    ...(await brokenBooks(stage, after)),
    ...reports.slice(reported).map(({ message, error }) => `in the background: ${message}: ${messageOf(error)}`),
  ]
  return failures.length > 0 ? failures : table('balances:', await compareBalances(stage, step.balances ?? {}))
}

async function refusalOf(done: Promise<void>): Promise<unknown> {
  try {
    await done
    return undefined
  } catch (error) {
    return error
  }
}

function judge({ error, expect }: ScenarioStep, refusal: unknown, before: Position, after: Position): readonly string[] {
  if (error === undefined) {
    if (refusal !== undefined) return [`it was refused: ${messageOf(refusal)}`]
    return expect === undefined ? [] : table('changes:', compareChanges(expect, changesBetween(before, after)))
  }
  const expected = error === true ? 'any error' : error
  if (refusal === undefined) return table('it was not refused:', [{ what: 'error', expected, found: 'none' }])
  // What a step asks for may be so wrong that it can be asked of nobody: that is a refusal too, though without a code.
  if (error === true && refusal instanceof ScenarioMistake) return []
  if (!CommerceError.is(refusal)) return [`it should be refused with ${expected}, and broke down: ${messageOf(refusal)}`]
  if (error !== true && refusal.code !== error)
    return [...table('errors:', [{ what: 'error', expected, found: refusal.code }]), refusal.message]
  const changed = differencesBetween(before, after)
  return changed.length === 0 ? [] : ['it was refused, and changed something all the same:', ...changed.map((line) => `  ${line}`)]
}

async function compareBalances(stage: Stage, balances: ScenarioBalances): Promise<readonly Deviation[]> {
  const deviations: Deviation[] = []
  for (const [party, expected] of Object.entries(balances))
    deviations.push(...compareBuckets(party, expected, await bucketsOf(stage, party)))
  return deviations
}

async function compareAllocations(
  play: Play,
  { discount = {}, shipping = {}, tax = {} }: ScenarioAllocations,
): Promise<readonly Deviation[]> {
  const named = [...Object.keys(discount), ...Object.keys(shipping), ...Object.keys(tax)]
  if (named.length === 0) return []
  const found = await allocationsOf(play)
  return Object.entries({ discount, shipping, tax }).flatMap(([kind, expected]) =>
    Object.entries(expected).flatMap(([line, amount]) => {
      const at = found.get(line)
      if (at === undefined) throw new ScenarioMistake(`allocations.${kind} names ${line}, and there is no such line`)
      return deviation(`${kind} of ${line}`, amount, at[kind as keyof typeof at])
    }),
  )
}

/** By `order/line`. */
async function allocationsOf({
  stage,
  sold,
}: Play): Promise<ReadonlyMap<string, { readonly discount: number; readonly shipping: number; readonly tax: number }>> {
  const found = new Map<string, { readonly discount: number; readonly shipping: number; readonly tax: number }>()
  for (const [name, { orderId, lineIds }] of sold) {
    const { lines } = await stage.commerce.orders.get({ orderId })
    for (const [line, lineId] of lineIds) {
      const { discounts = [], shipping = 0, tax = null } = lines.find(({ id }) => id === lineId) ?? {}
      found.set(`${name}/${line}`, { discount: sumAmounts(discounts.map(({ amount }) => amount)), shipping, tax: tax?.amount ?? 0 })
    }
  }
  return found
}

function table(title: string, deviations: readonly Deviation[]): readonly string[] {
  return deviations.length === 0 ? [] : [title, ...tabulate(deviations).map((line) => `  ${line}`)]
}

/** `sell o1`, `settle S`. */
function titleOf(step: ScenarioStep): string {
  const object =
    step.do === 'sell'
      ? step.id
      : 'order' in step
        ? step.order
        : 'party' in step
          ? step.party
          : step.do === 'advance'
            ? step.to
            : step.customer
  return `${step.do} ${object}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
