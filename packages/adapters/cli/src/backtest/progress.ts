import type { Terminal } from '../command.js'

/** Tells how far a long run is: over and over in one line where a person watches, else a line every few seconds. */
export interface Progress {
  tell(text: string): void
  /** Leaves the line free for what comes next. */
  end(): void
}

const redrawMillis = 100
const lineMillis = 5000

export function createProgress({ err, interactive }: Pick<Terminal, 'err' | 'interactive'>, now: () => number = Date.now): Progress {
  let last = now()
  let drawn = false
  return {
    tell(text) {
      if (now() - last < (interactive ? redrawMillis : lineMillis)) return
      last = now()
      err(interactive ? `\r\u001b[K${text}` : `${text}\n`)
      drawn = interactive
    },
    end() {
      if (drawn) err('\r\u001b[K')
      drawn = false
    },
  }
}
