/**
 * The promises of the checkout, looked for in the tables by plain SQL that every database reads, and held against what the provider and the rail have seen.
 * Nothing of the marketplace's own code takes part: a rule that it has wrong cannot make itself right here.
 */
import { type OutsideWorld, providerId } from './outside-world.js'
import type { Row, Tables } from './tables.js'

/** What a look at the tables found. */
export interface Broken {
  readonly promise: string
  /** How many rows, or what differs from what. */
  readonly found: string
}

/** SELECTs that count rows of which there must be none. */
const noRows: Readonly<Record<string, string>> = {
  'stock never goes negative': `SELECT COUNT(*) FROM {stock} WHERE on_hand < 0 OR reserved < 0 OR reserved > on_hand`,
  'what is reserved is what reservations hold': `SELECT COUNT(*) FROM {stock} s WHERE s.reserved <> (
    SELECT COALESCE(SUM(r.quantity - r.fulfilled - r.released), 0) FROM {reservation} r WHERE r.stock_id = s.id AND r.status IN ('held', 'confirmed'))`,
  'a shelf holds what its movements say': `SELECT COUNT(*) FROM {stock} s WHERE s.on_hand <> (
    SELECT COALESCE(SUM(m.change), 0) FROM {stock_movement} m WHERE m.stock_id = s.id)`,
  'paid implies allocated': `SELECT COUNT(*) FROM {order_line} l JOIN {order} o ON o.id = l.order_id
    WHERE o.paid_at IS NOT NULL AND o.status <> 'canceled' AND l.quantity - l.canceled > (
      SELECT COALESCE(SUM(r.quantity - r.released), 0) FROM {reservation} r WHERE r.reference = o.id AND r.line_id = l.id AND r.status <> 'held')`,
  'one cart, one order': `SELECT COUNT(*) FROM (SELECT cart_id FROM {order} WHERE cart_id IS NOT NULL GROUP BY cart_id HAVING COUNT(*) > 1) twice`,
  'an order that is paid for is paid': `SELECT COUNT(*) FROM {order} WHERE captured = total AND paid_at IS NULL AND status = 'open'`,
  'an order that is paid was paid for': `SELECT COUNT(*) FROM {order} WHERE paid_at IS NOT NULL AND captured <> total`,
  'every capture is booked': `SELECT COUNT(*) FROM {payment} p WHERE p.captured <> (
    SELECT COALESCE(SUM(c.amount), 0) FROM {payment_capture} c WHERE c.payment_id = p.id)`,
  'a guarded balance is the sum of its transfers': `SELECT COUNT(*) FROM {ledger_guarded_balance} b WHERE b.balance < 0 OR b.balance <>
    (SELECT COALESCE(SUM(t.amount), 0) FROM {ledger_transfer} t WHERE t.to_account = b.account_id) -
    (SELECT COALESCE(SUM(t.amount), 0) FROM {ledger_transfer} t WHERE t.from_account = b.account_id)`,
  'every order is split by supplier, line by line': `SELECT COUNT(*) FROM {order} o WHERE o.total <> (
      SELECT COALESCE(SUM(l.goods + l.shipping), 0) FROM {order_line} l WHERE l.order_id = o.id)
    OR o.total <> (SELECT COALESCE(SUM(s.goods + s.shipping), 0) FROM {supplier_order} s WHERE s.order_id = o.id)`,
  'a statement’s opening and lines make its closing': `SELECT COUNT(*) FROM {settlement_statement} s WHERE s.closing <> s.opening + (
    SELECT COALESCE(SUM(l.amount), 0) FROM {settlement_statement_line} l WHERE l.statement_id = s.id AND l.kind NOT IN ('opening', 'closing'))`,
}

/** What is still to be done: no promise is broken while work is under way, but it must come to an end. */
const underWay: Readonly<Record<string, (now: string) => string>> = {
  events: () => `SELECT COUNT(*) FROM {outbox} WHERE status <> 'sent'`,
  deliveries: () => `SELECT COUNT(*) FROM {delivery}`,
  jobs: () => `SELECT COUNT(*) FROM {job} j WHERE j.key <> 'schedule'`,
  payments: () => `SELECT COUNT(*) FROM {payment} WHERE next_check_at IS NOT NULL AND status <> 'authorized'`,
  refunds: () => `SELECT COUNT(*) FROM {payment_refund} WHERE status = 'pending'`,
  webhooks: () => `SELECT COUNT(*) FROM {payment_webhook} WHERE status <> 'done'`,
  payouts: () => `SELECT COUNT(*) FROM {settlement_payout} WHERE status IN ('requested', 'submitted')`,
  'unpaid orders': (now) => `SELECT COUNT(*) FROM {order} WHERE status = 'open' AND paid_at IS NULL AND expires_at <= '${now}'`,
  'stock held too long': (now) => `SELECT COUNT(*) FROM {reservation} WHERE status = 'held' AND expires_at <= '${now}'`,
}

/** @returns what is not finished, with its number; empty once the marketplace is at rest */
export async function unfinished(tables: Tables, now: string): Promise<ReadonlyMap<string, number>> {
  const left = new Map<string, number>()
  for (const [what, statement] of Object.entries(underWay)) {
    const count = await tables.number(statement(now))
    if (count > 0) left.set(what, count)
  }
  return left
}

/** Why what is not finished failed last, each reason once: for whoever has to find the cause. */
export async function reasonsLeft(tables: Tables): Promise<readonly string[]> {
  const jobs = await tables.all(`SELECT j.name AS what, j.last_error AS reason FROM {job} j WHERE j.last_error IS NOT NULL`)
  const deliveries = await tables.all(
    `SELECT d.subscriber AS what, d.last_error AS reason FROM {delivery} d WHERE d.last_error IS NOT NULL`,
  )
  return [...new Set([...jobs, ...deliveries].map(({ what, reason }) => `${what}: ${reason}`))].slice(0, 3)
}

export interface Expectation {
  readonly world: OutsideWorld
  /** Orders of which the durable subscriber was told that they are paid. */
  readonly heard: ReadonlySet<string>
}

/** @returns every promise that is broken, when the marketplace is at rest */
export async function brokenPromises(tables: Tables, { world, heard }: Expectation): Promise<readonly Broken[]> {
  const broken: Broken[] = []
  const expect = (promise: string, holds: boolean, found: string): void => {
    if (!holds) broken.push({ promise, found })
  }
  for (const [promise, statement] of Object.entries(noRows)) {
    const count = await tables.number(statement)
    expect(promise, count === 0, `${count} rows`)
  }

  const payments = new Map((await tables.all(`SELECT id, captured, refunded FROM {payment}`)).map((row) => [String(row.id), row]))
  for (const paymentId of world.paymentIds) {
    const there = world.psp.state(paymentId)
    const here = payments.get(paymentId)
    expect(
      'no money without a payment',
      here !== undefined,
      `the provider took ${there?.captured} for ${paymentId}, of which nothing is known`,
    )
    if (!there || !here) continue
    expect(
      'a payment is what the provider has',
      Number(here.captured) === there.captured,
      `${paymentId}: ${here.captured} of ${there.captured}`,
    )
    expect(
      'a refund is what the provider gave',
      Number(here.refunded) === there.refunded,
      `${paymentId}: ${here.refunded} of ${there.refunded}`,
    )
  }
  const cash = [...world.paymentIds].reduce(
    (sum, id) => sum + (world.psp.state(id)?.captured ?? 0) - (world.psp.state(id)?.refunded ?? 0),
    0,
  )
  const clearing = await balanceOf(tables, `a.party = 'psp:${providerId}' AND a.purpose = 'clearing'`)
  expect('the books hold the provider’s cash', clearing === -cash, `${-clearing} booked, ${cash} there`)

  const paid = await tables.all(`SELECT id FROM {order} WHERE paid_at IS NOT NULL`)
  const unheard = paid.map((row) => String(row.id)).filter((id) => !heard.has(id))
  expect('no event is lost', unheard.length === 0, `nobody was told of ${unheard.join(', ')}`)
  const dead = await tables.number(`SELECT COUNT(*) FROM {job} WHERE status = 'dead'`)
  expect('no job is given up', dead === 0, `${dead} dead jobs`)

  await checkPayouts(tables, world, expect)
  expect('statements follow each other', await statementsFollow(tables), 'an opening is not the closing before it')
  return broken
}

async function checkPayouts(
  tables: Tables,
  world: OutsideWorld,
  expect: (promise: string, holds: boolean, found: string) => void,
): Promise<void> {
  const payouts = new Map(
    (await tables.all(`SELECT id, party, amount, status FROM {settlement_payout}`)).map((row) => [String(row.id), row]),
  )
  expect('a payout’s id never pays another amount', world.contradictions.length === 0, world.contradictions.join(', '))
  for (const [payoutId, { amount }] of world.paidOut) {
    const row = payouts.get(payoutId)
    expect(
      'nothing is paid out that is not booked',
      row?.status === 'paid' && Number(row.amount) === amount,
      `${payoutId}: ${JSON.stringify(row)}`,
    )
  }
  const there = [...world.paidOut.values()].reduce((sum, { amount }) => sum + amount, 0)
  const booked = await balanceOf(tables, `a.purpose = 'paid'`)
  expect('what is paid out is booked once', booked === there, `${booked} booked, ${there} paid`)
}

async function statementsFollow(tables: Tables): Promise<boolean> {
  const statements = await tables.all(
    `SELECT party, currency, opening, closing FROM {settlement_statement} ORDER BY party, currency, until`,
  )
  const before = new Map<string, number>()
  return statements.every((row) => {
    const key = `${row.party} ${row.currency}`
    const follows = Number(row.opening) === (before.get(key) ?? 0)
    before.set(key, Number(row.closing))
    return follows
  })
}

/** What the accounts of a condition have received, less what they have given. */
function balanceOf(tables: Tables, accounts: string): Promise<number> {
  return tables.number(`SELECT
    (SELECT COALESCE(SUM(t.amount), 0) FROM {ledger_transfer} t JOIN {ledger_account} a ON a.id = t.to_account WHERE ${accounts}) -
    (SELECT COALESCE(SUM(t.amount), 0) FROM {ledger_transfer} t JOIN {ledger_account} a ON a.id = t.from_account WHERE ${accounts}) AS balance`)
}

export interface Census {
  readonly orders: number
  readonly paid: number
  readonly unitsSold: number
  readonly stockLeft: number
}

export async function census(tables: Tables): Promise<Census> {
  const [stock = {}]: readonly Row[] = await tables.all(`SELECT SUM(on_hand - reserved) AS available FROM {stock}`)
  return {
    orders: await tables.number(`SELECT COUNT(*) FROM {order}`),
    paid: await tables.number(`SELECT COUNT(*) FROM {order} WHERE paid_at IS NOT NULL`),
    unitsSold: await tables.number(
      `SELECT SUM(l.quantity - l.canceled) FROM {order_line} l JOIN {order} o ON o.id = l.order_id WHERE o.paid_at IS NOT NULL AND o.status <> 'canceled'`,
    ),
    stockLeft: Number(stock.available ?? 0),
  }
}
