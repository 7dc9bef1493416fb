import { fileURLToPath } from 'node:url'
import type { Options } from 'tsup'

/** How every package is built: ESM and CJS, each with types of its own. Workspace packages are read from their dist, as a user's compiler reads them. */
export function library(entry: readonly string[] = ['src/index.ts']): Options {
  return {
    entry: [...entry],
    format: ['esm', 'cjs'],
    target: 'node20',
    platform: 'node',
    // tsup's declaration bundler sets baseUrl, which TypeScript 6 reports as deprecated.
    dts: { compilerOptions: { ignoreDeprecations: '6.0' } },
    // In CJS too: two entries of a package must share one copy of a module, and with it its state and its classes.
    splitting: true,
    sourcemap: true,
    treeshake: true,
    clean: true,
    tsconfig: fileURLToPath(new URL('../tsconfig.base.json', import.meta.url)),
  }
}
