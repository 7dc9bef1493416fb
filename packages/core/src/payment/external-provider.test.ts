import { afterAll, beforeAll, describe, it } from 'vitest'
import { createTables, type Kernel } from '../kernel/index.js'
import { openTestKernel, testDatabases } from '../testing/databases.js'
import { describePaymentProvider } from '../testing/payment-provider-suite.js'
import { externalPaymentTable } from './external-payment.entity.js'
import { externalProvider } from './external-provider.js'

for (const database of testDatabases()) {
  let kernel: Kernel
  let close: () => Promise<void>
  beforeAll(async () => {
    ;({ kernel, close } = await openTestKernel(database, [{ owner: 'test', migrations: [createTables('0001', [externalPaymentTable])] }]))
  })
  afterAll(() => close())

  describePaymentProvider({
    name: `external on ${database.name}`,
    provider: () => externalProvider(kernel.database),
    simulate: {
      succeed: () => undefined,
      settle: async (paymentId) => {
        await kernel.database.transaction(undefined, (tx) => tx.update(externalPaymentTable, { received: 1000 }, { paymentId }))
      },
    },
    capabilities: { manualCapture: false },
    runner: { describe, it },
  })
}
