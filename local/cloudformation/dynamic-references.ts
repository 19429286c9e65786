import type { Aws } from '../aws/aws.ts'
import { isConstant } from './intrinsics.ts'
import { storedParameter } from './parameters.ts'
import { TemplateError } from './template.ts'

const REFERENCE = /\{\{resolve:([^:}]+):([^}]+)\}\}/g

/**
 * A value with every `{{resolve:…}}` in it replaced by what it names.
 *
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references.html
 *
 * @throws TemplateError for a reference to anything but Secrets Manager and Systems Manager.
 */
export async function dereference(value: unknown, aws: Aws, stack: string): Promise<unknown> {
  return hasReference(value) ? replaced(value, aws, stack) : value
}

function hasReference(value: unknown): boolean {
  if (typeof value === 'string') return value.includes('{{resolve:')
  if (typeof value !== 'object' || value === null) return false
  let found = known.get(value)
  if (found === undefined) {
    found = Object.values(value).some(hasReference)
    if (isConstant(value)) known.set(value, found)
  }
  return found
}

const known = new WeakMap<object, boolean>()

async function replaced(value: unknown, aws: Aws, stack: string): Promise<unknown> {
  if (typeof value === 'string') return dereferenceText(value, aws, stack)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) {
    return Promise.all(value.map((item) => replaced(item, aws, stack)))
  }
  const entries = Object.entries(value).map(
    async ([key, item]) => [key, await replaced(item, aws, stack)] as const,
  )
  return Object.fromEntries(await Promise.all(entries))
}

async function dereferenceText(text: string, aws: Aws, stack: string): Promise<string> {
  let result = text
  for (const [reference, service = '', key = ''] of text.matchAll(REFERENCE)) {
    const value = await lookUp(service, key, aws, stack)
    result = result.replace(reference, () => value)
  }
  return result
}

function lookUp(service: string, key: string, aws: Aws, stack: string): Promise<string> {
  if (service === 'secretsmanager') return secretValue(key, aws, stack)
  if (service === 'ssm' || service === 'ssm-secure') return storedParameter(aws, stack, key)
  throw new TemplateError(`{{resolve:${service}:…}} is not known to the local AWS`)
}

/** `<name or ARN>[:SecretString[:<key in its JSON>[:<stage>[:<version>]]]]` */
async function secretValue(key: string, aws: Aws, stack: string): Promise<string> {
  const [SecretId = '', path = ''] = key.split(':SecretString')
  const [, member = '', VersionStage = '', VersionId = ''] = path.split(':')
  const input = {
    SecretId,
    ...(VersionStage === '' ? {} : { VersionStage }),
    ...(VersionId === '' ? {} : { VersionId }),
  }
  const caller = { kind: 'cloudformation', name: stack } as const
  const { SecretString: secret = '' } = await aws.call<{ SecretString?: string }>(
    'secrets-manager',
    'GetSecretValue',
    input,
    caller,
  )
  if (member === '') return secret
  const value = (JSON.parse(secret) as Record<string, unknown>)[member]
  if (value === undefined) throw new TemplateError(`the secret ${SecretId} has no ${member}`)
  return String(value)
}
