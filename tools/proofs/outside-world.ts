/**
 * The world outside the marketplace, which no crash of ours takes down: a payment provider and a payout rail that live in the proof's own process and speak
 * HTTP, so that worker processes that are killed find it as they left it.
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { PaymentProvider, PayoutProvider, PayoutState } from '@entrepot/core'
import { createMisbehavingProvider, type MisbehavingProvider } from '@entrepot/core/testing'

/** A method of a port, as it is called over HTTP: `/payments/start`. */
type Route = (input: never) => Promise<unknown>

export interface OutsideWorld {
  readonly url: string
  readonly psp: MisbehavingProvider
  /** Every payment that was ever started there, by our id. */
  readonly paymentIds: ReadonlySet<string>
  /** What the rail has paid, by payout id. */
  readonly paidOut: ReadonlyMap<string, { readonly party: string; readonly amount: number }>
  /** Payout ids that came with another amount or party than at first: each is a broken promise. */
  readonly contradictions: readonly string[]
  /** Told of every call that may have changed a payment; the proof then sends webhooks. */
  onChange: (paymentId: string) => void
  /** Asked before a payout is submitted; true: it is paid, and the answer is lost. */
  loseAnswer: () => boolean
  close(): Promise<void>
}

export const providerId = 'psp'
export const railId = 'rail'

export async function openOutsideWorld(): Promise<OutsideWorld> {
  const psp = createMisbehavingProvider({ id: providerId })
  const paymentIds = new Set<string>()
  const paidOut = new Map<string, { readonly party: string; readonly amount: number }>()
  const contradictions: string[] = []
  const { provider } = psp

  const changing =
    <Input extends { readonly paymentId: string }, Answer>(method: (input: Input) => Promise<Answer>) =>
    async (input: Input): Promise<Answer> => {
      paymentIds.add(input.paymentId)
      try {
        return await method(input)
      } finally {
        world.onChange(input.paymentId)
      }
    }
  const routes: Readonly<Record<string, Route>> = {
    '/payments/start': changing(provider.start),
    '/payments/fetch': provider.fetch,
    '/payments/capture': changing(provider.capture),
    '/payments/void': changing(provider.void),
    '/payments/refund': changing(provider.refund),
    '/payments/fetchRefund': provider.fetchRefund,
    '/payments/fetchDisputes': async (query: Parameters<NonNullable<PaymentProvider['fetchDisputes']>>[0]) =>
      (await provider.fetchDisputes?.(query)) ?? [],
    '/payouts/submit': async ({ payoutId, party, amount }: Parameters<PayoutProvider['submit']>[0]): Promise<PayoutState> => {
      const before = paidOut.get(payoutId)
      if (before && (before.party !== party || before.amount !== amount)) contradictions.push(payoutId)
      if (!before) paidOut.set(payoutId, { party, amount })
      if (world.loseAnswer()) throw new Error('the answer was lost')
      return { status: 'paid', providerRef: `rail-${payoutId}` }
    },
    '/payouts/fetch': async ({ payoutId }: { readonly payoutId: string }): Promise<PayoutState | null> =>
      paidOut.has(payoutId) ? { status: 'paid', providerRef: `rail-${payoutId}` } : null,
  }

  const server: Server = createServer((request, response) => {
    void (async () => {
      const route = routes[request.url ?? '']
      const input = await bodyOf(request)
      try {
        if (!route) throw new Error(`nothing answers at ${request.url}`)
        response.end(JSON.stringify({ answer: await route(input as never) }))
      } catch (error) {
        response.statusCode = 504
        response.end(JSON.stringify({ error: String(error) }))
      }
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const world: OutsideWorld = {
    url: `http://127.0.0.1:${port}`,
    psp,
    paymentIds,
    paidOut,
    contradictions,
    onChange: () => {},
    loseAnswer: () => false,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return world
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return JSON.parse(Buffer.concat(parts).toString('utf8') || 'null')
}

/** Where a process may be killed around a call to the outside. */
export type CallObserver = (moment: string) => void

/** The provider and the rail, as a worker process reaches them. Each call is told twice: before it is sent, and after its answer has come. */
export function reachOutsideWorld(
  url: string,
  observe: CallObserver,
): { readonly payments: PaymentProvider; readonly payouts: PayoutProvider } {
  // Signatures are checked where the secret is, which the misbehaving provider of this process has too.
  const { provider: local } = createMisbehavingProvider({ id: providerId })
  const call = async <Answer>(path: string, input: object): Promise<Answer> => {
    observe(`before ${path}`)
    const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(input), signal: AbortSignal.timeout(10_000) })
    const { answer, error } = (await response.json()) as { answer: Answer; error?: string }
    observe(`after ${path}`)
    if (error !== undefined) throw new Error(error)
    return answer
  }
  return {
    payments: {
      id: providerId,
      capabilities: local.capabilities,
      start: (input) => call('/payments/start', input),
      fetch: (input) => call('/payments/fetch', input),
      capture: (input) => call('/payments/capture', input),
      void: (input) => call('/payments/void', input),
      refund: (input) => call('/payments/refund', input),
      fetchRefund: (input) => call('/payments/fetchRefund', input),
      fetchDisputes: (input) => call('/payments/fetchDisputes', input),
      verifyWebhook: (webhook) => local.verifyWebhook(webhook),
    },
    payouts: {
      id: railId,
      submit: (input) => call('/payouts/submit', input),
      fetch: (input) => call('/payouts/fetch', input),
    },
  }
}
