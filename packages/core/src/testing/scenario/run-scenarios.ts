import { parseScenarios } from './parse.js'
import { runScenario, type ScenarioOptions } from './run-scenario.js'

/** A file of scenarios. */
export interface ScenarioFile {
  readonly name: string
  /** Its text: a JSON array. */
  readonly text: string
}

export interface ScenarioRun extends ScenarioOptions {
  readonly files: readonly ScenarioFile[]
  /** Told of every line of the report: `ok ID`, or `FAILED ID` with what was expected and what was found. */
  readonly print: (line: string) => void
}

export interface ScenarioCount {
  readonly passed: number
  readonly failed: number
}

/** Plays the scenarios of files, one after the other, and prints `N passed, N failed` at the end. */
export async function runScenarios({ files, print, ...options }: ScenarioRun): Promise<ScenarioCount> {
  const count = { passed: 0, failed: 0 }
  for (const { name, text } of files) {
    for (const read of parseScenarios(text)) {
      const failures =
        'problems' in read ? read.problems.map((problem) => `${name}: ${problem}`) : await runScenario(read.scenario, options)
      count[failures.length === 0 ? 'passed' : 'failed'] += 1
      print(failures.length === 0 ? `ok ${read.id}` : `FAILED ${read.id}`)
      for (const failure of failures) print(`  ${failure}`)
    }
  }
  print(`${count.passed} passed, ${count.failed} failed`)
  return count
}
