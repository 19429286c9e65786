import type {
  CreateFunctionRequest,
  DeleteFunctionRequest,
  GetFunctionConfigurationRequest,
  GetFunctionRequest,
  ListFunctionsRequest,
  UpdateFunctionCodeRequest,
  UpdateFunctionConfigurationRequest,
} from '@aws-sdk/client-lambda'
import { AwsError, NotImplemented } from '../errors.ts'
import { onlyMembers } from '../members.ts'
import { type Bundle, loadBundle } from './bundle.ts'
import { configuration, type LambdaFunction, lambdaPage, type Settings } from './model.ts'
import type { CodeLocation } from './runtime.ts'
import type { FunctionStore } from './store.ts'

const NAME = /^[a-zA-Z0-9-_]{1,64}$/

/** The members of a configuration that are simulated, or kept and given back. */
const SETTINGS = [
  'FunctionName',
  'Role',
  'Handler',
  'Description',
  'Timeout',
  'MemorySize',
  'Environment',
  'Runtime',
  'DeadLetterConfig',
  'TracingConfig',
  'EphemeralStorage',
  'LoggingConfig',
]

const CODE = ['S3Bucket', 'S3Key', 'S3ObjectVersion', 'ZipFile']

/** Creating, describing, changing and deleting functions. */
export function functionOperations(store: FunctionStore) {
  return {
    CreateFunction: (input: CreateFunctionRequest) => create(store, input),
    GetFunction: ({ FunctionName, Qualifier }: GetFunctionRequest) =>
      describe(store, store.find(FunctionName, Qualifier)),
    GetFunctionConfiguration: ({ FunctionName, Qualifier }: GetFunctionConfigurationRequest) =>
      configuration(store.find(FunctionName, Qualifier)),
    ListFunctions: (input: ListFunctionsRequest) => {
      onlyMembers('lambda:ListFunctions', input, ['Marker', 'MaxItems'])
      const { items, next } = lambdaPage(
        [...store.functions.values()],
        input.Marker,
        input.MaxItems ?? 50,
      )
      return { Functions: items.map(configuration), NextMarker: next }
    },
    UpdateFunctionConfiguration: (input: UpdateFunctionConfigurationRequest) =>
      update(store, input),
    UpdateFunctionCode: (input: UpdateFunctionCodeRequest) => updateCode(store, input),
    DeleteFunction: ({ FunctionName, Qualifier }: DeleteFunctionRequest) => {
      store.functions.delete(store.find(FunctionName, Qualifier).name)
      return {}
    },
  }
}

async function create(store: FunctionStore, input: CreateFunctionRequest) {
  const members = [...SETTINGS, 'Code', 'Tags', 'Architectures', 'PackageType', 'Publish']
  onlyMembers('lambda:CreateFunction', input, members)
  const name = input.FunctionName ?? ''
  checkNew(store, name, input)
  const settings: Settings = {
    Timeout: 3,
    MemorySize: 128,
    Architectures: ['x86_64'],
    TracingConfig: { Mode: 'PassThrough' },
    EphemeralStorage: { Size: 512 },
    Role: input.Role ?? '',
    Handler: input.Handler ?? '',
    variables: {},
    ...changes(input),
  }
  check(settings)
  const bundle = standIn(store, name) ?? (await load(store, input.Code ?? {}, settings.Handler))
  const fn: LambdaFunction = {
    name,
    arn: store.aws.arn('lambda', `function:${name}`),
    settings,
    bundle,
    modifiedAt: store.aws.world.date,
    revisionId: store.newRevision(),
    tags: { ...input.Tags },
    policy: [],
  }
  store.functions.set(name, fn)
  return configuration(fn)
}

function checkNew(store: FunctionStore, name: string, input: CreateFunctionRequest): void {
  if (!NAME.test(name)) {
    throw invalid(
      `1 validation error detected: Value '${name}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${NAME.source}`,
    )
  }
  if (store.functions.has(name)) {
    throw new AwsError('ResourceConflictException', `Function already exist: ${name}`, {
      statusCode: 409,
      members: { Type: 'User' },
    })
  }
  if (input.Publish) throw new NotImplemented('versions of Lambda functions')
  if (input.PackageType === 'Image')
    throw new NotImplemented('Lambda functions of container images')
}

/** What a request sets: `undefined` members leave what is there. */
function changes(input: UpdateFunctionConfigurationRequest | CreateFunctionRequest) {
  const { Environment, FunctionName: _, ...rest } = input
  const given = Object.entries(rest).filter(
    ([member, value]) =>
      value !== undefined && (SETTINGS.includes(member) || member === 'Architectures'),
  )
  return {
    ...(Object.fromEntries(given) as Partial<Settings>),
    ...(Environment === undefined ? {} : { variables: { ...Environment.Variables } }),
  }
}

/**
 * Those that begin with a letter; the API model refuses the others.
 * https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html
 */
const RESERVED = new Set([
  ...['AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_EXECUTION_ENV'],
  ...['AWS_LAMBDA_FUNCTION_NAME', 'AWS_LAMBDA_FUNCTION_MEMORY_SIZE'],
  ...['AWS_LAMBDA_FUNCTION_VERSION', 'AWS_LAMBDA_INITIALIZATION_TYPE'],
  ...['AWS_LAMBDA_LOG_GROUP_NAME', 'AWS_LAMBDA_LOG_STREAM_NAME', 'AWS_ACCESS_KEY'],
  ...['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'],
  ...['AWS_LAMBDA_RUNTIME_API', 'LAMBDA_TASK_ROOT', 'LAMBDA_RUNTIME_DIR'],
])

/** @throws AwsError for settings that the API model lets through, and AWS or the simulation does not take. */
function check({ Runtime, Timeout, MemorySize, LoggingConfig, variables }: Settings) {
  if (!Runtime?.startsWith('nodejs')) throw new NotImplemented(`the Lambda runtime ${Runtime}`)
  if (Timeout > 900) throw invalid('Timeout must be between 1 and 900 seconds.')
  if (MemorySize > 10_240) throw invalid('MemorySize must be between 128 and 10240 MB.')
  const { ApplicationLogLevel = 'INFO', SystemLogLevel = 'INFO' } = LoggingConfig ?? {}
  if (ApplicationLogLevel !== 'INFO') {
    throw new NotImplemented(`the ApplicationLogLevel ${ApplicationLogLevel}`)
  }
  if (SystemLogLevel !== 'INFO') throw new NotImplemented(`the SystemLogLevel ${SystemLogLevel}`)
  const reserved = Object.keys(variables).filter((name) => RESERVED.has(name))
  if (reserved.length > 0) {
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    )
  }
  if (Buffer.byteLength(JSON.stringify(variables)) > 4096) {
    throw invalid(
      'Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.',
    )
  }
}

/** What runs in place of the function's code has no size, and no folder of its own. */
function standIn({ runtime }: FunctionStore, name: string): Bundle | undefined {
  const handler = runtime.standIn?.(name)
  if (handler === undefined) return undefined
  return { directory: '', loadedFrom: process.cwd(), handler, size: 0, sha256: '' }
}

/** Files are real: the clock stands still while they are read. */
function load(store: FunctionStore, location: CodeLocation, handler: string): Promise<Bundle> {
  return store.aws.world.busy(async () =>
    loadBundle(await store.runtime.code(location), handler, store.runtime.shared),
  )
}

function describe(store: FunctionStore, fn: LambdaFunction) {
  return {
    Configuration: configuration(fn),
    Code: {
      RepositoryType: 'S3',
      Location: `https://awslambda-${store.aws.region}-tasks.s3.amazonaws.com/snapshots/${store.aws.account}/${fn.name}`,
    },
    Tags: { ...fn.tags },
    ...(fn.reserved === undefined
      ? {}
      : { Concurrency: { ReservedConcurrentExecutions: fn.reserved } }),
  }
}

async function update(store: FunctionStore, input: UpdateFunctionConfigurationRequest) {
  onlyMembers('lambda:UpdateFunctionConfiguration', input, [...SETTINGS, 'RevisionId'])
  const fn = store.find(input.FunctionName)
  checkRevision(fn, input)
  const settings = { ...fn.settings, ...changes(input) }
  check(settings)
  if (settings.Handler !== fn.settings.Handler) {
    const { directory } = fn.bundle
    fn.bundle =
      standIn(store, fn.name) ??
      (await store.aws.world.busy(() =>
        loadBundle(directory, settings.Handler, store.runtime.shared),
      ))
  }
  return changed(store, fn, settings)
}

async function updateCode(store: FunctionStore, input: UpdateFunctionCodeRequest) {
  const members = ['FunctionName', ...CODE, 'Architectures', 'RevisionId', 'DryRun']
  onlyMembers('lambda:UpdateFunctionCode', input, members)
  const fn = store.find(input.FunctionName)
  checkRevision(fn, input)
  const bundle = standIn(store, fn.name) ?? (await load(store, input, fn.settings.Handler))
  if (input.DryRun) return configuration(fn)
  fn.bundle = bundle
  return changed(store, fn, { ...fn.settings, ...changes(input) })
}

/** @throws AwsError PreconditionFailedException when it was changed since the caller looked. */
function checkRevision(
  { revisionId }: LambdaFunction,
  { RevisionId }: { RevisionId?: string | undefined },
) {
  if (RevisionId === undefined || RevisionId === revisionId) return
  throw new AwsError(
    'PreconditionFailedException',
    'The Revision Id provided does not match the latest Revision Id. Call the GetFunction/GetAlias API to retrieve the latest Revision Id',
    { statusCode: 412, members: { Type: 'User' } },
  )
}

/** Environments of the earlier version end with the invocation they are in. */
function changed(store: FunctionStore, fn: LambdaFunction, settings: Settings) {
  fn.settings = settings
  fn.modifiedAt = store.aws.world.date
  fn.revisionId = store.newRevision()
  for (const environment of store.environmentsOf(fn)) environment.retired = true
  return configuration(fn)
}

const invalid = (message: string) =>
  new AwsError('InvalidParameterValueException', message, { members: { Type: 'User' } })
