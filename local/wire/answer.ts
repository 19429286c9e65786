import { gunzipSync } from 'node:zlib'
import type { Aws, Caller } from '../aws/aws.ts'
import { AwsError } from '../aws/errors.ts'
import type { Protocol, Refusal, Target, WireRequest, WireResponse } from './message.ts'
import { type ServiceModel, serviceModel } from './models.ts'
import { jsonProtocol } from './protocols/json.ts'
import { queryProtocol } from './protocols/query.ts'
import { type Route, routeOf, type Scope } from './route.ts'
import { checkTypes } from './shape.ts'
import { type ShortRequest, shortAnswer, shortRefusal } from './short.ts'

/**
 * Answers a request as AWS would over HTTP: in the protocol the request is in.
 *
 * @param callerOf who calls, by the request's signature; throws an AwsError to refuse the call.
 * @throws what is not an `AwsError`: a defect of the simulation.
 */
export async function answer(
  aws: Aws,
  request: WireRequest,
  callerOf: (scope: Scope | undefined) => Caller,
): Promise<WireResponse> {
  const requestId = aws.world.random.uuid('wire/request')
  const route = routeOf(request)
  let target: Target | undefined
  try {
    refuseOtherRegion(aws, route.scope)
    const caller = callerOf(route.scope)
    target = route.target(aws.services.flatMap(({ id }) => serviceModel(id) ?? []))
    const { service, operation } = target
    const input = await inputOf(route, request, target)
    const output = await aws.call(service.id, operation.name, input, caller)
    return route.protocol.write(output ?? {}, target, requestId)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const service = target?.service
    return route.protocol.refuse(refusalOf(error, service), service, requestId)
  }
}

/**
 * Answers a call whose input has the types of its shape and every required member, as `answer`
 * does, but leaves the answer unwritten where that makes no difference.
 *
 * @throws what is not an `AwsError`: a defect of the simulation.
 */
export async function answerShort(
  aws: Aws,
  { target, input }: ShortRequest,
  caller: Caller,
): Promise<WireResponse> {
  const requestId = aws.world.random.uuid('wire/request')
  const { service, operation } = target
  const protocol = protocolOf(service)
  try {
    const output =
      (await aws.call<object | undefined>(service.id, operation.name, input, caller)) ?? {}
    return shortAnswer(output, target, requestId) ?? protocol.write(output, target, requestId)
  } catch (error) {
    if (!(error instanceof AwsError)) throw error
    const refusal = refusalOf(error, service)
    return shortRefusal(refusal, service, requestId) ?? protocol.refuse(refusal, service, requestId)
  }
}

function protocolOf({ protocol, queryCompatible }: ServiceModel): Protocol {
  if (protocol === 'awsQuery' || protocol === 'ec2Query') return queryProtocol
  return jsonProtocol(protocol === 'awsJson1_0' ? '1.0' : '1.1', queryCompatible)
}

/** Services with one address for all Regions sign for this one. */
const GLOBAL = { region: 'us-east-1', services: ['iam'] }

/**
 * A client in another Region would find an empty account; so it gets an error that names the Region.
 *
 * @throws AwsError naming the Region of the simulated account.
 */
function refuseOtherRegion({ region }: Aws, scope: Scope | undefined): void {
  if (scope === undefined || scope.region === region || scope.region === '') return
  if (GLOBAL.services.includes(scope.service) && scope.region === GLOBAL.region) return
  throw new AwsError(
    'InvalidSignatureException',
    `Credential should be scoped to ${region}, the Region of this local AWS, not ${scope.region}: use --region ${region} or AWS_REGION=${region}.`,
    { statusCode: 403 },
  )
}

async function inputOf({ protocol }: Route, request: WireRequest, target: Target): Promise<object> {
  const input = await readable(request)
    .then((plain) => protocol.read(plain, target))
    .catch(malformed)
  if (typeof input !== 'object' || input === null || Array.isArray(input)) {
    malformed('The request is not a structure')
  }
  try {
    checkTypes(input, target.operation.input)
  } catch (error) {
    malformed(error)
  }
  return input
}

/**
 * Clients compress large metrics. https://smithy.io/2.0/spec/behavior-traits.html
 * Not left to another thread: the clock might move before that is done.
 */
async function readable(request: WireRequest): Promise<WireRequest> {
  if (request.headers['content-encoding'] !== 'gzip') return request
  return { ...request, body: gunzipSync(request.body) }
}

function malformed(error: unknown): never {
  if (error instanceof AwsError) throw error
  throw new AwsError('SerializationException', error instanceof Error ? error.message : `${error}`)
}

/** https://smithy.io/2.0/spec/http-bindings.html#httperror-trait and awsQueryError. */
type ErrorTraits = {
  error?: 'client' | 'server'
  httpError?: number
  awsQueryError?: [code: string, status: number]
}

/** Adds to an error what the service's model says about it. */
function refusalOf(error: AwsError, service: ServiceModel | undefined): Refusal {
  const schema = service?.error(error.name)
  const traits: ErrorTraits = schema?.getMergedTraits() ?? {}
  // 400 is the default status of an error; the model may have another.
  const modelled = traits.httpError ?? (traits.error === 'server' ? 500 : 400)
  const statusCode = error.statusCode === 400 ? modelled : error.statusCode
  return {
    code: error.name,
    message: error.message,
    statusCode,
    id: schema?.getName(true) ?? error.name,
    members: error.members,
    queryCode: traits.awsQueryError?.[0] ?? error.name,
    fault: statusCode < 500 ? 'client' : 'server',
  }
}
