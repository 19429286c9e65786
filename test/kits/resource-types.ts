import { readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

type Entity = {
  cloudFormationType: string
  primaryIdentifier?: string[]
  properties: Record<string, { causesReplacement?: 'yes' | 'no' | 'maybe' }>
}

let types: Map<string, Entity> | undefined

/** CloudFormation's schema of a resource type, as the CDK's command line has it for `cdk diff`. */
function typeOf(type: string): Entity {
  types ??= read()
  const found = types.get(type)
  if (found === undefined) throw new Error(`CloudFormation has no ${type}`)
  return found
}

function read(): Map<string, Entity> {
  const database = JSON.parse(
    gunzipSync(readFileSync('node_modules/aws-cdk/db.json.gz')).toString(),
  ) as { schema: { resource: { entities: Record<string, Entity> } } }
  const entities = Object.values(database.schema.resource.entities)
  return new Map(entities.map((one) => [one.cloudFormationType, one]))
}

/** Whether a change of each property makes a new resource: `yes`, `no` or `maybe`. */
export function propertiesOf(type: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(typeOf(type).properties).map(([name, { causesReplacement = 'no' }]) => [
      name,
      causesReplacement,
    ]),
  )
}
