import { beforeAll, describe, expect, it, test } from 'vitest'
import { servicePage } from '../../catalog/page.ts'
import { readCatalog } from '../../catalog/read.ts'
import { keptLine } from '../../cli/deploy/running.ts'
import { differences } from '../../cli/deploy/services.ts'
import { templatesOf } from '../../local/simulation/synth.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Stage } from '../kits/roll-outs.ts'
import { allowed, container, ecsService, taskDefinition } from '../kits/services.ts'
import { ofType, type Template, template } from '../kits/synth.ts'

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`
const BROKER = `registry.example.com/mq/broker@${DIGEST}`
const PROXY = `210987654321.dkr.ecr.eu-west-1.amazonaws.com/base/proxy@${DIGEST}`

/** A broker of somebody else's registry, beside a proxy that another account has in its ECR. */
const BROKER_FILE = `team: ordering
image: ${BROKER}
pullSecret: shop/registry
port: 5672
count: 2
scaling: { min: 2, max: 4 }
schedule: office-hours
sidecars: { proxy: { image: ${PROXY} } }
`
const REPORT = `team: ordering\nkind: job\nruns: rate(1 day)\nimage: ${BROKER}\n`

let catalog: string
let assembly: Promise<string>
let broker: Template

beforeAll(async () => {
  catalog = catalogOf({ 'services/broker.yaml': BROKER_FILE, 'services/report.yaml': REPORT })
  assembly = templatesOf(catalog, { isValidated: true })
  broker = await template('DevService-broker', assembly)
})

describe('a service with an image of somebody else', () => {
  it('names it in its task, with the secret that its registry wants', async () => {
    expect(container(taskDefinition(broker))).toMatchObject({
      Image: BROKER,
      RepositoryCredentials: { CredentialsParameter: 'shop/registry' },
    })
    const report = await template('DevService-report', assembly)
    expect(container(taskDefinition(report))).toMatchObject({ Image: BROKER })
  })

  it('is started by a role that reads the secret, and pulls from the one repository of ECR', () => {
    const statements = allowed(broker, 'broker-execution')
    const resources = (action: string) =>
      statements.filter(({ Action }) => [Action].flat().includes(action)).map((one) => one.Resource)
    expect(JSON.stringify(resources('secretsmanager:GetSecretValue'))).toContain(
      ':secret:shop/registry-??????',
    )
    const [repository] = resources('ecr:BatchGetImage')
    expect(JSON.stringify(repository)).toContain(
      ':ecr:eu-west-1:210987654321:repository/base/proxy',
    )
  })

  it('has no repository, and no tag by which a push would find it', () => {
    expect(ofType(broker, 'AWS::ECR::Repository')).toEqual([])
    expect(Object.keys(broker.Parameters ?? {})).toEqual(
      expect.not.arrayContaining(['Image', 'ImageTag']),
    )
    const keys = (ecsService(broker).Tags as { Key: string }[]).map(({ Key }) => Key)
    expect(keys).toContain('caretaker:schedule')
    expect(keys).not.toContain('caretaker:repository')
    expect(keys).not.toContain('caretaker:deploy')
  })

  it('is said to be so on its page', () => {
    const read = readCatalog(catalog)
    const [service] = read.services
    if (service === undefined) throw new Error('there is no service')
    expect(servicePage(service, read)).toContain(
      `It runs the image \`${BROKER}\` of somebody else: no push rolls it out, another digest in its file does.`,
    )
  })

  it('runs when its stack is there, sleeps and wakes as large as it was', async () => {
    const stage = await Stage.open({ catalog, start: new Date('2026-03-02T16:00:00Z') })
    const tasks = async () => (await stage.service('broker')).running?.count
    expect(await tasks()).toBe(2)
    await stage.minutes(5 * 60)
    expect((await stage.service('broker')).desired).toBe(0)
    await stage.minutes(11 * 60)
    expect(await tasks()).toBe(2)
    expect(stage.calls('RegisterTaskDefinition')).toBe(0)
  })
})

describe('a deployment that names another digest', () => {
  const service = { cluster: 'dev-backend', name: 'broker' }
  const running = (image: string, desiredCount: number) => ({
    ...{ image, imageTag: 'unknown', placeholder: false, desiredCount, underWay: false },
  })
  const state = (image: string, isKept: boolean) =>
    new Map([['DevService-broker', { service, running: running(image, 2), isKept }]])

  it('changes the image of a service, and says so of those alone that follow pushes', () => {
    expect(differences(state('a', false), state('b', false))).toEqual([])
    expect(differences(state('a', true), state('b', true))).toEqual([
      'broker ran a and runs b now. Put it back: docs/operations/roll-back.md',
    ])
  })

  test.each([
    [undefined, 'broker is new: it starts with the image that its file names'],
    [running('a', 0), 'broker has the image that its file names and stays asleep'],
    [running('a', 1), 'broker runs the image that its file names and keeps 1 task'],
  ])('is said before: %j', (known, expected) => {
    expect(keptLine('broker', known, false)).toBe(expected)
  })
})
