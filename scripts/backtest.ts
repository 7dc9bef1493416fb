/** `npm run backtest -- ORDERS.csv --plan PLAN.json`: the command of the same name, from its sources. */
import { main } from '../packages/adapters/cli/src/index.js'

void main(['backtest', ...process.argv.slice(2)])
