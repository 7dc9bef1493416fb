/** How many columns a text takes in a terminal. */

// Unicode's East Asian Wide and Fullwidth, so far as texts of a shop use them.
const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]/u
const noColumn = /[\p{Mn}\p{Me}\p{Cf}]/u
// biome-ignore lint/suspicious/noControlCharactersInRegex: the sequences that colour text begin with one
const colouring = /\u001b\[[\d;]*m/g

export function width(text: string): number {
  let columns = 0
  for (const character of text.replace(colouring, '')) columns += noColumn.test(character) ? 0 : wide.test(character) ? 2 : 1
  return columns
}

export function pad(text: string, columns: number, side: 'left' | 'right'): string {
  const space = ' '.repeat(Math.max(columns - width(text), 0))
  return side === 'left' ? space + text : text + space
}
