import { inList, type Reader, sql } from '../kernel/index.js'
import { journalTable, tailTable } from './ledger.entity.js'
import { type SealRow, sealTable } from './seal.entity.js'
import { genesis, isAsPosted, sealHash } from './seal.js'
import { sealedJournals } from './sealed-journals.js'

/** The newest seal. Kept where whoever can write this database cannot, it shows later whether the chain up to it is still the same. */
export interface LedgerHead {
  /** How many journals are sealed up to it; 0 before the first. */
  readonly seq: number
  /** SHA-256, hexadecimal. */
  readonly hash: string
}

export interface VerifyBooksInput {
  /** One that `head` answered earlier. */
  readonly head?: LedgerHead | undefined
}

/** What is wrong with one journal, or with the chain. */
export interface BooksProblem {
  /**
   * `changed`: a journal, its transfers or its seal are no longer what was sealed. `missing`: a sealed journal is gone. `inserted`: a journal is neither sealed nor
   * waiting to be. `unsealed`: a seal is gone. `head`: the chain is not the one whose head was kept.
   */
  readonly kind: 'changed' | 'missing' | 'inserted' | 'unsealed' | 'head'
  readonly journalId: string | null
  readonly seq: number | null
}

export interface BooksVerification {
  readonly intact: boolean
  /** Journals that are sealed. */
  readonly sealed: number
  /** Journals that were posted and are to be sealed next. */
  readonly waiting: number
  readonly head: LedgerHead
  /** The first hundred. */
  readonly problems: readonly BooksProblem[]
}

export async function newestSeal(reader: Reader): Promise<LedgerHead> {
  const [seal] = await reader.find(sealTable, {}, { orderBy: ['seq'], descending: true, limit: 1 })
  return { seq: seal?.seq ?? 0, hash: seal?.hash ?? genesis }
}

const atOnce = 500
const mostProblems = 100

/** Computes every seal anew, in pieces of a few hundred journals. What is posted meanwhile disturbs nothing: seals only come to the end. */
export async function verifyBooks(reader: Reader, { head: kept }: VerifyBooksInput): Promise<BooksVerification> {
  const problems: BooksProblem[] = []
  let last: LedgerHead = { seq: 0, hash: genesis }
  let sealed = 0
  for (;;) {
    const seals = await sealsAfter(reader, last.seq)
    problems.push(...(await verifySeals(reader, last, seals)))
    if (kept && kept.seq > last.seq && seals.some(({ seq, hash }) => seq === kept.seq && hash !== kept.hash))
      problems.push(headProblem(kept))
    sealed += seals.length
    last = seals.at(-1) ?? last
    if (seals.length < atOnce) break
  }
  if (kept && (kept.seq > last.seq || (kept.seq === 0 && kept.hash !== genesis))) problems.push(headProblem(kept))
  const waiting = await verifyTail(reader, problems)
  problems.push(...(await inserted(reader)))
  return {
    intact: problems.length === 0,
    sealed,
    waiting,
    head: { seq: last.seq, hash: last.hash },
    problems: problems.slice(0, mostProblems),
  }
}

async function sealsAfter(reader: Reader, seq: number): Promise<readonly SealRow[]> {
  const rows = await reader.all(sql`SELECT * FROM ${sealTable} WHERE seq > ${seq} ORDER BY seq LIMIT ${atOnce}`)
  return rows.map(sealTable.read)
}

async function verifySeals(reader: Reader, before: LedgerHead, seals: readonly SealRow[]): Promise<readonly BooksProblem[]> {
  const journals = await sealedJournals(
    reader,
    seals.map(({ journalId }) => journalId),
  )
  const problems: BooksProblem[] = []
  let { seq: last, hash } = before
  for (const { seq, journalId, hash: found } of seals) {
    // Behind a gap the chain goes on from the hash that stands there: what is missing is told once, and not of all that follows.
    const gap = seq !== last + 1
    if (gap) problems.push({ kind: 'unsealed', journalId: null, seq: last + 1 })
    const journal = journals.get(journalId)
    if (!journal) problems.push({ kind: 'missing', journalId, seq })
    else if ((!gap && sealHash(hash, seq, journal) !== found) || !isAsPosted(journal)) problems.push({ kind: 'changed', journalId, seq })
    last = seq
    hash = found
  }
  return problems
}

/** Journals that wait for their seal have none to be compared with, but must be what they were posted as. @returns how many wait */
async function verifyTail(reader: Reader, problems: BooksProblem[]): Promise<number> {
  let waiting = 0
  for (let after = ''; ; ) {
    const rows = await reader.all(sql`SELECT journal_id FROM ${tailTable} WHERE journal_id > ${after} ORDER BY journal_id LIMIT ${atOnce}`)
    const ids = rows.map((raw) => String(raw.journal_id))
    const journals = await sealedJournals(reader, ids)
    for (const journal of journals.values()) if (!isAsPosted(journal)) problems.push({ kind: 'changed', journalId: journal.id, seq: null })
    const lost = ids.filter((id) => !journals.has(id))
    // Closed in between, or gone: asked again, by one statement.
    problems.push(...(await gone(reader, lost)))
    waiting += ids.length
    after = ids.at(-1) ?? after
    if (ids.length < atOnce) return waiting
  }
}

async function gone(reader: Reader, journalIds: readonly string[]): Promise<readonly BooksProblem[]> {
  if (journalIds.length === 0) return []
  const rows = await reader.all(sql`
    SELECT q.journal_id FROM ${tailTable} q LEFT JOIN ${journalTable} j ON j.id = q.journal_id
    WHERE j.id IS NULL AND ${inList(sql`q.journal_id`, journalIds)} ORDER BY q.journal_id`)
  return rows.map((raw) => ({ kind: 'missing', journalId: String(raw.journal_id), seq: null }))
}

/** Journals that came in by no way of ours. */
async function inserted(reader: Reader): Promise<readonly BooksProblem[]> {
  const rows = await reader.all(sql`
    SELECT j.id FROM ${journalTable} j LEFT JOIN ${sealTable} s ON s.journal_id = j.id LEFT JOIN ${tailTable} q ON q.journal_id = j.id
    WHERE s.journal_id IS NULL AND q.journal_id IS NULL ORDER BY j.id LIMIT ${mostProblems}`)
  return rows.map((raw) => ({ kind: 'inserted', journalId: String(raw.id), seq: null }))
}

function headProblem({ seq }: LedgerHead): BooksProblem {
  return { kind: 'head', journalId: null, seq }
}
