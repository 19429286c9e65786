import { describe, expect, it, test } from 'vitest'
import { AwsError } from '../../local/aws/errors.ts'
import { MINUTE } from '../kits/account.ts'
import { asks, FUNCTION, Shifted } from '../kits/shifted.ts'

const BLUE_GREEN = { strategy: 'BLUE_GREEN', bakeTimeInMinutes: 5 } as const

describe('a blue/green deployment', () => {
  it('starts the new tasks beside the old ones, shifts all traffic, bakes, and stops the old', async () => {
    const account = await Shifted.open()
    await account.begin({
      ...BLUE_GREEN,
      lifecycleHooks: [asks('TEST_TRAFFIC_SHIFT', 'PRODUCTION_TRAFFIC_SHIFT')],
    })
    expect(await account.groups.targets()).toEqual([2, 0])
    const second = await account.revision({})
    await account.update({ taskDefinition: second })
    const stages: string[] = []
    for (let seconds = 0; seconds < 3 * 60; seconds++) {
      await account.run(1000)
      const stage = await account.stage()
      if (stage !== undefined && stages.at(-1) !== stage) stages.push(stage)
    }
    expect(stages).toEqual([
      'PRE_SCALE_UP',
      'SCALE_UP',
      'POST_SCALE_UP',
      'TEST_TRAFFIC_SHIFT',
      'POST_TEST_TRAFFIC_SHIFT',
      'PRODUCTION_TRAFFIC_SHIFT',
      'POST_PRODUCTION_TRAFFIC_SHIFT',
      'BAKE_TIME',
    ])
    // All traffic is at the new tasks; the old ones are there for a way back.
    expect(await account.groups.weights()).toEqual([0, 100])
    expect(await account.groups.weights('test')).toEqual([0, 100])
    expect(await account.groups.targets()).toEqual([2, 2])
    const [{ targetServiceRevision: target, sourceServiceRevisions: sources = [] } = {}] =
      await account.deployments()
    expect(target).toMatchObject({
      requestedTaskCount: 2,
      requestedProductionTrafficWeight: 100,
      requestedTestTrafficWeight: 100,
    })
    expect(sources).toMatchObject([
      { requestedTaskCount: 2, runningTaskCount: 2, requestedProductionTrafficWeight: 0 },
    ])
    expect((await account.service()).deployments?.[0]?.rolloutState).toBe('IN_PROGRESS')

    await account.run(6 * MINUTE)
    expect(await account.groups.targets()).toEqual([0, 2])
    expect((await account.deployments())[0]).toMatchObject({
      status: 'SUCCESSFUL',
      lifecycleStage: 'CLEAN_UP',
    })
    expect(account.story()).toEqual(['IN_PROGRESS', 'COMPLETED', 'STEADY_STATE'])
    const [blue, green] = [sources[0]?.arn ?? '', target?.arn ?? '']
    expect(
      account.told.map(({ lifecycleStage, executionDetails: told }) => [
        lifecycleStage,
        told.testTrafficWeights,
        told.productionTrafficWeights,
      ]),
    ).toEqual([
      ['TEST_TRAFFIC_SHIFT', { [green]: 100, [blue]: 0 }, {}],
      ['PRODUCTION_TRAFFIC_SHIFT', {}, { [green]: 100, [blue]: 0 }],
    ])

    // The next one goes to the other target group again.
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(10 * MINUTE)
    expect(await account.groups.weights()).toEqual([100, 0])
    expect(await account.groups.targets()).toEqual([2, 0])
  })

  it('whose tasks fail goes back when the circuit breaker trips, and no traffic has moved', async () => {
    const account = await Shifted.open()
    await account.begin(BLUE_GREEN)
    await account.update({ taskDefinition: await account.revision({ behaviour: 'crashes' }) })
    await account.run(5 * MINUTE)
    expect((await account.deployments())[0]).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason:
        'Service deployment rolled back because the circuit breaker threshold was exceeded.',
      targetServiceRevision: { requestedProductionTrafficWeight: 0 },
    })
    expect(account.story()).toEqual([
      'IN_PROGRESS',
      'FAILED',
      'IN_PROGRESS',
      'COMPLETED',
      'STEADY_STATE',
    ])
    expect(await account.groups.weights()).toEqual([1, 0])
    expect(await account.groups.targets()).toEqual([2, 0])
  })

  it('that somebody stops while it bakes gives the traffic back, of which the hooks are told', async () => {
    const account = await Shifted.open()
    await account.begin({ ...BLUE_GREEN, lifecycleHooks: [asks('PRODUCTION_TRAFFIC_SHIFT')] })
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(4 * MINUTE)
    const [under] = await account.deployments()
    expect(under?.lifecycleStage).toBe('BAKE_TIME')
    await account.call('ecs', 'StopServiceDeployment', {
      serviceDeploymentArn: under?.serviceDeploymentArn,
      stopType: 'ROLLBACK',
    })
    await account.run(3 * MINUTE)
    expect((await account.deployments())[0]).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      rollback: { reason: 'Service deployment rolled back because of a user request.' },
    })
    expect(await account.groups.weights()).toEqual([100, 0])
    expect(await account.groups.targets()).toEqual([2, 0])
    const green = under?.targetServiceRevision?.arn ?? ''
    const given = account.told.map(
      ({ executionDetails }) => executionDetails.productionTrafficWeights[green],
    )
    expect(given).toEqual([100, 0])
  })

  it('of a service without a load balancer replaces all tasks at once', async () => {
    const account = await Shifted.open()
    await account.begin(BLUE_GREEN, { loadBalancers: [] })
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(3 * MINUTE)
    expect((await account.service()).runningCount).toBe(4)
    await account.run(6 * MINUTE)
    expect((await account.service()).runningCount).toBe(2)
    expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
  })

  it('that is replaced by a newer one brings the service to one revision before it begins', async () => {
    const account = await Shifted.open()
    await account.begin({ ...BLUE_GREEN, lifecycleHooks: [asks('RECONCILE_SERVICE')] })
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(4 * MINUTE)
    expect(await account.groups.weights()).toEqual([0, 100])
    const third = await account.revision({})
    await account.update({ taskDefinition: third })
    await account.run(15_000)
    expect(await account.stage()).toBe('RECONCILE_SERVICE')
    await account.run(15 * MINUTE)
    expect((await account.deployments()).map(({ status }) => status)).toEqual([
      'SUCCESSFUL',
      'STOPPED',
      'SUCCESSFUL',
    ])
    expect(account.told.map(({ lifecycleStage }) => lifecycleStage)).toEqual(['RECONCILE_SERVICE'])
    expect((await account.service()).taskDefinition).toBe(third)
    expect(await account.groups.targets()).toEqual([0, 2])
    expect(await account.groups.weights()).toEqual([0, 100])
  })

  it('keeps both revisions whole while it lasts', async () => {
    const account = await Shifted.open()
    await account.begin(BLUE_GREEN)
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(3 * MINUTE)
    const tasks = await account.tasks()
    expect(tasks).toHaveLength(4)
    const definitions = new Set(tasks.map(({ taskDefinitionArn }) => taskDefinitionArn))
    expect(definitions.size).toBe(2)
    for (const taskDefinitionArn of definitions) {
      const one = tasks.find((task) => task.taskDefinitionArn === taskDefinitionArn)
      await account.call('ecs', 'StopTask', { cluster: 'dev', task: one?.taskArn })
    }
    await account.run(90_000)
    const after = (await account.tasks()).map(({ taskDefinitionArn }) => taskDefinitionArn)
    for (const definition of definitions) {
      expect(after.filter((one) => one === definition)).toHaveLength(2)
    }
  })
})

test('a canary deployment gives the new revision some of the traffic first', async () => {
  const account = await Shifted.open()
  await account.begin({
    strategy: 'CANARY',
    canaryConfiguration: { canaryPercent: 12.5, canaryBakeTimeInMinutes: 15 },
    bakeTimeInMinutes: 5,
    lifecycleHooks: [asks('PRE_PRODUCTION_TRAFFIC_SHIFT')],
  })
  await account.update({ taskDefinition: await account.revision({}) })
  await account.run(10 * MINUTE)
  expect(await account.groups.weights()).toEqual([875, 125])
  expect(await account.stage()).toBe('PRODUCTION_TRAFFIC_SHIFT')
  await account.run(9 * MINUTE)
  expect(await account.groups.weights()).toEqual([0, 100])
  expect(account.told).toHaveLength(2)
  await account.run(6 * MINUTE)
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
})

test('a linear deployment shifts the traffic in equal steps', async () => {
  const account = await Shifted.open()
  await account.begin({
    strategy: 'LINEAR',
    linearConfiguration: { stepPercent: 40, stepBakeTimeInMinutes: 10 },
  })
  await account.update({ taskDefinition: await account.revision({}) })
  const seen: (number | undefined)[] = []
  for (let minute = 0; minute < 30; minute++) {
    await account.run(MINUTE)
    const [, green] = await account.groups.weights()
    if (seen.at(-1) !== green) seen.push(green)
  }
  expect(seen).toEqual([0, 40, 80, 100])
  expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
})

describe('a lifecycle hook', () => {
  it('that is not done is asked again, with what it has said, and then lets it go on', async () => {
    const account = await Shifted.open()
    account.hook = ({ hookDetails }) =>
      hookDetails === 'second'
        ? { hookStatus: 'SUCCEEDED' }
        : { hookStatus: 'IN_PROGRESS', callBackDelay: 90, hookDetails: 'second' }
    await account.begin({
      ...BLUE_GREEN,
      lifecycleHooks: [{ ...asks('PRE_SCALE_UP'), hookDetails: 'first' }],
    })
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(MINUTE)
    expect(account.told.map(({ hookDetails }) => hookDetails)).toEqual(['first'])
    const [{ lifecycleHookDetails } = {}] = await account.deployments()
    expect(lifecycleHookDetails).toEqual([
      {
        hookId: expect.stringMatching(/^ecs-lambda-/),
        ...{ targetType: 'AWS_LAMBDA', targetArn: FUNCTION, status: 'IN_PROGRESS' },
        ...{ expiresAt: expect.any(Date), timeoutAction: 'ROLLBACK' },
      },
    ])
    await account.run(9 * MINUTE)
    expect(account.told.map(({ hookDetails }) => hookDetails)).toEqual(['first', 'second'])
    expect(account.asked[0]).toMatchObject({ roleArn: 'arn:aws:iam::123456789012:role/hooks' })
    expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
  })

  // https://docs.aws.amazon.com/AmazonECS/latest/developerguide/troubleshooting-blue-green.html
  it.each([
    [
      { hookStatus: 'FAILED' },
      `POST_SCALE_UP lifecycle hook(s) failed. Lifecycle hook target ${FUNCTION} returned FAILED status.`,
    ],
    [
      {},
      `POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to parse the response from ${FUNCTION} due to HookStatus must not be null`,
    ],
    [
      new AwsError('AccessDeniedException', 'User: x is not authorized'),
      `POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to invoke hook target ${FUNCTION} due to User: x is not authorized`,
    ],
    [
      new AwsError('AccessDenied', 'User: ecs is not authorized to perform: sts:AssumeRole on …'),
      'POST_SCALE_UP lifecycle hook(s) failed. ECS was unable to assume role arn:aws:iam::123456789012:role/hooks',
    ],
  ])('that answers %o sends the deployment back', async (answer, why) => {
    const account = await Shifted.open()
    account.hook = () => answer
    await account.begin({ ...BLUE_GREEN, lifecycleHooks: [asks('POST_SCALE_UP')] })
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(4 * MINUTE)
    const [{ status, statusReason, lifecycleHookDetails } = {}] = await account.deployments()
    expect([status, statusReason]).toEqual([
      'ROLLBACK_SUCCESSFUL',
      `Service deployment rolled back because ${why}`,
    ])
    expect(lifecycleHookDetails).toMatchObject([{ status: 'FAILED' }])
    expect(await account.groups.targets()).toEqual([2, 0])
    const { events = [] } = await account.service()
    expect(events.map(({ message }) => message)).toContainEqual(
      expect.stringContaining('deployment failed: Service deployment rolled back because POST_'),
    )
  })

  it('that pauses waits for somebody', async () => {
    const account = await Shifted.open()
    const pause = { targetType: 'PAUSE', lifecycleStages: ['POST_TEST_TRAFFIC_SHIFT'] } as const
    const timeoutConfiguration = { timeoutInMinutes: 30 }
    const lifecycleHooks = [
      { ...pause, lifecycleStages: [...pause.lifecycleStages], timeoutConfiguration },
    ]
    await account.begin({ strategy: 'BLUE_GREEN', lifecycleHooks })
    const deploy = async () => {
      await account.update({ taskDefinition: await account.revision({}) })
      await account.run(10 * MINUTE)
      const [deployment] = await account.deployments()
      const { serviceDeploymentArn, lifecycleHookDetails: [hook] = [] } = deployment ?? {}
      return { serviceDeploymentArn, hookId: hook?.hookId }
    }
    const answer = (input: object) => account.call('ecs', 'ContinueServiceDeployment', input)
    const ended = async () => {
      await account.run(3 * MINUTE)
      const [{ status, statusReason } = {}] = await account.deployments()
      return [status, statusReason]
    }
    const first = await deploy()
    expect(
      account.events.find(({ detailType }) => detailType === 'ECS Hook State Change'),
    ).toMatchObject({
      resources: [first.serviceDeploymentArn],
      detail: {
        ...{ eventName: 'HOOK_AWAITING_ACTION', hookType: 'PAUSE', hookId: first.hookId },
        lifecycleStage: 'POST_TEST_TRAFFIC_SHIFT',
      },
    })
    await expect(answer({ ...first, hookId: 'mine' })).rejects.toThrow(/must follow the format/)
    await expect(answer({ ...first, hookId: 'ecs-pause-x' })).rejects.toThrow(/either completed/)
    expect(await answer(first)).toEqual({ serviceDeploymentArn: first.serviceDeploymentArn })
    expect(await ended()).toEqual(['SUCCESSFUL', undefined])
    await expect(answer(first)).rejects.toThrow(/terminal states/)

    await answer({ ...(await deploy()), action: 'ROLLBACK' })
    expect((await ended())[0]).toBe('ROLLBACK_SUCCESSFUL')

    await deploy()
    await account.run(25 * MINUTE)
    expect(await ended()).toEqual([
      'ROLLBACK_SUCCESSFUL',
      'Service deployment rolled back because POST_TEST_TRAFFIC_SHIFT pause hook timed out.',
    ])
  })
})

describe('what ECS refuses of a deployment strategy', () => {
  it.each([
    [{ strategy: 'LINEAR', linearConfiguration: { stepPercent: 2 } }, /stepPercent must be/],
    [{ strategy: 'CANARY', canaryConfiguration: { canaryPercent: 0.05 } }, /canaryPercent must be/],
    [{ strategy: 'BLUE_GREEN', bakeTimeInMinutes: 1441 }, /bakeTimeInMinutes must be/],
    [
      {
        strategy: 'BLUE_GREEN',
        lifecycleHooks: [{ targetType: 'PAUSE', lifecycleStages: ['TEST_TRAFFIC_SHIFT'] }],
      },
      /Invalid lifecycle stage provided for Pause Hook/,
    ],
    [
      { strategy: 'BLUE_GREEN', lifecycleHooks: [{ lifecycleStages: ['PRE_SCALE_UP'] }] },
      /needs hookTargetArn and roleArn/,
    ],
  ])('%j', async (deploymentConfiguration, words) => {
    const account = await Shifted.open()
    await account.begin({})
    await expect(account.update({ deploymentConfiguration })).rejects.toThrow(words)
  })

  it('of how it is attached', async () => {
    const account = await Shifted.open()
    await account.begin({ strategy: 'ROLLING' })
    const [balancer] = account.groups.balancers('orders')
    const { advancedConfiguration: advanced } = balancer ?? {}
    const given = (change: object) =>
      account.update({
        deploymentConfiguration: { strategy: 'BLUE_GREEN' },
        loadBalancers: [{ ...balancer, ...change }],
      })
    await expect(given({ advancedConfiguration: undefined })).rejects.toThrow(
      'advancedConfiguration field is required for all loadBalancers when using a non-ROLLING deployment strategy',
    )
    const testListenerRule = account.groups.production
    await expect(
      given({ advancedConfiguration: { ...advanced, testListenerRule } }),
    ).rejects.toThrow(/cannot be used as both production and test listener rules/)
    const productionListenerRule =
      'arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener/app/dev/1/2'
    await expect(
      given({ advancedConfiguration: { ...advanced, productionListenerRule } }),
    ).rejects.toThrow(/Must be RuleArn for ALB or ListenerArn for NLB/)
    await expect(
      given({
        advancedConfiguration: { ...advanced, alternateTargetGroupArn: account.groups.blue },
      }),
    ).rejects.toThrow(/Duplicate targetGroupArn found/)
  })

  it('only when it has begun, of the rules that it finds', async () => {
    const account = await Shifted.open()
    await account.begin(BLUE_GREEN)
    await account.call('elastic-load-balancing-v2', 'ModifyRule', {
      RuleArn: account.groups.production,
      Actions: [{ Type: 'forward', TargetGroupArn: account.groups.blue }],
    })
    await account.call('elastic-load-balancing-v2', 'ModifyRule', {
      RuleArn: account.groups.test,
      Actions: [{ Type: 'forward', TargetGroupArn: account.groups.blue }],
    })
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(3 * MINUTE)
    expect((await account.deployments())[0]).toMatchObject({
      status: 'ROLLBACK_SUCCESSFUL',
      statusReason:
        'Service deployment rolled back because of invalid networking configuration. Both targetGroup and alternateTargetGroup must be associated with the productionListenerRule or testListenerRule.',
    })
  })

  it('where nothing has run before there is no way back', async () => {
    const account = await Shifted.open()
    account.hook = () => ({ hookStatus: 'FAILED' })
    await account.create(await account.revision({}), {
      loadBalancers: account.groups.balancers('orders'),
      deploymentConfiguration: { ...BLUE_GREEN, lifecycleHooks: [asks('PRE_SCALE_UP')] },
    })
    await account.run(MINUTE)
    expect((await account.deployments())[0]).toMatchObject({
      status: 'ROLLBACK_FAILED',
      statusReason: 'No rollback candidate was found to run the rollback.',
    })
  })
})
