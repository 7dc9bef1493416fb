/** What the proof's coordinator asks of a worker process, and what comes back: plain values, since they pass from process to process. */
import type { DatabaseLocation } from '@entrepot/core'

/** Where a worker's marketplace lies, and what time it is there. */
export interface Opening {
  readonly location: DatabaseLocation
  readonly schema: string | undefined
  /** Of the provider and the rail. */
  readonly world: string
  /** Milliseconds by which the marketplace's clock is ahead of the machine's. */
  readonly ahead: number
  readonly background: boolean
}

export interface Webhook {
  readonly headers: Readonly<Record<string, string>>
  /** Base64. */
  readonly rawBody: string
}

/** `key` is the idempotency key: asked again with the same, the command is the same. */
export type Command =
  | { readonly do: 'open'; readonly opening: Opening }
  | { readonly do: 'stock'; readonly suppliers: number; readonly articles: number; readonly stock: number }
  | {
      readonly do: 'fill-cart'
      readonly offers: readonly string[]
      readonly methodId: string
      readonly supplierIds: readonly string[]
      readonly key: string
    }
  | { readonly do: 'place'; readonly cartId: string; readonly capture: 'automatic' | 'manual'; readonly key: string }
  | { readonly do: 'finalize'; readonly paymentId: string }
  | { readonly do: 'webhook'; readonly webhook: Webhook }
  | { readonly do: 'capture'; readonly paymentId: string; readonly key: string }
  | { readonly do: 'deliver'; readonly orderId: string; readonly key: string }
  | { readonly do: 'refund'; readonly orderId: string; readonly key: string }
  | { readonly do: 'cancel'; readonly orderId: string; readonly key: string }
  | { readonly do: 'settle'; readonly party: string; readonly key: string }
  /** Moves the worker's clock, and does all that is due. */
  | { readonly do: 'drain'; readonly ahead: number }
  /** The process kills itself at this point, or never. */
  | { readonly do: 'arm'; readonly point: CrashPoint | null }
  | { readonly do: 'measure' }
  | { readonly do: 'close' }

/** What a process holds, after its garbage has been collected. */
export interface Held {
  /** Megabytes. */
  readonly heap: number
  /** Megabytes, as the operating system counts them. */
  readonly rss: number
  /** Timers, sockets and files that are open. */
  readonly handles: number
}

/** A moment at which a process dies: the steps are looked for one after the other, in the statements it sends and the calls it makes. */
export interface CrashPoint {
  readonly name: string
  /** Regular expressions; the process dies as the last one is met, before that statement or call goes out. */
  readonly steps: readonly string[]
}

export interface Stocked {
  readonly supplierIds: readonly string[]
  readonly offerIds: readonly string[]
  readonly methodId: string
}

export interface Placed {
  readonly orderId: string
  readonly paymentStatus: string
  readonly paymentIds: readonly string[]
}

export interface Ask {
  readonly id: number
  readonly command: Command
}

export type Answer =
  | { readonly id: number; readonly value: unknown }
  | { readonly id: number; readonly refused: { readonly code: string; readonly message: string } }
  /** An event that a durable subscriber was given. */
  | { readonly heard: { readonly type: string; readonly aggregate: string } }
