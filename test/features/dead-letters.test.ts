import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { Alarm } from '../../local/aws/cloudwatch/alarm.ts'
import { Acts } from '../kits/acts.ts'
import { Stage } from '../kits/roll-outs.ts'

/** What could not be handed on ends in a dead-letter queue, and its alarm says so. */

type Received = { Messages?: { Body: string; MessageAttributes?: Record<string, unknown> }[] }

const receive = (stage: Stage, queue: string) =>
  stage.call<Received>('sqs', 'ReceiveMessage', {
    QueueUrl: `https://sqs.eu-central-1.amazonaws.com/123456789012/${queue}`,
    MaxNumberOfMessages: 10,
    MessageAttributeNames: ['All'],
  })

const alarm = (stage: Stage, name: string): Alarm =>
  stage.simulation.cloudwatch.alarms.find((one) => one.name === name) ??
  expect.unreachable(`no alarm ${name}`)

describe('in the control plane', () => {
  it('an event that a function fails on for good is put aside, with its alarm', async () => {
    const stage = await Stage.open()
    stage.simulation.lambda.killer = (call) => call.function === 'dev-watch-deployment'
    stage.push()
    await stage.minutes(15)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    expect(JSON.parse(Messages[0]?.Body ?? '{}')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { source: 'aws.ecs' },
    })
    expect(alarm(stage, 'dev-control-plane-dlq').state.value).toBe('ALARM')
  })

  it.each([
    ['record-alarm', 'alarm-changed'],
    ['record-pipeline', 'pipeline-changed'],
    ['record-failure', 'execution-failed'],
    ['start-circuit', 'circuit-alarm-raised'],
    ['record-change', 'resource-changed'],
    ['keep-tags', 'resource-created'],
  ])('so is one that %s fails on: %s', async (name, event) => {
    const stage = await Stage.open()
    const { aws, lambda } = stage.simulation
    lambda.killer = (call) => call.function === `dev-${name}`
    const sample = JSON.parse(readFileSync(`events/${event}.sample.json`, 'utf8'))
    const { source, 'detail-type': detailType, resources, detail } = sample
    aws.emit({ source, detailType, resources, detail, delivery: 'durable' })
    await stage.minutes(15)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    const bodies = Messages.map(({ Body }) => JSON.parse(Body))
    expect(bodies).toContainEqual(
      expect.objectContaining({
        requestContext: expect.objectContaining({
          condition: 'RetriesExhausted',
          functionArn: expect.stringContaining(`:dev-${name}:`),
        }),
      }),
    )
  })

  it('a push that cannot be started is put aside, and the sweep starts it', async () => {
    const stage = await Stage.open()
    let dies = true
    stage.simulation.lambda.killer = (call) => dies && call.function === 'dev-start-roll-outs'
    stage.push()
    await stage.minutes(4)
    dies = false
    await stage.minutes(15)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    expect(JSON.parse(Messages[0]?.Body ?? '{}')).toMatchObject({
      requestContext: { functionArn: expect.stringContaining('dev-start-roll-outs') },
      requestPayload: { source: 'aws.ecr' },
    })
    expect(stage.verdicts()).toEqual(['deployed'])
  })

  it('a sweep that cannot begin is put aside', async () => {
    const stage = await Stage.open()
    await stage.call('lambda', 'DeleteFunction', { FunctionName: 'dev-sweep' })
    await stage.minutes(10)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    expect(Messages[0]?.MessageAttributes).toMatchObject({
      SCHEDULE_ARN: { StringValue: expect.stringContaining('dev-sweep-schedule') },
    })
  })

  it.each([
    ['keep-tags', '2026-03-02T05:25:00Z'],
    ['keep-budgets', '2026-03-01T23:55:00Z'],
  ])('so is a daily look of %s that cannot begin', async (name, start) => {
    const stage = await Stage.open({ start: new Date(start) })
    await stage.call('lambda', 'DeleteFunction', { FunctionName: `dev-${name}` })
    await stage.minutes(15)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    expect(Messages.map(({ MessageAttributes }) => MessageAttributes)).toContainEqual(
      expect.objectContaining({
        SCHEDULE_ARN: expect.objectContaining({
          StringValue: expect.stringContaining(`dev-${name}-schedule`),
        }),
      }),
    )
  })

  it('so is a daily look at budgets that fails on', async () => {
    const stage = await Stage.open({ start: new Date('2026-03-01T23:55:00Z') })
    stage.simulation.lambda.killer = (call) => call.function === 'dev-keep-budgets'
    await stage.minutes(15)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    expect(Messages.map(({ Body }) => JSON.parse(Body))).toContainEqual(
      expect.objectContaining({
        requestContext: expect.objectContaining({
          condition: 'RetriesExhausted',
          functionArn: expect.stringContaining(':dev-keep-budgets:'),
        }),
      }),
    )
  })

  it('an edge whose machine cannot be started is put aside', async () => {
    const stage = await Stage.open({ start: new Date('2026-03-02T18:15:00Z') })
    await stage.minutes(8)
    const machine = stage.simulation.sfn.executions.find(
      ({ machine: { name } }) => name === 'dev-sleep',
    )?.machine
    await stage.call('sfn', 'DeleteStateMachine', { stateMachineArn: machine?.arn })
    // Half an hour before the evening's edge people are told.
    await stage.minutes(20)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    expect(Messages.map(({ MessageAttributes }) => MessageAttributes)).toContainEqual(
      expect.objectContaining({
        SCHEDULE_ARN: expect.objectContaining({
          StringValue: expect.stringContaining('dev-sleep/look-2026-03-02T183000'),
        }),
      }),
    )
  })

  it('a sweep that fails on for good is put aside', async () => {
    const stage = await Stage.open()
    stage.simulation.lambda.killer = (call) => call.function === 'dev-sweep'
    await stage.minutes(15)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    expect(JSON.parse(Messages[0]?.Body ?? '{}')).toMatchObject({
      requestContext: {
        condition: 'RetriesExhausted',
        functionArn: expect.stringContaining(':dev-sweep:'),
      },
    })
  })

  it('what somebody asked for in Slack and was not carried out is put aside', async () => {
    const acts = await Acts.open()
    acts.stage.simulation.lambda.killer = (call) => call.function === 'dev-answer-slack'
    await acts.types('ann', 'pin web')
    await acts.stage.minutes(15)
    const { Messages = [] } = await receive(acts.stage, 'dev-control-plane-dead-letters')
    expect(JSON.parse(Messages[0]?.Body ?? '{}')).toMatchObject({
      requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 3 },
      requestPayload: { kind: 'command', user: 'U0ANN', text: 'pin web' },
    })
    expect(await acts.receipts()).toEqual([])
  })

  it('what the notifier fails on for a day is put aside', async () => {
    const stage = await Stage.open()
    stage.simulation.lambda.killer = (call) => call.function === 'dev-tell-slack'
    stage.push()
    await stage.minutes(25 * 60)
    const { Messages = [] } = await receive(stage, 'dev-control-plane-dead-letters')
    expect(JSON.parse(Messages[0]?.Body ?? '{}')).toMatchObject({
      requestContext: { functionArn: expect.stringContaining('dev-tell-slack') },
    })
    expect(stage.verdicts()).toEqual(['deployed'])
  })
})

describe('in the environment', () => {
  it('a job that cannot be started is put aside', async () => {
    const stage = await Stage.open()
    await stage.call('ecs', 'DeregisterTaskDefinition', { taskDefinition: 'dev-nightly-report:1' })
    await stage.minutes(19 * 60)
    const { Messages = [] } = await receive(stage, 'dev-environment-dead-letters')
    expect(Messages[0]?.MessageAttributes).toMatchObject({
      SCHEDULE_ARN: { StringValue: expect.stringContaining('dev-nightly-report-job') },
    })
  })
})
