/** ISO 20022 customer credit transfer initiation, pain.001.001.09. Pure; the order of elements is the schema's. */
import { formatAmount, type PayoutAccount, type Timestamp } from '@entrepot/core'
import { XMLBuilder } from 'fast-xml-parser'
import type { Debtor } from './context.js'
import { clean, sepaText } from './text.js'
import type { FileTransfer } from './transfer.js'

export interface TransferFile {
  readonly id: string
  readonly createdAt: Timestamp
  /** A day: `2026-03-31`. */
  readonly executeOn: string
  readonly currency: string
  /** Minor units. */
  readonly total: number
  readonly debtor: Debtor
  readonly transfers: readonly FileTransfer[]
}

const builder = new XMLBuilder({ ignoreAttributes: false, format: true, suppressEmptyNode: true })

export function pain001(file: TransferFile): string {
  const { id, createdAt, executeOn, currency, total, debtor, transfers } = file
  // By the rules of SEPA only among IBANs, in euro.
  const sepa = currency === 'EUR' && debtor.iban !== undefined && transfers.every(({ account }) => account.iban !== null)
  const text = sepa ? sepaText : clean
  const sums = { NbOfTxs: String(transfers.length), CtrlSum: decimal(total, currency) }
  const reference = text(id.replace(/_/g, '-'), 35)
  const document = {
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    Document: {
      '@_xmlns': 'urn:iso:std:iso:20022:tech:xsd:pain.001.001.09',
      CstmrCdtTrfInitn: {
        GrpHdr: { MsgId: reference, CreDtTm: createdAt.slice(0, 19), ...sums, InitgPty: { Nm: text(debtor.name, 70) } },
        PmtInf: {
          PmtInfId: reference,
          PmtMtd: 'TRF',
          ...sums,
          ...(sepa ? { PmtTpInf: { SvcLvl: { Cd: 'SEPA' } } } : {}),
          ReqdExctnDt: { Dt: executeOn },
          Dbtr: { Nm: text(debtor.name, 70), PstlAdr: { Ctry: debtor.country } },
          DbtrAcct: { ...accountId(debtor), Ccy: currency },
          DbtrAgt: { FinInstnId: debtor.bic === undefined ? { Othr: { Id: 'NOTPROVIDED' } } : { BICFI: debtor.bic } },
          ChrgBr: sepa ? 'SLEV' : 'SHAR',
          CdtTrfTxInf: transfers.map(({ reference: endToEnd, amount, account, remittance }) => ({
            PmtId: { EndToEndId: endToEnd },
            Amt: { InstdAmt: { '@_Ccy': currency, '#text': decimal(amount, currency) } },
            ...agent(account, text),
            Cdtr: { Nm: text(account.holder, 70), PstlAdr: address(account, text) },
            CdtrAcct: accountId({ iban: account.iban ?? undefined, accountNumber: account.accountNumber ?? undefined }),
            RmtInf: { Ustrd: text(remittance, 140) },
          })),
        },
      },
    },
  }
  return builder.build(document)
}

/** `1234.50`, with the digits of its currency. */
export function decimal(amount: number, currency: string): string {
  return formatAmount(amount, currency).slice(0, -currency.length - 1)
}

function accountId({ iban, accountNumber }: Pick<Debtor, 'iban' | 'accountNumber'>): object {
  return { Id: iban === undefined ? { Othr: { Id: accountNumber } } : { IBAN: iban } }
}

function agent({ bic, bankCode, bankName }: PayoutAccount, text: (value: string, most: number) => string): object {
  const institution = {
    ...(bic === null ? {} : { BICFI: bic }),
    ...(bic !== null || bankCode === null ? {} : { ClrSysMmbId: { MmbId: bankCode } }),
    ...(bic !== null || bankName === null ? {} : { Nm: text(bankName, 140) }),
  }
  return Object.keys(institution).length === 0 ? {} : { CdtrAgt: { FinInstnId: institution } }
}

function address({ street, postalCode, city, country }: PayoutAccount, text: (value: string, most: number) => string): object {
  return {
    ...(street === null ? {} : { StrtNm: text(street, 70) }),
    ...(postalCode === null ? {} : { PstCd: text(postalCode, 16) }),
    ...(city === null ? {} : { TwnNm: text(city, 35) }),
    Ctry: country,
  }
}
