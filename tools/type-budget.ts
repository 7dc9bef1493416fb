/**
 * What the types of `createCommerce` cost a consumer's compiler: instantiations and the size of its declaration file, for an application with sixty plugins,
 * against what was built. The figures are exact for a compiler version; the committed budget may fall, and a rise must be argued for.
 *
 * npm run budget:types            compares with tools/type-budget.json
 * npm run budget:types -- --save  writes the figures there
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import ts from 'typescript'

const root = resolve(import.meta.dirname, '..')
const budgetFile = resolve(root, 'tools/type-budget.json')
const declarations = resolve(root, 'packages/core/dist/index.d.ts')
const plugins = 60

/** An application as an integrator writes it. */
function application(count: number): string {
  const names = Array.from({ length: count }, (_, index) => `plugin${index}`)
  const declared = names.map(
    (name) => `
export interface ${name}Api { read(input: { readonly id: string }): Promise<{ readonly ${name}: number }> }
export interface ${name}Events { '${name}.done': { readonly id: string } }
export declare const ${name}: PluginFactory<'${name}', { readonly rate?: number | undefined }, ${name}Api, ${name}Events>`,
  )
  return `
import { createCommerce, type PluginFactory } from '@entrepot/core'
${declared.join('\n')}
export const commerce = await createCommerce({ database: { type: 'better-sqlite3', database: 'shop.db' }, plugins: [${names.map((name) => `${name}({ rate: 1 })`).join(', ')}] })
${names.map((name) => `export const result_${name}: number = (await commerce.${name}.read({ id: 'a' })).${name}\ncommerce.on('${name}.done', (event) => event.id.length)`).join('\n')}
export const order = await commerce.orders.get({ orderId: 'ord_1' })
`
}

/** Compiles one file in memory against the built declarations. */
function compile(source: string): { readonly instantiations: number; readonly bytes: number } {
  const file = resolve(root, 'tools/type-budget.consumer.ts')
  const options: ts.CompilerOptions = {
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    declaration: true,
    emitDeclarationOnly: true,
    target: ts.ScriptTarget.ES2023,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    types: ['node'],
    paths: { '@entrepot/core': [declarations] },
  }
  const host = ts.createCompilerHost(options)
  const { getSourceFile, fileExists } = host
  let bytes = 0
  host.fileExists = (name) => name === file || fileExists(name)
  host.getSourceFile = (name, target, ...rest) =>
    name === file ? ts.createSourceFile(name, source, target) : getSourceFile(name, target, ...rest)
  host.writeFile = (_name, text) => {
    bytes += Buffer.byteLength(text)
  }
  const program = ts.createProgram([file], options, host)
  const errors = ts.getPreEmitDiagnostics(program)
  if (errors.length > 0) throw new Error(ts.formatDiagnostics(errors, { ...host, getNewLine: () => '\n' }))
  program.emit()
  return { instantiations: program.getInstantiationCount(), bytes }
}

if (!existsSync(declarations)) throw new Error('packages/core is not built; run npm run build first')
const bare = compile(application(0))
const full = compile(application(plugins))
const figures = {
  typescript: ts.version.split('.').slice(0, 2).join('.'),
  coreInstantiations: bare.instantiations,
  sixtyPluginsInstantiations: full.instantiations - bare.instantiations,
  sixtyPluginsDeclarationBytes: full.bytes - bare.bytes,
}

if (process.argv.includes('--save')) {
  writeFileSync(budgetFile, `${JSON.stringify(figures, null, 2)}\n`)
  console.log(figures)
} else {
  const budget: typeof figures = JSON.parse(readFileSync(budgetFile, 'utf8'))
  const keys = ['coreInstantiations', 'sixtyPluginsInstantiations', 'sixtyPluginsDeclarationBytes'] as const
  for (const key of keys) console.log(`${key}: ${figures[key]} of ${budget[key]}`)
  const over = keys.filter((key) => figures[key] > budget[key])
  if (over.length > 0) {
    console.error(
      `over the budget: ${over.join(', ')}; make the types cheaper, or argue for the rise and run npm run budget:types -- --save`,
    )
    process.exitCode = 1
  }
}
