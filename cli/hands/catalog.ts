import { readCatalog } from '../../catalog/read.ts'
import type { Service } from '../../catalog/schema.ts'
import { nearest } from '../../domain/acts/typed.ts'
import { UsageError } from '../usage.ts'

/** One of these names; else what there is, and what is like it. @throws UsageError */
export function oneOf(what: string, name: string, names: readonly string[]): void {
  if (names.includes(name)) return
  const [like] = nearest(name, names, 1)
  const meant = like === undefined ? '' : ` Did you mean ${like}?`
  throw new UsageError(
    `The ${what}: found ${JSON.stringify(name)}, allowed: ${names.join(', ') || 'none'}.${meant}`,
  )
}

/** A service of the catalog. @throws UsageError */
export function serviceNamed(name: string, catalog: string): Service {
  const { services } = readCatalog(catalog)
  const found = services.find((one) => one.name === name)
  oneOf(
    'service',
    name,
    services.map((one) => one.name),
  )
  return found as Service
}
