import type { PutParameterRequest } from '@aws-sdk/client-ssm'
import { AwsError } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { tagsFrom } from '../tags.ts'
import type { ParameterStore, StoredParameter } from './parameter.ts'

/** Bytes of a value in each tier. */
const LARGEST = { Standard: 4_096, Advanced: 8_192, 'Intelligent-Tiering': 8_192 }

/** Only these can still be read; older versions are forgotten. */
const KEPT_VERSIONS = 100

const NAME = /^[a-zA-Z0-9_.\-/]{1,1011}$/

/**
 * Creates a parameter or gives it a new version.
 * https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html
 */
export function putParameter(store: ParameterStore, input: PutParameterRequest) {
  onlyMembers('ssm:PutParameter', input, [
    'Name',
    'Description',
    'Value',
    'Type',
    'KeyId',
    'Overwrite',
    'AllowedPattern',
    'Tags',
    'Tier',
    'DataType',
  ])
  const name = input.Name ?? ''
  const known = store.lookUp(name)
  check(input, known)
  const parameter = { ...(known ?? created(store, name, input)), ...settings(input) }
  const version = (parameter.versions.at(-1)?.version ?? 0) + 1
  const modifiedAt = store.aws.world.date
  parameter.versions = [
    ...parameter.versions,
    { value: input.Value ?? '', version, modifiedAt },
  ].slice(-KEPT_VERSIONS)
  store.parameters.set(name, parameter)
  announce(store, parameter, known === undefined ? 'Create' : 'Update')
  return { Version: version, Tier: parameter.tier }
}

function check(input: PutParameterRequest, known: StoredParameter | undefined): void {
  const { Name = '', Value = '', Tier = known?.tier ?? 'Standard' } = input
  if (/^\/?aws/i.test(Name)) {
    throw new AwsError('AccessDeniedException', `No access to reserved parameter name: ${Name}.`)
  }
  if (!NAME.test(Name) || /^\/?ssm/i.test(Name)) {
    throw validation(
      'Parameter name: can\'t be prefixed with "ssm" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_',
    )
  }
  if (known === undefined && input.Type === undefined) {
    throw validation('A parameter type is required when you create a parameter.')
  }
  if (known !== undefined && !input.Overwrite) {
    throw new AwsError(
      'ParameterAlreadyExists',
      'The parameter already exists. To overwrite this value, set the overwrite option in the request to true.',
    )
  }
  if (known !== undefined && input.Tags !== undefined && input.Tags.length > 0) {
    throw validation("Invalid request: tags and overwrite can't be used together.")
  }
  if (Buffer.byteLength(Value) > LARGEST[Tier]) {
    throw validation(
      `${Tier} tier parameters support a maximum parameter value of ${LARGEST[Tier]} characters.`,
    )
  }
  const pattern = input.AllowedPattern ?? known?.allowedPattern
  if (pattern !== undefined && !new RegExp(pattern).test(Value)) {
    throw new AwsError(
      'ParameterPatternMismatchException',
      `Parameter value, cannot be validated against allowedPattern: ${pattern}`,
    )
  }
}

function created(store: ParameterStore, name: string, input: PutParameterRequest): StoredParameter {
  return {
    name,
    arn: store.arnOf(name),
    type: input.Type ?? 'String',
    tier: 'Standard',
    dataType: 'text',
    tags: tagsFrom(input.Tags),
    versions: [],
  }
}

/** What a request changes beside the value. */
function settings(input: PutParameterRequest): Partial<StoredParameter> {
  const { Description, KeyId, AllowedPattern, Tier, DataType, Type } = input
  return {
    ...(Description === undefined ? {} : { description: Description }),
    ...(KeyId === undefined ? {} : { keyId: KeyId }),
    ...(AllowedPattern === undefined ? {} : { allowedPattern: AllowedPattern }),
    ...(Tier === undefined ? {} : { tier: Tier }),
    ...(DataType === undefined ? {} : { dataType: DataType }),
    ...(Type === undefined ? {} : { type: Type }),
  }
}

/** https://docs.aws.amazon.com/systems-manager/latest/userguide/reference-eventbridge-events.html */
export function announce(
  { aws }: ParameterStore,
  { name, arn, type, description }: StoredParameter,
  operation: 'Create' | 'Update' | 'Delete',
): void {
  aws.emit({
    source: 'aws.ssm',
    detailType: 'Parameter Store Change',
    resources: [arn],
    detail: { operation, name, type, ...(description === undefined ? {} : { description }) },
    delivery: 'best-effort',
  })
}

const validation = (message: string) => new AwsError('ValidationException', message)
