import type { Caller, Timestamp } from '../kernel/index.js'
import { backdated, inFuture } from './errors.js'

/**
 * When goods arrived, as a caller says it. The hold on money counts from that moment, so only the host's own code may name one that has passed.
 * @throws fulfilment.backdated, fulfilment.in_future
 */
export function arrivalTime(at: Timestamp | undefined, now: Timestamp, { actor, by }: Pick<Caller, 'actor' | 'by'>): Timestamp {
  if (at === undefined || at === now) return now
  if (at > now) throw inFuture({ at, now })
  if (actor !== undefined) throw backdated({ at, by })
  return at
}
