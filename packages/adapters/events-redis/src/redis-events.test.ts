import { describeEventTransport } from '@entrepot/core/testing'
import { createClient } from '@redis/client'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { ordersOverBroker } from '../../../../tools/orders-over-broker.js'
import { isInstalled, type OwnServer, ownServer } from '../../../../tools/own-server.js'
import { redisEvents } from './index.js'

const { ENTREPOT_TEST_REDIS: url = '' } = process.env

async function clear(place: string): Promise<void> {
  const client = await createClient({ url }).connect()
  for await (const keys of client.scanIterator({ MATCH: `${place}*` })) if (keys.length > 0) await client.del(keys)
  await client.close()
}

describe.skipIf(url === '')('on the Redis that is there', () => {
  describeEventTransport({
    name: 'redis',
    open: (place, backlog) => redisEvents({ url, stream: place, backlog, report() {} }),
    clear,
    runner: { describe, it },
  })
})

describe.skipIf(!isInstalled('redis-server'))('on a Redis that is killed and started again', () => {
  let server: OwnServer | undefined
  beforeAll(async () => {
    server = await ownServer('redis-server', (port, dir) => [
      '--bind',
      '127.0.0.1',
      '--port',
      String(port),
      '--dir',
      dir,
      '--appendonly',
      'yes',
      '--appendfsync',
      'always',
      '--save',
      '',
    ])
  })
  afterAll(() => server?.remove())
  describeEventTransport({
    name: 'redis',
    open: (place, backlog) => redisEvents({ url: `redis://127.0.0.1:${server?.port}`, stream: place, backlog, report() {} }),
    simulate: { stop: async () => server?.stop(), start: async () => server?.start() },
    runner: { describe, it },
  })
  it("carries a whole marketplace's events, exactly the outbox's, over a time without the broker", async () => {
    await ordersOverBroker({
      open: () => redisEvents({ url: `redis://127.0.0.1:${server?.port}`, stream: 'orders', report() {} }),
      stop: async () => server?.stop(),
      start: async () => server?.start(),
    })
  })
})
