/**
 * The scenario language: a platform checks, before it goes live, that its plan pays as its contracts say.
 *
 * - A scenario is played through the public API alone, on an in-memory database with a clock of its own; nothing of what it expects is computed by what it checks.
 * - What a step is expected to change is all that it may change; a refused step changes nothing.
 * - After every step the books are asked: debits equal credits, no guarded account is negative, and what came in is somebody's or was paid out.
 */
export { parseScenarios, type ReadScenario } from './parse.js'
export { runScenario, type ScenarioFailures, type ScenarioOptions } from './run-scenario.js'
export { runScenarios, type ScenarioCount, type ScenarioFile, type ScenarioRun } from './run-scenarios.js'
export type { Scenario } from './scenario.js'
export { scenarioSchema } from './schema.js'
export type { DistributionFactory, ScenarioDistributors } from './stage.js'
