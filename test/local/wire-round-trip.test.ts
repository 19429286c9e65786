import { AwsQueryProtocol, AwsSmithyRpcV2CborProtocol } from '@aws-sdk/core/protocols'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { operationSchema, sdkPackage } from '../../local/aws/schema.ts'
import { serviceModel } from '../../local/wire/models.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { Account, PERSON } from '../kits/account.ts'
import { ANYTHING, NUMBERED, TEXTUAL, valuesOf, type Wire } from '../kits/wire-values.ts'

const SERVICES = [
  'application-auto-scaling',
  'auto-scaling',
  ...['cloudwatch', 'cloudwatch-logs', 'dynamodb', 'dynamodb-streams', 'ec2', 'ecr', 'ecs', 'efs'],
  ...[
    'elastic-load-balancing-v2',
    'eventbridge',
    'iam',
    'lambda',
    'rds',
    'resource-groups-tagging-api',
  ],
  ...['scheduler', 'secrets-manager', 'servicediscovery', 'sfn', 'sns', 'sqs', 'ssm', 'sts'],
]
/** What of a value the protocols of forms and XML do not carry. */
const WIRES: Readonly<Record<string, Wire>> = {
  'auto-scaling': TEXTUAL,
  ec2: NUMBERED,
  'elastic-load-balancing-v2': TEXTUAL,
  elasticache: TEXTUAL,
  iam: TEXTUAL,
  rds: TEXTUAL,
  sns: TEXTUAL,
  sts: TEXTUAL,
}

type Client = { send(command: object): Promise<Record<string, unknown>> }
type Class<Instance> = new (input: object) => Instance

/** A client of a service whose operations note their input and answer what they are told. */
function open(service: string, configuration: object = {}) {
  const { aws } = new Account()
  // What travels is of the right types; AWS's constraints are no matter of protocols.
  aws.guards.length = 0
  const seen: { input?: unknown; output: object } = { output: {} }
  const operation = (input: never) => {
    seen.input = input
    return seen.output
  }
  const operations = Object.fromEntries(namesOf(service).map((name) => [name, operation]))
  aws.register({ id: service, operations })
  const exported = sdkPackage(service)
  const name = Object.keys(exported).find((one) => /^[A-Z]\w*Client$/.test(one)) ?? ''
  const client = new (exported[name] as Class<Client>)({
    ...sdkConfiguration(aws, PERSON),
    // What the SDK itself adds to SQS: it checks digests and takes a queue's address for a host.
    ...{ md5: false, useQueueUrlAsEndpoint: false },
    ...configuration,
  })
  const call = async (operation: string, input: object, output: object) => {
    seen.output = output
    const Command = exported[`${operation}Command`] as Class<object>
    // The SDK's own addition to RDS asks objects of a prototype for their members.
    const { $metadata, ...answer } = await client.send(new Command({ ...input }))
    return { input: seen.input, answer }
  }
  return { call }
}

/** The operations that are not streams of events; about a hundred of services that have many more. */
function namesOf(service: string): string[] {
  const operations = serviceModel(service)?.operations() ?? []
  return operations
    .filter(({ input, output }) => ![input, output].some((one) => one.getEventStreamMember()))
    .map(({ name }) => name)
    .filter((_, place, all) => place % Math.ceil(all.length / 100) === 0)
}

/** What was given comes out at the other end, both ways, for every operation. */
async function survives(service: string, wire: Wire, configuration?: object) {
  const { call } = open(service, configuration)
  for (const name of namesOf(service)) {
    const schema = operationSchema(service, name)
    if (schema === undefined) throw new Error(name)
    const { input, output } = schema
    await fc.assert(
      fc.asyncProperty(
        input.isUnitSchema() ? fc.constant({}) : valuesOf(input, wire),
        output.isUnitSchema() ? fc.constant({}) : valuesOf(output, wire),
        async (asked, told) => {
          const { input: received, answer } = await call(name, asked, told)
          expect(received, `${service}:${name}, input`).toMatchObject(asked)
          expect(plain(answer), `${service}:${name}, output`).toEqual(told)
        },
      ),
      { numRuns: 6, seed: 1 },
    )
  }
}

/** Without the SDK's own kinds of bytes, and the null it gives for a body that was not sent. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return new Uint8Array(value)
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null || value instanceof Date) return value
  const members = Object.entries(value).filter(([, one]) => one !== null && one !== undefined)
  return Object.fromEntries(members.map(([name, one]) => [name, plain(one)]))
}

describe('every operation, in the protocol of its SDK client', () => {
  test.each(SERVICES)('%s', async (service) => {
    await survives(service, WIRES[service] ?? ANYTHING)
  })
})

describe('services that older or other clients speak to in another protocol', () => {
  test.each(['cloudwatch', 'sqs'])('%s in the query protocol', async (service) => {
    await survives(service, TEXTUAL, { protocol: AwsQueryProtocol })
  })

  test.each(['cloudwatch'])('%s in CBOR', async (service) => {
    await survives(service, ANYTHING, { protocol: AwsSmithyRpcV2CborProtocol })
  })
})
