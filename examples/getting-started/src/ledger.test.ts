import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { here, run } from './run.fixture.js'

it('the page on the books quotes this example, whole and in its order', async () => {
  const page = await readFile(here('../../../docs/guide/ledger.md'), 'utf8')
  const quoted = [...page.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code?.trim())
  expect(quoted.join('\n\n')).toBe((await readFile(here('./ledger.ts'), 'utf8')).trim())
})

it('and its figures are those that the page states', async () => {
  const stdout = await run('./ledger.ts')
  expect(stdout).toMatch(/balance: 300,\s+held: 200,\s+available: 100/)
  expect(stdout).toMatch(/^800$/m)
  expect(stdout).toMatch(/^0 150 null$/m)
  expect(stdout).toContain('balanced: true')
  expect(stdout).toMatch(/^true 4 \[\]$/m)
})
