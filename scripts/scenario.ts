/** `npm run scenario -- FILE…`: the command of the same name, from its sources. */
import { main } from '../packages/adapters/cli/src/index.js'

void main(['scenario', ...process.argv.slice(2)])
