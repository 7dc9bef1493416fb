/**
 * `npm run model`: random months of a marketplace. After every command, or several at once, everything must add up, and told again they must change nothing.
 */
import { parseArgs } from 'node:util'
import { testDatabases } from '@entrepot/core/testing'
import { openModel } from '../../packages/core/src/testing/marketplace-model.fixture.js'

const usage = `npm run model -- [--commands 10000] [--seed N] [--month 250] [--database URL]

  --commands N     how many in all
  --seed N         the first month's; each further month's is one more
  --month N        commands of one marketplace, until the next begins on an empty database
  --database URL   postgres://… or mysql://…; without it, SQLite in memory`

const { values } = parseArgs({
  options: {
    commands: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Math.floor(Math.random() * 1_000_000)) },
    month: { type: 'string', default: '250' },
    database: { type: 'string' },
    help: { type: 'boolean', short: 'h', default: false },
  },
})
if (values.help) {
  console.log(usage)
  process.exit(0)
}
const [commands, seed, month] = [whole(values.commands), whole(values.seed), whole(values.month)]
const database = databaseAt(values.database)
const counted = new Map<string, number>()
const began = performance.now()
let played = 0
for (let first = seed; played < commands; first++) {
  const until = Math.min(commands, played + month)
  const failure = await playMonth(first, until - played)
  if (failure !== undefined) {
    console.error(failure)
    console.error(
      `Play it again: npm run model -- --seed ${first} --month ${month} --commands ${month}${values.database ? ` --database ${values.database}` : ''}`,
    )
    process.exit(1)
  }
  played = until
  console.log(
    `${String(played).padStart(6)} of ${commands} commands, seed ${first}: everything adds up (${((performance.now() - began) / 1000).toFixed(0)} s)`,
  )
}
for (const [did, count] of [...counted].sort((a, b) => b[1] - a[1])) console.log(`${String(count).padStart(6)} ${did}`)
console.log(`${commands} commands on ${database.name}, seeds from ${seed}: nothing was broken.`)

/** @returns what went wrong, in words */
async function playMonth(first: number, steps: number): Promise<string | undefined> {
  const model = await openModel(database, first)
  const told: string[] = []
  try {
    for (let step = 0; step < steps; ) {
      const { did, broken } = await model.step()
      told.push(did)
      const together = did.split(' beside ')
      step += together.length
      for (const each of together) counted.set(each, (counted.get(each) ?? 0) + 1)
      if (broken.length > 0) return [`seed ${first}, after ${told.length} steps: ${told.slice(-5).join('; ')}`, ...broken].join('\n  ')
    }
    return undefined
  } catch (error) {
    return `seed ${first}, after ${told.length} steps (${told.slice(-5).join('; ')}): ${error instanceof Error ? error.stack : String(error)}`
  } finally {
    await model.close()
  }
}

function databaseAt(url: string | undefined) {
  const [variable, name] =
    url === undefined
      ? [undefined, 'SQLite']
      : /^(mysql|mariadb):/.test(url)
        ? ['ENTREPOT_TEST_MARIADB', 'MariaDB']
        : ['ENTREPOT_TEST_POSTGRES', 'PostgreSQL']
  if (variable !== undefined) process.env[variable] = url
  const found = testDatabases().find((each) => each.name === name)
  if (!found) throw new Error(`${url} is no database that the tests know; give postgres://… or mysql://…`)
  return found
}

function whole(text: string): number {
  const number = Number(text)
  if (Number.isSafeInteger(number) && number >= 0) return number
  console.error(`"${text}" is no whole number\n\n${usage}`)
  process.exit(2)
}
