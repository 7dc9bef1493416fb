/** What the tests of payments begin with: the room on a database of its own, beside real books, with a stand-in for the order room. */
import { addMillis, createTables, emit } from '../kernel/index.js'
import { createLedger, type Ledger, ledgerTables } from '../ledger/index.js'
import {
  type CaptureRow,
  type CreatedPayment,
  captureTable,
  createPayments,
  type Payment,
  type PaymentHooks,
  type PaymentIntent,
  type Payments,
  paymentTables,
  type Refund,
} from '../payment/index.js'
import { openTestKernel, type TestDatabase, type TestKernel } from './databases.js'
import { createMisbehavingProvider, type MisbehavingOptions, type MisbehavingProvider } from './misbehaving-provider.js'

/** The reference of every payment here. */
export const order = 'ord_1'

export interface PaymentFixture extends TestKernel {
  readonly psp: MisbehavingProvider
  readonly payments: Payments
  readonly ledger: Ledger
  /** What happened, in order: event names, and `hook.captured` for each run of the hook that committed. */
  readonly told: readonly string[]
  /** A payment of 1000 that nobody has been asked for. */
  create(intent?: Partial<PaymentIntent>): Promise<CreatedPayment>
  /** The same, and asked for. */
  start(intent?: Partial<PaymentIntent>): Promise<Payment>
  state(payment: Payment): Promise<Payment>
  captures(): Promise<readonly CaptureRow[]>
  /** Of a party's only account. */
  balance(party: string): Promise<number>
  /** The order wants nothing more. */
  cancel(): Promise<readonly string[]>
  refund(payment: Payment, amount: number): Promise<Refund>
  /** Lets time pass, and does once what is due then. */
  pass(minutes: number): Promise<void>
}

const events = [
  'hook.captured',
  'payment.authorized',
  'payment.failed',
  'payment.voided',
  'payment.refunded',
  'payment.refund_failed',
  'payment.exceeded',
]

export async function openPayments(testDatabase: TestDatabase, options?: MisbehavingOptions): Promise<PaymentFixture> {
  const tables = createTables('0001', [...ledgerTables, ...paymentTables])
  const opened = await openTestKernel(testDatabase, [{ owner: 'test', migrations: [tables] }])
  const { kernel, clock } = opened
  const psp = createMisbehavingProvider(options)
  const { provider } = psp
  const { database, hooks, jobs, background } = kernel
  const ledger = createLedger({ kernel })
  const payments = createPayments({ kernel, ledger, adapters: { payments: [provider] } })
  const told: string[] = []
  for (const name of events) kernel.events.on(name, () => told.push(name))
  // As the order room does: what came in goes to the order's escrow.
  hooks<PaymentHooks>().join('payment.captured', async ({ payment, captureId, amount, clearing, at }, tx) => {
    const to = { party: `order:${payment.reference}`, purpose: 'escrow' }
    const transfers = [{ from: clearing, to, amount, commodity: payment.currency, kind: 'capture', ref: captureId }]
    await ledger.post(tx, [{ kind: 'order.captured', source: captureId, key: captureId, effectiveAt: at, transfers }])
    emit(tx, 'hook.captured', payment.id, { amount })
  })
  await jobs.start()

  const state = (paymentId: string): Promise<Payment> => payments.service.get({ paymentId })
  const create: PaymentFixture['create'] = async (intent = {}) => {
    const usual = {
      reference: order,
      provider: provider.id,
      amount: 1000,
      currency: 'CNY',
      customerId: null,
      capture: 'automatic',
    } as const
    const [payment] = await database.transaction(undefined, (tx) => payments.create(tx, [{ ...usual, ...intent }]))
    if (!payment) throw new TypeError('no payment was created')
    return payment
  }
  return {
    ...opened,
    psp,
    payments,
    ledger,
    told,
    create,
    start: async (intent) => {
      const created = await create(intent)
      await payments.start([created])
      return state(created.id)
    },
    state: ({ id }) => state(id),
    captures: () => database.read(undefined, (reader) => reader.find(captureTable, {}, { orderBy: ['id'] })),
    balance: async (party) => (await ledger.service.balances({ party }))[0]?.balance ?? 0,
    cancel: () => database.transaction(undefined, (tx) => payments.cancelOpen(tx, order)),
    refund: ({ id }, amount) =>
      database.transaction(undefined, (tx) => payments.requestRefund(tx, { paymentId: id, amount, reference: 'rfo_1', reason: 'broken' })),
    pass: async (minutes) => {
      clock.set(addMillis(clock.now(), minutes * 60_000))
      await background.drain()
    },
  }
}
