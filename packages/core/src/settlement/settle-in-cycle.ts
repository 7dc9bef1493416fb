import { CommerceError, type Kernel, type Timestamp, type Tx } from '../kernel/index.js'
import type { StatementOwner } from './draw-statement.js'

interface PartyToSettle extends StatementOwner {
  readonly until: Timestamp
}

const retryJob = 'settlement.settle_party'

// Somebody works on a statement by hand, or has settled the party since: what moved stands in their next one.
const passedOver: ReadonlySet<string> = new Set(['statement.open', 'statement.until_stated'])

/** Settles parties, and says how many statements that made. */
export interface PartySettler {
  together(tx: Tx, owners: readonly StatementOwner[], until: Timestamp): Promise<number>
  /** In a transaction of its own; where that fails, a job tries again: nobody's fault keeps the others from their money. */
  aloneOrLater(owner: StatementOwner, until: Timestamp): Promise<number>
}

export function settleInCycle(
  { database, jobs, report }: Pick<Kernel, 'database' | 'jobs' | 'report'>,
  together: PartySettler['together'],
): PartySettler {
  const alone = async ({ until, ...owner }: PartyToSettle): Promise<number> => {
    try {
      return await database.transaction(undefined, (tx) => together(tx, [owner], until))
    } catch (error) {
      if (!CommerceError.is(error) || !passedOver.has(error.code)) throw error
      return 0
    }
  }
  jobs.define<PartyToSettle>(retryJob, async (input) => void (await alone(input)))

  return {
    together,
    async aloneOrLater({ party, currency }, until) {
      const input = { party, currency, until }
      try {
        return await alone(input)
      } catch (error) {
        report(`${party} could not be settled, and will be tried again`, error)
        await database.transaction(undefined, (tx) =>
          jobs.enqueue(tx, retryJob, [{ key: `${party} ${currency} ${until}`, payload: input }]),
        )
        return 0
      }
    },
  }
}
