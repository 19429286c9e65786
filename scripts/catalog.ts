import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { environmentSchema } from '../catalog/environment-schema.ts'
import { servicePage } from '../catalog/page.ts'
import { readCatalog } from '../catalog/read.ts'
import { serviceSchema } from '../catalog/service-schema.ts'
import { catalogPage, environmentJsonSchema, serviceJsonSchema } from './docs/catalog-page.ts'

/** A page per service; pages of services that no longer exist are deleted. */
const PAGES = 'docs/services'

/**
 * What is written down from the catalog and its schema, by path: the JSON Schemas by which an
 * editor completes and checks the files, which name them in their first line, the page of all keys,
 * and a page for each service.
 */
export function generated(): Record<string, string> {
  const catalog = readCatalog('catalog')
  return {
    'catalog/schema/environment.json': environmentJsonSchema(environmentSchema),
    'catalog/schema/service.json': serviceJsonSchema(serviceSchema),
    'docs/catalog.md': catalogPage(serviceSchema, environmentSchema),
    ...Object.fromEntries(
      catalog.services.map((service) => [
        `${PAGES}/${service.name}.md`,
        servicePage(service, catalog),
      ]),
    ),
  }
}

if (import.meta.main) {
  rmSync(PAGES, { recursive: true, force: true })
  for (const [path, text] of Object.entries(generated())) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
