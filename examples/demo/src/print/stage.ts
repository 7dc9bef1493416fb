/** Where the day is told: scene titles, sentences, tables. */
import { moment } from './format.js'
import { type TableOptions, table } from './table.js'
import { width } from './width.js'

export interface Stage {
  /** Opens a scene: its number, its title, the marketplace's time, and what is going on in a sentence or two. */
  scene(title: string, now: string, explanation: string): void
  table(options: Omit<TableOptions, 'strong' | 'faint'>): void
  /** A sentence or two. */
  note(text: string): void
  /** One of several facts. */
  point(text: string): void
  /** Something that was checked, and held. */
  proof(text: string): void
  blank(): void
}

export interface StageOptions {
  readonly write: (line: string) => void
  /** Whether to set things off by colour. */
  readonly colour: boolean
}

const code = (on: number, off: number) => (text: string) => `\u001b[${on}m${text}\u001b[${off}m`

export function createStage({ write, colour }: StageOptions): Stage {
  const plain = (text: string): string => text
  const bold = colour ? code(1, 22) : plain
  const faint = colour ? code(2, 22) : plain
  const title = colour ? code(36, 39) : plain
  const good = colour ? code(32, 39) : plain
  let scenes = 0
  const paragraph = (text: string, mark = ''): void => {
    for (const [index, line] of wrap(text, lineWidth - indent.length - width(mark)).entries()) {
      write(`${indent}${index === 0 ? mark : ' '.repeat(width(mark))}${line}`)
    }
  }
  return {
    scene(name, now, explanation) {
      scenes += 1
      const heading = `${String(scenes).padStart(2)}  ${name}`
      const time = moment(now)
      write('')
      write(faint('━'.repeat(lineWidth)))
      write(`${title(bold(heading))}${' '.repeat(Math.max(lineWidth - width(heading) - time.length, 2))}${faint(time)}`)
      write('')
      paragraph(explanation)
      write('')
    },
    table(options) {
      for (const line of table({ ...options, strong: bold, faint })) write(`${indent}${line}`)
      write('')
    },
    note: (text) => paragraph(text),
    point: (text) => paragraph(text, '· '),
    proof: (text) => paragraph(text, `${good('✔')} `),
    blank: () => write(''),
  }
}

const lineWidth = 116
const indent = '    '

/** Breaks a text between words; what is one word stays whole. */
function wrap(text: string, columns: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && width(line) + 1 + width(word) > columns) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
