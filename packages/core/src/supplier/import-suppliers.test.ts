import { describe, expect, it } from 'vitest'
import { openTestCommerce, testDatabases } from '../testing/index.js'

for (const database of testDatabases()) {
  describe(`suppliers from elsewhere on ${database.name}`, () => {
    it('come in approved, in the order of the input, by as many statements as one of them', async () => {
      const { commerce, close } = await openTestCommerce(database)
      try {
        const counts: number[] = []
        for (const names of [['one'], ['two', 'three', 'four']]) {
          let statements = 0
          const stop = commerce.observe(() => {
            statements++
          })
          const imported = await commerce.suppliers.import({ suppliers: names.map((name) => ({ name })) })
          stop()
          counts.push(statements)
          expect(imported.map(({ name, status }) => `${name} ${status}`)).toEqual(names.map((name) => `${name} approved`))
          for (const { id: supplierId } of imported) {
            expect(await commerce.suppliers.get({ supplierId })).toMatchObject({ status: 'approved' })
            expect((await commerce.suppliers.trail({ supplierId })).items).toMatchObject([
              { action: 'imported', from: null, to: 'approved', by: 'system' },
            ])
          }
        }
        expect(counts[1]).toBe(counts[0])
      } finally {
        await close()
      }
    })
  })
}
