/** The command line as functions, for scripts and tests; `bin.ts` is the command itself. */
export type { BacktestParty, BacktestResult } from './backtest/report.js'
export type { Terminal } from './command.js'
export { main } from './main.js'
export { run } from './run.js'
