import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

/**
 * Loaded before everything else (`--import`) by each process of a run: `CARETAKER_MUTANT` is JSON,
 * the URL of a module and the file whose text it has in this run. Nothing is written where the
 * sources are.
 */
const { url, text } = JSON.parse(process.env.CARETAKER_MUTANT ?? '{}') as Record<string, string>

registerHooks({
  load(asked, context, next) {
    const loaded = next(asked, context)
    if (asked !== url || text === undefined) return loaded
    return { ...loaded, source: readFileSync(text, 'utf8') }
  },
})
