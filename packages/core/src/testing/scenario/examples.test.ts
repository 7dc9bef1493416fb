import { readdirSync, readFileSync } from 'node:fs'
import { distribution } from '@entrepot/plugin-distribution'
import { describe, expect, it } from 'vitest'
import { parseScenarios } from './parse.js'
import { runScenario } from './run-scenario.js'

const folder = new URL('./examples/', import.meta.url)

/** Every form of the money rules, with what must come of it reckoned by hand. */
for (const file of readdirSync(folder).sort()) {
  describe(`examples/${file}`, () => {
    for (const read of parseScenarios(readFileSync(new URL(file, folder), 'utf8'))) {
      it(`${read.id}: ${'scenario' in read ? read.scenario.title : 'is not read'}`, async () => {
        expect('problems' in read ? read.problems : await runScenario(read.scenario, { distribution })).toEqual([])
      })
    }
  })
}
