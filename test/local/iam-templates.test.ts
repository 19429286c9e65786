import { beforeAll, describe, expect, it, test } from 'vitest'
import type { Caller } from '../../local/aws/aws.ts'
import { Iam } from '../../local/aws/iam/iam.ts'
import { grantsOf, type RoleGrant } from '../../local/aws/iam/usage.ts'
import { recordUsage, reportUsage } from '../../local/aws/iam/usage-files.ts'
import { Stage } from '../kits/roll-outs.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

let stage: Stage
let iam: Iam
const directory = temporaryDirectory()

/** The role of one of the control plane's parts, by the beginning of its logical id. */
function roleOf(part: string): string {
  const found = iam.roles.find(({ tags }) =>
    tags['aws:cloudformation:logical-id']?.startsWith(part.replaceAll('-', '')),
  )
  return found?.arn ?? expect.unreachable(`no role of ${part}`)
}

/** Makes a call as one of the control plane's parts; the error if there is one, or `ok`. */
async function attempt(caller: Caller, service: string, operation: string, input: object) {
  const { aws, world } = stage.simulation
  const answer = aws.call(service, operation, input, caller).then(
    () => 'ok',
    (error: Error) => `${error.name}: ${error.message}`,
  )
  await world.run(1_000)
  return answer
}

const machine = (): Caller => ({
  kind: 'machine',
  name: 'dev-roll-out',
  roleArn: roleOf('roll-out-roll-out-role'),
})
const planner = (): Caller => ({
  kind: 'function',
  name: 'dev-plan-roll-out',
  roleArn: roleOf('roll-out-plan-roll-out-role'),
})

beforeAll(async () => {
  stage = await Stage.open()
  iam = stage.simulation.aws.services.find((one) => one instanceof Iam) ?? expect.unreachable()
  recordUsage(iam, directory)
  stage.push()
  await stage.minutes(30)
})

describe('a roll-out', () => {
  it('needs nothing its roles do not allow', () => {
    expect(stage.verdicts()).toEqual(['deployed'])
    const refused = stage.simulation.aws.calls.filter(({ outcome }) =>
      /AccessDenied|NotImplemented|Authorization/.test(outcome),
    )
    expect(refused).toEqual([])
  })

  it('changes only services that opted in', async () => {
    const { cluster } = await stage.service('web')
    const change = { cluster, service: 'web', desiredCount: 2 }
    expect(await attempt(machine(), 'ecs', 'UpdateService', change)).toBe('ok')
    const resourceArn = `arn:aws:ecs:eu-central-1:123456789012:service/${cluster}/web`
    await stage.call('ecs', 'UntagResource', { resourceArn, tagKeys: ['caretaker:repository'] })
    expect(await attempt(machine(), 'ecs', 'UpdateService', change)).toContain(
      'no identity-based policy allows the ecs:UpdateService action',
    )
  })

  const revision = {
    family: 'orders',
    cpu: '256',
    memory: '512',
    networkMode: 'awsvpc',
    requiresCompatibilities: ['FARGATE'],
    containerDefinitions: [{ name: 'orders', image: 'public.ecr.aws/nginx:1' }],
  }
  test.each([
    ['deletes services', 'ecs', 'DeleteService', { cluster: 'dev', service: 'orders' }],
    [
      'hands on other roles',
      'ecs',
      'RegisterTaskDefinition',
      {
        ...revision,
        taskRoleArn: 'arn:aws:iam::123456789012:role/administrator',
      },
    ],
    [
      'tags what exists',
      'ecs',
      'TagResource',
      {
        resourceArn: 'arn:aws:ecs:eu-central-1:123456789012:service/dev/orders',
        tags: [{ key: 'caretaker:repository', value: 'orders' }],
      },
    ],
    [
      'speaks for others on the bus',
      'eventbridge',
      'PutEvents',
      {
        Entries: [{ Source: 'orders', DetailType: 'paid', Detail: '{}' }],
      },
    ],
  ])('never %s', async (_, service, operation, input) => {
    expect(await attempt(machine(), service, operation, input)).toContain('AccessDenied')
  })

  it('is planned without the right to change anything', async () => {
    const change = { cluster: 'dev', service: 'orders', desiredCount: 0 }
    expect(await attempt(planner(), 'ecs', 'UpdateService', change)).toContain('AccessDenied')
    const push = { repositoryName: 'orders', imageManifest: '{}' }
    expect(await attempt(planner(), 'ecr', 'PutImage', push)).toContain('AccessDenied')
  })

  it('has roles that only its own parts can take on', async () => {
    const other = { ...machine(), name: 'events', kind: 'aws', sourceArn: 'arn:x' } as const
    expect(await attempt(other, 'ecs', 'ListClusters', {})).toContain('sts:AssumeRole')
  })
})

describe('usage', () => {
  const about = (grants: readonly RoleGrant[], text: string) =>
    grants.filter((grant) => grant.text.startsWith(text))

  it('counts what a run needed, and tells what it did not', () => {
    const grants = grantsOf(iam).filter(({ key }) => key.startsWith('DevControlPlane/rollout'))
    expect(about(grants, 'ecs:RegisterTaskDefinition ')[0]?.used).toBe(1)
    expect(about(grants, 'logs:PutLogEvents ').every(({ used }) => used > 0)).toBe(true)
    const [tracing] = about(grants, 'xray:')
    expect(tracing).toMatchObject({ used: 0, unexercised: expect.stringContaining('itself') })
  })

  it('is put together from the files of many runs', async () => {
    const another = await Stage.open({ seed: 2 })
    const fresh = another.simulation.aws.services.find((one) => one instanceof Iam)
    if (fresh === undefined) expect.unreachable()
    const { granted, used, unexercised, unused } = reportUsage(fresh, directory)
    expect(used + unexercised.length + unused.length).toBe(granted)
    expect(about(unused, 'ecs:RegisterTaskDefinition ')).toEqual([])
    expect(about(unused, 'dynamodb:TransactWriteItems')).toEqual([])
    const { stateMachines } = await another.call<{ stateMachines: object[] }>(
      'sfn',
      'ListStateMachines',
      {},
    )
    expect(about(unexercised, 'xray:PutTraceSegments')).toHaveLength(stateMachines.length)
  })
})
