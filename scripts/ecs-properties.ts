import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { EcsProperties, type Form } from '../catalog/ecs-properties.ts'

/**
 * Writes down which properties CloudFormation takes of an ECS task definition and service, as the
 * installed CDK knows them from CloudFormation's own schema: `node scripts/ecs-properties.ts`.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/AWS_ECS.html
 */
const GENERATED = join(
  dirname(createRequire(import.meta.url).resolve('aws-cdk-lib/aws-ecs')),
  'lib/ecs.generated.js',
)

/** `function convertCfnTaskDefinitionUlimitPropertyToCloudFormation(properties){…,{Name:…}):properties}` */
const FUNCTION =
  /function convertCfn(TaskDefinition|Service)(\w+)ToCloudFormation\(properties\)\{.*?assertSuccess\(\),\{(.*?)\}\):properties\}/g

/** `Name:cdk().stringToCloudFormation(properties.name)` */
const MEMBER = /(\w+):((?:[^(),]|\((?:[^()]|\([^()]*\))*\))*)\(properties\.\w+\)/g

/** The properties of both, by the name of their type: `TaskDefinition.Ulimit`. */
export function ecsProperties(text: string): Record<string, Record<string, Form>> {
  const types = [...text.matchAll(FUNCTION)].map(([, resource = '', name = '', body = '']) => {
    const members = [...body.matchAll(MEMBER)].map(([, member = '', how = '']) => [
      member,
      formOf(how),
    ])
    return [typeOf(resource, name), Object.fromEntries(members)] as const
  })
  return Object.fromEntries(types.toSorted(([a], [b]) => a.localeCompare(b)))
}

const typeOf = (resource: string, name: string): string =>
  name === 'Props' ? resource : `${resource}.${name.replace(/Property$/, '')}`

/** `cdk().listMapper(cdk().stringToCloudFormation)` is `[string]`. */
function formOf(how: string): Form {
  const list = /^cdk\(\)\.listMapper\((.*)\)$/.exec(how)?.[1]
  if (list !== undefined) return [formOf(list)]
  const map = /^cdk\(\)\.hashMapper\((.*)\)$/.exec(how)?.[1]
  if (map !== undefined) return { each: formOf(map) }
  const plain = /^cdk\(\)\.(string|number|boolean|object)ToCloudFormation$/.exec(how)?.[1]
  if (plain !== undefined) return plain
  const [, resource = '', name = ''] =
    /^convertCfn(TaskDefinition|Service)(\w+)ToCloudFormation$/.exec(how) ?? []
  return resource === '' ? 'object' : typeOf(resource, name)
}

if (import.meta.main) {
  const table = ecsProperties(readFileSync(GENERATED, 'utf8'))
  const lines = Object.entries(table).map((one) =>
    JSON.stringify(one).slice(1, -1).replace(',', ': '),
  )
  writeFileSync(EcsProperties.PATH, `{\n${lines.join(',\n')}\n}\n`)
}
