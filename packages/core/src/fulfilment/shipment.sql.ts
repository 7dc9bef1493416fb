/** The statements of this room: each is one, whatever the number of parcels and lines. */
import {
  columns,
  groupBy,
  identifier,
  inList,
  join,
  type Reader,
  type Sql,
  sql,
  type Timestamp,
  type Tx,
  textByKey,
  type Where,
} from '../kernel/index.js'
import type { Parcel, ParcelChange } from './parcel.js'
import { type ShipmentRow, shipmentLineTable, shipmentTable } from './shipment.entity.js'

/** Parcels with their lines, in the order of their ids. Who changes any of them holds the lock of its order. */
export async function loadParcels(reader: Reader, where: Where<ShipmentRow>): Promise<readonly Parcel[]> {
  return withLines(reader, await reader.find(shipmentTable, where, { orderBy: ['id'] }))
}

export async function withLines(reader: Reader, shipments: readonly ShipmentRow[]): Promise<readonly Parcel[]> {
  if (shipments.length === 0) return []
  const shipmentId = shipments.map((shipment) => shipment.id)
  const lines = groupBy(await reader.find(shipmentLineTable, { shipmentId }, { orderBy: ['lineId'] }), (line) => line.shipmentId)
  return shipments.map((shipment) => ({ shipment, lines: lines.get(shipment.id) ?? [] }))
}

/** Units of these lines in parcels that are announced and wait for their handover. */
export async function announcedUnits(reader: Reader, lineIds: readonly string[]): Promise<ReadonlyMap<string, number>> {
  const rows = await reader.all(sql`
    SELECT ${columns(shipmentLineTable, 'l')} FROM ${shipmentLineTable} l JOIN ${shipmentTable} s ON s.id = l.shipment_id
    WHERE s.status = 'announced' AND ${inList(sql`l.line_id`, lineIds)}`)
  const units = new Map<string, number>()
  for (const { lineId, quantity } of rows.map(shipmentLineTable.read)) units.set(lineId, (units.get(lineId) ?? 0) + quantity)
  return units
}

/** When the last of each line arrived: parcels of one line may be told of in any order. */
export async function lastArrivals(reader: Reader, lineIds: readonly string[]): Promise<ReadonlyMap<string, Timestamp>> {
  const rows = await reader.all(sql`
    SELECT line_id, MAX(delivered_at) AS at FROM ${shipmentLineTable} WHERE ${inList(sql`line_id`, lineIds)} GROUP BY line_id`)
  return new Map(rows.map((row) => [String(row.line_id), String(row.at)]))
}

/** Writes what has become of parcels: new ones by two statements, changed ones by two. */
export async function storeParcels(tx: Tx, changes: readonly ParcelChange[]): Promise<void> {
  const created = changes.filter(({ before }) => before === null).map(({ after }) => after)
  await tx.insert(
    shipmentTable,
    created.map((parcel) => parcel.shipment),
  )
  await tx.insert(
    shipmentLineTable,
    created.flatMap((parcel) => parcel.lines),
  )
  await rewriteShipments(tx, changes)
  await markDelivered(tx, changes)
}

async function rewriteShipments(tx: Tx, changes: readonly ParcelChange[]): Promise<void> {
  const changed = changes.flatMap(({ before, after }) => (before ? [{ before: before.shipment, after: after.shipment }] : []))
  const sets = shipmentTable.fields.flatMap(({ property, column }): Sql[] =>
    changed.some(({ before, after }) => before[property] !== after[property])
      ? [sql`${identifier(column)} = ${valueByShipment(changed.map(({ after }) => [after.id, after[property]]))}`]
      : [],
  )
  if (sets.length === 0) return
  await tx.run(
    sql`UPDATE ${shipmentTable} SET ${join(sets)} WHERE ${inList(
      sql`id`,
      changed.map(({ after }) => after.id),
    )}`,
  )
}

// What changes in a shipment is text or nothing, and nothing is what `textByKey` gives to whom it does not name.
function valueByShipment(values: readonly (readonly [id: string, value: unknown])[]): Sql {
  const texts = values.flatMap(([id, value]) => (typeof value === 'string' ? [[id, value] as const] : []))
  return texts.length === 0 ? sql`NULL` : textByKey(sql`id`, texts)
}

// All lines that arrive in one step have one moment by line, in whichever of the parcels they are.
async function markDelivered(tx: Tx, changes: readonly ParcelChange[]): Promise<void> {
  const arrived = changes.filter(({ before }) => before !== null).flatMap(newlyDelivered)
  if (arrived.length === 0) return
  const moments = new Map(arrived.map(({ lineId, at }) => [lineId, at]))
  await tx.run(sql`
    UPDATE ${shipmentLineTable} SET delivered_at = ${textByKey(sql`line_id`, [...moments])}
    WHERE ${inList(sql`shipment_id`, [...new Set(arrived.map((line) => line.shipmentId))])} AND ${inList(sql`line_id`, [...moments.keys()])}
      AND delivered_at IS NULL`)
}

/** Units of an order line that a change of their parcel delivers. */
export interface NewlyDelivered {
  readonly shipmentId: string
  readonly orderId: string
  readonly lineId: string
  readonly quantity: number
  readonly at: Timestamp
}

export function newlyDelivered({ before, after }: ParcelChange): readonly NewlyDelivered[] {
  const { id: shipmentId, orderId } = after.shipment
  const earlier = new Set(before?.lines.filter((line) => line.deliveredAt !== null).map((line) => line.lineId))
  return after.lines.flatMap(({ lineId, quantity, deliveredAt: at }) =>
    at === null || earlier.has(lineId) ? [] : [{ shipmentId, orderId, lineId, quantity, at }],
  )
}
