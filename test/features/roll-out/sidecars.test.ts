import { beforeAll, describe, expect, it } from 'vitest'
import { templatesOf } from '../../../local/simulation/synth.ts'
import { catalogOf } from '../../kits/catalog.ts'
import { Stage } from '../../kits/roll-outs.ts'
import { container, ecsService, taskDefinition } from '../../kits/services.ts'
import { only, template } from '../../kits/synth.ts'

const NGINX = `public.ecr.aws/nginx/nginx@sha256:${'0123456789abcdef'.repeat(4)}`

/** A site behind a web server of its own: its tables and its files are made ready first. */
const SHOP = `team: ordering
secrets: [TLS_KEY, TOKEN]
sidecars:
  nginx:
    image: ${NGINX}
    port: 80
    after: started
    secrets: [TLS_KEY]
    environment: { UPSTREAM: "http://localhost:8080" }
    mounts: { static: /usr/share/nginx/html }
    memory: 64
  migrate: { command: [./manage.py, migrate], before: done }
  proxy: { image: ${NGINX}, healthCommand: /ready, before: healthy }
  assets: { command: [./manage.py, collectstatic], before: done, mounts: { static: /app/static } }
mounts: { static: /app/static }
disk: 30
route: { path: /shop/*, priority: 100, container: nginx }
`

let catalog: string
beforeAll(() => {
  catalog = catalogOf({ 'services/shop.yaml': SHOP })
})

describe('containers beside the one of a service', () => {
  it('are in its task, as its file says them', async () => {
    const shop = await template('DevService-shop', templatesOf(catalog, { isValidated: true }))
    const definition = taskDefinition(shop)
    const containers = definition.ContainerDefinitions as Record<string, unknown>[]
    const own = container(definition)
    expect(own).toMatchObject({
      Name: 'shop',
      DependsOn: [
        { ContainerName: 'migrate', Condition: 'SUCCESS' },
        { ContainerName: 'proxy', Condition: 'HEALTHY' },
        { ContainerName: 'assets', Condition: 'SUCCESS' },
      ],
      MountPoints: [{ SourceVolume: 'static', ContainerPath: '/app/static' }],
    })
    expect(containers.slice(1)).toMatchObject([
      {
        Name: 'nginx',
        Image: NGINX,
        Essential: true,
        Memory: 64,
        PortMappings: [{ ContainerPort: 80 }],
        Environment: [{ Name: 'UPSTREAM', Value: 'http://localhost:8080' }],
        Secrets: [{ Name: 'TLS_KEY' }],
        DependsOn: [{ ContainerName: 'shop', Condition: 'START' }],
        MountPoints: [{ SourceVolume: 'static', ContainerPath: '/usr/share/nginx/html' }],
      },
      // The same image: it finds what the service finds.
      {
        Name: 'migrate',
        Image: { Ref: 'Image' },
        Essential: false,
        Command: ['./manage.py', 'migrate'],
        Environment: own.Environment,
        Secrets: own.Secrets,
      },
      { Name: 'proxy', HealthCheck: { Command: ['CMD-SHELL', '/ready'], Interval: 10 } },
      { Name: 'assets', DependsOn: [{ ContainerName: 'migrate', Condition: 'SUCCESS' }] },
    ])
    expect(definition).toMatchObject({ EphemeralStorage: { SizeInGiB: 30 } })
    expect(ecsService(shop).LoadBalancers).toMatchObject([
      { ContainerName: 'nginx', ContainerPort: 80 },
    ])
    expect(only(shop, 'AWS::ElasticLoadBalancingV2::TargetGroup').Port).toBe(80)
  })

  it('start in their order: what is to be done first is done, and what fails there is told', async () => {
    const stage = await Stage.open({ catalog })
    const first = stage.push({ behaviour: 'healthy' }, 'shop')
    await stage.minutes(12)
    expect(stage.verdicts('shop')).toEqual(['deployed'])
    expect(await stage.simulation.traffic.request('/shop/1')).toMatchObject({ status: 200 })
    const { containers } = await onlyTask(stage)
    expect(
      containers.map(({ name, lastStatus, exitCode }) => [name, lastStatus, exitCode]),
    ).toEqual([
      ['shop', 'RUNNING', undefined],
      ['nginx', 'RUNNING', undefined],
      ['migrate', 'STOPPED', 0],
      ['proxy', 'RUNNING', undefined],
      ['assets', 'STOPPED', 0],
    ])

    const logs = ['column "price" of relation "items" already exists']
    stage.push({ behaviour: 'healthy', failing: { command: 'migrate', exitCode: 3, logs } }, 'shop')
    await stage.minutes(20)
    expect(stage.verdicts('shop')).toEqual(['deployed', 'rolled-back'])
    expect((await stage.service('shop')).running?.digest).toBe(first)
    const latest = stage.simulation.records.all.at(-1)
    expect(latest?.failure).toMatchObject({ container: 'migrate', exitCode: 3, logs })
  })
})

type Task = {
  containers: { name: string; lastStatus: string; exitCode?: number }[]
}

async function onlyTask(stage: Stage): Promise<Task> {
  const cluster = 'dev-backend'
  const { taskArns: tasks } = await stage.call<{ taskArns: string[] }>('ecs', 'ListTasks', {
    cluster,
    serviceName: 'shop',
  })
  const answer = await stage.call<{ tasks: Task[] }>('ecs', 'DescribeTasks', { cluster, tasks })
  const [task] = answer.tasks
  if (task === undefined) throw new Error('shop has no task')
  return task
}
