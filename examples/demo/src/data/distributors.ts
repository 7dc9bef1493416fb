import { type Text, text } from './product.js'

export interface DemoDistributor {
  readonly key: string
  readonly name: Text
  /** What they do, for the reader. */
  readonly about: string
  /** Who brought them in; none at the top. */
  readonly parent?: string | undefined
}

/** A tree of three tiers, parents first. */
export const distributors: readonly DemoDistributor[] = [
  { key: 'lin', name: text('林舒', 'Lin Shu'), about: 'runs a network of tea houses' },
  { key: 'chen', name: text('陈拓', 'Chen Tuo'), about: 'writes about porcelain', parent: 'lin' },
  { key: 'zhao', name: text('赵晚晴', 'Zhao Wanqing'), about: 'sells by live stream', parent: 'lin' },
  { key: 'mei', name: text('梅若安', 'Mei Ruoan'), about: 'tea and ceramics on WeChat', parent: 'chen' },
  { key: 'gao', name: text('高远', 'Gao Yuan'), about: 'reviews gadgets', parent: 'chen' },
  { key: 'su', name: text('苏念', 'Su Nian'), about: 'dresses brides', parent: 'zhao' },
]

/** What each tier earns of the base, in percent; tier 1 brought the customer. */
export const tierPercents: readonly number[] = [6, 3, 1]
