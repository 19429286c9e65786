import { unmarshall } from '@aws-sdk/util-dynamodb'
import { expect, it, test } from 'vitest'
import type { TagCase } from '../../../domain/table/tag-case.ts'
import { lookAt } from '../../../domain/tagging/look.ts'
import { noticeOf, opened } from '../../../domain/tagging/progress.ts'
import { type Places, placeOf, type Resource } from '../../../domain/tagging/resource.ts'
import { choicesFor } from '../../../functions/keep-tags/choices.ts'
import { listedReader } from '../../../functions/keep-tags/read/listed.ts'
import { TagIndex } from '../../../functions/keep-tags/read/tag-index.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { CATALOG, POLICY } from '../../kits/storms/tags.ts'
import { KEEPER, TagAccount } from '../../kits/tag-account.ts'

const DUE = 'caretaker:tags-due'
const [SECOND, HOUR, DAY] = [1000, 3_600_000, 86_400_000]

const open = () => TagAccount.open(1, POLICY, CATALOG)

/** Sweeps so many days; Slack takes each message. */
async function sweeps(account: TagAccount, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    await account.run(DAY)
    await account.sweep()
    await account.accept()
  }
}

type Kept = TagCase & { verdict?: string; subject?: string }

/** What is kept of it, and the verdicts of what was told of it. */
async function about(account: TagAccount, id: string) {
  const { Items = [] } = await account.call<{ Items?: Parameters<typeof unmarshall>[0][] }>(
    'dynamodb',
    'Scan',
    { TableName: 'dev-caretaker' },
  )
  const all = Items.map((item) => unmarshall(item) as Kept)
  const told = all.filter(({ subject = '' }) => subject.includes(id))
  return {
    kept: all.find((one) => one.id?.endsWith(`/${id}`)),
    told: told.map(({ verdict }) => verdict).toSorted(),
  }
}

it('what takes no tags is told once: nothing is asked of it after the third refusal, no mark, no stop', async () => {
  const account = await open()
  const id = await account.launch({})
  let asked = 0
  account.aws.guards.push(({ operation, caller, input }) => {
    if (caller.name !== KEEPER.name || operation !== 'CreateTags') return
    if (!(input.Resources as string[]).includes(id)) return
    asked++
    throw new AwsError('UnsupportedOperation', 'It takes no tags.')
  })
  await sweeps(account, 9)
  expect(asked).toBe(3)
  expect(account.state(id)).toBe('running')
  const { kept, told } = await about(account, id)
  expect(told).toEqual(['missing'])
  expect(kept).not.toHaveProperty('mark')
  expect(kept?.left).toContain('stage is missing, and AWS does not take it here')
})

it('of two missing tags one is added: the mark and its date stay; the other on the last evening ends it', async () => {
  const account = await open()
  const id = await account.launch({})
  await sweeps(account, 2)
  const { kept } = await about(account, id)
  expect(kept?.due).toBeDefined()
  // What a sweep has written counts, also where it takes a step in the same sweep.
  expect(kept?.wrote).toEqual({ 'caretaker:environment': 1, stage: 1 })
  account.retag(id, { 'caretaker:owner': 'ordering' })
  await sweeps(account, 1)
  expect((await about(account, id)).kept).toMatchObject({ due: kept?.due })
  expect(account.tags(id)).toMatchObject({ [DUE]: kept?.due?.slice(0, 10) })
  account.retag(id, { 'cost-center': '4711' })
  await sweeps(account, 2)
  expect(account.state(id)).toBe('running')
  expect(account.tags(id)).not.toHaveProperty([DUE])
  expect((await about(account, id)).kept).toMatchObject({ ended: { how: 'mended' } })
})

it('tags that their own tool brings 80 seconds later: they stay, and nobody is told', async () => {
  const account = await open()
  const at = account.world.date
  const id = await account.launch({})
  await account.run(5 * SECOND)
  await account.tell(id, {}, 'ann@example.com', at)
  expect(account.tags(id)).toMatchObject({ 'caretaker:owner': 'ordering', stage: 'try' })
  await account.run(75 * SECOND)
  const theirs = { 'caretaker:owner': 'platform', 'cost-center': '4711', stage: 'keep' }
  account.retag(id, theirs)
  await sweeps(account, 3)
  expect(account.tags(id)).toEqual({ ...theirs, 'caretaker:environment': 'dev' })
  expect((await about(account, id)).told).toEqual([])
})

it('what a stack makes is not written at its event; who called is kept', async () => {
  const account = await open()
  const id = await account.launch({})
  const userIdentity = { type: 'AssumedRole', invokedBy: 'cloudformation.amazonaws.com' }
  await account.tell(id, {}, '', account.world.date, { userIdentity })
  expect(account.tags(id)).toEqual({})
  expect((await about(account, id)).kept).toMatchObject({ creator: { kind: 'stack' } })
})

it('a Spot instance is marked and never stopped; what a driver keeps gets its tags, and nobody is told', async () => {
  const account = await open()
  const spot = await account.launch({}, { InstanceMarketOptions: { MarketType: 'spot' } })
  const { VolumeId } = await account.call<{ VolumeId: string }>('ec2', 'CreateVolume', {
    ...{ AvailabilityZone: 'eu-central-1a', Size: 8 },
    TagSpecifications: [
      {
        ResourceType: 'volume',
        Tags: [{ Key: 'kubernetes.io/created-for/pvc/name', Value: 'data' }],
      },
    ],
  })
  await sweeps(account, 6)
  await account.run(HOUR)
  expect(account.state(spot)).toBe('running')
  expect(account.tags(spot)).toHaveProperty([DUE])
  expect((await about(account, spot)).kept).toMatchObject({ stays: 'it is a Spot instance' })
  expect(account.tags(VolumeId)).toMatchObject({ stage: 'try', 'caretaker:environment': 'dev' })
  expect(account.tags(VolumeId)).not.toHaveProperty([DUE])
  expect((await about(account, VolumeId)).told).toEqual([])
})

it('a stop counts once its own service shows it stopped; what still runs then is told', async () => {
  const step = { at: '2026-03-05T06:30:00Z', notice: { pk: 'tag-notice', sk: 'x' } }
  const resource: Resource = {
    ...{ id: 'instance/i-1', arn: 'arn', type: 'ec2:instance', name: 'i-1', tags: {}, runs: true },
  }
  const kept: TagCase = {
    ...{ version: 1, id: 'instance/i-1', arn: 'arn', type: 'ec2:instance', name: 'i-1' },
    ...{ owner: 'ordering', wrote: {}, left: ['x'], since: step.at, stop: step },
  }
  const left = [{ key: 'cost-center', what: 'missing', allowed: '' }] as const
  const told = (runs: boolean) => {
    const at = { resource: { ...resource, runs }, left: [...left], owner: 'ordering' } as never
    return noticeOf('stop', [opened(kept, at, new Date('2026-03-06T06:30:00Z'))], true).verdict
  }
  expect([true, false].map(told)).toEqual(['not-stopped', 'stopped'])
})

it('what only the Tagging API lists is a ghost: what its own service lists is what there is', async () => {
  const arn = (name: string) => `arn:aws:sqs:eu-central-1:123456789012:${name}`
  const listed = ['there', 'gone'].map((name) => ({
    ...{ ResourceARN: arn(name), Tags: [{ Key: 'caretaker:owner', Value: name }] },
  }))
  const tagging = { send: async () => ({ ResourceTagMappingList: listed }) } as never
  const pause = async () => {}
  const page = async () => ({
    items: [{ arn: arn('there') }, { arn: arn('new') }],
    next: undefined,
  })
  const reader = listedReader(
    { type: 'sqs:queue', page, tags: async () => ({}) },
    new TagIndex({ tagging, pause }, ['sqs:queue']),
    pause,
  )
  expect((await reader.list()).map(({ id, tags }) => [id, tags])).toEqual([
    ['queue/there', { 'caretaker:owner': 'there' }],
    ['queue/new', {}],
  ])
})

const PLACES: Places = {
  environment: 'dev',
  networks: new Map([
    ['vpc-dev', 'dev'],
    ['vpc-test', 'test'],
    ['vpc-bare', undefined],
  ]),
  clusters: ['dev-backend'],
}

test.each<[string, Partial<Resource>, string]>([
  ['a tag of this environment', { tags: { 'caretaker:environment': 'dev' } }, 'here'],
  [
    'a tag of another one, wherever it lies',
    { tags: { 'caretaker:environment': 'test' }, vpc: 'vpc-dev' },
    'other',
  ],
  ['this environment’s network', { vpc: 'vpc-dev' }, 'here'],
  ['another environment’s network', { vpc: 'vpc-test' }, 'other'],
  ['a network of neither', { vpc: 'vpc-bare' }, 'nowhere'],
  ['this environment’s cluster', { cluster: 'dev-backend' }, 'here'],
  ['no place at all', {}, 'nowhere'],
])('whose it is by %s', (_, more, place) => {
  const one: Resource = {
    ...{ id: 'instance/i-1', arn: 'arn', type: 'ec2:instance', name: 'i-1', tags: {}, runs: true },
    ...more,
  }
  expect(placeOf(one, PLACES)).toBe(place)
  const look = (where: 'environment' | 'account') => {
    const policy = { ...POLICY, where }
    return lookAt({ policy, catalog: CATALOG as never, places: PLACES }, [one], new Map())
  }
  // What lies nowhere is left alone and counted, but where the whole account is asked for.
  expect(look('environment')).toMatchObject({ nowhere: place === 'nowhere' ? 1 : 0 })
  expect(look('environment').looked).toHaveLength(place === 'here' ? 1 : 0)
  expect(look('account').looked).toHaveLength(place === 'other' ? 0 : 1)
})

test.each<[string, string | undefined, string[]]>([
  ['nobody known: every team', undefined, ['both', 'ordering', 'platform']],
  ['somebody in no team: every team', 'stranger', ['both', 'ordering', 'platform']],
  ['somebody in two teams: those two', 'ann@example.com', ['both', 'ordering']],
])('who is asked whose it is, with a button each: %s', (_, by, teams) => {
  const { ordering, platform } = (CATALOG as { teams: Record<string, object> }).teams
  const catalog = { ...CATALOG, teams: { both: ordering, ordering, platform } }
  const one = {
    ...{ version: 1, id: 'instance/i-1', arn: 'arn', type: 'ec2:instance', name: 'i-1' },
    ...{ owner: '', wrote: {}, left: ['caretaker:owner is missing: one of these'] },
    ...(by && { creator: { kind: 'person', name: by, at: '2026-03-02T09:00:00Z' } }),
  } as TagCase
  const choices = choicesFor({ catalog: catalog as never }, [one])
  expect(choices.map(({ input }) => input.team)).toEqual(teams)
  expect(choicesFor({ catalog: catalog as never }, [one, one])).toEqual([])
})
