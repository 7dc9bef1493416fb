import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, constants } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'

/** A server process of a test's own, on a free port and an empty folder, that can be killed and started again on what is on its disk. */
export interface OwnServer {
  readonly port: number
  start(): Promise<void>
  /** Kills the process without a warning. */
  stop(): Promise<void>
  /** Ends it and takes its folder away. */
  remove(): Promise<void>
}

/** Whether a program is on the PATH. */
export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/** Starts a server. @param argumentsFor its arguments, for a port on 127.0.0.1 and a folder for its data */
export async function ownServer(program: string, argumentsFor: (port: number, folder: string) => readonly string[]): Promise<OwnServer> {
  const folder = await mkdtemp(join(tmpdir(), 'entrepot-server-'))
  const port = await freePort()
  let running: ChildProcess | undefined
  const server: OwnServer = {
    port,
    async start() {
      running = spawn(program, [...argumentsFor(port, folder)], { stdio: 'ignore' })
      for (const end = Date.now() + 20_000; !(await answers(port)); await pause(20))
        if (Date.now() > end || running.exitCode !== null) throw new Error(`${program} did not start on port ${port}`)
    },
    async stop() {
      if (!running || running.exitCode !== null || running.signalCode !== null) return
      const ended = once(running, 'exit')
      running.kill('SIGKILL')
      await ended
    },
    async remove() {
      await server.stop()
      await rm(folder, { recursive: true, force: true })
    },
  }
  await server.start()
  return server
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  server.close()
  await once(server, 'close')
  if (address === null || typeof address === 'string') throw new Error('no port is free')
  return address.port
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    const done = (answer: boolean): void => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('connect', () => done(true))
    socket.once('error', () => done(false))
  })
}
