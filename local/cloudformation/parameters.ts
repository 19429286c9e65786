import { createHash } from 'node:crypto'
import type { Aws } from '../aws/aws.ts'
import { type Template, TemplateError } from './template.ts'

/** What `cdk bootstrap` leaves behind; templates ask for 6 at least. */
const BOOTSTRAP_VERSION = '30'

/**
 * The values of a template's parameters: given, or the default. What is a parameter of Systems
 * Manager is looked up.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 *
 * @throws TemplateError for a parameter without a value.
 */
export async function parameterValues(
  aws: Aws,
  stack: string,
  template: Template,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  for (const [name, { Type, Default }] of Object.entries(template.Parameters ?? {})) {
    const value = given[name] ?? Default
    if (value === undefined) throw new TemplateError(`the parameter ${name} has no value`)
    const [, stored] = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(Type) ?? []
    const text = stored === undefined ? value : await storedParameter(aws, stack, String(value))
    const isList = /^(List<.+>|CommaDelimitedList)$/.test(stored ?? Type)
    values[name] = isList ? String(text).split(',') : text
  }
  return values
}

/** A parameter of Systems Manager: the account's own, or one AWS or the CDK keeps there. */
export async function storedParameter(aws: Aws, stack: string, name: string): Promise<string> {
  if (name.startsWith('/cdk-bootstrap/')) return BOOTSTRAP_VERSION
  if (name.startsWith('/aws/service/')) return publicParameter(name)
  const { Parameter } = await aws.call<{ Parameter?: { Value?: string } }>(
    'ssm',
    'GetParameter',
    { Name: name, WithDecryption: true },
    { kind: 'cloudformation', name: stack },
  )
  return Parameter?.Value ?? ''
}

/** AWS's public parameters name machine images; which one makes no difference here. */
function publicParameter(name: string): string {
  return `ami-${createHash('sha256').update(name).digest('hex').slice(0, 17)}`
}
