import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

export const here = (path: string): string => new URL(path, import.meta.url).pathname

/** Runs an example as a reader would, in an empty folder. @returns what it prints */
export async function run(example: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-guide-'))
  const tsx = here('../../../node_modules/tsx/dist/cli.mjs')
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [tsx, '--tsconfig', here('../../../tsconfig.json'), here(example)], {
      cwd: folder,
    })
    return stdout
  } finally {
    await rm(folder, { recursive: true })
  }
}
