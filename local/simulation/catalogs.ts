import { createHash } from 'node:crypto'
import { readCatalog } from '../../catalog/read.ts'
import type { Catalog } from '../../catalog/schema.ts'
import { digests, filesBelow, frozen } from '../files.ts'

/** A process opens many simulations of a few catalogs. */
const MOST_CATALOGS = 20

const known = new Map<string, Catalog>()

/**
 * A catalog as it is now; read once for the same files.
 *
 * @throws CatalogError for a catalog that cannot be used.
 */
export function catalogOf(directory: string): Catalog {
  const hash = createHash('sha256').update(directory)
  // Of other files only the names count: none belongs there.
  for (const file of filesBelow(directory, /^(environment\.yaml$|(services|calendars|env)\b)/)) {
    hash.update(`\n${file}\n`)
    if (/\.(yaml|ics|env)$|[/\\]env[/\\]/.test(file)) hash.update(digests.get(file))
  }
  const key = hash.digest('hex')
  let catalog = known.get(key)
  if (catalog === undefined) {
    catalog = frozen(readCatalog(directory))
    if (known.size >= MOST_CATALOGS) known.clear()
    known.set(key, catalog)
  }
  return catalog
}
