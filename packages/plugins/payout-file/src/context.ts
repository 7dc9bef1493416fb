import type { PluginContext } from '@entrepot/core'

/** Who pays: the platform's own account, for payouts in one currency. */
export interface Debtor {
  /** As the bank has the platform's name. */
  readonly name: string
  /** ISO 3166-1 alpha-2. */
  readonly country: string
  /** Without spaces. */
  readonly iban?: string | undefined
  /** Of an account without IBAN. */
  readonly accountNumber?: string | undefined
  /** ISO 9362. */
  readonly bic?: string | undefined
}

export interface PayoutFilesSettings {
  readonly debtors: Readonly<Record<string, Debtor>>
}

/** What core hands to the plugin; it has no events of its own. */
export type PayoutFilesContext = PluginContext<PayoutFilesSettings, Record<string, never>, object>
