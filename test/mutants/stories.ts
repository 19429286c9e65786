import { readFileSync } from 'node:fs'
import type { Operations } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import type { FunctionCall } from '../../local/aws/lambda/runtime.ts'
import { Tagging } from '../../local/aws/tagging/tagging.ts'
import { Recording } from '../../local/invariants/recording.ts'
import { catalogOfServices, twoServices } from '../kits/catalog.ts'
import { BAD, GOOD } from '../kits/roll-outs.ts'
import { ACTS } from './acts-stories.ts'
import { BUDGETS } from './budget-stories.ts'
import { HEALTH } from './health-stories.ts'
import { NOTICES } from './notices-stories.ts'
import { SLEEP } from './sleep-stories.ts'
import { recorded, type Story } from './story.ts'
import { TAG_STORIES } from './tag-stories.ts'

const SERVICE = 'arn:aws:ecs:eu-central-1:123456789012:service/dev-backend/orders'
const MACHINE = 'arn:aws:states:eu-central-1:123456789012:stateMachine:dev-roll-out'

/** A good image is rolled out, then a bad one that logs long lines. */
const goodThenBad: Story = async (open) => {
  const { stage, recording } = await recorded(() => open(twoServices()))
  stage.push(GOOD)
  await stage.minutes(6)
  stage.push({ ...BAD, logs: Array.from({ length: 12 }, (_, line) => `${line} `.repeat(5000)) })
  await stage.minutes(12)
  return { trace: recording.trace({ settled: true }) }
}

/** No event of a push arrives. */
const everyEventLost: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  stage.simulation.faults.set({ lose: 1 })
  stage.push(GOOD)
  await stage.minutes(12)
  return { trace: recording.trace({ settled: true }) }
}

/** No event of a push arrives, and what carries tags is listed a page at a time. */
const aPageAtATime: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  const tagging = stage.simulation.aws.the(Tagging).operations as Operations
  const list = tagging.GetResources
  tagging.GetResources = (input: object, caller) =>
    list?.({ ...input, ResourcesPerPage: 1 } as never, caller)
  stage.simulation.faults.set({ lose: 1 })
  for (const service of ['orders', 'web']) stage.push(GOOD, service)
  await stage.minutes(14)
  return { trace: recording.trace({ settled: true }) }
}

/** An image is pushed with a tag that nothing follows. */
const notForUs: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  stage.push(GOOD, 'orders', 'try')
  await stage.minutes(2)
  return { trace: recording.trace({ settled: true }) }
}

/** The event of an older push arrives when a newer one has been rolled out. */
const lateEvent: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  const { aws, faults } = stage.simulation
  faults.set({ lose: 1 })
  const digest = stage.push(GOOD)
  faults.set({ lose: 0 })
  await stage.minutes(0.2)
  stage.push(GOOD)
  await stage.minutes(7)
  aws.emit({
    source: 'aws.ecr',
    detailType: 'ECR Image Action',
    resources: [],
    detail: {
      result: 'SUCCESS',
      'repository-name': 'orders',
      'image-digest': digest,
      'action-type': 'PUSH',
      'image-tag': 'main',
      'manifest-media-type': 'application/vnd.oci.image.index.v1+json',
    },
    delivery: 'durable',
  })
  await stage.minutes(7)
  return { trace: recording.trace({ settled: true }) }
}

/** An image is pushed for a service that sleeps; then somebody wakes it. */
const pushToASleeper: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  const scale = (desiredCount: number) =>
    stage.call('ecs', 'UpdateService', { cluster: 'dev-backend', service: 'orders', desiredCount })
  stage.push(GOOD)
  await stage.minutes(6)
  await scale(0)
  await stage.minutes(1)
  stage.push(GOOD)
  await stage.minutes(12)
  await scale(1)
  await stage.minutes(3)
  return { trace: recording.trace({ settled: true }) }
}

/** A service opts out, and somebody starts the machine for a push to it all the same. */
const optedOut: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  stage.push(GOOD)
  await stage.minutes(6)
  const tagKeys = ['caretaker:repository']
  await stage.call('ecs', 'UntagResource', { resourceArn: SERVICE, tagKeys })
  const digest = stage.push(GOOD)
  const push = { repository: 'orders', tag: 'main', digest, at: '2026-03-02T09:06:00Z' }
  const input = JSON.stringify({ service: SERVICE, push })
  await stage.call('sfn', 'StartExecution', { stateMachineArn: MACHINE, input })
  await stage.minutes(3)
  return { trace: recording.trace() }
}

/** Everything has ended, and nobody does anything. */
const quiet: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  stage.push(GOOD)
  await stage.minutes(9)
  const quietSince = stage.simulation.world.now
  await stage.minutes(16)
  return { trace: recording.trace({ settled: true, quietSince }) }
}

/**
 * A day on which nobody does anything, from the morning's edge of the schedules to the evening's,
 * while an alarm stays red and the tasks of a service fail, one after another: the image has held as
 * long as it was watched.
 */
const quietAndRed: Story = async (open) => {
  const environment = readFileSync('catalog/environment.yaml', 'utf8')
  // Edges of schedules would be changes in the quiet hours.
  const features = 'features: { sleep: off }'
  const files = { 'environment.yaml': `${environment}\n${features}\n` }
  const stage = await open(catalogOfServices(['orders', 'nightly-report'], files))
  const recording = new Recording(stage.simulation)
  const tags = [{ key: 'caretaker:bake', value: '5' }]
  await stage.call('ecs', 'TagResource', { resourceArn: SERVICE, tags })
  // Without an image its run at night fails, and the alarm of that turns red.
  stage.push(GOOD, 'nightly-report')
  stage.push({ behaviour: 'crashes', exitCode: 1, after: 100 })
  await stage.minutes(22 * 60)
  const quietSince = stage.simulation.world.now
  await stage.minutes(11 * 60)
  return { trace: recording.trace({ settled: true, quietSince }) }
}

/** DynamoDB leaves keys out of its answers for some seconds. */
const answersInPart: Story = async (open) => {
  const stage = await open()
  const { world, dynamodb } = stage.simulation
  const { operations } = dynamodb
  const whole = operations.BatchGetItem
  const until = world.now + 5_000
  operations.BatchGetItem = (input: never, caller) =>
    world.now > until
      ? whole?.(input, caller)
      : { Responses: {}, UnprocessedKeys: (input as { RequestItems: object }).RequestItems }
  // A recording sees the answers that were there when it began.
  const recording = new Recording(stage.simulation)
  stage.push(GOOD)
  await stage.minutes(8)
  return { trace: recording.trace({ settled: true }) }
}

/** A service belongs to another environment of the same account. */
const otherEnvironment: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  const tags = [{ key: 'caretaker:environment', value: 'other' }]
  await stage.call('ecs', 'TagResource', { resourceArn: SERVICE, tags })
  stage.push(GOOD)
  await stage.minutes(6)
  return { trace: recording.trace() }
}

/** ECS refuses to update the service, for a reason that is not the image's. */
const updateRefused: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  stage.simulation.aws.guards.push(({ operation, caller }) => {
    if (operation !== 'UpdateService' || caller.kind !== 'machine') return
    throw new AwsError('InvalidParameterException', 'The subnet has no free addresses')
  })
  stage.push(GOOD)
  await stage.minutes(3)
  return { trace: recording.trace() }
}

/** The function that tells Slack dies after its message was posted, before it noted where. */
const killedAfterPosting: Story = async (open) => {
  const tell = async (kill: boolean) => {
    const { stage, recording } = await recorded(open)
    let alive = kill
    stage.simulation.lambda.killer = (call: FunctionCall) => {
      const dies = alive && call.when === 'after' && call.operation.endsWith('slack.com')
      alive = alive && !dies
      return dies
    }
    stage.push(GOOD)
    await stage.minutes(8)
    return recording.trace({ settled: true })
  }
  return { trace: await tell(false), disturbed: await tell(true) }
}

/** An alarm turns red, is over, and turns red again an hour later. */
const redTwice: Story = async (open) => {
  const { stage, recording } = await recorded(open)
  const set = (StateValue: string) =>
    stage.call('cloudwatch', 'SetAlarmState', {
      AlarmName: 'dev-control-plane-dlq',
      StateValue,
      StateReason: 'by hand',
    })
  for (const state of ['ALARM', 'OK', 'ALARM']) {
    await set(state)
    await stage.minutes(61)
  }
  return { trace: recording.trace({ settled: true }) }
}

export const STORIES = {
  goodThenBad,
  everyEventLost,
  aPageAtATime,
  notForUs,
  lateEvent,
  pushToASleeper,
  optedOut,
  quiet,
  quietAndRed,
  answersInPart,
  otherEnvironment,
  updateRefused,
  killedAfterPosting,
  redTwice,
  ...ACTS,
  ...BUDGETS,
  ...HEALTH,
  ...NOTICES,
  ...SLEEP,
  ...TAG_STORIES,
} as const satisfies Record<string, Story>
