import { percentage, percentOf } from '../money/index.js'
import type { Withholding } from './withholding.js'

const yuan = 100

/**
 * China's individual income tax on labour remuneration, withheld from a single payment to a resident person (State Taxation Administration, announcement 61 of
 * 2018, article 8). Up to 800 yuan nothing; to 4,000 the amount less 800 at 20 %; above, 80 % of it as base: at 20 %, over 20,000 of base at 30 % less 2,000, over
 * 50,000 at 40 % less 7,000. Each payout counts as a payment of its own.
 */
export const cnLabourSingle: Withholding = {
  id: 'cn-labour-single',
  currencies: ['CNY'],
  // 1 January 2019 in China.
  validFrom: '2018-12-31T16:00:00.000Z',
  taxOf({ gross }) {
    if (gross <= 800 * yuan) return 0
    if (gross <= 4000 * yuan) return percentOf(gross - 800 * yuan, percentage(20))
    // The base is 80 % of the gross, and the rate is taken of both at once, so that it is rounded once.
    if (gross * 4 <= 20_000 * yuan * 5) return percentOf(gross, percentage(16))
    if (gross * 4 <= 50_000 * yuan * 5) return percentOf(gross, percentage(24)) - 2000 * yuan
    return percentOf(gross, percentage(32)) - 7000 * yuan
  },
}
