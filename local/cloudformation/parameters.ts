import { createHash } from 'node:crypto'
import type { Aws } from '../aws/aws.ts'
import { type Parameter, type Template, TemplateError } from './template.ts'

/** What `cdk bootstrap` leaves behind; templates ask for 6 at least. */
export const BOOTSTRAP_VERSION = '30'

/**
 * The values of a template's parameters: given, or the default. What is a parameter of Systems
 * Manager is looked up.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/parameters-section-structure.html
 *
 * @throws TemplateError for a parameter without a value, one the template does not have, and a
 *   value it does not allow.
 */
export async function parameterValues(
  aws: Aws,
  stack: string,
  template: Template,
  given: Readonly<Record<string, string>>,
): Promise<Record<string, unknown>> {
  const values: Record<string, unknown> = {}
  const parameters = template.Parameters ?? {}
  const unknown = Object.keys(given).filter((name) => !(name in parameters))
  if (unknown.length > 0) {
    throw new TemplateError(`Parameters: [${unknown.join(', ')}] do not exist in the template`)
  }
  for (const [name, parameter] of Object.entries(parameters)) {
    const { Type, Default } = parameter
    const value = given[name] ?? Default
    if (value === undefined) throw new TemplateError(`the parameter ${name} has no value`)
    checkAllowed(name, value, parameter)
    const [, stored] = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(Type) ?? []
    const text = stored === undefined ? value : await storedParameter(aws, stack, String(value))
    const isList = /^(List<.+>|CommaDelimitedList)$/.test(stored ?? Type)
    values[name] = isList ? String(text).split(',') : text
  }
  return values
}

/** @throws TemplateError with CloudFormation's own words. */
function checkAllowed(
  name: string,
  value: string | number,
  { MinValue = -Infinity, MaxValue = Infinity, AllowedValues, AllowedPattern }: Parameter,
): void {
  const number = Number(value)
  if (number < MinValue) {
    throw new TemplateError(`Parameter '${name}' must be a number not less than ${MinValue}`)
  }
  if (number > MaxValue) {
    throw new TemplateError(`Parameter '${name}' must be a number not greater than ${MaxValue}`)
  }
  if (AllowedValues !== undefined && !AllowedValues.map(String).includes(String(value))) {
    throw new TemplateError(`Parameter '${name}' must be one of AllowedValues`)
  }
  if (AllowedPattern !== undefined && !new RegExp(`^(?:${AllowedPattern})$`).test(String(value))) {
    throw new TemplateError(`Parameter '${name}' failed to satisfy constraint: ${AllowedPattern}`)
  }
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
