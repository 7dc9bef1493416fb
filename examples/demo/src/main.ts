/** `npm start`: a marketplace of its own, and a day in it. */
import { rm } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { clockOfTheDay, playDay } from './day.js'
import { openMarketplace } from './marketplace.js'
import { createStage } from './print/stage.js'

const folder = fileURLToPath(new URL('..', import.meta.url))
const file = join(folder, 'marketplace.sqlite')
const mediaFolder = join(folder, 'media')

async function main(): Promise<void> {
  const write = (line: string): void => void process.stdout.write(`${line}\n`)
  const began = performance.now()
  write('')
  write('Entrepôt: a marketplace of four suppliers and six distributors, and how one sale reaches everybody’s account.')
  // A fresh one each time: the day begins with an empty marketplace.
  for (const path of [file, `${file}-wal`, `${file}-shm`, mediaFolder]) await rm(path, { recursive: true, force: true })

  const clock = clockOfTheDay()
  const commerce = await openMarketplace({ database: { type: 'better-sqlite3', database: file }, clock })
  try {
    const stage = createStage({ write, colour: process.stdout.isTTY === true && process.env.NO_COLOR === undefined })
    await playDay({ commerce, clock, stage, mediaFolder })
  } finally {
    await commerce.close()
  }

  const here = (path: string): string => relative(process.cwd(), path) || path
  write('')
  write(`The marketplace lies in ${file}`)
  write(
    `and its pictures in ${mediaFolder}. The next \`npm start\` makes both anew. It took ${((performance.now() - began) / 1000).toFixed(1)} s.`,
  )
  write('')
  write('What to try next:')
  write('    the newest entries of the books:')
  write(
    `        node -e "console.table(require('better-sqlite3')('${here(file)}').prepare('SELECT kind, source, effective_at FROM entrepot_ledger_journal ORDER BY effective_at DESC LIMIT 20').all())"`,
  )
  write(`    change a percentage in ${here(join(folder, 'src/data/distributors.ts'))}, and run npm start again`)
  write(`    read ${here(join(folder, 'src/scenes/order.ts'))} and its neighbours: a scene is what a shop’s backend would do`)
  write('    npm test')
  write('')
}

// Whoever reads may stop early: `npm start | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})

main().catch((error: unknown) => {
  console.error('\nThe demo has failed:', error)
  process.exitCode = 1
})
