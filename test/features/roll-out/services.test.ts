import type { ContainerDefinition, Service, TaskDefinition } from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { templatesOf } from '../../../local/simulation/synth.ts'
import { GOOD, Stage } from '../../kits/roll-outs.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds.
beforeAll(() => templatesOf())

const CLUSTER = 'dev-backend'
const TAGS = {
  'caretaker:service': 'guest',
  'caretaker:owner': 'ordering',
  'caretaker:deploy': 'main',
  'caretaker:repository': 'orders',
}

/**
 * A service that nobody wrote into the catalog: made by hand beside `orders`, in its network, with
 * containers of its own, and tagged.
 */
async function guest(
  stage: Stage,
  containers: ContainerDefinition[],
  { role, ...settings }: { role?: string; [setting: string]: unknown } = {},
) {
  stage.push(GOOD)
  await stage.minutes(5)
  const { services } = await stage.call<{ services: Service[] }>('ecs', 'DescribeServices', {
    cluster: CLUSTER,
    services: ['orders'],
  })
  const [{ networkConfiguration, taskDefinition: like = '' } = {}] = services
  const { taskDefinition: model } = await described(stage, like)
  const registered = await stage.call<{ taskDefinition: TaskDefinition }>(
    'ecs',
    'RegisterTaskDefinition',
    {
      family: 'guest',
      cpu: model.cpu,
      memory: model.memory,
      networkMode: model.networkMode,
      requiresCompatibilities: model.requiresCompatibilities,
      runtimePlatform: model.runtimePlatform,
      executionRoleArn: role ?? model.executionRoleArn,
      containerDefinitions: containers,
    },
  )
  const { service } = await stage.call<{ service: Service }>('ecs', 'CreateService', {
    cluster: CLUSTER,
    serviceName: 'guest',
    taskDefinition: registered.taskDefinition.taskDefinitionArn,
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration,
    tags: Object.entries(TAGS).map(([key, value]) => ({ key, value })),
    ...settings,
  })
  await stage.minutes(5)
  return service
}

const described = (stage: Stage, taskDefinition: string) =>
  stage.call<{ taskDefinition: TaskDefinition }>('ecs', 'DescribeTaskDefinition', {
    taskDefinition,
  })

async function imagesOf(stage: Stage): Promise<Record<string, string | undefined>> {
  const { services } = await stage.call<{ services: Service[] }>('ecs', 'DescribeServices', {
    cluster: CLUSTER,
    services: ['guest'],
  })
  const { taskDefinition } = await described(stage, services[0]?.taskDefinition ?? '')
  const { containerDefinitions = [] } = taskDefinition
  return Object.fromEntries(containerDefinitions.map(({ name = '', image }) => [name, image]))
}

const HOST = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'

describe('a service that joins by its tags alone', () => {
  it('gets the pushed image in every container that uses it, and in no other', async () => {
    const stage = await Stage.open()
    stage.push(GOOD, 'web')
    await guest(stage, [
      { name: 'app', image: `${HOST}/orders:main`, essential: true },
      { name: 'worker', image: `${HOST}/orders:main`, essential: true },
      { name: 'proxy', image: `${HOST}/web:main`, essential: false },
    ])
    const digest = stage.push(GOOD)
    await stage.minutes(10)
    expect(await imagesOf(stage)).toEqual({
      app: `${HOST}/orders@${digest}`,
      worker: `${HOST}/orders@${digest}`,
      proxy: `${HOST}/web:main`,
    })
    expect(stage.verdicts('guest')).toContain('deployed')
  })

  it('follows several repositories, each in its own containers, though nobody hears of a push', async () => {
    const stage = await Stage.open()
    stage.push(GOOD, 'web')
    const tags = Object.entries({ ...TAGS, 'caretaker:repository': 'orders web' })
    await guest(
      stage,
      [
        { name: 'app', image: `${HOST}/orders:main`, essential: true },
        { name: 'proxy', image: `${HOST}/web:main`, essential: true },
      ],
      { tags: tags.map(([key, value]) => ({ key, value })) },
    )
    stage.push(GOOD, 'orders')
    stage.push(GOOD, 'web')
    await stage.minutes(15)
    stage.simulation.faults.set({ lose: 1 })
    const app = stage.push(GOOD, 'orders')
    await stage.simulation.world.run(5_000)
    const proxy = stage.push(GOOD, 'web')
    await stage.minutes(20)
    expect(await imagesOf(stage)).toEqual({
      app: `${HOST}/orders@${app}`,
      proxy: `${HOST}/web@${proxy}`,
    })
  })

  it('is left alone from the moment its tag is taken away', async () => {
    const stage = await Stage.open()
    const { serviceArn } = await guest(stage, [
      { name: 'app', image: `${HOST}/orders:main`, essential: true },
    ])
    const before = await imagesOf(stage)
    await stage.call('ecs', 'UntagResource', {
      resourceArn: serviceArn,
      tagKeys: ['caretaker:repository'],
    })
    stage.push(GOOD)
    await stage.minutes(10)
    expect(await imagesOf(stage)).toEqual(before)
  })
})

test.each([
  ['CODE_DEPLOY', { deploymentController: { type: 'CODE_DEPLOY' } }],
  ['EXTERNAL', { deploymentController: { type: 'EXTERNAL' } }],
  // A daemon service has no number of tasks.
  ['DAEMON', { schedulingStrategy: 'DAEMON', desiredCount: undefined }],
])('a service under %s is refused with its reason, and told once', async (kind, settings) => {
  const stage = await Stage.open()
  const app = { name: 'app', image: `${HOST}/orders:main`, essential: true }
  await guest(stage, [app], settings)
  const changes = stage.calls('UpdateService')
  stage.push(GOOD)
  await stage.minutes(30)
  const [last] = stage.simulation.records.verdicts
    .filter((one) => one.service === 'guest')
    .slice(-1)
  expect(last).toMatchObject({ verdict: 'refused', reason: expect.stringContaining(kind) })
  expect(stage.calls('UpdateService')).toBe(changes + 1)
  const told = stage.simulation.messagesAbout('guest').map(({ text }) => text)
  expect(new Set(told).size).toBe(told.length)
})

it('what Caretaker may not do is a failure it names, and tries again every hour', async () => {
  const stage = await Stage.open()
  // With the rights that its own tasks need, to run beside the environment's.
  const role = await stage.role('foreign', { Service: 'ecs-tasks.amazonaws.com' }, 'ecr:*')
  const app = { name: 'app', image: `${HOST}/orders:main`, essential: true }
  await guest(stage, [app], { role })
  stage.push(GOOD)
  await stage.minutes(10)
  const tried = () =>
    stage.simulation.aws.calls.filter(
      ({ operation, outcome }) => operation === 'RegisterTaskDefinition' && outcome !== 'ok',
    ).length
  expect(stage.verdicts('guest')).toContain('failed')
  const [message] = stage.simulation.messagesAbout('guest')
  expect(message?.text).toContain('iam:PassRole')
  expect(tried()).toBe(1)
  await stage.minutes(3 * 65)
  expect(tried()).toBe(4)
  expect(stage.simulation.messagesAbout('guest')).toHaveLength(1)
})

describe('the sweep', () => {
  const remember = (stage: Stage, service: string, execution: string) =>
    stage.call('dynamodb', 'PutItem', {
      TableName: 'dev-caretaker',
      Item: {
        pk: { S: `service#${service}` },
        sk: { S: 'state' },
        generation: { N: '4' },
        rolling: {
          M: {
            execution: { S: execution },
            digest: { S: `sha256:${'0'.repeat(64)}` },
            tag: { S: 'main' },
            record: { S: 'roll-out#long ago' },
            since: { S: '2026-01-02T09:00:00Z' },
          },
        },
      },
    })

  it('frees a service whose execution nobody knows any more', async () => {
    const stage = await Stage.open()
    const { aws } = stage.simulation
    await remember(stage, 'dev-backend/orders', aws.arn('states', 'execution:dev-roll-out:gone'))
    const digest = stage.push(GOOD)
    await stage.minutes(15)
    expect((await stage.service()).running?.digest).toBe(digest)
  })

  it('looks after the others when one service cannot be read', async () => {
    const stage = await Stage.open({ faults: { lose: 1 } })
    await remember(stage, 'dev-frontend/web', 'not an execution')
    const digest = stage.push(GOOD)
    await stage.minutes(15)
    expect((await stage.service()).running?.digest).toBe(digest)
    expect((await stage.logs()).join()).toContain('a service cannot be looked at')
  })

  it('is not stopped by a tag that names a repository which is not there', async () => {
    const stage = await Stage.open()
    const tags = { ...TAGS, 'caretaker:repository': 'nowhere', 'caretaker:deploy': 'glob:a@' }
    const app = { name: 'app', image: `${HOST}/orders:main`, essential: true }
    await guest(stage, [app], {
      tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    })
    await stage.minutes(10)
    expect((await stage.logs()).join()).not.toContain('cannot be looked at')
  })
})
