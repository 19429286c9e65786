import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import * as z from 'zod'
import { environmentSchema } from '../catalog/environment-schema.ts'
import { servicePage } from '../catalog/page.ts'
import { readCatalog } from '../catalog/read.ts'
import { serviceSchema } from '../catalog/service-schema.ts'

/** A page per service; pages of services that no longer exist are deleted. */
const PAGES = 'docs/services'

/**
 * What is written down from the catalog and its schema, by path: the JSON Schemas by which an
 * editor completes and checks the files, which name them in their first line, and the pages.
 */
export function generated(): Record<string, string> {
  const catalog = readCatalog('catalog')
  return {
    'catalog/schema/environment.json': jsonSchema(environmentSchema, 'What everything shares'),
    'catalog/schema/service.json': jsonSchema(serviceSchema, "A service; its file's name is its"),
    ...Object.fromEntries(
      catalog.services.map((service) => [
        `${PAGES}/${service.name}.md`,
        servicePage(service, catalog),
      ]),
    ),
  }
}

/** What may be written, defaults left out; the catalog's own checks know more than a schema can. */
function jsonSchema(schema: z.ZodType, title: string): string {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: 'input' })
  return `${JSON.stringify({ $schema, title, ...body }, undefined, 2)}\n`
}

if (import.meta.main) {
  rmSync(PAGES, { recursive: true, force: true })
  for (const [path, text] of Object.entries(generated())) {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
}
