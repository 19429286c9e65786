import { beforeAll, describe, expect, it, test } from 'vitest'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Rights } from '../kits/rights.ts'
import { Stage } from '../kits/roll-outs.ts'
import { container, taskDefinition } from '../kits/services.ts'
import { ofType, template } from '../kits/synth.ts'

const SERVICES: Record<string, string> = {
  shop: 'team: ordering\ntopics: [orders]\nsends: [invoices]\nroute: { path: /shop/*, priority: 100 }\nscaling: { max: 4, memory: 60, requests: 600 }\n',
  billing: `team: ordering
kind: worker
queues: { invoices: { visibility: 120, tries: 3, from: [orders] }, late: { delay: 60 } }
scaling: { max: 8, queue: invoices, backlog: 20 }
`,
}

let catalog: string
let assembly: string
beforeAll(async () => {
  const files = Object.entries(SERVICES).map(([name, yaml]) => [`services/${name}.yaml`, yaml])
  catalog = catalogOf(Object.fromEntries(files))
  assembly = await templatesOf(catalog, { isValidated: true })
})
const stackOf = (name: string) => template(`DevService-${name}`, Promise.resolve(assembly))

async function variablesOf(name: string): Promise<Record<string, string>> {
  const { Environment = [] } = container(taskDefinition(await stackOf(name)))
  return Object.fromEntries(
    Environment.map(({ Name, Value }) => [Name, JSON.stringify(Value)] as const),
  )
}

describe('queues and topics of services', () => {
  it('are found in variables, by who has them and who sends to them', async () => {
    const [shop, billing] = [await variablesOf('shop'), await variablesOf('billing')]
    expect(shop.ORDERS_TOPIC_ARN).toContain(':dev-orders-topic')
    expect(shop.INVOICES_QUEUE_URL).toContain('/dev-invoices-queue')
    expect(billing.INVOICES_QUEUE_URL).toBe(shop.INVOICES_QUEUE_URL)
    expect(billing.LATE_QUEUE_URL).toContain('/dev-late-queue')
  })

  it('put what cannot be worked on into a queue of its own', async () => {
    const queues = ofType(await stackOf('billing'), 'AWS::SQS::Queue').map(
      ([, { Properties: one }]) => [one?.QueueName, one?.VisibilityTimeout, one?.RedrivePolicy],
    )
    expect(queues).toEqual([
      ['dev-invoices-queue-dead-letters', undefined, undefined],
      ['dev-invoices-queue', 120, expect.objectContaining({ maxReceiveCount: 3 })],
      ['dev-late-queue-dead-letters', undefined, undefined],
      ['dev-late-queue', undefined, expect.objectContaining({ maxReceiveCount: 5 })],
    ])
  })

  it('scale who works on them: by messages for each task, by requests and by memory', async () => {
    const policies = async (name: string) =>
      ofType(await stackOf(name), 'AWS::ApplicationAutoScaling::ScalingPolicy').map(
        ([, { Properties: one }]) =>
          one?.TargetTrackingScalingPolicyConfiguration as Record<string, unknown>,
      )
    expect(await policies('shop')).toMatchObject([
      {
        PredefinedMetricSpecification: { PredefinedMetricType: 'ECSServiceAverageCPUUtilization' },
      },
      { TargetValue: 60 },
      {
        TargetValue: 600,
        PredefinedMetricSpecification: { PredefinedMetricType: 'ALBRequestCountPerTarget' },
      },
    ])
    const [, backlog] = await policies('billing')
    expect(backlog).toMatchObject({
      TargetValue: 20,
      CustomizedMetricSpecification: {
        Metrics: [
          { Id: 'waiting', ReturnData: false },
          { Id: 'running', ReturnData: false },
          { Expression: 'waiting / IF(running > 0, running, 1)' },
        ],
      },
    })
  })
})

describe('who may read, and who may send', () => {
  let rights: Rights
  beforeAll(async () => {
    rights = await Rights.open({ assembly })
  })
  const OWN = 'eu-central-1:123456789012'
  const INVOICES = `arn:aws:sqs:${OWN}:dev-invoices-queue`

  test.each([
    ['shop', 'sqs:SendMessage', INVOICES, true],
    ['shop', 'sqs:ReceiveMessage', INVOICES, false],
    ['shop', 'sns:Publish', `arn:aws:sns:${OWN}:dev-orders-topic`, true],
    ['billing', 'sns:Publish', `arn:aws:sns:${OWN}:dev-orders-topic`, false],
    ['billing', 'sqs:ReceiveMessage', INVOICES, true],
    ['billing', 'sqs:DeleteMessage', INVOICES, true],
    ['billing', 'sqs:SendMessage', `arn:aws:sqs:${OWN}:dev-late-queue`, true],
    ['billing', 'sqs:DeleteQueue', INVOICES, false],
  ])('%s %s at %s: %s', (service, action, resource, expected) => {
    expect(rights.may(`dev-${service}-task`, action, resource)).toBe(expected)
  })
})

it('a message that one service publishes is in the queue of the other', async () => {
  const stage = await Stage.open({ catalog })
  for (const name of Object.keys(SERVICES)) stage.push(undefined, name)
  await stage.minutes(12)
  expect(stage.verdicts('billing')).toEqual(['deployed'])
  const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:dev-orders-topic'
  await stage.call('sns', 'Publish', { TopicArn, Message: 'order 7' })
  await stage.minutes(1)
  const { QueueUrl } = await stage.call<{ QueueUrl: string }>('sqs', 'GetQueueUrl', {
    QueueName: 'dev-invoices-queue',
  })
  const { Messages = [] } = await stage.call<{ Messages?: { Body: string }[] }>(
    'sqs',
    'ReceiveMessage',
    { QueueUrl },
  )
  expect(Messages.map(({ Body }) => JSON.parse(Body).Message)).toEqual(['order 7'])
})
