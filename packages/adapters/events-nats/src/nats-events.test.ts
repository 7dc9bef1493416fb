import { describeEventTransport } from '@entrepot/core/testing'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { ordersOverBroker } from '../../../../tools/orders-over-broker.js'
import { isInstalled, type OwnServer, ownServer } from '../../../../tools/own-server.js'
import { natsEvents } from './index.js'

const { ENTREPOT_TEST_NATS: servers = '' } = process.env

async function clear(place: string): Promise<void> {
  const nats = await connect({ servers })
  const manager = await jetstreamManager(nats)
  await manager.streams.delete(place)
  await nats.close()
}

describe.skipIf(servers === '')('on the NATS that is there', () => {
  describeEventTransport({
    name: 'nats',
    open: (place, backlog) => natsEvents({ servers, stream: place, backlog, report() {} }),
    clear: (place) => clear(place).catch(() => {}),
    runner: { describe, it },
  })
})

describe.skipIf(!isInstalled('nats-server'))('on a NATS that is killed and started again', () => {
  let server: OwnServer | undefined
  beforeAll(async () => {
    server = await ownServer('nats-server', (port, folder) => ['-a', '127.0.0.1', '-p', String(port), '-js', '-sd', folder])
  })
  afterAll(() => server?.remove())
  describeEventTransport({
    name: 'nats',
    open: (place, backlog) => natsEvents({ servers: `127.0.0.1:${server?.port}`, stream: place, backlog, report() {} }),
    simulate: { stop: async () => server?.stop(), start: async () => server?.start() },
    patienceMillis: 40_000,
    runner: { describe, it },
  })
  it("carries a whole marketplace's events, exactly the outbox's, over a time without the broker", async () => {
    await ordersOverBroker({
      open: () => natsEvents({ servers: `127.0.0.1:${server?.port}`, stream: 'orders', report() {} }),
      stop: async () => server?.stop(),
      start: async () => server?.start(),
    })
  })
})
