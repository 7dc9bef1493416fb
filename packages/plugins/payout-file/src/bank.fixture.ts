/** A bank's statements, for tests: written by hand, as a bank would, and not by what reads them. */
export interface Movement {
  readonly amount: string
  readonly currency?: string
  readonly way?: 'DBIT' | 'CRDT'
  readonly reference?: string
  readonly batch?: string
  readonly returned?: string
  readonly status?: 'BOOK' | 'PDNG'
}

export function statement(movements: readonly Movement[], version: '02' | '08' = '08'): string {
  const entries = movements.map(({ amount, currency = 'EUR', way = 'DBIT', reference, batch, returned, status = 'BOOK' }) => {
    const money = `<Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${way}</CdtDbtInd>`
    const reason = returned === undefined ? '' : `<RtrInf><Rsn><Cd>${returned}</Cd></Rsn><AddtlInf>account closed</AddtlInf></RtrInf>`
    const details = reference === undefined ? '' : `<TxDtls><Refs><EndToEndId>${reference}</EndToEndId></Refs>${money}${reason}</TxDtls>`
    const whole = batch === undefined ? '' : `<Btch><PmtInfId>${batch}</PmtInfId></Btch>`
    const booked = version === '02' ? `<Sts>${status}</Sts>` : `<Sts><Cd>${status}</Cd></Sts>`
    return `<Ntry>${money}${booked}<NtryDtls>${whole}${details}</NtryDtls></Ntry>`
  })
  return `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.${version}"><BkToCstmrStmt>
<GrpHdr><MsgId>bank-1</MsgId></GrpHdr><Stmt><Id>1</Id>${entries.join('\n')}</Stmt>
</BkToCstmrStmt></Document>`
}
