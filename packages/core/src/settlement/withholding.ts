import type { Timestamp } from '../kernel/index.js'
import { withholdingInvalid } from './errors.js'

/** A payout before tax. */
export interface TaxedPayout {
  /** `supplier:sup_…`, `distributor:…` */
  readonly party: string
  readonly currency: string
  /** Minor units; of a withdrawal what is left after its fee. */
  readonly gross: number
}

/** A dated rule by which the platform withholds tax from payouts, to remit it in the party's name. */
export interface Withholding {
  /** Stands in the payouts and statements that it was applied to, so it never changes: `cn-labour-single`. At most 80 characters. */
  readonly id: string
  /** Whose payouts. @default both */
  readonly parties?: readonly ('supplier' | 'distributor')[] | undefined
  /** Of those, who: a platform that pays persons and companies tells them apart here. @default everybody */
  readonly applies?: ((party: string) => boolean) | undefined
  /** Payouts in these currencies. @default all */
  readonly currencies?: readonly string[] | undefined
  /** Inclusive. @default since ever */
  readonly validFrom?: Timestamp | undefined
  /** Exclusive. @default for good */
  readonly validTo?: Timestamp | undefined
  /** The tax on one payout: whole minor units, from 0 to its gross. Pure: the same payout has the same tax. */
  taxOf(payout: TaxedPayout): number
}

/** What a payout comes to. */
export interface NetPayout {
  /** Minor units that leave the balance: what is paid out and what is withheld. */
  readonly gross: number
  readonly withheld: number
  /** The rule that was applied, also where it withheld nothing. */
  readonly rule: string | null
}

/** The rule for a payout at a moment; of several that hold, the one that began last, and of those the one named last. */
export function withholdingFor(
  rules: readonly Withholding[],
  { party, currency }: Pick<TaxedPayout, 'party' | 'currency'>,
  at: Timestamp,
): Withholding | undefined {
  const began = ({ validFrom = '' }: Withholding): string => validFrom
  return rules
    .filter(({ parties, applies, currencies, validFrom = '', validTo }) => {
      const holds = validFrom <= at && (validTo === undefined || at < validTo)
      const isKind = parties === undefined || parties.some((kind) => party.startsWith(`${kind}:`))
      return holds && isKind && (currencies === undefined || currencies.includes(currency)) && (applies === undefined || applies(party))
    })
    .reduce<Withholding | undefined>((last, rule) => (last === undefined || began(rule) >= began(last) ? rule : last), undefined)
}

/**
 * Withholds from a payout. The rail takes only multiples of `roundTo`, and what remains of the gross carries: the tax is that of what is really paid.
 * @throws withholding.invalid
 */
export function netOfTax({ gross, ...payout }: TaxedPayout, rule: Withholding | undefined, roundTo: number): NetPayout {
  let taxed = gross
  for (;;) {
    const withheld = rule === undefined ? 0 : taxOf(rule, { ...payout, gross: taxed })
    const rest = (taxed - withheld) % roundTo
    if (rest === 0) {
      const paysNothing = taxed === withheld
      return { gross: paysNothing ? 0 : taxed, withheld: paysNothing ? 0 : withheld, rule: rule?.id ?? null }
    }
    // Less gross has less tax, so what is left to be paid falls by no more than the rest and stays above the multiple.
    taxed -= rest
  }
}

function taxOf(rule: Withholding, payout: TaxedPayout): number {
  if (payout.gross === 0) return 0
  const tax = rule.taxOf(payout)
  if (!Number.isSafeInteger(tax) || tax < 0 || tax > payout.gross) throw withholdingInvalid({ rule: rule.id, tax, ...payout })
  return tax
}
