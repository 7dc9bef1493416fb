import type { Timestamp } from '@entrepot/core'
import PDFDocument from 'pdfkit'
import { decimal } from './csv.js'
import { type Face, type Run, runsOf } from './faces.js'
import type { StatementDocument } from './read-documents.js'
import type { StatementWords } from './words.js'

export interface PdfStyle {
  /** The platform's name, and lines below it: an address, a tax number. */
  readonly platform: readonly string[]
  readonly words: StatementWords
  readonly faces: readonly Face[]
}

interface Column {
  readonly x: number
  readonly width: number
  readonly align?: 'right' | undefined
}

// Points on A4.
const margin = 56
const [left, right, bottom] = [margin, 595.28 - margin, 841.89 - margin]
const columns = {
  description: { x: left, width: 270 },
  count: { x: left + 280, width: 70, align: 'right' },
  amount: { x: left + 360, width: right - left - 360, align: 'right' },
} as const satisfies Readonly<Record<string, Column>>
const label: Column = { x: left, width: 90 }
const value: Column = { x: left + 100, width: right - left - 100 }
const [small, normal, large] = [8, 10, 18]

/**
 * A statement as PDF, A4. The same statement gives the same bytes: it bears the time at which it was locked, or else drawn.
 * @throws statement_documents.glyph_missing
 */
export async function statementPdf(document: StatementDocument, { platform, words, faces }: PdfStyle): Promise<Uint8Array> {
  const { statement, name, from } = document
  const { id, party, currency, until, state } = statement
  const pdf = new PDFDocument({
    size: 'A4',
    margin: 0,
    bufferPages: true,
    info: { Title: `${words.title} ${id}`, Author: platform[0] ?? '', CreationDate: new Date(statement.lockedAt ?? statement.drawnAt) },
  })
  const bytes = collect(pdf)
  for (const { name: face, file } of faces) if (file) pdf.registerFont(face, Buffer.from(file))

  const widthOf = (runs: readonly Run[], size: number): number =>
    runs.reduce((sum, { text, face }) => sum + pdf.font(face.name).fontSize(size).widthOfString(text), 0)
  const line = (text: string, { x, width, align }: Column, y: number, size: number): void => {
    const runs = runsOf(text, faces)
    let at = align === 'right' ? x + width - widthOf(runs, size) : x
    for (const run of runs) {
      // By its baseline: fonts differ in how far above it they reach.
      pdf
        .font(run.face.name)
        .fontSize(size)
        .text(run.text, at, y + size, { lineBreak: false, baseline: 'alphabetic' })
      at += widthOf([run], size)
    }
  }
  /** As many lines as it takes. @returns where the next begins */
  const paragraph = (text: string, column: Column, y: number, size: number = normal): number => {
    const lines = wrap(text, (part) => widthOf(runsOf(part, faces), size) <= column.width)
    for (const [index, part] of lines.entries()) line(part, column, y + index * size * 1.5, size)
    return y + lines.length * size * 1.5
  }
  const rule = (y: number): void => void pdf.moveTo(left, y).lineTo(right, y).lineWidth(0.5).stroke()
  const head = (y: number): number => {
    for (const [column, text] of [
      [columns.description, words.description],
      [columns.count, words.count],
      [columns.amount, `${words.amount} (${currency})`],
    ] as const)
      paragraph(text, column, y, small)
    rule(y + 16)
    return y + 22
  }
  const nextPage = (): number => {
    pdf.addPage()
    return head(margin)
  }
  const row = (y: number, description: string, count: string, amount: number): number => {
    const start = y > bottom - 60 ? nextPage() : y
    const end = paragraph(description, columns.description, start) + 3
    line(count, columns.count, start, normal)
    line(decimal(amount, currency), columns.amount, start, normal)
    return end
  }

  let y = margin
  for (const text of platform) y = paragraph(text, { x: left, width: right - left }, y)
  y = paragraph(words.title, { x: left, width: right - left }, y + 20, large) + 6
  for (const [what, text] of [
    [words.number, `${id} (${words.state[state]})`],
    [words.party, name === party ? name : `${name} (${party})`],
    [words.period, from === null ? `${words.until} ${moment(until)}` : `${moment(from)} \u2013 ${moment(until)}`],
  ] as const) {
    paragraph(what, label, y)
    y = paragraph(text, value, y)
  }
  y = head(y + 20)
  y = row(y, words.opening, '', statement.opening)
  for (const { kind, count, amount } of statement.lines) y = row(y, words.lines[kind], String(count), amount)
  rule(y)
  row(y + 6, words.closing, '', statement.closing)

  const { count: pages } = pdf.bufferedPageRange()
  for (let page = 0; page < pages; page++) {
    pdf.switchToPage(page)
    line(`${words.page} ${page + 1} / ${pages}`, { x: left, width: right - left, align: 'right' }, bottom + 12, small)
  }
  pdf.end()
  return bytes
}

/** `2026-01-31 23:59:59.999 UTC` */
const moment = (time: Timestamp): string => time.replace('T', ' ').replace(/(\.000)?Z$/, ' UTC')

/** Breaks at spaces, and where there are none, anywhere: Chinese has none, and an id is one word. */
function wrap(text: string, fits: (part: string) => boolean): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(/(?<= )/)) {
    if (fits((line + word).trimEnd())) {
      line += word
      continue
    }
    if (line !== '' && fits(word.trimEnd())) {
      lines.push(line.trimEnd())
      line = word
      continue
    }
    for (const character of word) {
      if (!fits(line + character)) {
        lines.push(line.trimEnd())
        line = ''
      }
      line += character
    }
  }
  return [...lines, line.trimEnd()]
}

function collect(pdf: PDFKit.PDFDocument): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
    pdf.on('end', () => resolve(new Uint8Array(Buffer.concat(chunks))))
    pdf.on('error', reject)
  })
}
