/** What lines under retroactive bands have brought and cost, month by month: the true-up at the month's end starts from it. */
import { groupBy, inList, numberByKey, sql, type Tx } from '../kernel/index.js'
import { sumAmounts } from '../money/index.js'
import { bandTotalTable } from './commission.entity.js'
import type { VolumeKey } from './volume.js'

/** What one capture of one line adds. */
export interface BandEarning {
  readonly ruleId: string
  readonly key: VolumeKey
  /** Of the line's base; minor units. */
  readonly base: number
  /** Commission; minor units. */
  readonly charged: number
}

/** Two statements, and a third where a month that has ended gains something. The suppliers' volumes are locked. */
export async function countEarnings(tx: Tx, earnings: readonly BandEarning[]): Promise<void> {
  if (earnings.length === 0) return
  const totals = [...groupBy(earnings, idOf)].map(([id, its]) => {
    const [first] = its
    return { id, first, base: sumAmounts(its.map((each) => each.base)), charged: sumAmounts(its.map((each) => each.charged)) }
  })
  await tx.insertMissing(
    bandTotalTable,
    totals.flatMap(({ id, first }) =>
      first ? [{ id, ruleId: first.ruleId, ...first.key, base: 0, charged: 0, truedUp: 0, trueUps: 0, settled: false }] : [],
    ),
  )
  const added = (of: 'base' | 'charged') =>
    numberByKey(
      sql`id`,
      totals.map((total) => [total.id, total[of]] as const),
    )
  await tx.run(sql`
    UPDATE ${bandTotalTable} SET base = base + ${added('base')}, charged = charged + ${added('charged')}, settled = 0
    WHERE ${inList(
      sql`id`,
      totals.map(({ id }) => id),
    )}`)
}

/** A month that has ended gained volume, by money that came in late: all of its totals are trued up once more. */
export async function reopenTotals(tx: Tx, keys: readonly VolumeKey[]): Promise<void> {
  if (keys.length === 0) return
  const among = (name: ReturnType<typeof sql>, of: keyof VolumeKey) => inList(name, [...new Set(keys.map((key) => key[of]))])
  await tx.run(sql`
    UPDATE ${bandTotalTable} SET settled = 0
    WHERE settled = 1 AND ${among(sql`supplier_id`, 'supplierId')} AND ${among(sql`currency`, 'currency')} AND ${among(sql`period`, 'period')}`)
}

function idOf({ ruleId, key: { supplierId, currency, period } }: BandEarning): string {
  return `${ruleId}/${supplierId}/${currency}/${period}`
}
