import type { EventTransport } from '@entrepot/core'
import { describeEventTransport } from '@entrepot/core/testing'
import { Connection } from 'rabbitmq-client'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { type CutableProxy, openProxy } from '../../../../tools/cutable-proxy.js'
import { ordersOverBroker } from '../../../../tools/orders-over-broker.js'
import { rabbitmqEvents } from './index.js'

const { ENTREPOT_TEST_RABBITMQ: url = '' } = process.env

async function clear(place: string): Promise<void> {
  const rabbit = new Connection(url)
  rabbit.on('error', () => {})
  for (const group of ['suite', 'later', 'stock', 'mail']) await rabbit.queueDelete({ queue: `${place}.${group}` }).catch(() => {})
  await rabbit.exchangeDelete({ exchange: place }).catch(() => {})
  await rabbit.close()
}

// A restart of the server is played by a proxy, which cuts every connection and refuses new ones for a while.
describe.skipIf(url === '')('on the RabbitMQ that is there', () => {
  let proxy: CutableProxy | undefined
  beforeAll(async () => {
    const { hostname, port } = new URL(url)
    proxy = await openProxy(hostname, Number(port || 5672))
  })
  afterAll(() => proxy?.cut())
  const open = (place: string, backlog?: number): EventTransport => {
    const through = new URL(url)
    through.hostname = '127.0.0.1'
    through.port = String(proxy?.port)
    return rabbitmqEvents({ url: through.href, exchange: place, backlog, report() {} })
  }
  describeEventTransport({
    name: 'rabbitmq',
    open,
    clear,
    simulate: { stop: async () => proxy?.cut(), start: async () => proxy?.mend() },
    runner: { describe, it },
  })
  it("carries a whole marketplace's events, exactly the outbox's, over a time without the broker", async () => {
    const place = `orders${Date.now()}`
    await ordersOverBroker({ open: () => open(place), stop: async () => proxy?.cut(), start: async () => proxy?.mend() })
    await clear(place)
  })
})
