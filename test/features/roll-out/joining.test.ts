import { describe, expect, it } from 'vitest'
import { Stage } from '../../kits/roll-outs.ts'

/** An ECS service that nobody wrote into the catalog joins by its tags, and leaves with them. */

const ACCOUNT = '123456789012'
const REGISTRY = `${ACCOUNT}.dkr.ecr.eu-central-1.amazonaws.com`
const SERVICE = `arn:aws:ecs:eu-central-1:${ACCOUNT}:service/dev-backend/ledger`
const TAGS = [
  { key: 'caretaker:repository', value: 'ledger' },
  { key: 'caretaker:deploy', value: 'stable' },
  { key: 'caretaker:owner', value: 'ordering' },
]

/** A service as somebody made it by hand, which names its image by a tag. */
async function ledger(stage: Stage, roles = 'dev-orders'): Promise<string> {
  await stage.call('ecr', 'CreateRepository', { repositoryName: 'ledger' })
  const digest = stage.push(undefined, 'ledger', 'stable')
  await stage.call('ecs', 'RegisterTaskDefinition', {
    family: 'ledger',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    cpu: '256',
    memory: '512',
    executionRoleArn: `arn:aws:iam::${ACCOUNT}:role/${roles}-execution`,
    taskRoleArn: `arn:aws:iam::${ACCOUNT}:role/${roles}-task`,
    containerDefinitions: [
      { name: 'ledger', image: `${REGISTRY}/ledger:stable`, portMappings: [{ containerPort: 80 }] },
    ],
  })
  const { Subnets } = await stage.call<{ Subnets: { SubnetId: string }[] }>(
    'ec2',
    'DescribeSubnets',
    {},
  )
  await stage.call('ecs', 'CreateService', {
    cluster: 'dev-backend',
    serviceName: 'ledger',
    taskDefinition: 'ledger',
    desiredCount: 1,
    launchType: 'FARGATE',
    networkConfiguration: {
      awsvpcConfiguration: { subnets: Subnets.slice(0, 1).map(({ SubnetId }) => SubnetId) },
    },
  })
  await stage.minutes(10)
  return digest
}

const digestOf = async (stage: Stage) => (await stage.service('ledger')).running?.digest

describe('a service made by hand', () => {
  it('is left alone without tags', async () => {
    const stage = await Stage.open()
    const first = await ledger(stage)
    stage.push(undefined, 'ledger', 'stable')
    await stage.minutes(30)
    expect(await digestOf(stage)).toBe(first)
    expect(stage.verdicts('ledger')).toEqual([])
  })

  it('is looked after from its first tag on, and no longer once that is gone', async () => {
    const stage = await Stage.open()
    const first = await ledger(stage)
    await stage.call('ecs', 'TagResource', { resourceArn: SERVICE, tags: TAGS })
    await stage.minutes(30)
    // It runs what its tag names: ECS resolved it, and there is nothing to do.
    expect(await digestOf(stage)).toBe(first)

    const second = stage.push(undefined, 'ledger', 'stable')
    await stage.minutes(30)
    expect(await digestOf(stage)).toBe(second)
    expect(stage.verdicts('ledger')).toEqual(['deployed'])

    await stage.call('ecs', 'UntagResource', {
      resourceArn: SERVICE,
      tagKeys: ['caretaker:repository'],
    })
    stage.push(undefined, 'ledger', 'stable')
    await stage.minutes(30)
    expect(await digestOf(stage)).toBe(second)
  })

  it('that names its image by a tag goes back to the image that ran, and not to what the tag names now', async () => {
    const stage = await Stage.open()
    const first = await ledger(stage)
    await stage.call('ecs', 'TagResource', { resourceArn: SERVICE, tags: TAGS })
    await stage.minutes(10)
    // ECS calls it steady; it fails while Caretaker still watches it.
    stage.push({ behaviour: 'crashes', after: 75, exitCode: 9 }, 'ledger', 'stable')
    await stage.minutes(20)
    expect(stage.verdicts('ledger')).toEqual(['rolled-back'])
    expect(await digestOf(stage)).toBe(first)
    expect((await stage.service('ledger')).healthy).toBe(true)
  })

  it('with roles of another name is told which right is missing, and keeps running', async () => {
    const stage = await Stage.open()
    const first = await ledger(stage, 'ledger')
    await stage.call('ecs', 'TagResource', { resourceArn: SERVICE, tags: TAGS })
    stage.push(undefined, 'ledger', 'stable')
    await stage.minutes(30)
    expect(await digestOf(stage)).toBe(first)
    const [verdict] = stage.simulation.records.verdicts.filter(
      ({ service }) => service === 'ledger',
    )
    expect(verdict).toMatchObject({
      verdict: 'failed',
      reason: expect.stringMatching(
        /not authorized to perform: iam:PassRole on resource: .*role\/ledger-/,
      ),
    })
  })
})

describe('a cluster that is gone', () => {
  it('with services that tagging still lists keeps no other service from its roll-outs', async () => {
    const stage = await Stage.open()
    await stage.call('ecs', 'CreateCluster', { clusterName: 'gone' })
    await ledger(stage)
    await stage.call('ecs', 'CreateService', {
      cluster: 'gone',
      serviceName: 'relic',
      taskDefinition: 'ledger',
      desiredCount: 0,
      networkConfiguration: { awsvpcConfiguration: { subnets: ['subnet-1'] } },
      tags: [
        { key: 'caretaker:repository', value: 'orders' },
        { key: 'caretaker:deploy', value: 'release' },
      ],
    })
    await stage.minutes(1)
    await stage.call('ecs', 'DeleteService', { cluster: 'gone', service: 'relic' })
    await stage.minutes(5)
    await stage.call('ecs', 'DeleteCluster', { cluster: 'gone' })
    const digest = stage.push()
    await stage.minutes(30)
    expect((await stage.service('orders')).running?.digest).toBe(digest)
    expect(stage.verdicts('orders')).toEqual(['deployed'])
    expect((await stage.logs()).filter((line) => line.includes('Cluster not found'))).toEqual([])
  })
})
