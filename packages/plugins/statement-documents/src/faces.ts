/** Fonts, and which characters each can show. */
import { create, type Font } from 'fontkit'
import { fontUnreadable, glyphMissing } from './errors.js'

export interface Face {
  /** What the document knows it by. */
  readonly name: string
  /** The file; absent for a font that every reader of PDF brings. */
  readonly file?: Uint8Array | undefined
  has(character: string): boolean
}

/** A stretch of text in one font. */
export interface Run {
  readonly text: string
  readonly face: Face
}

const windows1252 =
  /^[\x20-\x7E\xA0-\xFF\u0152\u0153\u0160\u0161\u0178\u017D\u017E\u0192\u02C6\u02DC\u2013\u2014\u2018-\u201A\u201C-\u201E\u2020-\u2022\u2026\u2030\u2039\u203A\u20AC\u2122]$/

/** Shows the alphabets of western Europe. */
const helvetica: Face = { name: 'Helvetica', has: (character) => windows1252.test(character) }

/** A host's fonts in their order, then Helvetica. @throws statement_documents.font_unreadable */
export function facesOf(files: readonly Uint8Array[]): readonly Face[] {
  const own = files.map((file, position): Face => {
    const font = readFont(file, position)
    return { name: `font-${position}`, file, has: (character) => font.hasGlyphForCodePoint(character.codePointAt(0) ?? 0) }
  })
  return [...own, helvetica]
}

function readFont(file: Uint8Array, position: number): Font {
  try {
    const font = create(Buffer.from(file))
    // fontkit unpacks a WOFF anew for every glyph, half a minute a page, and loses glyphs of a WOFF2.
    if (font.type === 'TTF' && 'hasGlyphForCodePoint' in font) return font
  } catch {
    // What fontkit says of it helps nobody: the bytes are no font.
  }
  throw fontUnreadable({ position })
}

/** Text in stretches, each in the first font that can show it. @throws statement_documents.glyph_missing */
export function runsOf(text: string, faces: readonly Face[]): readonly Run[] {
  const runs: { text: string; face: Face }[] = []
  // A decomposed é is two characters, of which few fonts have the second.
  for (const character of text.normalize('NFC').replace(/\s+/g, ' ')) {
    const last = runs.at(-1)
    const face = faces.find((one) => one.has(character))
    if (!face) throw glyphMissing({ character, text })
    if (last?.face === face) last.text += character
    else runs.push({ text: character, face })
  }
  return runs
}
