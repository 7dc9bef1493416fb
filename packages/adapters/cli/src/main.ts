import { run } from './run.js'

/** What a command does with its process: the first Ctrl-C lets it tidy up after itself, the second one ends it. */
export async function main(args: readonly string[]): Promise<void> {
  const interrupted = new AbortController()
  const interrupt = (): void => interrupted.abort()
  process.once('SIGINT', interrupt)
  process.once('SIGTERM', interrupt)
  try {
    process.exitCode = await run(args, { signal: interrupted.signal })
  } finally {
    process.off('SIGINT', interrupt)
    process.off('SIGTERM', interrupt)
  }
}
