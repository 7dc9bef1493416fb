import type { RefundOrderInput } from '../../index.js'
import { ScenarioMistake } from './cast.js'
import type { RefundStep } from './scenario.js'
import type { Sold } from './sell.js'
import type { Stage } from './stage.js'

/** A refund in the scenario's words, as the API is asked for it. @throws ScenarioMistake */
export function refundOf(stage: Stage, sold: Sold, step: RefundStep): RefundOrderInput {
  const { goodwill } = step
  return {
    orderId: sold.orderId,
    lines: goodsOf(sold, step),
    shipping: shippingOf(stage, sold, step),
    goodwill: goodwill && { amount: goodwill.amount, fundedBy: funderOf(stage, sold, step, goodwill.fundedBy) },
    reason: 'refunded',
  }
}

function goodsOf(sold: Sold, { amount, quantity, all, line, order }: RefundStep): RefundOrderInput['lines'] {
  if (all && line === undefined) return [...sold.lineIds.values()].map((lineId) => ({ lineId, all }))
  if (amount === undefined && quantity === undefined && !all) return undefined
  const [only, ...others] = sold.lineIds.keys()
  const name = line ?? (others.length === 0 ? only : undefined)
  if (name === undefined) throw new ScenarioMistake(`name the line: order ${order} has several`)
  const lineId = lineIdOf(sold, order, name)
  if (amount !== undefined) return [{ lineId, amount }]
  return quantity === undefined ? [{ lineId, all: true }] : [{ lineId, quantity }]
}

/** Of the line that is named, else of the supplier's parcel. */
function shippingOf(stage: Stage, sold: Sold, { shipping, line, order }: RefundStep): RefundOrderInput['shipping'] {
  if (shipping === undefined) return undefined
  if (line !== undefined) return [{ lineId: lineIdOf(sold, order, line), amount: shipping }]
  const shipped = sold.sell.shipping.map(({ supplier }) => supplier)
  const sellers = [...new Set(sold.sell.lines.map(({ supplier }) => supplier))]
  const [supplier, ...others] = shipped.length > 0 ? shipped : sellers
  if (supplier === undefined || others.length > 0)
    throw new ScenarioMistake(`name the line whose shipping is refunded: order ${order} has several parcels`)
  return [{ supplierId: stage.supplierId(supplier), amount: shipping }]
}

function funderOf(stage: Stage, sold: Sold, { line, order }: RefundStep, fundedBy: string): string {
  if (fundedBy === 'platform') return fundedBy
  if (fundedBy !== 'supplier') return stage.party(fundedBy.replace(/^distributor:/, ''))
  const of = sold.sell.lines.filter(({ id }) => line === undefined || id === line)
  const [supplier, ...others] = [...new Set(of.map((candidate) => candidate.supplier))]
  if (supplier === undefined || others.length > 0)
    throw new ScenarioMistake(`name the line whose supplier bears the goodwill: order ${order} has several suppliers`)
  return stage.party(supplier)
}

function lineIdOf({ lineIds }: Sold, order: string, line: string): string {
  const lineId = lineIds.get(line)
  if (lineId === undefined) throw new ScenarioMistake(`order ${order} has no line ${line}`)
  return lineId
}
