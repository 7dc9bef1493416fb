import { migrateDatabase } from '@entrepot/core'
import { type Command, defineCommand, exitCodes, misunderstood } from './command.js'
import { databaseLocation } from './database-location.js'

export const migrate: Command = defineCommand({
  name: 'migrate',
  summary: "Brings a database to this version's schema.",
  usage: '--database URL|FILE [options]',
  options: {
    database: {
      type: 'string',
      value: 'URL|FILE',
      about: 'postgres://user:password@host/name, mysql://user:password@host/name, or the path of an SQLite file',
    },
    prefix: { type: 'string', value: 'P', about: "what our tables' names begin with (default: entrepot_)" },
    schema: { type: 'string', value: 'S', about: 'the PostgreSQL schema that they are in; it must exist' },
    json: { type: 'boolean', about: 'print what was applied as JSON' },
  },
  details: 'It may be run again at any time, and by several machines at once: each migration is applied once.',
  async run({ values: { database, prefix, schema, json } }, { out }) {
    if (database === undefined) throw misunderstood('--database is missing')
    const applied = await migrateDatabase({ database: databaseLocation(database), prefix, schema })
    if (json) out(`${JSON.stringify({ applied })}\n`)
    else if (applied.length === 0) out('The schema is up to date.\n')
    else out(`${applied.map((name) => `applied ${name}`).join('\n')}\n`)
    return exitCodes.done
  },
})
