import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const here = (path: string): string => new URL(path, import.meta.url).pathname

it('the guide quotes this example, whole and in its order', async () => {
  const guide = await readFile(here('../../../docs/guide/getting-started.md'), 'utf8')
  const quoted = [...guide.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, code]) => code?.trim())
  expect(quoted.join('\n\n')).toBe((await readFile(here('./main.ts'), 'utf8')).trim())
})

it('and it ends with the supplier\u2019s claim: the price and the shipping, less the commission', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-guide-'))
  const run = promisify(execFile)
  const tsx = here('../../../node_modules/tsx/dist/cli.mjs')
  const { stdout } = await run(process.execPath, [tsx, '--tsconfig', here('../../../tsconfig.json'), here('./main.ts')], { cwd: folder })
  expect(stdout).toContain('pending: 12320')
  await rm(folder, { recursive: true })
})
