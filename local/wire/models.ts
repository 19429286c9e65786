import type { NormalizedSchema } from '@smithy/core/schema'
import {
  errorSchemas,
  listOperations,
  type OperationSchema,
  operationSchema,
  sdkPackage,
} from '../aws/schema.ts'

/** What a service's model says about how it is addressed, read from its installed SDK client. */
export type ServiceModel = {
  /** The SDK package's suffix: `elastic-load-balancing-v2`. */
  id: string
  /** Before the dot in `X-Amz-Target`, and the service in an RPC v2 path: `AmazonSQS`. */
  target: string
  /** Of its shapes: `com.amazonaws.sqs`. */
  namespace: string
  /** Of its API, as the query protocol carries it: `2010-03-31`. */
  version: string
  /** Of the query protocol's answers. */
  xmlNamespace: string
  /** Its name in a signature's scope, which is also the first label of its host: `monitoring`. */
  signingName: string
  /** Of its SDK client: `restJson1`, `ec2Query`. Other clients may speak another. */
  protocol: string
  /** Whether errors come with the codes that its query protocol had. */
  queryCompatible: boolean
  operation(name: string): OperationSchema | undefined
  operations(): OperationSchema[]
  error(name: string): NormalizedSchema | undefined
}

type Settings = {
  defaultNamespace: string
  serviceTarget?: string
  version?: string
  xmlNamespace?: string
  awsQueryCompatible?: boolean
}

/** The public part of an SDK client's resolved configuration that describes its service. */
type Client = {
  config: {
    protocol: { getShapeId(): string }
    protocolSettings: Settings
    defaultSigningName: string
  }
}

const known = new Map<string, ServiceModel | undefined>()

/** The model of a service, or undefined when no SDK client of that name is installed. */
export function serviceModel(id: string): ServiceModel | undefined {
  if (!known.has(id)) known.set(id, read(id))
  return known.get(id)
}

function read(id: string): ServiceModel | undefined {
  const Client = clientClass(id)
  if (Client === undefined) return undefined
  const { config } = new Client({ region: 'us-east-1' })
  const { serviceTarget = '', version = '', xmlNamespace = '' } = config.protocolSettings
  return {
    id,
    target: serviceTarget,
    namespace: config.protocolSettings.defaultNamespace,
    version,
    xmlNamespace,
    signingName: config.defaultSigningName,
    protocol: config.protocol.getShapeId().replace(/^.*#/, ''),
    queryCompatible: config.protocolSettings.awsQueryCompatible === true,
    operation: (name) => operationSchema(id, name),
    operations: () => listOperations(id).flatMap((name) => operationSchema(id, name) ?? []),
    error: (name) => errorSchemas(id).get(name),
  }
}

/** `ECSClient`; a package exports one class of that ending besides the general `__Client`. */
function clientClass(id: string): (new (configuration: object) => Client) | undefined {
  const found = Object.entries(sdkPackage(id)).find(
    ([name, value]) => /^[A-Z]\w*Client$/.test(name) && typeof value === 'function',
  )
  return found?.[1] as (new (configuration: object) => Client) | undefined
}
