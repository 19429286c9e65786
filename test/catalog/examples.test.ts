import { describe, expect, it, test } from 'vitest'
import { parse } from 'yaml'
import * as z from 'zod'
import { environmentSchema } from '../../catalog/environment-schema.ts'
import { ENVIRONMENT_EXAMPLES, examplesOf, SERVICE_EXAMPLES } from '../../catalog/examples.ts'
import { readCatalog } from '../../catalog/read.ts'
import { serviceSchema } from '../../catalog/service-schema.ts'
import { catalogOf } from '../kits/catalog.ts'

const CERTIFICATE =
  'certificate: arn:aws:acm:eu-central-1:123456789012:certificate/0a1b2c3d\ndomain: dev.example.com\n'
const CONNECTION =
  'connection: arn:aws:codeconnections:eu-central-1:123456789012:connection/0a1b2c3d\n'
const TEAMS =
  "teams:\n  platform: { owner: platform@example.com, channel: '#platform' }\n  storefront: { owner: storefront@example.com, channel: '#storefront' }\n"
const OFFICE =
  'schedules:\n  office-hours:\n    running: [{ days: mon-fri, from: 07:00, to: 20:00 }]\n'
const LEAST = `name: dev\nregion: eu-central-1\nowner: platform\n${TEAMS}`

/** Only the lines of keys that the example does not write itself. */
function beside(text: string, example: string): string {
  const own = Object.keys(parse(example) as object)
  const kept = Object.entries(parse(text) as Record<string, unknown>).filter(
    ([key]) => !own.includes(key),
  )
  return kept.map(([key, value]) => `${key}: ${JSON.stringify(value)}\n`).join('')
}

describe('the example of a key', () => {
  test.each(Object.entries(examplesOf(SERVICE_EXAMPLES)))(
    '%s is a service with a team, and says the key',
    (key, example) => {
      const file = `${beside('team: storefront\n', example)}${example}\n`
      expect(parse(file)).toHaveProperty(key)
      const directory = catalogOf({
        'environment.yaml': `${LEAST}${CERTIFICATE}${CONNECTION}${OFFICE}`,
        'services/alpha.yaml': file,
        'services/orders.yaml': 'team: storefront\nsecrets: [PROVIDER_KEY]\nqueues: [invoices]\n',
        'services/products.yaml': 'team: storefront\n',
        'env/shop.env': 'LEVEL=info\n',
      })
      expect(readCatalog(directory).services.map(({ name }) => name)).toContain('alpha')
    },
  )

  test.each(Object.entries(examplesOf(ENVIRONMENT_EXAMPLES)))(
    '%s is an environment with what each must have, and says the key',
    (key, example) => {
      const file = `${beside(LEAST, example)}${example}\n`
      expect(parse(file)).toHaveProperty(key)
      expect(readCatalog(catalogOf({ 'environment.yaml': file })).environment.name).toBe('dev')
    },
  )

  it.each([
    ['services', serviceSchema, SERVICE_EXAMPLES],
    ['environment.yaml', environmentSchema, ENVIRONMENT_EXAMPLES],
  ])('is there for every key of %s, once', (_, schema, sections) => {
    const keys = sections.flatMap(({ keys }) => Object.keys(keys))
    expect(keys.toSorted()).toEqual(Object.keys(schema.shape).toSorted())
  })
})

describe('an editor', () => {
  type Schema = {
    description?: string
    properties?: Record<string, Schema>
    additionalProperties?: Schema | boolean
    items?: Schema
    anyOf?: Schema[]
  }

  /** The keys without a word about them, at any depth. */
  function undescribed(schema: Schema, path = ''): string[] {
    const { properties = {}, additionalProperties, items, anyOf = [] } = schema
    const inner = typeof additionalProperties === 'object' ? [additionalProperties] : []
    return [
      ...Object.entries(properties).flatMap(([key, property]) => [
        ...(property.description === undefined ? [`${path}${key}`] : []),
        ...undescribed(property, `${path}${key}.`),
      ]),
      ...[...anyOf, ...inner, ...(items ? [items] : [])].flatMap((one) => undescribed(one, path)),
    ]
  }

  it.each([
    ['a service', serviceSchema],
    ['environment.yaml', environmentSchema],
  ])('says of every key of %s what it may be', (_, schema) => {
    expect(undescribed(z.toJSONSchema(schema, { io: 'input' }) as Schema)).toEqual([])
  })
})
