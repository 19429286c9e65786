import type { DeploymentConfiguration, Service, TaskDefinition } from '@aws-sdk/client-ecs'
import type { DescribeListenersOutput } from '@aws-sdk/client-elastic-load-balancing-v2'
import { beforeAll, describe, expect, it } from 'vitest'
import { Recording } from '../../../local/invariants/recording.ts'
import { templatesOf } from '../../../local/simulation/synth.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import { BAD, GOOD, Stage } from '../../kits/roll-outs.ts'
import { asks, FUNCTION, TwoGroups } from '../../kits/shifted.ts'

// Building and synthesizing takes its time; every story after that takes milliseconds.
beforeAll(() => templatesOf())

const CLUSTER = 'dev-backend'
const TAGS = {
  'caretaker:service': 'guest',
  'caretaker:owner': 'ordering',
  'caretaker:deploy': 'main',
  'caretaker:repository': 'guest',
}

const BLUE_GREEN = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 15 } as const
const CANARY = {
  strategy: 'CANARY',
  canaryConfiguration: { canaryPercent: 10, canaryBakeTimeInMinutes: 45 },
} as const
const LINEAR = {
  strategy: 'LINEAR',
  linearConfiguration: { stepPercent: 25, stepBakeTimeInMinutes: 20 },
} as const

/** Who takes on the roles of a deployment. */
const ECS = { Service: 'ecs.amazonaws.com' }

/** What the function of the hooks answers. */
function answering(stage: Stage, answer: () => object): void {
  const { operations } = stage.simulation.lambda
  const whole = operations.Invoke
  operations.Invoke = (input: never, caller) =>
    (input as { FunctionName: string }).FunctionName === FUNCTION
      ? { StatusCode: 200, Payload: new TextEncoder().encode(JSON.stringify(answer())) }
      : whole?.(input, caller)
}

/**
 * A service that nobody wrote into the catalog: it shifts traffic between two target groups, runs
 * its first image, and joins by its tags.
 */
async function guest(stage: Stage, deploymentConfiguration: DeploymentConfiguration) {
  await stage.call('ecr', 'CreateRepository', { repositoryName: 'guest' })
  const first = stage.push(GOOD, 'guest')
  stage.push(GOOD)
  await stage.minutes(5)
  const { services } = await stage.call<{ services: Service[] }>('ecs', 'DescribeServices', {
    cluster: CLUSTER,
    services: ['orders'],
  })
  const [{ networkConfiguration, taskDefinition: like = '' } = {}] = services
  const { taskDefinition: model } = await stage.call<{ taskDefinition: TaskDefinition }>(
    'ecs',
    'DescribeTaskDefinition',
    { taskDefinition: like },
  )
  const host = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
  await stage.call('ecs', 'RegisterTaskDefinition', {
    family: 'guest',
    ...{ cpu: model.cpu, memory: model.memory, networkMode: model.networkMode },
    requiresCompatibilities: model.requiresCompatibilities,
    runtimePlatform: model.runtimePlatform,
    executionRoleArn: model.executionRoleArn,
    containerDefinitions: [
      { name: 'guest', image: `${host}/guest@${first}`, portMappings: [{ containerPort: 8080 }] },
    ],
  })
  const elb = 'elastic-load-balancing-v2'
  const { LoadBalancers: balancers = [] } = await stage.call<{
    LoadBalancers?: { LoadBalancerArn: string; Type: string; VpcId: string }[]
  }>(elb, 'DescribeLoadBalancers', {})
  const balancer = balancers.find(({ Type }) => Type === 'application')
  const { Listeners: [listener] = [] } = await stage.call<DescribeListenersOutput>(
    elb,
    'DescribeListeners',
    { LoadBalancerArn: balancer?.LoadBalancerArn },
  )
  const groups = await TwoGroups.make(
    (service, operation, input) => stage.call(service, operation, input),
    listener?.ListenerArn ?? '',
    balancer?.VpcId,
  )
  const roleArn = await stage.role('ecs-load-balancers', ECS, 'elasticloadbalancing:*')
  await stage.role('hooks', ECS, 'lambda:InvokeFunction')
  const { service } = await stage.call<{ service: Service }>('ecs', 'CreateService', {
    ...{ cluster: CLUSTER, serviceName: 'guest', taskDefinition: 'guest', desiredCount: 1 },
    ...{ launchType: 'FARGATE', networkConfiguration },
    loadBalancers: groups.balancers('guest', { roleArn }),
    deploymentConfiguration: { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 0 },
  })
  await stage.minutes(10)
  await stage.call('ecs', 'UpdateService', {
    ...{ cluster: CLUSTER, service: 'guest' },
    deploymentConfiguration: {
      deploymentCircuitBreaker: { enable: true, rollback: true },
      ...deploymentConfiguration,
    },
  })
  await stage.call('ecs', 'TagResource', {
    resourceArn: service.serviceArn,
    tags: Object.entries(TAGS).map(([key, value]) => ({ key, value })),
  })
  await stage.minutes(10)
  return { groups, first, arn: service.serviceArn ?? '' }
}

const runs = async (stage: Stage) => (await stage.service('guest')).running?.digest

const last = (stage: Stage) =>
  stage.simulation.records.verdicts.filter(({ service }) => service === 'guest').at(-1)

/** The newest deployment of the service, as a person sees it. */
async function newest(stage: Stage) {
  const { serviceDeployments = [] } = await stage.call<{
    serviceDeployments?: { serviceDeploymentArn: string; status: string }[]
  }>('ecs', 'ListServiceDeployments', { cluster: CLUSTER, service: 'guest' })
  return serviceDeployments[0]
}

describe.each([
  ['BLUE_GREEN', BLUE_GREEN, 22],
  ['CANARY', CANARY, 52],
  ['LINEAR', LINEAR, 68],
])('a service of the strategy %s that has joined', (_, configuration, minutes) => {
  it('runs a good image when ECS has given it all traffic, and has waited as long as that takes', async () => {
    const stage = await Stage.open()
    const recording = new Recording(stage.simulation)
    const { first, groups } = await guest(stage, configuration)
    expect(await runs(stage)).toBe(first)
    const second = stage.push(GOOD, 'guest')
    await stage.minutes(minutes - 5)
    expect(stage.verdicts('guest')).toEqual([])
    await stage.minutes(15)
    expect(stage.verdicts('guest')).toEqual(['deployed'])
    expect(await runs(stage)).toBe(second)
    expect((await groups.weights()).toSorted()).toEqual([0, 100])
    expect(stage.calls('UpdateService')).toBe(2)
    expectInvariants(recording)
  })

  it('keeps the old one when the image is bad: ECS goes back, which the verdict says', async () => {
    const stage = await Stage.open()
    const { first } = await guest(stage, configuration)
    stage.push(BAD, 'guest')
    await stage.minutes(30)
    expect(last(stage)).toMatchObject({
      verdict: 'rolled-back',
      reason: expect.stringMatching(/Essential container in task exited .*exit code 137/),
    })
    expect(await runs(stage)).toBe(first)
    expect((await newest(stage))?.status).toBe('ROLLBACK_SUCCESSFUL')
    // One update for orders, one for the guest: nobody but ECS has gone back.
    expect(stage.calls('UpdateService')).toBe(2)
  })
})

describe('a lifecycle hook', () => {
  const hooked = (...hooks: NonNullable<DeploymentConfiguration['lifecycleHooks']>) => ({
    ...BLUE_GREEN,
    lifecycleHooks: hooks,
  })

  it('that says no keeps the image from the service until somebody retries', async () => {
    const stage = await Stage.open()
    answering(stage, () => ({ hookStatus: 'FAILED' }))
    const { first } = await guest(stage, hooked(asks('POST_TEST_TRAFFIC_SHIFT')))
    stage.push(GOOD, 'guest')
    await stage.minutes(20)
    expect(last(stage)).toMatchObject({
      verdict: 'rolled-back',
      reason: `Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT lifecycle hook(s) failed. Lifecycle hook target ${FUNCTION} returned FAILED status.`,
    })
    expect(await runs(stage)).toBe(first)
    await stage.minutes(90)
    expect(stage.verdicts('guest')).toEqual(['rolled-back'])
  })

  it('that cannot be asked is not the image’s: it is tried again', async () => {
    const stage = await Stage.open()
    let answer: object = {}
    answering(stage, () => answer)
    const { first } = await guest(stage, hooked(asks('PRE_SCALE_UP')))
    const second = stage.push(GOOD, 'guest')
    await stage.minutes(20)
    expect(last(stage)).toMatchObject({
      verdict: 'failed',
      reason: expect.stringContaining('HookStatus must not be null'),
    })
    expect(await runs(stage)).toBe(first)
    answer = { hookStatus: 'SUCCEEDED' }
    await stage.minutes(100)
    expect(await runs(stage)).toBe(second)
    expect(last(stage)?.verdict).toBe('deployed')
  })

  it('that pauses is waited for, however long, and the message says so', async () => {
    const stage = await Stage.open()
    const { arn } = await guest(
      stage,
      hooked({ targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] }),
    )
    const second = stage.push(GOOD, 'guest')
    await stage.minutes(4 * 60)
    expect(stage.verdicts('guest')).toEqual([])
    const message = stage.simulation.messagesAbout('guest').at(-1)
    expect(message?.text).toContain('until somebody lets it go on')
    const serviceDeploymentArn = (await newest(stage))?.serviceDeploymentArn
    const {
      serviceDeployments: [
        {
          lifecycleHookDetails: [hook],
        },
      ],
    } = await stage.call<{
      serviceDeployments: [{ lifecycleHookDetails: [{ hookId: string }] }]
    }>('ecs', 'DescribeServiceDeployments', { serviceDeploymentArns: [serviceDeploymentArn] })
    expect(arn).toContain('guest')
    await stage.call('ecs', 'ContinueServiceDeployment', {
      serviceDeploymentArn,
      hookId: hook.hookId,
    })
    await stage.minutes(25)
    expect(await runs(stage)).toBe(second)
    expect(last(stage)?.verdict).toBe('deployed')
  })
})

describe('a person', () => {
  it('who stops the deployment keeps the image from the service', async () => {
    const stage = await Stage.open()
    const { first, groups } = await guest(stage, CANARY)
    stage.push(GOOD, 'guest')
    await stage.minutes(15)
    const { serviceDeploymentArn } = (await newest(stage)) ?? {}
    await stage.call('ecs', 'StopServiceDeployment', { serviceDeploymentArn })
    await stage.minutes(10)
    expect(last(stage)).toMatchObject({
      verdict: 'rolled-back',
      reason: 'Service deployment rolled back because of a user request.',
    })
    expect(await runs(stage)).toBe(first)
    expect(await groups.weights()).toEqual([100, 0])
  })

  it('who has asked for waits of days is told that nobody can follow that', async () => {
    const stage = await Stage.open()
    const { first } = await guest(stage, {
      strategy: 'LINEAR',
      linearConfiguration: { stepPercent: 3, stepBakeTimeInMinutes: 60 },
    })
    stage.push(GOOD, 'guest')
    await stage.minutes(10)
    expect(last(stage)).toMatchObject({
      verdict: 'refused',
      reason: expect.stringContaining(
        'its LINEAR deployments wait 1980 minutes by themselves, and a roll-out follows one for 1200 at most',
      ),
    })
    expect(await runs(stage)).toBe(first)
  })
})

it('without a circuit breaker nobody goes back by itself but Caretaker, after its deadline', async () => {
  const stage = await Stage.open()
  const { first } = await guest(stage, { ...BLUE_GREEN, deploymentCircuitBreaker: undefined })
  stage.push(BAD, 'guest')
  await stage.minutes(100)
  expect(last(stage)).toMatchObject({ verdict: 'rolled-back' })
  expect(await runs(stage)).toBe(first)
})
