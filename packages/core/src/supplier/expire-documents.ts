import { columns, inList, type Reader, type Sql, sql, type Tx } from '../kernel/index.js'
import { type SupplierDocumentRow, supplierDocumentTable } from './document.entity.js'
import { emitSupplier } from './events.js'
import { record, type SupplierDeps } from './record.js'
import { supplierTable } from './supplier.entity.js'

const suppliersAtOnce = 100

/** Tells of every mandatory document that has expired since it was last asked, in transactions of bounded size. */
export function expireDocuments({ kernel }: SupplierDeps): () => Promise<void> {
  return async () => {
    while ((await kernel.database.transaction(undefined, (tx) => expireSome(tx, kernel))) > 0);
  }
}

async function expireSome(tx: Tx, kernel: SupplierDeps['kernel']): Promise<number> {
  const due = await tx.all(sql`SELECT DISTINCT supplier_id FROM ${supplierDocumentTable} WHERE ${isDue(tx)} LIMIT ${suppliersAtOnce}`)
  const suppliers = await tx.lock(supplierTable, { id: due.map((row) => String(row.supplier_id)) })
  // Read again under the locks: meanwhile another process may have told, or a supplier may have handed in a new one.
  const expired = await dueOf(
    tx,
    suppliers.map(({ id }) => id),
  )
  if (expired.length === 0) return 0

  await tx.update(supplierDocumentTable, { expiryToldAt: tx.now }, { id: expired.map(({ id }) => id) })
  const status = new Map(suppliers.map((supplier) => [supplier.id, supplier.status]))
  await record(
    tx,
    kernel,
    { by: 'system' },
    expired.flatMap(({ id, supplierId, kind }) => {
      const same = status.get(supplierId)
      return same ? [{ supplierId, action: 'document_expired' as const, from: same, to: same, subjectId: id, reason: kind }] : []
    }),
  )
  for (const { id, supplierId, kind, expiresAt } of expired) {
    if (expiresAt !== null) emitSupplier(tx, 'supplier.document_expired', supplierId, { supplierId, documentId: id, kind, expiresAt })
  }
  return expired.length
}

async function dueOf(reader: Reader, supplierIds: readonly string[]): Promise<readonly SupplierDocumentRow[]> {
  const rows = await reader.all(
    sql`SELECT ${columns(supplierDocumentTable)} FROM ${supplierDocumentTable} WHERE ${inList(sql`supplier_id`, supplierIds)} AND ${isDue(reader)} ORDER BY id`,
  )
  return rows.map(supplierDocumentTable.read)
}

function isDue({ now }: Reader): Sql {
  return sql`expiry_told_at IS NULL AND expires_at <= ${now} AND replaced_at IS NULL AND mandatory = 1`
}
