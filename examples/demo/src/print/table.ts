import { pad, width } from './width.js'

/** What stands in a cell; null leaves it empty. */
export type Cell = string | number | null

export interface TableOptions {
  /** Headings; one that begins with `>` aligns its column to the right. */
  readonly head: readonly string[]
  readonly rows: readonly (readonly Cell[])[]
  /** Set off by a line below the others: sums. */
  readonly foot?: readonly (readonly Cell[])[] | undefined
  /** How headings and sums are set off. @default unchanged */
  readonly strong?: ((text: string) => string) | undefined
  readonly faint?: ((text: string) => string) | undefined
}

const same = (text: string): string => text

/** Lines of an aligned table; columns of Chinese text are as wide as they look. */
export function table({ head, rows, foot = [], strong = same, faint = same }: TableOptions): readonly string[] {
  const titles = head.map((title) => title.replace(/^>/, ''))
  const texts = (cells: readonly Cell[]): readonly string[] => titles.map((_, index) => String(cells[index] ?? ''))
  const [body, sums] = [rows.map(texts), foot.map(texts)]
  const widths = titles.map((title, index) => Math.max(...[titles, ...body, ...sums].map((cells) => width(cells[index] ?? title))))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, index) => pad(cell, widths[index] ?? 0, head[index]?.startsWith('>') ? 'left' : 'right'))
      .join('   ')
      .trimEnd()
  const rule = faint('─'.repeat(widths.reduce((sum, columns) => sum + columns + 3, -3)))
  return [strong(line(titles)), rule, ...body.map(line), ...(sums.length === 0 ? [] : [rule, ...sums.map((cells) => strong(line(cells)))])]
}
