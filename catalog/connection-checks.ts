import type { Check } from './check.ts'
import { connectionsOf } from './connections.ts'
import { didYouMean } from './near.ts'
import { shown } from './problem.ts'
import { PARTS } from './store-schema.ts'

/** What `as` names is something that the store has. */
const partsExist: Check = (service, { problem }) =>
  connectionsOf(service).flatMap(({ store, name, written, parts }) => {
    const path = [store, 'as', name]
    const known: readonly string[] = PARTS[store].filter((part) => part !== 'url')
    const found = shown(written)
    if (parts.length === 0) {
      const allowed = `${PARTS[store].join(', ')}, or a text with these in braces, such as {host}:{port}`
      const remedy = didYouMean(written, PARTS[store], 'change it, or write it in environment')
      return [problem(path, { found, allowed, remedy })]
    }
    const wrong = parts.find((part) => !known.includes(part))
    if (wrong === undefined) return []
    const allowed = `in braces ${known.join(', ')}`
    return [problem(path, { found, allowed, remedy: didYouMean(wrong, known, 'change it') })]
  })

/** One service does not say how large the server of all is. */
const serverIsItsOwn: Check = ({ database, server = {} }, { problem }) => {
  if (database === 'own') return []
  return Object.entries(server).flatMap(([key, value]) => {
    if (value === undefined) return []
    const allowed = `nothing on the shared server: ${key} is for a server of its own`
    const remedy = 'remove it, or write on: own'
    return [problem(['database', key], { found: shown(value), allowed, remedy })]
  })
}

export const connectionChecks: readonly Check[] = [partsExist, serverIsItsOwn]
