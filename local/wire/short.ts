import {
  AwsEc2QueryProtocol,
  AwsJson1_0Protocol,
  AwsJson1_1Protocol,
  AwsQueryProtocol,
  AwsRestJsonProtocol,
  AwsRestXmlProtocol,
  AwsSmithyRpcV2CborProtocol,
} from '@aws-sdk/core/protocols'
import type { TypeRegistry } from '@smithy/core/schema'
import { HttpRequest } from '@smithy/core/transport'
import type { Aws } from '../aws/aws.ts'
import { copyOf, type Notation } from './copy.ts'
import type { Refusal, Target, WireResponse } from './message.ts'
import { type ServiceModel, serviceModel } from './models.ts'
import { errorBody } from './protocols/json.ts'

/** A call whose input has not been written, in the place of a request's body. */
export class ShortRequest {
  readonly target: Target
  readonly input: object

  constructor(target: Target, input: object) {
    this.target = target
    this.input = input
  }
}

/** An answer that has not been written, in the place of a response's body. */
class ShortAnswer {
  readonly output: object

  constructor(output: object) {
    this.output = output
  }
}

/** An error that has not been written: what its body would hold. */
class ShortRefusal {
  readonly body: Readonly<Record<string, string>>

  constructor(body: Readonly<Record<string, string>>) {
    this.body = body
  }
}

/** What a client gives about its service when its protocol is made. */
type Settings = ConstructorParameters<typeof AwsJson1_1Protocol>[0] &
  ConstructorParameters<typeof AwsQueryProtocol>[0]

export type Operation = Parameters<AwsJson1_1Protocol['serializeRequest']>[0]
type Sent = Awaited<ReturnType<AwsJson1_1Protocol['serializeRequest']>>
type Context = Parameters<AwsJson1_1Protocol['deserializeResponse']>[1]

/** An output as the SDK gives it. */
export type Answered = { $metadata: Record<string, unknown> }

/** A protocol that leaves out what makes no difference. */
export type Shortened = AwsJson1_1Protocol & {
  /** Makes requests of an input as it is now; undefined when it has to be written. */
  shorten(operation: Operation, input: object | undefined): (() => Sent) | undefined
}

const shortened = new WeakSet<object>()

export const isShortened = (protocol: object): protocol is Shortened => shortened.has(protocol)

const PROTOCOLS = {
  awsJson1_0: AwsJson1_0Protocol,
  awsJson1_1: AwsJson1_1Protocol,
  awsQuery: AwsQueryProtocol,
  ec2Query: AwsEc2QueryProtocol,
  restJson1: AwsRestJsonProtocol,
  restXml: AwsRestXmlProtocol,
  rpcv2Cbor: AwsSmithyRpcV2CborProtocol,
} as const

/**
 * The protocol of the SDK's clients inside this process, whatever their service. `shortClient` asks
 * one that speaks JSON, or forms and XML, to hand an input over as it is, and gets the answer so,
 * unless there is something about either that only writing and reading it can tell (`copyOf`).
 * Else, and for clients of other protocols, everything is written and read.
 *
 * @returns a constructor, which the SDK calls with what it knows of the service.
 */
export function shortProtocol(aws: Aws): new (settings: Settings) => object {
  function ShortProtocol(settings: Settings): object {
    const namespace = settings.defaultNamespace
    const model = modelOf(aws, namespace)
    // What is not simulated is refused in any protocol.
    const Protocol = PROTOCOLS[(model?.protocol ?? 'awsJson1_1') as keyof typeof PROTOCOLS]
    if (model !== undefined && model.protocol in NOTATIONS) {
      return shorten(Protocol as Shortenable, settings, model)
    }
    return new Protocol({ ...settings, serviceTarget: settings.serviceTarget ?? namespace })
  }
  return ShortProtocol as unknown as new (
    settings: Settings,
  ) => object
}

/** Models are read when they are asked for, so the likeliest is asked first. */
function modelOf({ services }: Aws, namespace: string): ServiceModel | undefined {
  const likely = services.find(({ id }) => namespace.endsWith(`.${id.replaceAll('-', '')}`))
  for (const { id } of likely === undefined ? services : [likely, ...services]) {
    const model = serviceModel(id)
    if (model?.namespace === namespace) return model
  }
  return undefined
}

type Shortenable = typeof AwsJson1_1Protocol

/** How the protocols that can be left out write an input and an output. */
const NOTATIONS: Readonly<Record<string, { input: Notation; output: Notation }>> = {
  awsJson1_0: { input: 'json', output: 'json' },
  awsJson1_1: { input: 'json', output: 'json' },
  awsQuery: { input: 'form', output: 'xml' },
  ec2Query: { input: 'form', output: 'xml' },
}

/** How a service's inputs and outputs are written; JSON where that has not been asked for. */
const notationOf = ({ protocol }: ServiceModel) => NOTATIONS[protocol] ?? NOTATIONS.awsJson1_1

function shorten(Protocol: Shortenable, settings: Settings, service: ServiceModel): object {
  class Shorter extends Protocol {
    shorten(operation: Operation, input: object | undefined): (() => Sent) | undefined {
      const known = service.operation(operation.name)
      if (known === undefined || hasHostPrefix(operation)) return undefined
      const copy = copyOf(input ?? {}, known.input, notationOf(service)?.input)
      if (copy === undefined) return undefined
      return () => requestOf(new ShortRequest({ service, operation: known }, copy))
    }

    override async deserializeResponse<Output extends { $metadata: object }>(
      operation: Operation,
      context: Context,
      response: Parameters<AwsJson1_1Protocol['deserializeResponse']>[2],
    ): Promise<Output> {
      const { body } = response
      const short = body instanceof ShortAnswer || body instanceof ShortRefusal
      if (!short) return super.deserializeResponse<never>(operation, context, response)
      const $metadata = this.deserializeMetadata(response as never)
      if (body instanceof ShortAnswer) return Object.assign(body.output, { $metadata }) as Output
      return this.handleError(operation, context, response, { ...body.body }, $metadata)
    }
  }
  const protocol = withoutRepetition(new Shorter(settings))
  shortened.add(protocol)
  return protocol
}

/** For every error the SDK adds the same registries of errors to a protocol's own. */
function withoutRepetition(protocol: object): object {
  const { compositeErrorRegistry } = protocol as { compositeErrorRegistry: TypeRegistry }
  const copied = new WeakSet<TypeRegistry>()
  const copyFrom = compositeErrorRegistry.copyFrom.bind(compositeErrorRegistry)
  compositeErrorRegistry.copyFrom = (other) => {
    if (!copied.has(other)) copyFrom(other)
    copied.add(other)
  }
  return protocol
}

/** A prefix of the host is checked as it is put together. */
const hasHostPrefix = ({ traits }: Operation): boolean =>
  typeof traits === 'object' && traits.endpoint !== undefined

function requestOf(body: ShortRequest): Sent {
  const { service, operation } = body.target
  return new HttpRequest({
    protocol: 'https:',
    hostname: `${service.signingName}.simulated`,
    method: 'POST',
    path: '/',
    headers: {
      'x-amz-target': `${service.target}.${operation.name}`,
      // The body has no length that could be measured.
      'content-length': '0',
    },
    body,
  })
}

/** As `shortAnswer`, for an error without members of its own. */
export function shortRefusal(
  refusal: Refusal,
  service: ServiceModel,
  requestId: string,
): WireResponse | undefined {
  if (Object.keys(refusal.members).length > 0 || service.queryCompatible) return undefined
  if (notationOf(service)?.output !== 'json') return undefined
  return {
    statusCode: refusal.statusCode,
    headers: { 'x-amzn-requestid': requestId },
    body: new ShortRefusal(errorBody(refusal, service) as never) as unknown as Uint8Array,
  }
}

/** The answer to a call that came unwritten, or undefined when it has to be written. */
export function shortAnswer(
  output: object,
  { service, operation }: Target,
  requestId: string,
): WireResponse | undefined {
  const copy = copyOf(output, operation.output, notationOf(service)?.output)
  if (copy === undefined) return undefined
  return {
    statusCode: 200,
    headers: { 'x-amzn-requestid': requestId },
    body: new ShortAnswer(copy) as unknown as Uint8Array,
  }
}
