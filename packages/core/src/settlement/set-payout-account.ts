import * as z from 'zod'
import { type Caller, country, line, type Reader, type Tx } from '../kernel/index.js'
import type { Suppliers } from '../supplier/index.js'
import { party } from './adjust.js'
import { supplierUnknown } from './errors.js'
import { emitSettlement } from './events.js'
import { isBic, isIban } from './iban.js'
import type { PayoutAccount } from './payout-account.js'
import { payoutAccountTable } from './settlement.entity.js'

interface AccountDetails {
  readonly party: string
  readonly holder: string
  readonly bic?: string | undefined
  readonly bankName?: string | undefined
  readonly country: string
  readonly city?: string | undefined
  readonly postalCode?: string | undefined
  readonly street?: string | undefined
}

/** Where a party is to be paid from now on; it takes the place of what was kept before. */
export type SetPayoutAccountInput = AccountDetails &
  ({ readonly iban: string } | { readonly accountNumber: string; readonly bankCode?: string | undefined })

const details = {
  party,
  holder: line(140),
  bic: z
    .string()
    .transform((bic) => bic.replace(/\s/g, '').toUpperCase())
    .refine(isBic, { error: 'is no BIC of ISO 9362' })
    .optional(),
  bankName: line(140).optional(),
  country,
  city: line(35).optional(),
  postalCode: line(16).optional(),
  street: line(70).optional(),
}
const iban = z
  .string()
  .transform((text) => text.replace(/\s/g, '').toUpperCase())
  .refine(isIban, { error: 'is no IBAN: its check digits do not fit' })

export const payoutAccountInput: z.ZodType<SetPayoutAccountInput> = z.union([
  z.strictObject({ ...details, iban }),
  z.strictObject({ ...details, accountNumber: line(34), bankCode: line(35).optional() }),
])

export const payoutAccountsInput: z.ZodType<{ readonly parties: readonly string[] }> = z.strictObject({ parties: z.array(party).max(1000) })

export interface PayoutAccountDeps {
  readonly suppliers: Pick<Suppliers, 'find'>
}

/** @throws settlement.supplier_unknown */
export function setPayoutAccount({ suppliers }: PayoutAccountDeps) {
  return async (tx: Tx, input: SetPayoutAccountInput, { by }: Pick<Caller, 'by'>): Promise<PayoutAccount> => {
    const supplierId = /^supplier:(.+)$/.exec(input.party)?.[1]
    if (supplierId !== undefined && !(await suppliers.find(tx, [supplierId])).has(supplierId)) throw supplierUnknown({ party: input.party })
    const { bic = null, bankName = null, city = null, postalCode = null, street = null } = input
    const account: PayoutAccount = {
      ...{ party: input.party, holder: input.holder, country: input.country, bic, bankName, city, postalCode, street },
      iban: 'iban' in input ? input.iban : null,
      accountNumber: 'iban' in input ? null : input.accountNumber,
      bankCode: 'iban' in input ? null : (input.bankCode ?? null),
      updatedAt: tx.now,
    }
    if ((await tx.insertMissing(payoutAccountTable, [account])) === 0)
      await tx.update(payoutAccountTable, account, { party: account.party })
    emitSettlement(tx, 'payout_account.changed', account.party, { party: account.party, by })
    return account
  }
}

/** Forgets where a party was paid; what was paid stays in the books. Again, it changes nothing. */
export async function erasePayoutAccount(tx: Tx, { party: of }: { readonly party: string }, { by }: Pick<Caller, 'by'>): Promise<void> {
  const erased = await tx.remove(payoutAccountTable, { party: of })
  if (erased > 0) emitSettlement(tx, 'payout_account.changed', of, { party: of, by })
}

/** The accounts of parties, by one statement; who has none is missing. */
export function readPayoutAccounts(
  reader: Reader,
  { parties }: { readonly parties: readonly string[] },
): Promise<readonly PayoutAccount[]> {
  return reader.find(payoutAccountTable, { party: parties }, { orderBy: ['party'] })
}
