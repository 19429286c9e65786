import type { RegisterTaskDefinitionRequest } from '@aws-sdk/client-ecs'
import { marshall } from '@aws-sdk/util-dynamodb'
import { tagCaseKey } from '../../domain/table/tag-keys.ts'
import { permissionSetArn, setUpIdentityCenter } from '../../local/simulation/identity-center.ts'
import { Acts, type Somebody } from './acts.ts'
import { GOOD, type Stage } from './roll-outs.ts'

/** Asks in Slack, or signed by AWS; what is asked is the same. */
type Asking = (text: string) => Promise<unknown>

/**
 * Everything that the entrances are for, each way: what is read, deployed, gone back, held, whose
 * something is, and an image that somebody else has deployed by its tag alone.
 */
export async function actsStory(stage: Stage): Promise<void> {
  const acts = new Acts(stage)
  const { aws, sts } = stage.simulation
  await setUpIdentityCenter(aws, 'dev')
  const keys = sts.sessions.open(
    permissionSetArn(aws.account, 'dev', 'developer'),
    'ann@example.com',
    3_600 * 12,
  )
  stage.push(GOOD, 'web', 'main')
  await stage.minutes(10)
  const inSlack: Asking = (text) => acts.types('ann', text)
  const signed: Asking = (text) => acts.calls(keys, { text })
  await keepUntagged(stage)
  for (const [place, ask] of [inSlack, signed].entries()) {
    // Of one platform: without an index, which platform it is stands in a layer.
    stage.push({ ...GOOD, architectures: ['linux/arm64'] }, 'web', `v${place}`)
    await stage.minutes(1)
    await ask(`deploy web v${place}`)
    await ask('why web')
    await stage.minutes(10)
    await ask('logs web')
    await ask('history web')
    await ask('status')
    await ask('rollback web')
    await stage.minutes(10)
    await ask('pin web')
    await ask('unpin web')
    await ask('keep web for 2h')
    await ask('unkeep web')
    await ask(`own ${UNTAGGED} ${place === 0 ? 'storefront' : 'ordering'}`)
  }
  await mention(acts, 'ann')
  await deployByTag(stage)
  for (const ask of [inSlack, signed]) await ask('why web')
}

const UNTAGGED = 'instance/i-0123456789abcdef0'

/** What the daily sweep of tags keeps of an instance that nobody is known to own. */
async function keepUntagged(stage: Stage): Promise<void> {
  const { account, region } = stage.simulation.aws
  const item = {
    ...{ ...tagCaseKey(UNTAGGED), version: 1, id: UNTAGGED, name: 'i-0123456789abcdef0' },
    ...{ arn: `arn:aws:ec2:${region}:${account}:${UNTAGGED}`, type: 'ec2:instance' },
    ...{ owner: 'storefront', left: ['caretaker:owner is missing'] },
  }
  await stage.call('dynamodb', 'PutItem', { TableName: 'dev-caretaker', Item: marshall(item) })
}

const mention = (acts: Acts, by: Somebody) => acts.mentions(by, 'status')

/** Somebody deploys the tag, without Caretaker: only ECS knows which image that is. */
async function deployByTag(stage: Stage): Promise<void> {
  const { account, region } = stage.simulation.aws
  const place = { cluster: 'dev-frontend', service: 'web' }
  const { services } = await stage.call<{ services: { taskDefinition: string }[] }>(
    'ecs',
    'DescribeServices',
    { cluster: place.cluster, services: [place.service] },
  )
  const { taskDefinition } = await stage.call<{ taskDefinition: RegisterTaskDefinitionRequest }>(
    'ecs',
    'DescribeTaskDefinition',
    { taskDefinition: services[0]?.taskDefinition },
  )
  const { containerDefinitions = [], ...rest } = taskDefinition
  const image = `${account}.dkr.ecr.${region}.amazonaws.com/web:main`
  const [first, ...others] = containerDefinitions
  const kept = [
    ...['family', 'networkMode', 'cpu', 'memory', 'requiresCompatibilities', 'runtimePlatform'],
    ...['executionRoleArn', 'taskRoleArn', 'volumes'],
  ]
  const made = await stage.call<{ taskDefinition: { taskDefinitionArn: string } }>(
    'ecs',
    'RegisterTaskDefinition',
    {
      ...Object.fromEntries(Object.entries(rest).filter(([name]) => kept.includes(name))),
      containerDefinitions: [{ ...first, image }, ...others],
    },
  )
  const { taskDefinitionArn } = made.taskDefinition
  await stage.call('ecs', 'UpdateService', { ...place, taskDefinition: taskDefinitionArn })
  await stage.minutes(5)
}
