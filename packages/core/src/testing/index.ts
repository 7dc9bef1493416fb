/** For the tests of integrators and plugin authors. */
export { openTestKernel, type TestDatabase, type TestKernel, testDatabases } from './databases.js'
export { advance, createTestClock, type TestClock } from './test-clock.js'
