import fc from 'fast-check'
import { beforeAll, describe, expect, test } from 'vitest'
import { Aws, type Caller } from '../../local/aws/aws.ts'
import { clone } from '../../local/aws/clone.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { errorSchemas, operationSchema, sdkPackage } from '../../local/aws/schema.ts'
import { World } from '../../local/aws/world.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { serviceModel } from '../../local/wire/models.ts'
import { sdkConfiguration, shortConfiguration } from '../../local/wire/request-handler.ts'
import { shortClient } from '../../local/wire/short-client.ts'
import { ANYTHING, valuesOf } from '../kits/wire-values.ts'

const START = new Date('2026-03-02T09:00:00Z')
const CALLER: Caller = { kind: 'person', name: 'tester' }

/** Those that speak JSON, those that speak forms and XML, and two that do neither. */
const SERVICES = [
  ...['application-auto-scaling', 'cloudwatch-logs', 'dynamodb', 'ecr', 'ecs', 'eventbridge'],
  ...['resource-groups-tagging-api', 'secrets-manager', 'servicediscovery', 'sfn', 'ssm'],
  ...['scheduler', 'cloudwatch'],
  ...['auto-scaling', 'ec2', 'elastic-load-balancing-v2', 'rds', 'sns', 'sts'],
]

type Client = { send(command: object): Promise<Record<string, unknown>> }
type Class<Instance> = new (input: object) => Instance
type Told = { output: object } | { error: AwsError }

/** A client whose service notes what it is asked and answers what it is told. */
function open(service: string, wire: 'real' | 'short') {
  const world = new World({ seed: 1, start: START })
  const aws = new Aws(world)
  const asked: unknown[] = []
  let told: Told = { output: {} }
  const operation = (input: never) => {
    asked.push(input)
    if ('error' in told) throw told.error
    return told.output
  }
  const names = serviceModel(service)?.operations() ?? []
  aws.register({
    id: service,
    operations: Object.fromEntries(names.map(({ name }) => [name, operation])),
  })
  const exported = sdkPackage(service)
  const name = Object.keys(exported).find((one) => /^[A-Z]\w*Client$/.test(one)) ?? ''
  const Kind = exported[name] as Class<Client>
  const client =
    wire === 'real'
      ? new Kind(sdkConfiguration(aws, CALLER))
      : shortClient(Kind, shortConfiguration(aws, CALLER))
  return async (operation: string, input: object, answer: Told) => {
    told = answer
    asked.length = 0
    const Command = exported[`${operation}Command`] as Class<object>
    const done = world.busy(() =>
      client.send(new Command(input)).then(
        (output) => ({ output }),
        (error: Error) => ({ error: shown(error) }),
      ),
    )
    // Retries wait on the world's clock.
    await world.run(60_000)
    return { asked: [...asked], ...(await done) }
  }
}

/** Everything of an error that its catcher can see. */
const shown = (error: Error) => ({
  ...error,
  class: error.constructor.name,
  name: error.name,
  message: error.message,
})

/** Both ways with the same; the order of members is compared, too. */
async function compare(
  both: readonly ReturnType<typeof open>[],
  operation: string,
  input: object,
  told: () => Told,
) {
  const [real, short] = await Promise.all(both.map((call) => call(operation, input, told())))
  expect(short, operation).toStrictEqual(real)
  expect(JSON.stringify(short), operation).toBe(JSON.stringify(real))
}

const bothOf = (service: string) => [open(service, 'real'), open(service, 'short')]

/** Without what the SDK fills with chance of its own; about a hundred of those that have many more. */
const namesOf = (service: string): string[] =>
  (serviceModel(service)?.operations() ?? [])
    .filter(({ input, output }) => ![input, output].some((one) => one.getEventStreamMember()))
    .filter(
      ({ input }) =>
        input.isUnitSchema() ||
        ![...input.structIterator()].some(([, member]) => member.isIdempotencyToken()),
    )
    .map(({ name }) => name)
    .filter((_, place, all) => place % Math.ceil(all.length / 100) === 0)

describe('the short way and the real wire answer equally', () => {
  test.each(SERVICES)('%s: whatever is asked and told', async (service) => {
    const both = bothOf(service)
    for (const name of namesOf(service)) {
      const schema = operationSchema(service, name)
      if (schema === undefined) throw new Error(name)
      const { input, output } = schema
      await fc.assert(
        fc.asyncProperty(
          input.isUnitSchema() ? fc.constant({}) : valuesOf(input, ANYTHING),
          output.isUnitSchema() ? fc.constant({}) : valuesOf(output, ANYTHING),
          (asked, told) => compare(both, name, asked, () => ({ output: told })),
        ),
        { numRuns: 3, seed: 1 },
      )
    }
  })

  test.each(SERVICES)('%s: every error, and one that it does not have', async (service) => {
    const both = bothOf(service)
    const [name = ''] = namesOf(service)
    for (const code of [...errorSchemas(service).keys(), 'Unheard', 'ThrottlingException']) {
      for (const members of [{}, { reason: 'NONE', Extra: { deep: [1] } }]) {
        for (const statusCode of [400, 503]) {
          const told = () => ({ error: new AwsError(code, 'so it is', { statusCode, members }) })
          await compare(both, name, {}, told)
        }
      }
    }
  })

  test('what has to be written is written', async () => {
    const both = bothOf('dynamodb')
    const output = () => ({ output: {} })
    const TableName = 'things'
    for (const input of [
      {},
      { TableName: 7 },
      { TableName, Item: { n: { N: -0 } } },
      { TableName, Item: { pk: { S: 'a', N: '1' } } },
      { TableName, Item: { pk: {} } },
      { TableName, Item: { pk: { B: 'text' } } },
      { TableName, Item: { pk: null } },
      { TableName, Item: { pk: { L: [null, { S: '\ud800' }] } } },
      { TableName, Item: { pk: { M: { a: undefined } } }, Unknown: { a: 1 } },
    ]) {
      await compare(both, 'PutItem', input, output)
    }
  })
})

test('nothing of an input or an answer is shared', async () => {
  const call = open('dynamodb', 'short')
  const item = { pk: { S: 'a' }, list: { L: [{ S: 'b' }] } }
  const told = { Attributes: { pk: { S: 'a' }, list: { L: [{ S: 'b' }] } } }
  const result = await call('PutItem', { TableName: 't', Item: item }, { output: told })
  const [asked] = result.asked as [{ Item: typeof item }]
  expect(asked.Item).toEqual(item)
  expect(asked.Item).not.toBe(item)
  expect(asked.Item.list.L[0]).not.toBe(item.list.L[0])
  const { output } = result as unknown as { output: typeof told }
  expect(output.Attributes).toEqual(told.Attributes)
  expect(output.Attributes.list.L).not.toBe(told.Attributes.list.L)
})

describe('a whole story', () => {
  beforeAll(() => templatesOf())

  type Recorded = { service: string; operation: string; input: object; told: Told }

  async function play(wire: 'real' | 'short', recorded: Recorded[] = []) {
    const simulation = await Simulation.open({ seed: 3, start: START, wire })
    const { aws, ecr, world, faults } = simulation
    const call = aws.call.bind(aws)
    aws.call = async (service, operation, input, caller) => {
      const note = (told: Told) => {
        if (caller.kind === 'function') {
          recorded.push({ service, operation, input: clone(input), told })
        }
      }
      try {
        const output = await call(service, operation, input, caller)
        note({ output: clone(output as object) })
        return output as never
      } catch (error) {
        if (error instanceof AwsError) note({ error })
        throw error
      }
    }
    faults.set({ duplicate: 0.3, delay: 0.3, reorder: 0.3 })
    ecr.push({ repository: 'orders', tag: 'main', image: { behaviour: 'healthy' } })
    await world.run(10 * 60_000)
    const bad = { behaviour: 'crashes', exitCode: 137 } as const
    ecr.push({ repository: 'orders', tag: 'main', image: bad })
    ecr.push({ repository: 'web', tag: 'main', image: { behaviour: 'healthy' } })
    await world.run(40 * 60_000)
    return {
      calls: aws.calls,
      executions: simulation.sfn.executions.map(({ arn, status, output, history }) => ({
        ...{ arn, status, output },
        events: history.events,
      })),
      slack: simulation.slack.messages,
      invocations: simulation.invocations,
      records: simulation.records.all,
      journal: simulation.eventbridge.journal,
    }
  }

  test('is the same, and so is each answer in it', async () => {
    const recorded: Recorded[] = []
    const short = await play('short', recorded)
    expect(short).toEqual(await play('real'))

    const clients = new Map<string, ReturnType<typeof bothOf>>()
    expect(recorded.length).toBeGreaterThan(200)
    for (const { service, operation, input, told } of recorded) {
      const both = clients.get(service) ?? bothOf(service)
      clients.set(service, both)
      await compare(both, operation, input, () => told)
    }
  })
})
