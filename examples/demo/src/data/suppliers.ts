import { electronics } from './electronics.js'
import { porcelain } from './porcelain.js'
import { type DemoProduct, type Text, text } from './product.js'
import { silk } from './silk.js'
import { tea } from './tea.js'

export interface DemoSupplier {
  /** How the demo's script calls it. */
  readonly key: 'tea' | 'porcelain' | 'silk' | 'electronics'
  readonly name: Text
  readonly legalName: string
  readonly city: Text
  readonly email: string
  /** Number of its business licence. */
  readonly licence: string
  /** What the platform keeps of a sale's base. */
  readonly commissionPercent: number
  /** Days from delivery until its money is available. */
  readonly holdDays: number
  /** Minor units of CNY per parcel, and from which price of goods on it is free. */
  readonly shipping: { readonly name: string; readonly amount: number; readonly freeFrom: number; readonly by: 'price' | 'weight' }
  readonly products: readonly DemoProduct[]
}

export const suppliers: readonly DemoSupplier[] = [
  {
    key: 'tea',
    name: text('云岭茶业', 'Yunling Tea'),
    legalName: '昆明云岭茶业有限公司',
    city: text('昆明', 'Kunming'),
    email: 'orders@yunling.example',
    licence: '91530100MA6K0001X1',
    commissionPercent: 12,
    holdDays: 7,
    shipping: { name: 'SF Express 顺丰', amount: 1200, freeFrom: 60000, by: 'weight' },
    products: tea,
  },
  {
    key: 'porcelain',
    name: text('昌南陶坊', 'Changnan Porcelain'),
    legalName: '景德镇昌南陶坊文化有限公司',
    city: text('景德镇', 'Jingdezhen'),
    email: 'service@changnan.example',
    licence: '91360200MA350002Y2',
    commissionPercent: 15,
    holdDays: 7,
    shipping: { name: 'Deppon 德邦', amount: 1800, freeFrom: 120000, by: 'weight' },
    products: porcelain,
  },
  {
    key: 'silk',
    name: text('西泠丝绸', 'Xiling Silk'),
    legalName: '杭州西泠丝绸有限公司',
    city: text('杭州', 'Hangzhou'),
    email: 'hello@xilingsilk.example',
    licence: '91330100MA280003Z3',
    commissionPercent: 18,
    holdDays: 7,
    shipping: { name: 'SF Express 顺丰', amount: 1000, freeFrom: 50000, by: 'price' },
    products: silk,
  },
  {
    key: 'electronics',
    name: text('深澜科技', 'Shenlan Tech'),
    legalName: '深圳市深澜科技有限公司',
    city: text('深圳', 'Shenzhen'),
    email: 'biz@shenlan.example',
    licence: '91440300MA5D0004W4',
    commissionPercent: 8,
    holdDays: 7,
    shipping: { name: 'JD Logistics 京东', amount: 800, freeFrom: 20000, by: 'price' },
    products: electronics,
  },
]
