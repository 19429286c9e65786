import { createHash } from 'node:crypto'
import type {
  CreateFunctionUrlConfigRequest,
  DeleteFunctionUrlConfigRequest,
  FunctionUrlConfig,
  GetFunctionUrlConfigRequest,
  ListFunctionUrlConfigsRequest,
  UpdateFunctionUrlConfigRequest,
} from '@aws-sdk/client-lambda'
import { AwsError, NotImplemented } from '../../errors.ts'
import { onlyMembers } from '../../members.ts'
import { type FunctionUrl, type LambdaFunction, lambdaPage } from '../model.ts'
import type { FunctionStore } from '../store.ts'

/** Functions' own HTTPS addresses. https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html */
export function urlOperations(store: FunctionStore) {
  return {
    CreateFunctionUrlConfig: (input: CreateFunctionUrlConfigRequest) => create(store, input),
    UpdateFunctionUrlConfig: (input: UpdateFunctionUrlConfigRequest) => {
      const fn = store.find(input.FunctionName, input.Qualifier)
      check(input)
      const before = urlOf(fn)
      fn.url = {
        ...before,
        authType: input.AuthType ?? before.authType,
        ...(input.Cors && { cors: input.Cors }),
        modifiedAt: store.aws.world.date,
      }
      return describe(store, fn, fn.url)
    },
    GetFunctionUrlConfig: ({ FunctionName, Qualifier }: GetFunctionUrlConfigRequest) => {
      const fn = store.find(FunctionName, Qualifier)
      return describe(store, fn, urlOf(fn))
    },
    ListFunctionUrlConfigs: (input: ListFunctionUrlConfigsRequest) => {
      const fn = store.find(input.FunctionName)
      const all = fn.url === undefined ? [] : [describe(store, fn, fn.url)]
      const { items, next } = lambdaPage(all, input.Marker, input.MaxItems ?? 50)
      return { FunctionUrlConfigs: items, NextMarker: next }
    },
    DeleteFunctionUrlConfig: ({ FunctionName, Qualifier }: DeleteFunctionUrlConfigRequest) => {
      const fn = store.find(FunctionName, Qualifier)
      urlOf(fn)
      delete fn.url
      return {}
    },
  }
}

function create(store: FunctionStore, input: CreateFunctionUrlConfigRequest): FunctionUrlConfig {
  const fn = store.find(input.FunctionName, input.Qualifier)
  check(input)
  if (fn.url !== undefined) {
    throw new AwsError(
      'ResourceConflictException',
      `Failed to create function url config for [functionArn = ${fn.arn}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      { statusCode: 409, members: { Type: 'User' } },
    )
  }
  const { date } = store.aws.world
  fn.url = {
    id: urlId(fn.arn),
    authType: input.AuthType ?? 'AWS_IAM',
    ...(input.Cors && { cors: input.Cors }),
    createdAt: date,
    modifiedAt: date,
  }
  return describe(store, fn, fn.url)
}

function check(input: UpdateFunctionUrlConfigRequest): void {
  const members = ['FunctionName', 'Qualifier', 'AuthType', 'Cors', 'InvokeMode']
  onlyMembers('lambda:CreateFunctionUrlConfig', input, members)
  if (input.InvokeMode === 'RESPONSE_STREAM') {
    throw new NotImplemented('the InvokeMode RESPONSE_STREAM of function URLs')
  }
}

/** The id follows from the account and the function, as on AWS: the address stays the same. */
function urlId(arn: string): string {
  const digits = createHash('sha256').update(arn).digest('hex')
  return BigInt(`0x${digits}`).toString(36).padStart(32, '0').slice(-32)
}

/** `<id>.lambda-url.eu-central-1.on.aws` */
export const urlHost = (region: string, id: string): string => `${id}.${urlDomain(region)}`

/** What the hosts of all function URLs of a Region end with. */
export const urlDomain = (region: string): string => `lambda-url.${region}.on.aws`

/** @throws AwsError ResourceNotFoundException */
function urlOf({ url }: LambdaFunction): FunctionUrl {
  if (url !== undefined) return url
  throw new AwsError('ResourceNotFoundException', 'The resource you requested does not exist.', {
    statusCode: 404,
    members: { Type: 'User' },
  })
}

function describe(
  { aws }: FunctionStore,
  { arn }: LambdaFunction,
  { id, authType, cors, createdAt, modifiedAt }: FunctionUrl,
): FunctionUrlConfig {
  return {
    FunctionUrl: `https://${urlHost(aws.region, id)}/`,
    FunctionArn: arn,
    AuthType: authType,
    ...(cors === undefined ? {} : { Cors: cors }),
    InvokeMode: 'BUFFERED',
    CreationTime: createdAt.toISOString(),
    LastModifiedTime: modifiedAt.toISOString(),
  }
}
