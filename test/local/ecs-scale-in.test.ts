import type {
  GetTaskProtectionResponse,
  Service,
  Task,
  UpdateTaskProtectionResponse,
} from '@aws-sdk/client-ecs'
import { beforeEach, describe, expect, it, test } from 'vitest'
import type { ImageDescription } from '../../local/aws/ecr/image.ts'
import { MINUTE } from '../kits/account.ts'
import { Cluster } from '../kits/cluster.ts'

const HOUR = 60 * MINUTE

/** An account whose service `orders` runs two tasks. */
async function running(image: ImageDescription = {}, more: object = {}): Promise<Cluster> {
  const account = await Cluster.open()
  await account.create(await account.revision(image, more))
  await account.run(3 * MINUTE)
  return account
}

const protect = (account: Cluster, tasks: (string | undefined)[], more: object = {}) =>
  account.call<UpdateTaskProtectionResponse>('ecs', 'UpdateTaskProtection', {
    cluster: 'dev',
    tasks,
    protectionEnabled: true,
    ...more,
  })

const counts = async (account: Cluster): Promise<string> => {
  const { desiredCount, runningCount } = await account.service()
  return `${runningCount} of ${desiredCount}`
}

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-scale-in-protection.html
describe('a protected task', () => {
  let account: Cluster
  let first: string | undefined
  let second: string | undefined

  beforeEach(async () => {
    account = await running()
    ;[first, second] = (await account.tasks()).map(({ taskArn }) => taskArn)
  })

  it('is not stopped by a smaller desired count until its protection ends', async () => {
    expect(await protect(account, [first], { expiresInMinutes: 25 })).toEqual({
      protectedTasks: [
        {
          taskArn: first,
          protectionEnabled: true,
          expirationDate: new Date(account.world.now + 25 * MINUTE),
        },
      ],
      failures: [],
    })
    await account.update({ desiredCount: 0 })
    await account.run(20 * MINUTE)
    expect(await counts(account)).toBe('1 of 0')
    expect((await account.tasks()).map(({ taskArn }) => taskArn)).toEqual([first])
    const { events = [] } = await account.service()
    const said = events.filter(({ message }) => message?.includes('unable to scale in'))
    expect(said).toMatchObject([
      { message: expect.stringContaining('(reason 1 tasks under protection)') },
    ])
    await account.run(7 * MINUTE)
    expect(await counts(account)).toBe('0 of 0')
  })

  it('is stopped as soon as it says that it is done', async () => {
    await protect(account, [first, second])
    await account.update({ desiredCount: 0 })
    await account.run(90 * MINUTE)
    expect(await counts(account)).toBe('2 of 0')
    await protect(account, [second], { protectionEnabled: false })
    await account.run(MINUTE)
    expect((await account.tasks()).map(({ taskArn }) => taskArn)).toEqual([first])
  })

  it('is protected for two hours unless it says how long, again from each time', async () => {
    await protect(account, [first])
    await account.run(90 * MINUTE)
    await protect(account, [first])
    await account.update({ desiredCount: 0 })
    await account.run(119 * MINUTE)
    expect(await counts(account)).toBe('1 of 0')
    await account.run(3 * MINUTE)
    expect(await counts(account)).toBe('0 of 0')
  })

  it('holds up a deployment, in which no further task can be protected', async () => {
    await protect(account, [first])
    await account.update({ taskDefinition: await account.revision({}) })
    await account.run(10 * MINUTE)
    expect((await account.tasks()).map(({ taskArn }) => taskArn)).toContain(first)
    expect((await account.deployments())[0]?.status).toBe('IN_PROGRESS')
    await protect(account, [first], { protectionEnabled: false })
    await account.run(2 * MINUTE)
    expect((await account.deployments())[0]?.status).toBe('SUCCESSFUL')
  })

  it('of an older deployment blocks the protection of another such task', async () => {
    await account.update({
      deploymentConfiguration: { minimumHealthyPercent: 100, maximumPercent: 100 },
    })
    await protect(account, [first])
    await account.update({ taskDefinition: await account.revision({}) })
    expect(await protect(account, [second])).toMatchObject({
      protectedTasks: [],
      failures: [{ arn: second, reason: 'DEPLOYMENT_BLOCKED' }],
    })
  })

  it('is stopped all the same by name, and with its service', async () => {
    await protect(account, [first, second])
    await account.call('ecs', 'StopTask', { cluster: 'dev', task: first })
    await account.run(MINUTE)
    expect((await account.tasks()).map(({ taskArn }) => taskArn)).not.toContain(first)
    await account.call('ecs', 'DeleteService', { cluster: 'dev', service: 'orders', force: true })
    await account.run(MINUTE)
    const { services } = await account.call<{ services: Service[] }>('ecs', 'DescribeServices', {
      cluster: 'dev',
      services: ['orders'],
    })
    expect(services).toMatchObject([{ status: 'INACTIVE', runningCount: 0 }])
  })

  it('is found, others are told apart from it, and what is no service’s cannot be one', async () => {
    await protect(account, [first])
    const { tasks } = await account.call<{ tasks: Task[] }>('ecs', 'RunTask', {
      cluster: 'dev',
      taskDefinition: await account.revision({}),
    })
    const single = tasks[0]?.taskArn
    const asked = [first, second, single, 'unknown']
    const input = { cluster: 'dev', tasks: asked }
    expect(
      await account.call<GetTaskProtectionResponse>('ecs', 'GetTaskProtection', input),
    ).toMatchObject({
      protectedTasks: [
        { taskArn: first, protectionEnabled: true },
        { taskArn: second, protectionEnabled: false },
      ],
      failures: [
        { arn: single, reason: 'TASK_NOT_VALID' },
        { arn: expect.stringMatching(/:task\/dev\/unknown$/), reason: 'MISSING' },
      ],
    })
  })

  it.each([
    ['Tasks cannot be empty', { tasks: [] }],
    ['at most 10', { tasks: Array.from({ length: 11 }, String) }],
    ['between 1 and 2880', { expiresInMinutes: 0 }],
    ['between 1 and 2880', { expiresInMinutes: 2_881 }],
  ])('is refused: %s', async (message, more) => {
    await expect(protect(account, [first], more)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(message),
    })
  })
})

// https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-lifecycle-explanation.html
describe('a task that shall stop', () => {
  const ending = async (image: ImageDescription, stopTimeout: number) => {
    const account = await running(image, {
      containerDefinitions: await containers(stopTimeout, image),
    })
    await account.update({ desiredCount: 0 })
    await account.run(5 * MINUTE)
    const [task] = await account.tasks('STOPPED')
    const took = (task?.executionStoppedAt?.getTime() ?? 0) - (task?.stoppingAt?.getTime() ?? 0)
    return { seconds: Math.round(took / 1000), exitCode: task?.containers?.[0]?.exitCode }
  }
  const containers = async (stopTimeout: number, image: ImageDescription) => {
    const { ecr } = await Cluster.open()
    const { digest, repositoryUri } = ecr.push({ repository: 'orders', tag: 'main', image })
    return [{ name: 'orders', image: `${repositoryUri}@${digest}`, stopTimeout }]
  }

  it('finishes its work first', async () => {
    expect(await ending({ shutdown: 50 }, 120)).toEqual({ seconds: 50, exitCode: 0 })
  })

  it('is killed when that takes too long', async () => {
    expect(await ending({ shutdown: 100 }, 60)).toEqual({ seconds: 60, exitCode: 137 })
  })
})

// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_UpdateService.html
describe('a service of another deployment controller', () => {
  const made = async (type: string) => {
    const account = await Cluster.open()
    await account.create(await account.revision({}), { deploymentController: { type } } as object)
    await account.run(3 * MINUTE)
    return account
  }

  it('takes a desired count, with CodeDeploy, and scales by it', async () => {
    const account = await made('CODE_DEPLOY')
    expect(await counts(account)).toBe('2 of 2')
    await account.update({ desiredCount: 0, healthCheckGracePeriodSeconds: 30 })
    await account.run(MINUTE)
    expect(await counts(account)).toBe('0 of 0')
  })

  test.each<[string, string, object]>([
    ['CODE_DEPLOY', 'network configuration', { networkConfiguration: {} }],
    ['CODE_DEPLOY', 'capacity provider strategy', { capacityProviderStrategy: [] }],
    ['CODE_DEPLOY', 'service registries', { serviceRegistries: [] }],
    ['EXTERNAL', 'load balancers', { loadBalancers: [] }],
    ['EXTERNAL', 'deployment configuration', { deploymentConfiguration: {} }],
  ])('%s takes no %s', async (type, words, change) => {
    const account = await made(type)
    await expect(account.update(change)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: expect.stringContaining(`Unable to update ${words} on services with a`),
    })
  })

  it('takes a desired count with an external controller too, and its configuration otherwise', async () => {
    const account = await made('EXTERNAL')
    expect((await account.update({ desiredCount: 0 })).service.desiredCount).toBe(0)
    const codeDeploy = await made('CODE_DEPLOY')
    await codeDeploy.update({ deploymentConfiguration: { maximumPercent: 150 } })
  })
})

test('a daemon has no desired count', async () => {
  const account = await Cluster.open()
  const daemon = { schedulingStrategy: 'DAEMON', launchType: 'EC2' } as const
  const revision = await account.revision({}, { requiresCompatibilities: ['EC2'] })
  const message = expect.stringContaining('daemon scheduling strategy does not support a desired')
  await expect(account.create(revision, daemon)).rejects.toMatchObject({ message })
  const input = { cluster: 'dev', serviceName: 'orders', taskDefinition: revision, ...daemon }
  await account.call('ecs', 'CreateService', input)
  await expect(account.update({ desiredCount: 0 })).rejects.toMatchObject({ message })
})

// https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ListTasks.html
test('tasks of a service and tasks that somebody started are told apart', async () => {
  const account = await running()
  const taskDefinition = await account.revision({ startup: 60 })
  await account.call('ecs', 'RunTask', {
    cluster: 'dev',
    taskDefinition,
    startedBy: 'migration',
    group: 'jobs',
  })
  const list = async (more: object) => {
    const { taskArns } = await account.call<{ taskArns: string[] }>('ecs', 'ListTasks', {
      cluster: 'dev',
      ...more,
    })
    return taskArns
  }
  const [single = ''] = await list({ startedBy: 'migration' })
  expect(await list({})).toHaveLength(3)
  expect(await list({ serviceName: 'orders' })).not.toContain(single)
  const describeTask = async () => {
    const { tasks } = await account.call<{ tasks: Task[] }>('ecs', 'DescribeTasks', {
      cluster: 'dev',
      tasks: [single],
    })
    return tasks[0]
  }
  const seen: (string | undefined)[] = []
  const until = account.world.now + 4 * MINUTE
  while (account.world.now < until) {
    const { lastStatus } = (await describeTask()) ?? {}
    if (seen.at(-1) !== lastStatus) seen.push(lastStatus)
    await account.run(500)
  }
  expect(seen).toEqual([
    'PROVISIONING',
    'PENDING',
    'ACTIVATING',
    'RUNNING',
    'DEPROVISIONING',
    'STOPPED',
  ])
  expect(await describeTask()).toMatchObject({ group: 'jobs', startedBy: 'migration' })
  expect(await list({ startedBy: 'migration' })).toEqual([])
  expect(await list({ startedBy: 'migration', desiredStatus: 'STOPPED' })).toEqual([single])
  await account.run(HOUR)
  expect(await list({ startedBy: 'migration', desiredStatus: 'STOPPED' })).toEqual([])
  await expect(list({ startedBy: 'x', serviceName: 'orders' })).rejects.toThrow('startedBy')
})
