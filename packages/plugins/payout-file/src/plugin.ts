import { createTables, definePlugin, isCurrency, type PluginFactory } from '@entrepot/core'
import * as z from 'zod'
import type { Debtor, PayoutFilesSettings } from './context.js'
import { payoutFileTables } from './file.entity.js'
import { createPayoutFiles, type PayoutFiles } from './payout-files-service.js'
import { fileProvider } from './provider.js'

export interface PayoutFilesOptions {
  /** The accounts that pay, by the currency that they pay in (ISO 4217). */
  readonly debtors: Readonly<Record<string, Debtor>>
}

const debtor: z.ZodType<Debtor, Debtor> = z
  .strictObject({
    name: z.string().min(1).max(70),
    country: z.string().regex(/^[A-Z]{2}$/, { error: 'must be a code of ISO 3166-1 alpha-2' }),
    iban: z
      .string()
      .regex(/^[A-Z]{2}\d{2}[A-Z0-9]{11,30}$/, { error: 'must be an IBAN without spaces' })
      .optional(),
    accountNumber: z.string().min(1).max(34).optional(),
    bic: z
      .string()
      .regex(/^[A-Z]{6}[A-Z0-9]{2}([A-Z0-9]{3})?$/, { error: 'must be a BIC of ISO 9362' })
      .optional(),
  })
  .refine(({ iban, accountNumber }) => (iban === undefined) !== (accountNumber === undefined), {
    error: 'needs an iban or an accountNumber, one of them',
  })

const options: z.ZodType<PayoutFilesSettings, PayoutFilesOptions> = z.strictObject({
  debtors: z.record(z.string().refine(isCurrency, { error: 'must be a code of ISO 4217' }), debtor),
})

/**
 * The payout provider `payout-file`: pays by files that an operator takes to the bank, and by the bank's statements learns what was paid.
 * @example
 * const commerce = await createCommerce({
 *   database,
 *   plugins: [payoutFiles({ debtors: { EUR: { name: 'Market GmbH', country: 'DE', iban: 'DE89370400440532013000' } } })],
 *   settlement: { payoutProvider: 'payout-file' },
 * })
 * const { file } = await commerce.payoutFiles.create({ currency: 'EUR' })
 */
export const payoutFiles: PluginFactory<'payoutFiles', PayoutFilesOptions, PayoutFiles, Record<string, never>> = definePlugin({
  id: 'payoutFiles',
  core: '>=0.1.0 <1.0.0',
  options,
  entities: payoutFileTables,
  migrations: [createTables('0001-initial', payoutFileTables)],
  setup: (context) => {
    context.provide.payout(fileProvider(context))
    return createPayoutFiles(context)
  },
})
