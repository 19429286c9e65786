import { mkdirSync, writeFileSync } from 'node:fs'
import * as z from 'zod'
import { environmentSchema } from '../catalog/environment-schema.ts'
import { serviceSchema } from '../catalog/service-schema.ts'

/** Where the schemas are; the catalog's files name them in their first line. */
const DIRECTORY = 'catalog/schema'

/** The JSON Schemas by which an editor completes and checks the catalog, by file name. */
export function jsonSchemas(): Record<string, string> {
  return {
    'environment.json': text(environmentSchema, 'An environment: what everything shares'),
    'service.json': text(serviceSchema, "A service; the file's name is its own"),
  }
}

/** What may be written, defaults left out; the catalog's own checks know more than a schema can. */
function text(schema: z.ZodType, title: string): string {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: 'input' })
  return `${JSON.stringify({ $schema, title, ...body }, undefined, 2)}\n`
}

if (import.meta.main) {
  mkdirSync(DIRECTORY, { recursive: true })
  for (const [file, schema] of Object.entries(jsonSchemas())) {
    writeFileSync(`${DIRECTORY}/${file}`, schema)
  }
}
