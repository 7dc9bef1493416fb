import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'

/** Stands between a client and its server, and can cut all connections and refuse new ones, as a server does that is restarted. */
export interface CutableProxy {
  readonly port: number
  cut(): Promise<void>
  mend(): Promise<void>
}

export async function openProxy(host: string, serverPort: number): Promise<CutableProxy> {
  const sockets = new Set<Socket>()
  const serve = (client: Socket): void => {
    const server = connect(serverPort, host)
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        client.destroy()
        server.destroy()
      })
    }
    client.pipe(server).pipe(client)
  }
  const open = async (port: number): Promise<Server> => {
    const server = createServer(serve).listen(port, '127.0.0.1')
    await once(server, 'listening')
    return server
  }
  let listening = await open(0)
  const address = listening.address()
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  const { port } = address
  return {
    port,
    async cut() {
      const closed = once(listening, 'close')
      listening.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
    async mend() {
      listening = await open(port)
    },
  }
}
