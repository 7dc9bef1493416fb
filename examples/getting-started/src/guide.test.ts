import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { here, run } from './run.fixture.js'

it('the guide quotes this example, whole and in its order', async () => {
  const guide = await readFile(here('../../../docs/guide/getting-started.md'), 'utf8')
  const quoted = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code?.trim())
  expect(quoted.join('\n\n')).toBe((await readFile(here('./main.ts'), 'utf8')).trim())
})

it('and it ends with the supplier\u2019s claim: the price and the shipping, less the commission', async () => {
  expect(await run('./main.ts')).toContain('pending: 12320')
})
