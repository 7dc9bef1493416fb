import { DiscardPolicy, type JetStreamManager, RetentionPolicy, StorageType } from '@nats-io/jetstream'

export interface StreamSettings {
  readonly stream: string
  readonly backlog: number
  readonly replicas: number
}

export const subjectOf = (stream: string, partition: number): string => `${stream}.${partition}`

/** Makes the stream, or sets the backlog of one that is there; what else an operator has set of it stays. */
export async function prepareStream(manager: JetStreamManager, { stream, backlog, replicas }: StreamSettings): Promise<void> {
  if (await has(manager, stream)) {
    await manager.streams.update(stream, { max_msgs: backlog })
    return
  }
  await manager.streams.add({
    name: stream,
    subjects: [`${stream}.*`],
    storage: StorageType.File,
    num_replicas: replicas,
    // An event goes when all groups have acknowledged it, and none is pushed out by a newer one.
    retention: RetentionPolicy.Interest,
    discard: DiscardPolicy.New,
    max_msgs: backlog,
  })
}

async function has(manager: JetStreamManager, stream: string): Promise<boolean> {
  for await (const name of manager.streams.names(`${stream}.*`)) if (name === stream) return true
  return false
}
