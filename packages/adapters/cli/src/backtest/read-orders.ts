import { createReadStream } from 'node:fs'
import { parse } from 'csv-parse'
import { Refusal } from '../command.js'
import { type Column, columns, type Problem, readRow } from './order-row.js'
import type { Staging } from './staging.js'

/** A bad cell, by where it stands. */
export interface Complaint extends Problem {
  readonly file: string
  /** Of the file, the header being line 1. */
  readonly line: number
}

export interface ReadOrders {
  readonly file: string
  readonly staging: Staging
  /** Told of every bad cell as it is met. */
  readonly complain: (complaint: Complaint) => void
  /** Told now and then how many rows are read. */
  readonly progress: (rows: number) => void
  readonly signal: AbortSignal | undefined
}

export interface OrdersRead {
  /** Below the header, empty lines not counted. */
  readonly rows: number
  readonly badRows: number
}

interface CsvRecord {
  readonly record: readonly string[]
  readonly info: { readonly lines: number }
}

const rowsBetween = 1000
/** A quote that is never closed must not read the rest of the file into memory. */
const longestRecord = 100_000

/** Streams the file into the staging area; a bad row is told, and its whole order left out. @throws Refusal where the file is none, or lacks a column */
export async function readOrders({ file, staging, complain, progress, signal }: ReadOrders): Promise<OrdersRead> {
  let header: ReadonlyMap<string, number> | undefined
  let width = 0
  let rows = 0
  let badRows = 0

  const take = ({ record, info: { lines } }: CsvRecord): void => {
    if (header === undefined) {
      header = readHeader(file, record)
      width = record.length
      return
    }
    rows++
    const at = header
    const cell = (column: Column): string => record[at.get(column) ?? -1] ?? ''
    const problems = record.length === width ? addRow(staging, lines, cell) : [wrongWidth(record.length, width, at)]
    if (problems.length === 0) return
    badRows++
    staging.refuse(cell('order_id'))
    for (const problem of problems) complain({ file, line: lines, ...problem })
  }

  try {
    for await (const parsed of records(file)) {
      take(parsed)
      if (rows % rowsBetween === 0) {
        progress(rows)
        signal?.throwIfAborted()
      }
    }
  } catch (error) {
    throw isCsvError(error) ? new Refusal(`${file}: ${error.message}`) : error
  }
  if (header === undefined) throw new Refusal(`${file} is empty; its first line must name the columns ${columns.join(', ')}`)
  return { rows, badRows }
}

function records(file: string): AsyncIterable<CsvRecord> {
  const parser = parse({
    bom: true,
    info: true,
    trim: true,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: longestRecord,
  })
  const source = createReadStream(file, { highWaterMark: 1 << 18 })
  source.on('error', (error) => parser.destroy(error))
  return source.pipe(parser)
}

function readHeader(file: string, names: readonly string[]): ReadonlyMap<string, number> {
  const missing = columns.filter((column) => !names.includes(column))
  if (missing.length > 0) throw new Refusal(`${file}:1: the header lacks ${missing.join(', ')}`)
  const twice = columns.find((column) => names.indexOf(column) !== names.lastIndexOf(column))
  if (twice !== undefined) throw new Refusal(`${file}:1: the header names ${twice} twice`)
  return new Map(names.map((name, index) => [name, index]))
}

function addRow(staging: Staging, line: number, cell: (column: Column) => string): readonly Problem[] {
  const row = readRow(cell)
  if (!('orderId' in row)) return row
  const problem = staging.add(line, row)
  return problem ? [problem] : []
}

function wrongWidth(found: number, wanted: number, header: ReadonlyMap<string, number>): Problem {
  // Of a row that is too short the first column that it lacks can be named.
  const column = columns.filter((name) => (header.get(name) ?? 0) >= found).sort((a, b) => (header.get(a) ?? 0) - (header.get(b) ?? 0))[0]
  return {
    column: column ?? null,
    problem:
      column === undefined
        ? `the row has ${found} cells, and the header ${wanted}`
        : `is missing: the row has ${found} cells, and the header ${wanted}`,
  }
}

function isCsvError(error: unknown): error is Error {
  // The parser's own codes, and those of a file that cannot be read.
  return error instanceof Error && 'code' in error && /^(CSV_|INVALID_OPENING|ENOENT|EISDIR|EACCES)/.test(String(error.code))
}
