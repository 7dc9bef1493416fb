import { CommerceError, type Kernel, type Timestamp, type Tx } from '../kernel/index.js'
import type { SettleParties } from './cycle.js'
import type { StatementOwner } from './draw-statement.js'

interface PartyToSettle extends StatementOwner {
  readonly until: Timestamp
}

const retryJob = 'settlement.settle_party'

// Somebody works on a statement by hand, or has settled the party since: what moved stands in their next one.
const passedOver: ReadonlySet<string> = new Set(['statement.open', 'statement.until_stated'])

/**
 * Settles parties in a cycle, many in one transaction. Where that fails, each has one of its own, and who fails then is tried again by a job: nobody's fault keeps
 * the others from their money.
 */
export function settleInCycle(
  { database, jobs, report }: Pick<Kernel, 'database' | 'jobs' | 'report'>,
  settle: (tx: Tx, owners: readonly StatementOwner[], until: Timestamp) => Promise<void>,
): SettleParties {
  const together = (owners: readonly StatementOwner[], until: Timestamp): Promise<void> =>
    database.transaction(undefined, (tx) => settle(tx, owners, until))

  const alone = async ({ until, ...owner }: PartyToSettle): Promise<void> => {
    try {
      await together([owner], until)
    } catch (error) {
      if (!CommerceError.is(error) || !passedOver.has(error.code)) throw error
    }
  }
  jobs.define<PartyToSettle>(retryJob, alone)

  const aloneOrLater = async (input: PartyToSettle): Promise<void> => {
    try {
      await alone(input)
    } catch (error) {
      const { party, currency, until } = input
      report(`${party} could not be settled, and will be tried again`, error)
      await database.transaction(undefined, (tx) => jobs.enqueue(tx, retryJob, [{ key: `${party} ${currency} ${until}`, payload: input }]))
    }
  }

  return async (owners, until) => {
    try {
      await together(owners, until)
    } catch {
      for (const owner of owners) await aloneOrLater({ party: owner.party, currency: owner.currency, until })
    }
  }
}
