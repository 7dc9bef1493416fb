import type { PaymentProvider } from '@entrepot/core'
import { describePaymentProvider, testDatabases } from '@entrepot/core/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { currency, type Marketplace, openMarketplace, type Shopper } from './prepaid.fixture.js'

for (const database of testDatabases()) {
  let market: Marketplace
  let shopper: Shopper
  let losesAnswer = false
  beforeAll(async () => {
    market = await openMarketplace(database)
  })
  afterAll(() => market.close())

  /** The provider for one customer of its own with a balance: the suite's payments are nobody's, and those are refused. */
  const provider = async (): Promise<PaymentProvider> => {
    shopper = await market.shopper()
    await shopper.topUp(10_000)
    const { customerId } = shopper
    const start: PaymentProvider['start'] = async (payment) => {
      const state = await market.provider.start({ ...payment, customerId })
      if (!losesAnswer) return state
      losesAnswer = false
      throw new Error('the connection broke')
    }
    return { ...market.provider, start }
  }

  describePaymentProvider({
    name: `prepaid on ${database.name}`,
    currency,
    provider,
    simulate: {
      succeed: () => undefined,
      async decline() {
        await market.commerce.prepaid.withdraw({ customerId: shopper.customerId, amount: 10_000, currency, destination: 'bank' })
        return undefined
      },
      timeoutAfterSuccess() {
        losesAnswer = true
        return undefined
      },
      taken: () => shopper.moved('psp:prepaid', 'clearing'),
    },
    runner: { describe, it },
  })
}
