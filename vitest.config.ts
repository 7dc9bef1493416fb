import { fileURLToPath } from 'node:url'
import { defineConfig, type ViteUserConfig } from 'vitest/config'

const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url))

const config: ViteUserConfig = defineConfig({
  resolve: {
    // The same as `paths` in tsconfig.json: tests run on the sources, without a build.
    alias: [
      { find: /^@entrepot\/core$/, replacement: source('packages/core/src/index.ts') },
      { find: /^@entrepot\/core\/testing$/, replacement: source('packages/core/src/testing/index.ts') },
      { find: /^@entrepot\/plugin-([^/]+)$/, replacement: source('packages/plugins/$1/src/index.ts') },
      { find: /^@entrepot\/adapter-([^/]+)$/, replacement: source('packages/adapters/$1/src/index.ts') },
    ],
  },
  test: {
    include: ['{packages,examples}/**/*.test.ts', '{tools,scripts}/**/*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**'],
    globalSetup: ['tools/vitest-services.ts'],
    // A month of settlement is some ten thousand statements, which a database server answers one after the other.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Nothing in this repository is global, so test files share their workers: loading typeorm anew for each costs four times the time.
    pool: 'forks',
    isolate: false,
    maxWorkers: '100%',
    reporters: ['default'],
    typecheck: {
      enabled: true,
      include: ['{packages,examples}/**/*.test-d.ts'],
      tsconfig: 'tsconfig.type-tests.json',
      // Errors outside the type tests are `npm run typecheck`'s to report.
      ignoreSourceErrors: true,
    },
  },
})

export default config
