import { parse } from 'yaml'
import * as z from 'zod'
import { ENVIRONMENT_EXAMPLES, examplesOf, SERVICE_EXAMPLES } from '../../catalog/examples.ts'
import { table } from './template.ts'

/** What is read here of a JSON Schema, as `z.toJSONSchema` writes it. */
type JsonSchema = {
  description?: string
  default?: unknown
  examples?: unknown[]
  properties?: Record<string, JsonSchema>
  additionalProperties?: JsonSchema | boolean
  items?: JsonSchema
  anyOf?: JsonSchema[]
  required?: string[]
}

type Sections = typeof SERVICE_EXAMPLES

/**
 * What may be written, for editors: every key with its description and its example, defaults left
 * out. The catalog's own checks know more than a schema can.
 */
export function serviceJsonSchema(schema: z.ZodType): string {
  return written(schema, "A service; its file's name is its", SERVICE_EXAMPLES)
}

/** The same of `environment.yaml`. */
export function environmentJsonSchema(schema: z.ZodType): string {
  return written(schema, 'What everything shares', ENVIRONMENT_EXAMPLES)
}

function written(schema: z.ZodType, title: string, sections: Sections): string {
  const { $schema, ...body } = z.toJSONSchema(schema, { io: 'input' })
  const examples = examplesOf(sections)
  const properties = Object.entries(body.properties ?? {}).map(([key, property]) => {
    const value = (parse(examples[key] ?? '') as Record<string, unknown> | null)?.[key]
    return [key, { ...(property as object), ...(value !== undefined && { examples: [value] }) }]
  })
  const whole = { $schema, title, ...body, properties: Object.fromEntries(properties) }
  return `${JSON.stringify(whole, undefined, 2)}\n`
}

/** docs/catalog.md: every key with what it may be, what holds without it, and an example. */
export function catalogPage(service: z.ZodType, environment: z.ZodType): string {
  return [
    '<!-- Written by scripts/catalog.ts from catalog/service-schema.ts, environment-schema.ts and examples.ts. -->',
    '# What a catalog may say',
    '',
    'A catalog is `environment.yaml`, which says what everything shares, and a file `services/<name>.yaml` for each service. Only `team` must be in a service’s file; everything else has a default for development. [Bringing a service](service-onboarding.md) says where to begin. Editors show the same as here while you type: the first line of each file names its schema.',
    '',
    '## `services/<name>.yaml`',
    '',
    ...sectionsOf(service, SERVICE_EXAMPLES),
    '## `environment.yaml`',
    '',
    '`name`, `region`, `owner` and `teams` must be there.',
    '',
    ...sectionsOf(environment, ENVIRONMENT_EXAMPLES),
  ].join('\n')
}

function sectionsOf(schema: z.ZodType, sections: Sections): string[] {
  const { properties = {} } = z.toJSONSchema(schema, { io: 'input' }) as JsonSchema
  return sections.flatMap(({ title, about, keys }) => [
    `### ${title}`,
    '',
    ...(about === undefined ? [] : [about, '']),
    ...Object.entries(keys).flatMap(([key, example]) =>
      keySection(key, properties[key] ?? {}, example),
    ),
  ])
}

function keySection(key: string, schema: JsonSchema, example: string): string[] {
  const rows = rowsOf(schema, '')
  const { description } = schema
  return [
    `#### \`${key}\``,
    '',
    ...(description === undefined ? [] : [`${sentence(description)}${standard(schema)}`, '']),
    '```yaml',
    example,
    '```',
    '',
    ...(rows.length === 0 ? [] : [...table(['key', 'what it may be', 'when absent'], rows), '']),
  ]
}

const sentence = (text: string): string => `${text}${/[.!]$/.test(text) ? '' : '.'}`

/** What holds without the key, where the description does not say it. */
function standard({ default: value, description = '' }: JsonSchema): string {
  if (value === undefined || description.includes('absent') || isEmpty(value)) return ''
  return ` \`${JSON.stringify(value).replaceAll('"', '')}\` when absent.`
}

const isEmpty = (value: unknown): boolean =>
  value === '' || (typeof value === 'object' && value !== null && Object.keys(value).length === 0)

/** The keys below one, with the way to them: `min`, `members[].email`, `<name>.owner`. */
function rowsOf(schema: JsonSchema, path: string): string[][] {
  const { properties, additionalProperties, items, anyOf, required = [] } = schema
  if (anyOf !== undefined) return anyOf.flatMap((one) => rowsOf(one, path))
  if (items !== undefined) return rowsOf(items, `${path}[]`)
  if (typeof additionalProperties === 'object') {
    return rowsOf(additionalProperties, `${path === '' ? '' : `${path}.`}<name>`)
  }
  return Object.entries(properties ?? {}).flatMap(([name, inner]) => {
    const at = path === '' ? name : `${path}.${name}`
    return [
      [`\`${at}\``, inner.description ?? '', absent(inner, required.includes(name))],
      ...rowsOf(inner, at),
    ]
  })
}

function absent({ default: value, description = '' }: JsonSchema, isRequired: boolean): string {
  if (isRequired) return 'must be there'
  if (value === undefined || isEmpty(value) || description.includes('absent')) return ''
  return `\`${JSON.stringify(value).replaceAll('"', '')}\``
}
