import { readFileSync } from 'node:fs'
import { expect, it, test } from 'vitest'
import { teamsOf } from '../../../domain/tagging/creator.ts'
import { repositoryIn } from '../../../domain/tagging/session.ts'
import { CATALOG, POLICY } from '../../kits/storms/tags.ts'
import { TagAccount } from '../../kits/tag-account.ts'
import { TagWorld, tagCatalog } from '../../kits/tag-worlds.ts'

test.each([
  ['repo:acme/orders:ref:refs/heads/main', 'acme/orders'],
  ['repo:acme/orders:environment:dev', 'acme/orders'],
  ['repo:acme@1234/orders@5678:ref:refs/heads/main', 'acme/orders'],
  ['project_path:acme/shop/web:ref_type:branch:ref:main', 'acme/shop/web'],
  ['system:serviceaccount:default:orders', undefined],
  ['repo:acme', undefined],
  ['repo:a b/c:ref', undefined],
  ['repo:', undefined],
])('the subject %s is of the repository %s', (subject, repository) => {
  expect(repositoryIn(subject)).toBe(repository)
})

const ROLE = 'arn:aws:iam::123456789012:role/ci'
const team = (...roles: string[]) => ({ channel: '#a', members: [], roles })
const service = (of: string, source?: string) => ({ team: of, ...(source && { source }) })
const catalog = (ordering: string[], storefront: string[], shared = false) =>
  ({
    teams: { ordering: team(...ordering), storefront: team(...storefront), platform: team() },
    operators: { members: [], roles: [] },
    services: {
      orders: service('ordering', 'acme/orders'),
      web: service(shared ? 'storefront' : 'ordering', 'Acme/Orders'),
      till: service('storefront'),
    },
  }) as never
const made = { kind: 'role' as const, name: 'ci/GitHubActions', role: ROLE }

test.each<[string, never, string | undefined, string[]]>([
  [
    'a role of one team, whatever the repository',
    catalog([], [ROLE]),
    'acme/orders',
    ['storefront'],
  ],
  ['a role of nobody, of a repository of a team', catalog([], []), 'acme/orders', ['ordering']],
  ['a role of nobody, of another repository', catalog([], []), 'acme/other', []],
  ['a role of nobody, of nobody knows which', catalog([], []), undefined, []],
  [
    'a role of two, of a repository of one of them',
    catalog([ROLE], [ROLE]),
    'acme/orders',
    ['ordering'],
  ],
  [
    'a role of two, of another repository',
    catalog([ROLE], [ROLE]),
    'x/y',
    ['ordering', 'storefront'],
  ],
  ['a repository of two teams', catalog([], [], true), 'acme/orders', ['ordering', 'storefront']],
])('whose it is what was made by %s', (_, of, repository, teams) => {
  expect(teamsOf(of, { ...made, repository })).toEqual(teams)
})

const SERVICES = { orders: service('ordering', 'acme/orders') }
const open = () => TagAccount.open(1, POLICY, { ...CATALOG, services: SERVICES } as never)
const KEY = 'ASIAIOSFODNN7EXAMPLE'
/** A pipeline starts an instance in its session. */
const tell = (account: TagAccount, id: string) =>
  account.tell(id, {}, '', account.world.date, {
    userIdentity: {
      ...{ type: 'AssumedRole', principalId: 'AROA:GitHubActions', accessKeyId: KEY },
      sessionContext: { sessionIssuer: { arn: ROLE, userName: 'ci' } },
    },
  })

it('what a pipeline makes is the team’s whose service is built from its repository, at once', async () => {
  const account = await open()
  await account.beginSession(KEY, 'repo:acme/orders:ref:refs/heads/main')
  const id = await account.launch({})
  await account.run(5_000)
  await tell(account, id)
  expect(account.tags(id)).toMatchObject({ 'caretaker:owner': 'ordering' })
})

it('also where its session is told of later: by the next sweep', async () => {
  const account = await open()
  const id = await account.launch({})
  const other = await account.launch({})
  await account.run(5_000)
  for (const one of [id, other]) await tell(account, one)
  expect(account.tags(id)).not.toHaveProperty(['caretaker:owner'])
  await account.beginSession(KEY, 'repo:acme/orders:ref:refs/heads/main')
  await account.run(20 * 3_600_000)
  await account.sweep()
  for (const one of [id, other]) {
    expect(account.tags(one)).toMatchObject({ 'caretaker:owner': 'ordering' })
  }
})

it('a session is kept as its event says, and forgotten after two days', async () => {
  const world = await TagWorld.open(tagCatalog('act'))
  const { aws } = world.stage.simulation
  const { detail } = JSON.parse(readFileSync('events/session-begun.sample.json', 'utf8'))
  const event = { source: 'aws.sts', detailType: 'AWS API Call via CloudTrail', resources: [] }
  aws.emit({ ...event, detail, delivery: 'best-effort' })
  await world.stage.minutes(1)
  const [session] = world.sessions
  expect(session).toMatchObject({ sk: `ci-session#${KEY}`, repository: 'acme/orders' })
  const days = (Number(session?.expires) * 1000 - aws.world.now) / 86_400_000
  expect(Math.round(days)).toBe(2)
})
