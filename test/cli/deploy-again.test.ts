import { readFileSync } from 'node:fs'
import { describe, expect, it, test } from 'vitest'
import { Problem } from '../../cli/problem.ts'
import { catalogOf } from '../kits/catalog.ts'
import { Workplace } from '../kits/deployments.ts'

const SERVICES = {
  'services/shop.yaml':
    'team: ordering\nroute: { path: /*, priority: 10 }\ndatabase: shared\ncache: true\nfiles: /data\nscaling: { max: 3 }\nbucket: true\nsource: { repository: acme/shop }\n',
  'services/gate.yaml':
    'team: ordering\ncluster: frontend\nnlb: 7000\ndatabase: own\ncluster: backend\n'.replace(
      'cluster: frontend\n',
      '',
    ),
}
const CONNECTION =
  'connection: arn:aws:codeconnections:eu-central-1:111111111111:connection/0a1b2c3d\n'
const environment = (name = 'dev', more = '') =>
  `${readFileSync('catalog/environment.yaml', 'utf8').replace('name: dev', `name: ${name}`)}\n${CONNECTION}${more}`
const CATALOG = catalogOf({ 'environment.yaml': environment(), ...SERVICES })
const STACKS = [
  'DevAccess',
  'DevEnvironment',
  'DevData',
  'DevService-gate',
  'DevService-shop',
  'DevControlPlane',
]
const MADE = Object.fromEntries(STACKS.map((stack) => [stack, 'CREATE_COMPLETE']))

/** Fails the last resource of a stack, so that as much as possible has been made before. */
function failAtEndOf(workplace: Workplace, stack: string, count: number): void {
  const { cloudFormation } = workplace.simulation
  let seen = 0
  cloudFormation.beforeEach = (name) => {
    if (name === stack && ++seen === count) throw new Error('AWS is full')
  }
}

describe('a first deployment', () => {
  it('makes the roles that a new account does not have, before the first stack', async () => {
    const workplace = await Workplace.empty(CATALOG)
    expect(await workplace.deploy(CATALOG)).toBe(true)
    expect(workplace.states).toEqual(MADE)
    const roles = workplace.said.filter((line) => line.startsWith('Made for the account'))
    expect(roles.map((line) => line.split(' ').at(-1))).toEqual([
      'AWSServiceRoleForECS',
      'AWSServiceRoleForElasticLoadBalancing',
      'AWSServiceRoleForRDS',
      'AWSServiceRoleForElastiCache',
      'AWSServiceRoleForApplicationAutoScaling_ECSService',
    ])
    expect(workplace.words.map(([verb]) => verb)).toEqual(['diff', 'bootstrap', 'deploy'])
  })

  test.each(STACKS)('that fails at %s succeeds when it is repeated', async (stack) => {
    const workplace = await Workplace.empty(CATALOG)
    failAtEndOf(workplace, stack, 8)
    await expect(workplace.deploy(CATALOG)).rejects.toThrow('AWS is full')
    expect(workplace.states[stack]).toBe('ROLLBACK_COMPLETE')
    expect(workplace.said).toContain(`${stack} is ROLLBACK_COMPLETE`)
    failAtEndOf(workplace, '', 0)
    expect(await workplace.deploy(CATALOG)).toBe(true)
    expect(workplace.states).toEqual(MADE)
    expect(workplace.said.some((line) => line.startsWith(`${stack} is deleted.`))).toBe(true)
  })

  test.each(STACKS)('that is ended at %s succeeds when it is repeated', async (stack) => {
    const workplace = await Workplace.empty(CATALOG)
    workplace.turn = (name) => (name === stack ? 'leave' : 'deploy')
    const attempt = workplace.deploy(CATALOG)
    await expect(attempt).rejects.toThrow(Problem)
    await expect(attempt).rejects.toThrow('What CloudFormation has begun it goes on with by itself')
    expect(workplace.said).toContain(`${stack} is CREATE_IN_PROGRESS`)
    workplace.turn = () => 'deploy'
    expect(await workplace.deploy(CATALOG)).toBe(true)
    expect(workplace.said).toContain(
      `${stack} is CREATE_IN_PROGRESS: waiting until that has ended.`,
    )
    expect(workplace.states).toEqual(MADE)
  })
})

describe('an environment that stands', () => {
  it('is not frozen any more after a deployment that was ended', async () => {
    const workplace = await Workplace.withCatalog(CATALOG)
    const { dynamodb } = workplace.simulation
    const frozen = () =>
      dynamodb
        .table('dev-caretaker')
        .items()
        .filter((item) => 'frozen' in item)
    const edited = catalogOf({
      'environment.yaml': environment('dev', 'budget: 700\n').replace('budget: 600\n', ''),
      ...SERVICES,
    })
    workplace.turn = () => 'leave'
    await expect(workplace.deploy(edited)).rejects.toThrow('The deployment was ended')
    expect(frozen()).toEqual([])
  })

  it('is destroyed and deployed again, with what was retained', async () => {
    const workplace = await Workplace.empty(CATALOG)
    await workplace.deploy(CATALOG)
    for (const _ of ['once', 'twice']) {
      expect(await workplace.destroy(CATALOG)).toBe(true)
      expect(workplace.states).toEqual({})
      expect(await workplace.deploy(CATALOG)).toBe(true)
      expect(workplace.states).toEqual(MADE)
    }
  })

  it('stands beside another in the same account', async () => {
    const other = catalogOf({
      'environment.yaml': environment('test', 'parts: { githubProvider: false }\n'),
      ...Object.fromEntries(
        Object.entries(SERVICES).map(([file, text]) => [
          file,
          `${text}repository: test/${file.slice('services/'.length, -'.yaml'.length)}\n`,
        ]),
      ),
    })
    const workplace = await Workplace.empty(CATALOG)
    await workplace.deploy(CATALOG)
    expect(await workplace.deploy(other)).toBe(true)
    expect(Object.keys(workplace.states)).toHaveLength(2 * STACKS.length)
    expect(await workplace.destroy(other)).toBe(true)
    expect(workplace.states).toEqual(MADE)
    workplace.said.length = 0
    await workplace.deploy(CATALOG)
    expect(workplace.said).toEqual(['Nothing to deploy: dev is as the catalog says.'])
  })
})
