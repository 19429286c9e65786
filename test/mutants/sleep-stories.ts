import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { until } from '../kits/naps.ts'
import { NAPPERS, nightCatalog, UNUSED_WORKER } from '../kits/nights.ts'
import { type Open, recorded, type Story } from './story.ts'

/** Services run from 10:10 on, sleep from 10:40 to 11:20, and are awake at 11:35. */
async function napping(open: Open, level: 'tell' | 'act' = 'act') {
  const { stage, recording } = await recorded(() => open(nightCatalog(NAPPERS, level)))
  for (const name of ['payments', 'orders']) stage.push({ behaviour: 'healthy' }, name)
  return { stage, recording }
}

/** Before, somebody has made one larger than the catalog says. */
const nap: Story = async (open) => {
  const { stage, recording } = await napping(open)
  await until(stage, '10:30')
  await stage.call('application-auto-scaling', 'RegisterScalableTarget', {
    ServiceNamespace: 'ecs',
    ScalableDimension: 'ecs:service:DesiredCount',
    ...{ ResourceId: 'service/dev-backend/orders', MinCapacity: 3, MaxCapacity: 4 },
  })
  await until(stage, '11:55')
  return { trace: recording.trace({ settled: true }) }
}

/** Nothing sleeps and nothing wakes, and people are told what would. */
const napToldOf: Story = async (open) => {
  const { stage, recording } = await napping(open, 'tell')
  await until(stage, '11:10')
  return { trace: recording.trace({ settled: true }) }
}

/** Somebody starts a service while it sleeps, and stops it after it was due to wake. */
const napByHand: Story = async (open) => {
  const { stage, recording } = await napping(open)
  const scale = (desiredCount: number) =>
    stage.call('ecs', 'UpdateService', { cluster: 'dev-backend', service: 'orders', desiredCount })
  await until(stage, '10:56')
  await scale(1)
  await until(stage, '11:36')
  await scale(0)
  await until(stage, '11:55')
  return { trace: recording.trace({ settled: true }) }
}

/** ECS describes no service to functions from before the edge until after it. */
const napUnread: Story = async (open) => {
  const { stage, recording } = await napping(open)
  const { aws, world } = stage.simulation
  await until(stage, '10:38')
  const end = world.now + 6 * 60_000
  aws.guards.push(({ operation, caller }) => {
    if (operation !== 'DescribeServices' || caller.kind !== 'function' || world.now > end) return
    throw new AwsError('ServerException', 'Service Unavailable. Please try again later.')
  })
  await until(stage, '11:15')
  return { trace: recording.trace({ settled: true }) }
}

/** CloudWatch answers in part from before the time at which one service may be unused. */
const unusedUnread: Story = async (open) => {
  const { stage, recording } = await recorded(() => open(nightCatalog(UNUSED_WORKER)))
  stage.push({ behaviour: 'healthy' }, 'mailer')
  const { aws, world } = stage.simulation
  const [from, until] = [world.now, Number.POSITIVE_INFINITY]
  aws.the(CloudWatch).metrics.silence({ namespace: 'AWS/ECS', from, until, partial: true })
  await world.run(105 * 60_000)
  return { trace: recording.trace({ settled: true }) }
}

export const SLEEP = {
  nap,
  napToldOf,
  napByHand,
  napUnread,
  unusedUnread,
} as const satisfies Record<string, Story>
