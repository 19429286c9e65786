import { AwsError, NotImplemented } from '../aws/errors.ts'
import type { Protocol, Target, WireRequest } from './message.ts'
import type { ServiceModel } from './models.ts'
import { labelsOf } from './path.ts'
import { cborProtocol } from './protocols/cbor.ts'
import { jsonProtocol } from './protocols/json.ts'
import { formOf, queryProtocol } from './protocols/query.ts'
import { restJsonProtocol } from './protocols/rest.ts'

/** Who signed a request, for which Region and service. */
export type Scope = { accessKeyId: string; region: string; service: string }

type Signed = WireRequest & { scope: Scope | undefined }

/** The protocol a request is in, and how to find out what it asks for. */
export type Route = {
  protocol: Protocol
  /** Undefined for a request without a signature. */
  scope: Scope | undefined
  /** @throws AwsError for what AWS or the simulation does not know. */
  target(services: readonly ServiceModel[]): Target
}

/**
 * Reads from the request alone which protocol it is in: clients of one service speak different
 * ones (boto3 has used the query protocol, JSON and CBOR for CloudWatch).
 */
export function routeOf(request: WireRequest): Route {
  const { headers } = request
  const scope = scopeOf(headers)
  const signed: Signed = { ...request, scope }
  const queryMode = headers['x-amzn-query-mode'] === 'true'
  if (headers['smithy-protocol'] === 'rpc-v2-cbor') {
    const protocol = cborProtocol(queryMode)
    return { protocol, scope, target: (services) => byPath(request, services) }
  }
  const target = headers['x-amz-target']
  if (target !== undefined) {
    const version = headers['content-type']?.includes('1.0') ? '1.0' : '1.1'
    const protocol = jsonProtocol(version, queryMode)
    return { protocol, scope, target: (services) => byTarget(target, services) }
  }
  if (isS3(signed)) return { protocol: queryProtocol, scope, target: refuseS3 }
  const form = isForm(request) ? formOf(request) : undefined
  if (form?.has('Action')) {
    const named = (services: readonly ServiceModel[]) => byAction(form, signed, services)
    return { protocol: queryProtocol, scope, target: named }
  }
  return { protocol: restJsonProtocol, scope, target: (services) => byBinding(signed, services) }
}

/** `AmazonEC2ContainerServiceV20141113.DescribeServices` */
function byTarget(target: string, services: readonly ServiceModel[]): Target {
  const dot = target.lastIndexOf('.')
  const name = target.slice(0, dot)
  const service = services.find((one) => one.target === name)
  return operationOf(service, target.slice(dot + 1), target)
}

/** `/service/GraniteServiceVersion20100801/operation/DescribeAlarms` */
function byPath({ path }: WireRequest, services: readonly ServiceModel[]): Target {
  const [, name = '', operation = ''] = /\/service\/([^/]+)\/operation\/([^/]+)$/.exec(path) ?? []
  const service = services.find((one) => one.target === name)
  return operationOf(service, operation, `${name}.${operation}`)
}

/** `Action=DescribeAlarms&Version=2010-08-01`: versions are dates, which two services may share. */
function byAction(
  form: URLSearchParams,
  request: Signed,
  services: readonly ServiceModel[],
): Target {
  const action = form.get('Action') ?? ''
  const version = form.get('Version') ?? ''
  const candidates = services.filter((one) => one.version === version)
  const service = candidates.find((one) => isNamed(one, request)) ?? candidates[0]
  return operationOf(service, action, `${action} of the API version ${version}`)
}

/** The most literal path that matches: `/functions/list` before `/functions/{name}`. */
function byBinding(request: Signed, services: readonly ServiceModel[]): Target {
  const rest = services.filter(({ protocol }) => protocol === 'restJson1')
  const named = rest.filter((one) => isNamed(one, request))
  const found = (request.scope || named.length > 0 ? named : rest)
    .flatMap((service) => service.operations().map((operation) => ({ service, operation })))
    .filter(({ operation: { http } }) => http !== undefined && matches(http, request))
    .sort((one, other) => literals(other) - literals(one))
  if (found[0] !== undefined) return found[0]
  const asked = `${request.method} ${request.path}`
  const service = request.scope?.service ?? 'the service of'
  if (named.length === 0) throw new NotImplemented(`${service} ${asked}`)
  throw new AwsError('UnknownOperationException', `There is no ${asked}.`, { statusCode: 404 })
}

function matches([method, pattern]: readonly [string, string, number], request: WireRequest) {
  const { path, query } = request
  return (
    method === request.method &&
    labelsOf(pattern, path) !== undefined &&
    [...fixedQuery(pattern)].every(([name, value]) => query[name]?.includes(value))
  )
}

/** What a pattern demands of the query: `find` in `/2018-10-31/layers?find=LayerVersion`. */
const fixedQuery = (pattern: string): URLSearchParams =>
  new URLSearchParams(pattern.split('?')[1] ?? '')

function literals({ operation }: Target): number {
  const pattern = operation.http?.[1] ?? ''
  const fixed = pattern.split('/').filter((segment) => !segment.startsWith('{'))
  return fixed.length + fixedQuery(pattern).size
}

function operationOf(service: ServiceModel | undefined, name: string, asked: string): Target {
  if (service === undefined) throw new NotImplemented(`the service of ${asked}`)
  const operation = service.operation(name)
  if (operation !== undefined) return { service, operation }
  throw new AwsError('UnknownOperationException', `${service.id} has no operation ${name}.`)
}

/** Whether the signature's scope, or else the host, names this service. */
function isNamed({ signingName }: ServiceModel, { headers, scope }: Signed): boolean {
  if (scope !== undefined) return scope.service === signingName
  return headers.host?.startsWith(`${signingName}.`) ?? false
}

/** S3 has buckets in host names, and a protocol of its own; only calls inside the process reach it. */
function isS3({ headers, scope }: Signed): boolean {
  if (scope !== undefined) return scope.service === 's3'
  return /(^|\.)s3[.-]/.test(headers.host ?? '')
}

function refuseS3(): never {
  throw new NotImplemented('restXml, the protocol of s3')
}

/** Undefined for a request without a signature. */
export function scopeOf(headers: Record<string, string>): Scope | undefined {
  const [, accessKeyId = '', region = '', service = ''] =
    /Credential=([^/,\s]+)\/\d+\/([^/]+)\/([^/]+)\/aws4_request/.exec(
      headers.authorization ?? '',
    ) ?? []
  return accessKeyId === '' ? undefined : { accessKeyId, region, service }
}

function isForm({ method, headers }: WireRequest): boolean {
  const type = headers['content-type'] ?? ''
  return type.startsWith('application/x-www-form-urlencoded') || (method === 'GET' && type === '')
}
