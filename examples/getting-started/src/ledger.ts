import { createCommerce } from '@entrepot/core'

const commerce = await createCommerce({ database: { type: 'better-sqlite3', database: 'books.db' } })
const { ledger } = commerce

const points = { commodity: 'POINTS' }
const issued = { party: 'loyalty', purpose: 'issued' }
const spent = { party: 'loyalty', purpose: 'spent' }
const li = { party: 'customer:cus_li', purpose: 'points' }
await ledger.open({ ...li, ...points, guarded: true })

await ledger.post({
  kind: 'loyalty',
  source: 'ord_1001',
  key: 'loyalty:ord_1001',
  effectiveAt: '2025-03-01T10:00:00.000Z',
  transfers: [{ from: issued, to: li, amount: 300, ...points, kind: 'earned' }],
})

const hold = await ledger.hold({
  from: li,
  to: spent,
  amount: 200,
  ...points,
  kind: 'redeemed',
  source: 'crt_7',
  key: 'redeem:crt_7',
})
console.log(await ledger.balance({ ...li, ...points })) // balance 300, held 200, available 100
await ledger.capture({ holdId: hold.id, amount: 150 }) // 50 of the 200 are available again

const gift = await ledger.post({
  kind: 'loyalty',
  source: 'campaign',
  key: 'gift:li',
  effectiveAt: '2025-03-05T00:00:00.000Z',
  transfers: [{ from: issued, to: li, amount: 500, ...points, kind: 'gift' }],
})
await ledger.reverse({ journalId: gift.id }) // 500 go back; both journals stay

const then = await ledger.balance({ ...li, ...points, at: '2025-03-31T23:59:59.999Z' })
console.log(then.balance) // 800: capture and reversal are of today

const { opening, entries, closing, next } = await ledger.statement({ accountId: then.accountId, limit: 100 })
for (const { effectiveAt, kind, amount, balance } of entries) console.log(effectiveAt, kind, amount, balance)
console.log(opening, closing, next) // 0 150 null

for (const { commodity, lines, total } of await ledger.trialBalance()) console.log(commodity, lines, total) // total is 0
console.log(await ledger.check()) // balanced: true

const head = await ledger.head()
const { intact, sealed, waiting, problems } = await ledger.verify({ head })
console.log(intact, sealed + waiting, problems) // true 4 []

await commerce.close()
