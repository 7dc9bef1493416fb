// Looks at every public package as a user receives it: packs it, asks publint and attw whether the tarball can be imported and required, with
// types, and loads every entry both ways. Run by `npm run check:packages`, after `npm run build`.
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import * as z from 'zod'

const run = promisify(execFile)
const root = fileURLToPath(new URL('..', import.meta.url))

/** What every package.json that we publish must say. */
const manifest = z.object({
  name: z.string().regex(/^(@entrepot\/[a-z0-9-]+|entrepot)$/),
  version: z.string(),
  description: z.string().min(20),
  keywords: z.array(z.string()).min(3),
  license: z.literal('MIT'),
  author: z.string(),
  homepage: z.url(),
  bugs: z.object({ url: z.url() }),
  repository: z.object({ type: z.literal('git'), url: z.literal('git+https://github.com/entrepot/entrepot.git'), directory: z.string() }),
  type: z.literal('module'),
  sideEffects: z.boolean(),
  engines: z.object({ node: z.literal('>=20.19') }),
  exports: z.record(z.string(), z.unknown()),
  files: z.array(z.string()).min(1),
  publishConfig: z.object({ access: z.literal('public') }),
})

/** The folders, relative to the root, of all packages that are not private. */
async function publicPackages(): Promise<string[]> {
  const folders = ['packages/core']
  for (const kind of ['packages/plugins', 'packages/adapters']) {
    const entries = existsSync(join(root, kind)) ? await readdir(join(root, kind)) : []
    folders.push(...entries.map((name) => `${kind}/${name}`).filter((folder) => existsSync(join(root, folder, 'package.json'))))
  }
  const manifests = await Promise.all(folders.map((folder) => readFile(join(root, folder, 'package.json'), 'utf8')))
  return folders.filter((_, index) => JSON.parse(manifests[index] ?? '{}').private !== true)
}

/** What is wrong with a package; nothing, when it can be published. */
async function problems(folder: string): Promise<string[]> {
  const parsed = manifest.safeParse(JSON.parse(await readFile(join(root, folder, 'package.json'), 'utf8')))
  if (!parsed.success) return [`package.json:\n${z.prettifyError(parsed.error)}`]
  const found: string[] = []
  if (parsed.data.repository.directory !== folder) found.push(`package.json: repository.directory is not ${folder}`)
  for (const file of ['README.md', 'LICENSE']) if (!existsSync(join(root, folder, file))) found.push(`${file} is missing`)
  if (!existsSync(join(root, folder, 'dist'))) return [...found, 'dist is missing: run `npm run build` first']
  const out = await mkdtemp(join(tmpdir(), 'entrepot-pack-'))
  try {
    await run('npm', ['pack', '--silent', '--pack-destination', out], { cwd: join(root, folder), shell: process.platform === 'win32' })
    const tarball = join(out, (await readdir(out)).join())
    // Resolution without an exports map (node10) is older than every Node that we support.
    const attw = join(root, 'node_modules/@arethetypeswrong/cli/dist/index.js')
    const publint = join(root, 'node_modules/publint/src/cli.js')
    found.push(...(await complaint(folder, [publint, 'run', tarball, '--strict'])))
    found.push(...(await complaint(folder, [attw, tarball, '--profile', 'node16', '--no-emoji', '--no-color'])))
    for (const entry of Object.keys(parsed.data.exports).filter((key) => !key.endsWith('.json'))) {
      const specifier = JSON.stringify(`${parsed.data.name}${entry.slice(1)}`)
      found.push(...(await complaint(folder, ['--input-type=module', '-e', `await import(${specifier})`])))
      found.push(...(await complaint(folder, ['--input-type=commonjs', '-e', `require(${specifier})`])))
    }
  } finally {
    await rm(out, { recursive: true })
  }
  return found
}

/** Runs Node on these arguments in a package's folder, and returns what it says when it fails. */
async function complaint(folder: string, args: string[]): Promise<string[]> {
  try {
    await run(process.execPath, args, { cwd: join(root, folder) })
    return []
  } catch (error) {
    const said = error instanceof Error && 'stdout' in error && 'stderr' in error ? `${error.stdout}${error.stderr}` : String(error)
    return [`node ${args.join(' ')}\n${said}`]
  }
}

for (const folder of await publicPackages()) {
  const found = await problems(folder)
  console.log(`${found.length === 0 ? 'ok     ' : 'BROKEN '} ${folder}`)
  for (const problem of found) console.error(problem)
  if (found.length > 0) process.exitCode = 1
}
