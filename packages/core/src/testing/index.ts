/** For the tests of integrators, and of plugins' and adapters' authors. */

// Carriers, likewise
export { type CarrierSimulation, type CarrierSuite, describeCarrier } from './carrier-suite.js'
// A marketplace on an empty database, and a clock that stands still until it is told
export { type EmptyDatabase, openTestKernel, type Reported, type TestDatabase, type TestKernel, testDatabases } from './databases.js'
// Event transports, likewise
export { describeEventTransport, type EventTransportSimulation, type EventTransportSuite } from './event-transport-suite.js'
export {
  type CarrierMethod,
  type CarrierMisbehaviour,
  createMisbehavingCarrier,
  type MisbehavingCarrier,
  type MisbehavingCarrierOptions,
} from './misbehaving-carrier.js'
// Payment providers: one that misbehaves on command, and the suite that every provider passes
export {
  createMisbehavingProvider,
  type MisbehavingOptions,
  type MisbehavingProvider,
  type Misbehaviour,
  type ProviderMethod,
  type WebhookOptions,
} from './misbehaving-provider.js'
export { describePaymentProvider, type PaymentProviderSuite, type PaymentSimulation } from './payment-provider-suite.js'
// Payout providers, likewise
export { describePayoutProvider, type PayoutProviderSuite, type PayoutSimulation } from './payout-provider-suite.js'
// Scenarios: a plan, what happens under it, and what must come of it
export {
  type DistributionFactory,
  parseScenarios,
  type ReadScenario,
  runScenario,
  runScenarios,
  type Scenario,
  type ScenarioCount,
  type ScenarioDistributors,
  type ScenarioFailures,
  type ScenarioFile,
  type ScenarioOptions,
  type ScenarioRun,
  scenarioSchema,
} from './scenario/index.js'
export type { TestRunner } from './suite.js'
export { advance, createTestClock, type TestClock } from './test-clock.js'
export { openTestCommerce, type TestCommerce, type TestCommerceOptions } from './test-commerce.js'
