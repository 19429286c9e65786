import { readFileSync } from 'node:fs'
import {
  DescribeServicesCommand,
  DescribeTaskDefinitionCommand,
  ECSClient,
} from '@aws-sdk/client-ecs'
import { beforeAll, describe, expect, it, test } from 'vitest'
import { bootstrapOf } from '../../cli/deploy/account.ts'
import { deploy } from '../../cli/deploy/deploy.ts'
import { keptLine, parametersFor, type Running } from '../../cli/deploy/running.ts'
import { differences } from '../../cli/deploy/services.ts'
import { Problem } from '../../cli/problem.ts'
import { localCdk } from '../../local/cloudformation/cdk.ts'
import { Simulation } from '../../local/simulation/simulation.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { stacksOf } from '../../scripts/assembly.ts'
import { catalogWith, type Files } from '../kits/catalog.ts'
import { beyondOperators } from '../kits/operator.ts'
import { template } from '../kits/synth.ts'

const IMAGE = `123456789012.dkr.ecr.eu-central-1.amazonaws.com/orders@sha256:${'a'.repeat(64)}`
const running: Running = {
  image: IMAGE,
  imageTag: 'main',
  placeholder: false,
  desiredCount: 2,
  underWay: false,
}
const parameter = { Type: 'Number', Default: 0 }
const PLAIN = { Image: parameter, ImageTag: parameter, DesiredCount: parameter }
const SCALED = { ...PLAIN, LeastTasks: { ...parameter, MaxValue: 2 } }

describe('what a deployment is told of a service', () => {
  test.each<[string, Running | undefined, typeof PLAIN, Record<string, string>]>([
    ['that is new', undefined, SCALED, {}],
    ['that has never run', { ...running, placeholder: true, desiredCount: 0 }, SCALED, {}],
    ['that runs', running, PLAIN, { Image: IMAGE, ImageTag: 'main', DesiredCount: '2' }],
    [
      'that sleeps',
      { ...running, desiredCount: 0 },
      PLAIN,
      { Image: IMAGE, ImageTag: 'main', DesiredCount: '0' },
    ],
    [
      'that scales',
      { ...running, desiredCount: 3 },
      SCALED,
      { Image: IMAGE, ImageTag: 'main', DesiredCount: '3', LeastTasks: '2' },
    ],
    [
      'that scales and sleeps',
      { ...running, desiredCount: 0 },
      SCALED,
      { Image: IMAGE, ImageTag: 'main', DesiredCount: '0', LeastTasks: '0' },
    ],
    ['whose template has no parameters', running, {} as typeof PLAIN, {}],
  ])('%s', (_, present, declared, expected) => {
    expect(parametersFor(present, declared)).toEqual(expected)
  })

  test.each<[Running | undefined, string]>([
    [undefined, 'orders is new: it waits for its first image'],
    [
      { ...running, placeholder: true },
      'orders has never run: it goes on waiting for its first image',
    ],
    [running, 'orders keeps main (aaaaaaaaaaaa) and 2 tasks'],
    [{ ...running, desiredCount: 1 }, 'orders keeps main (aaaaaaaaaaaa) and 1 task'],
    [{ ...running, desiredCount: 0 }, 'orders keeps main (aaaaaaaaaaaa) and stays asleep'],
    [{ ...running, image: 'nginx:1' }, 'orders keeps nginx:1 and 2 tasks'],
  ])('and a person: %#', (present, line) => {
    expect(keptLine('orders', present, true)).toBe(line)
  })

  it('is every parameter its template has, and no other', async () => {
    for (const service of ['orders', 'products']) {
      const { Parameters = {} } = await template(`DevService-${service}`)
      const { BootstrapVersion: _, ...own } = Parameters
      const given = parametersFor(running, own as unknown as typeof PLAIN)
      expect(Object.keys(given).toSorted(), service).toEqual(Object.keys(own).toSorted())
    }
  })
})

describe('the account', () => {
  const stack = (StackStatus: string, version = '30') => ({
    StackName: 'CDKToolkit',
    CreationTime: new Date(0),
    StackStatus: StackStatus as 'CREATE_COMPLETE',
    Outputs: [{ OutputKey: 'BootstrapVersion', OutputValue: version }],
  })
  test.each([
    ['no stack', undefined, 'missing'],
    ['a stack', stack('CREATE_COMPLETE'), 'ready'],
    ['a stack that is being removed', stack('DELETE_IN_PROGRESS'), 'missing'],
    ['a stack that was never made', stack('ROLLBACK_COMPLETE'), 'missing'],
    ['an update that was taken back', stack('UPDATE_ROLLBACK_COMPLETE'), 'ready'],
    ['an old stack', stack('CREATE_COMPLETE', '5'), 'old'],
  ])('with %s is prepared or not', (_, found, expected) => {
    expect(bootstrapOf(found)).toBe(expected)
  })
})

/** The person at the keyboard, an environment that runs, and the CDK played by the loader. */
class Desk {
  readonly simulation: Simulation
  readonly said: string[] = []
  readonly words: string[][] = []
  readonly asked: string[] = []
  answer = true
  /** Runs before the CDK deploys. */
  meanwhile: () => Promise<void> = async () => {}

  constructor(simulation: Simulation) {
    this.simulation = simulation
  }

  static async open({ bootstrapped = true } = {}): Promise<Desk> {
    const start = new Date('2026-03-02T09:00:00Z')
    const desk = new Desk(await Simulation.open({ seed: 1, start }))
    if (!bootstrapped) await desk.simulation.cloudFormation.delete('CDKToolkit')
    return desk
  }

  get configuration() {
    return sdkConfiguration(this.simulation.aws, { kind: 'person', name: 'ann' })
  }

  async deploy(files: Files, environment = this.simulation.environment): Promise<boolean> {
    const templates = await templatesOf(catalogWith(files))
    return deploy(templates, environment, {
      configuration: sdkConfiguration(this.simulation.aws, { kind: 'person', name: 'deployer' }),
      cdk: (words) => this.#cdk(words),
      print: (line) => this.said.push(line),
      ask: async (question) => {
        this.asked.push(question)
        return this.answer
      },
      now: () => this.simulation.world.date,
      sleep: (milliseconds) => this.simulation.world.run(milliseconds),
      interrupted: new AbortController().signal,
    })
  }

  async #cdk(words: readonly string[]): Promise<void> {
    this.words.push([...words])
    if (words[0] === 'deploy') await this.meanwhile()
    const { aws, cloudFormation } = this.simulation
    await localCdk(aws, cloudFormation)(words)
  }

  /** What a service runs: image, count, CPU. */
  async runs(service: string) {
    const ecs = new ECSClient(this.configuration)
    const { services: [found] = [] } = await ecs.send(
      new DescribeServicesCommand({ cluster: 'dev-backend', services: [service] }),
    )
    const { taskDefinition, tags } = await ecs.send(
      new DescribeTaskDefinitionCommand({
        taskDefinition: found?.taskDefinition ?? '',
        include: ['TAGS'],
      }),
    )
    const [container] = taskDefinition?.containerDefinitions ?? []
    return {
      image: container?.image,
      labels: container?.dockerLabels ?? {},
      tag: tags?.find(({ key }) => key === 'caretaker:tag')?.value,
      cpu: taskDefinition?.cpu,
      desired: found?.desiredCount,
      running: found?.runningCount,
    }
  }

  async push(repository: string): Promise<string> {
    const { digest } = this.simulation.ecr.push({ repository, tag: 'main' })
    await this.simulation.world.run(20 * 60_000)
    return digest
  }
}

const ORDERS = 'services/orders.yaml'
const bigger = { [ORDERS]: `${readFileSync(`catalog/${ORDERS}`, 'utf8')}cpu: 512\nmemory: 1024\n` }

describe('npx caretaker environment deploy', () => {
  let desk: Desk
  let digest: string
  beforeAll(async () => {
    desk = await Desk.open()
    digest = await desk.push('orders')
  })

  it('has nothing to do when nothing changed', async () => {
    expect(await desk.deploy({})).toBe(true)
    expect(desk.said).toEqual(['Nothing to deploy: dev is as the catalog says.'])
    expect(desk.words).toEqual([])
  })

  it('changes nothing when the answer is no', async () => {
    desk.answer = false
    expect(await desk.deploy(bigger)).toBe(false)
    desk.answer = true
    expect(desk.words.map(([verb]) => verb)).toEqual(['diff'])
    expect(desk.said.at(-1)).toBe('Nothing was changed.')
  })

  it('rolls out a new CPU and leaves the image and the count that run', async () => {
    await desk.simulation.aws.call(
      'ecs',
      'UpdateService',
      { cluster: 'dev-backend', service: 'orders', desiredCount: 2 },
      { kind: 'person', name: 'ann' },
    )
    await desk.simulation.world.run(10 * 60_000)
    desk.words.length = 0
    const before = await desk.runs('orders')
    expect(before).toMatchObject({ cpu: '256', desired: 2, running: 2, tag: 'main', labels: {} })
    expect(before.image).toContain(digest)

    expect(await desk.deploy(bigger)).toBe(true)
    expect(await desk.runs('orders')).toEqual({ ...before, cpu: '512' })
    expect(desk.said.at(-1)).toContain(`orders keeps main (${digest.slice(7, 19)}) and 2 tasks`)
    expect(desk.words.map(([verb, ...stacks]) => [verb, stacks[0], stacks[1]])).toEqual([
      // Caretaker's catalog has the sizes of tasks, for what their sleep saves.
      ['diff', 'DevService-orders', 'DevControlPlane'],
      ['deploy', 'DevService-orders', 'DevControlPlane'],
    ])
  })

  it('and Caretaker has nothing to do about it, nor anything against the next push', async () => {
    const { records, world } = desk.simulation
    const before = records.verdicts.length
    await world.run(20 * 60_000)
    expect(records.verdicts).toHaveLength(before)
    const next = await desk.push('orders')
    expect(await desk.runs('orders')).toMatchObject({ desired: 2, running: 2, cpu: '512' })
    expect((await desk.runs('orders')).image).toContain(next)
  })

  it('holds back a push that arrives meanwhile; the sweep rolls it out afterwards', async () => {
    let pushed = ''
    desk.meanwhile = async () => {
      pushed = await desk.push('orders')
    }
    expect(await desk.deploy({})).toBe(true)
    desk.meanwhile = async () => {}
    const { records, world } = desk.simulation
    const verdict = records.verdicts.find((one) => one.digest === pushed)
    expect(verdict).toMatchObject({ verdict: 'frozen' })
    expect(verdict?.reason).toContain('deployer froze roll-outs')
    await world.run(20 * 60_000)
    expect((await desk.runs('orders')).image).toContain(pushed)
    expect(await desk.runs('orders')).toMatchObject({ cpu: '256' })
  })

  it('refuses while a roll-out is under way, to the end of its bake', async () => {
    const { ecr, world, records } = desk.simulation
    const { digest: pushed } = ecr.push({ repository: 'orders', tag: 'main' })
    const record = () => records.all.find((one) => one.digest === pushed)
    const refused = async () => {
      const attempt = desk.deploy(bigger)
      await expect(attempt).rejects.toThrow(Problem)
      await expect(attempt).rejects.toThrow('orders: a roll-out is under way')
    }
    await world.run(30_000)
    await refused()
    while (record()?.progress?.steadyAt === undefined) await world.run(10_000)
    expect(record()?.endedAt).toBeUndefined()
    await refused()
    await world.run(20 * 60_000)
    expect(record()?.verdict).toBe('deployed')
  })

  it('makes no call that an operator may not', () => {
    expect(beyondOperators(desk.simulation, 'deployer')).toEqual([])
  })

  it('refuses another account than the catalog names, before anything else', async () => {
    desk.words.length = 0
    const other = { ...desk.simulation.environment, account: '999999999999' }
    await expect(desk.deploy(bigger, other)).rejects.toThrow('is for the account 999999999999')
    expect(desk.words).toEqual([])
  })
})

describe('a deployment that CloudFormation took back', () => {
  const states = (present: Running | undefined) =>
    new Map([
      [
        'DevService-orders',
        { service: { cluster: 'dev-backend', name: 'orders' }, running: present, isKept: true },
      ],
    ])
  const older = { ...running, image: IMAGE.replaceAll('a@', 'b@').replace(/a{64}/, 'b'.repeat(64)) }
  test.each<[string, Running | undefined, Running | undefined, number]>([
    ['runs the image it ran', running, { ...running, desiredCount: 3 }, 0],
    ['runs the image of the deployment before', running, older, 1],
    ['had never run', { ...running, placeholder: true }, older, 0],
    ['was new', undefined, running, 0],
  ])('is told of a service that %s, or is not', (_, was, is, count) => {
    const told = differences(states(was), states(is))
    expect(told).toHaveLength(count)
    for (const line of told) expect(line).toContain('docs/operations/roll-back.md')
  })
})

describe('npx caretaker environment deploy into an account without bootstrap', () => {
  it('makes it first, after the one question', async () => {
    const desk = await Desk.open({ bootstrapped: false })
    expect(await desk.deploy(bigger)).toBe(true)
    expect(desk.words.map(([verb]) => verb)).toEqual(['diff', 'bootstrap', 'deploy'])
    expect(desk.words[1]?.slice(0, 2)).toEqual(['bootstrap', 'aws://123456789012/eu-central-1'])
    expect(desk.asked).toEqual(['Deploy this?'])
  })
})

test('the stacks of an assembly are those of the catalog', async () => {
  const names = stacksOf(await templatesOf()).map(({ name }) => name)
  expect(names).toContain('DevEnvironment')
  expect(names).toContain('DevService-orders')
})
