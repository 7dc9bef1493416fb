import { describe, expect, it } from 'vitest'
import { testDatabases } from '../testing/index.js'
import { openModel } from '../testing/marketplace-model.fixture.js'

// Other seeds: ENTREPOT_MODEL_SEED=12345 ENTREPOT_MODEL_STEPS=5000 npm test -- marketplace-model
const seed = Number(process.env.ENTREPOT_MODEL_SEED ?? 20_260_110)

for (const database of testDatabases()) {
  describe(`a marketplace in which anything may happen, on ${database.name}`, () => {
    const steps = Number(process.env.ENTREPOT_MODEL_STEPS ?? (database.name === 'SQLite' ? 150 : 20))
    it(`adds up after each of ${steps} steps, seed ${seed}`, { timeout: 60_000 + steps * 500 }, async () => {
      const model = await openModel(database, seed)
      const did: string[] = []
      try {
        for (let step = 0; step < steps; step++) {
          const outcome = await model.step().catch((error: unknown) => {
            throw new Error(`seed ${seed}, step ${step}, after ${did.slice(-5).join('; ')}`, { cause: error })
          })
          did.push(outcome.did)
          expect(outcome.broken, `seed ${seed}, step ${step}: ${outcome.did}`).toEqual([])
        }
        if (process.env.ENTREPOT_MODEL_STEPS) console.log(did.join('\n'))
      } finally {
        await model.close()
      }
    })
  })
}
