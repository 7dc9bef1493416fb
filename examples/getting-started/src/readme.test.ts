import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { here, run } from './run.fixture.js'

it('the README quotes this example, whole', async () => {
  const readme = await readFile(here('../../../README.md'), 'utf8')
  const section = readme.slice(readme.indexOf('## What it looks like'), readme.indexOf('## What it promises'))
  expect(/```ts\n([\s\S]*?)```/.exec(section)?.[1]?.trim()).toBe((await readFile(here('./readme.ts'), 'utf8')).trim())
})

it('and it ends with a paid order whose split is explained', async () => {
  const stdout = await run('./readme.ts')
  // 256.00 of goods and 8.00 of shipping, less 10 % for the platform and 8 % for the distributor.
  expect(stdout).toMatch(/^\S+ paid$/m)
  expect(stdout).toContain('pending: 21792')
})
