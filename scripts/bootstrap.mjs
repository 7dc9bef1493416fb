// What `npm start` and `npm test` begin with, on a machine that has Node and nothing else of ours: installs when needed, then runs the task.
// Plain Node, no dependency: it must work before anything is installed.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const minimum = [20, 19]

// Everything runs on the sources (tsx and Vitest read `paths`), so that nothing needs to be built.
const tasks = {
  start: (args) => typescript('examples/demo/src/main.ts', args),
  scenario: (args) => typescript('scripts/scenario.ts', args),
  backtest: (args) => typescript('scripts/backtest.ts', args),
  contention: (args) => typescript('scripts/contention.ts', args),
  crash: (args) => typescript('scripts/crash.ts', args),
  model: (args) => typescript('scripts/model.ts', args),
  soak: (args) => typescript('scripts/soak.ts', args),
  'bench:ledger': (args) => typescript('benchmarks/ledger-post.ts', args),
  'bench:settlement': (args) => typescript('benchmarks/settlement-run.ts', args),
  test: (args) => node([join(root, 'node_modules/vitest/vitest.mjs'), ...(args[0] === 'watch' ? [] : ['run']), ...args]),
}

const [name = '', ...args] = process.argv.slice(2)
const task = tasks[name]
if (task === undefined) fail(`Unknown task "${name}": one of ${Object.keys(tasks).join(', ')}.`)
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
if (major < minimum[0] || (major === minimum[0] && minor < minimum[1])) {
  fail(`Entrepôt needs Node ${minimum.join('.')} or newer; this is ${process.versions.node}.`)
}
if (!installed()) {
  console.log('Installing the dependencies (once, about two minutes) …')
  if (npm(['ci', '--no-audit', '--no-fund']) !== 0) fail('The installation failed; its messages are above.')
}
process.exitCode = task(args)

/** Whether node_modules holds what package-lock.json asks for. By content: file times say nothing after a checkout. */
function installed() {
  const hidden = join(root, 'node_modules/.package-lock.json')
  if (!existsSync(hidden)) return false
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages
  const present = JSON.parse(readFileSync(hidden, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, optional, devOptional, peer }]) =>
      !path.includes('node_modules/') || optional || devOptional || peer || (path in present && present[path].version === version),
  )
}

/** Runs a TypeScript file where the user stands, so that relative paths among the arguments mean what they say. */
function typescript(file, rest) {
  if (!existsSync(join(root, file))) fail(`${file} does not exist.`)
  return node(
    [join(root, 'node_modules/tsx/dist/cli.mjs'), '--tsconfig', join(root, 'tsconfig.json'), join(root, file), ...rest],
    userFolder(),
  )
}

/** npm changes to the root of the repository; INIT_CWD is where it was called. */
function userFolder() {
  return process.env.INIT_CWD ?? process.cwd()
}

function node(argv, cwd = root) {
  return spawnSync(process.execPath, argv, { cwd, stdio: 'inherit' }).status ?? 1
}

function npm(argv) {
  // npm tells its scripts where it lies; that spares us the difference between npm and npm.cmd.
  const cli = process.env.npm_execpath
  if (cli !== undefined) return node([cli, ...argv])
  return spawnSync('npm', argv, { cwd: root, stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
