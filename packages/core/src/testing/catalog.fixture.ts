/** A catalog on a database of its own, for the tests of catalog and pricing. */

import { type Catalog, catalogTables, createCatalog, type ProductDraft } from '../catalog/index.js'
import { createTables } from '../kernel/index.js'
import { createSuppliers, type Suppliers, supplierTables } from '../supplier/index.js'
import { openTestKernel, type TestDatabase, type TestKernel } from './databases.js'

export interface CatalogFixture extends TestKernel {
  readonly suppliers: Suppliers
  readonly catalog: Catalog
  /** An approved supplier. */
  supplier(name?: string): Promise<string>
  /** Runs a product through its review onto the shelf. */
  publish(productId: string): Promise<void>
  /** How many statements work sends to the database, transaction control in. */
  statements(work: () => Promise<unknown>): Promise<number>
}

export async function openCatalog(database: TestDatabase, upper: Parameters<typeof createTables>[1] = []): Promise<CatalogFixture> {
  const tables = createTables('0001', [...supplierTables, ...catalogTables, ...upper])
  const opened = await openTestKernel(database, [{ owner: 'catalog', migrations: [tables] }])
  const { kernel } = opened
  const suppliers = createSuppliers({ kernel })
  const catalog = createCatalog({ kernel, suppliers })
  return {
    ...opened,
    suppliers,
    catalog,
    async supplier(name = 'Acme') {
      const { id: supplierId } = await suppliers.service.apply({ name })
      await suppliers.service.startReview({ supplierId })
      await suppliers.service.approve({ supplierId })
      return supplierId
    },
    async publish(productId) {
      await catalog.service.submit({ productId })
      await catalog.service.approve({ productId })
      await catalog.service.publish({ productId })
    },
    async statements(work) {
      let count = 0
      const stop = kernel.database.observe(() => {
        count += 1
      })
      await work().finally(stop)
      return count
    },
  }
}

/** A product with so many variants, each offered at 1000 and up. */
export function shoe(supplierId: string, variants = 1, sku = 'shoe'): ProductDraft {
  const sizes = Array.from({ length: variants }, (_, index) => String(index + 1))
  return {
    supplierId,
    names: { en: 'Running shoe', zh: '跑鞋' },
    options: [{ name: 'Size', values: sizes }],
    media: [
      { type: 'video', url: 'https://cdn.example/shoe.mp4' },
      { type: 'image', url: 'https://cdn.example/shoe.jpg', alt: { en: 'A shoe' } },
      { type: 'image', url: 'https://cdn.example/sole.jpg' },
    ],
    variants: sizes.map((size, index) => ({
      optionValues: { Size: size },
      weightGrams: 600,
      offer: { sku: `${sku}-${size}`, price: 1000 + index, currency: 'CNY' },
    })),
  }
}
