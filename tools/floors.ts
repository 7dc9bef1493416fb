// Holds the floors of packages/core/src: a room imports only from lower floors, and only through the other room's index.
// Run by `npm run floors`; another folder may be given as argument. Type-only imports count: they too make a reader climb the stairs.
import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import ts from 'typescript'

const floors: Readonly<Record<string, number>> = {
  testing: 9,
  // The files that lie directly in src: index.ts, commerce.ts, plugin.ts. They may import one another.
  '.': 8,
  reconciliation: 7.5,
  settlement: 7,
  commission: 6,
  fulfilment: 6,
  returns: 6,
  order: 5,
  cart: 4,
  storefront: 4,
  inventory: 3,
  pricing: 3,
  shipping: 3,
  payment: 3,
  catalog: 2,
  supplier: 1,
  customer: 1,
  tax: 1,
  ledger: 1,
  // Between the floors: tax (floor 1) asks one of them, and they know of the kernel's events.
  ports: 0.5,
  transport: 0.6,
  money: 0,
  kernel: 0,
}

/** Files that a room of the same floor, or from outside its index, may import all the same. */
const openDoors = [{ from: 'money/', to: 'kernel/errors.ts' }]

/** Packages that only these files may import. */
const packageRooms: Readonly<Record<string, readonly string[]>> = {
  'medusa-core-utils': ['kernel/medusa.ts'],
  typeorm: ['kernel/'],
  awilix: ['commerce.ts'],
  // Tests may; what is published runs without a test runner.
  vitest: [],
  'fast-check': ['testing/'],
}

/** What checks the arithmetic must not use it: the scenario runner computes what it expects by itself. */
const keptApart = [{ from: 'testing/scenario', to: ['money', 'commission'] }]

const isTest = (file: string): boolean => /\.(test|test-d|bench)\.ts$/.test(file)
const roomOf = (file: string): string => (file.includes('/') ? file.slice(0, file.indexOf('/')) : '.')
const within = (file: string, places: readonly string[]): boolean =>
  places.some((place) => file === place || (place.endsWith('/') && file.startsWith(place)))

interface Import {
  readonly line: number
  readonly specifier: string
  /** The imported file of core, relative to src; undefined for a package. */
  readonly target: string | undefined
}

/** Every broken rule below `root`/packages/core/src, as one line of text each. Tests may import any room through its index, and all of testing. */
export function check(root: string): string[] {
  const src = join(root, 'packages/core/src')
  const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => /\.[cm]?ts$/.test(name))
    .sort()
  const imports = new Map(files.map((file) => [file, importsOf(src, file)]))
  return [...files.flatMap((file) => [...brokenRules(file, imports.get(file) ?? [])]), ...cycles(files, imports)]
}

function importsOf(src: string, file: string): Import[] {
  const text = readFileSync(join(src, file), 'utf8')
  return ts.preProcessFile(text, true, true).importedFiles.map(({ fileName: specifier, pos }) => {
    const line = text.slice(0, pos).split('\n').length
    if (specifier === '@entrepot/core') return { line, specifier, target: 'index.ts' }
    if (specifier === '@entrepot/core/testing') return { line, specifier, target: 'testing/index.ts' }
    if (!specifier.startsWith('.')) return { line, specifier, target: undefined }
    const path = resolve(src, dirname(file), specifier.replace(/\.js$/, '.ts'))
    return { line, specifier, target: relative(src, path).replaceAll('\\', '/') }
  })
}

function* brokenRules(file: string, imports: readonly Import[]): Generator<string, void> {
  const room = roomOf(file)
  const floor = floors[room]
  if (floor === undefined) {
    yield `packages/core/src/${file}: room "${room}" has no floor; give it one in tools/floors.ts`
    return
  }
  for (const { line, specifier, target } of imports) {
    const at = `packages/core/src/${file}:${line} imports ${specifier}`
    if (target === undefined) {
      const places = packageRooms[specifier.split('/', 1).join()]
      if (places && !isTest(file) && !within(file, places))
        yield `${at}: only ${places.length === 0 ? 'tests' : places.join(', ')} may import it`
      continue
    }
    const other = roomOf(target)
    const otherFloor = floors[other]
    if (other === room || otherFloor === undefined) {
      if (target.startsWith('../')) yield `${at}: core imports nothing outside packages/core/src by path`
      continue
    }
    if (openDoors.some((door) => file.startsWith(door.from) && target === door.to)) continue
    const apart = keptApart.find((rule) => file.startsWith(rule.from) && rule.to.includes(other))
    if (apart) yield `${at}: ${apart.from}* checks ${other} and may not use it`
    else if (!isTest(file) && otherFloor >= floor) yield `${at}: ${room} (floor ${floor}) may import only from floors below ${floor}`
    else if (other !== '.' && target !== `${other}/index.ts` && !(isTest(file) && other === 'testing'))
      yield `${at}: a room is imported through its index.js only`
  }
}

/** Each import cycle once, told from its first file in alphabetical order. */
function cycles(files: readonly string[], imports: ReadonlyMap<string, readonly Import[]>): string[] {
  const found = new Set<string>()
  const done = new Set<string>()
  const walk = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file)
    if (start >= 0) {
      const cycle = path.slice(start)
      const first = cycle.indexOf([...cycle].sort()[0] ?? file)
      found.add([...cycle.slice(first), ...cycle.slice(0, first + 1)].join(' -> '))
      return
    }
    if (done.has(file)) return
    for (const { target } of imports.get(file) ?? []) if (target !== undefined && target !== file) walk(target, [...path, file])
    done.add(file)
  }
  for (const file of files) walk(file, [])
  return [...found].map((cycle) => `packages/core/src: import cycle ${cycle}`)
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const broken = check(process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url)))
  for (const line of broken) console.error(line)
  console.log(broken.length === 0 ? 'The floors hold.' : `${broken.length} imports break the floors of packages/core/src.`)
  if (broken.length > 0) process.exitCode = 1
}
