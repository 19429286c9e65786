import { unmarshall } from '@aws-sdk/util-dynamodb'
import { expect, it, test } from 'vitest'
import { readItem } from '../../../domain/table/read.ts'
import type { TagCase } from '../../../domain/table/tag-case.ts'
import { noticeOf, staysTold } from '../../../domain/tagging/progress.ts'
import { readAgain, readWhole } from '../../../functions/keep-tags/read-again.ts'
import { tagNoticeRenderer } from '../../../functions/tell-slack/tags/notice.ts'
import { tagReportRenderer } from '../../../functions/tell-slack/tags/report.ts'
import type { Guard } from '../../../local/aws/aws.ts'
import { AwsError } from '../../../local/aws/errors.ts'
import { CATALOG, POLICY } from '../../kits/storms/tags.ts'
import { KEEPER, TagAccount } from '../../kits/tag-account.ts'

const DUE = 'caretaker:tags-due'
const DAY = 86_400_000
const SAYS = { timeZone: 'Europe/Berlin' }

const open = (policy = POLICY) => TagAccount.open(1, policy, CATALOG)

async function sweeps(account: TagAccount, days: number): Promise<void> {
  for (let day = 0; day < days; day++) {
    await account.run(DAY)
    await account.sweep()
    await account.accept()
  }
}

async function items(account: TagAccount): Promise<Record<string, unknown>[]> {
  const { Items = [] } = await account.call<{ Items?: Parameters<typeof unmarshall>[0][] }>(
    ...(['dynamodb', 'Scan', { TableName: 'dev-caretaker' }] as const),
  )
  return Items.map((item) => unmarshall(item))
}

const caseOf = async (account: TagAccount, id: string) =>
  (await items(account)).find((one) => one.id === `instance/${id}`)

/** Everything that was told of something, as people read it. */
const toldOf = async (account: TagAccount, id: string): Promise<string[]> =>
  (await items(account))
    .filter(({ kind, subject }) => kind === 'tag-notice' && String(subject).includes(id))
    .map((one) => {
      const { headline, sentences } = tagNoticeRenderer.render(readItem('tag-notice', one), SAYS)
      return [headline, ...sentences].join('\n')
    })

it('a mark that AWS refuses is asked for three times, then told, and nothing is stopped', async () => {
  const account = await open()
  const id = await account.launch({})
  let asked = 0
  account.aws.guards.push(({ operation, caller, input }) => {
    const tags = (input.Tags ?? []) as { Key?: string }[]
    if (caller.name !== KEEPER.name || operation !== 'CreateTags') return
    if (!tags.some(({ Key }) => Key === DUE)) return
    asked++
    throw new AwsError('UnauthorizedOperation', 'A policy of the organisation says no.')
  })
  await sweeps(account, 9)
  expect(asked).toBe(3)
  expect(account.state(id)).toBe('running')
  const kept = readItem('tag-case', (await caseOf(account, id)) ?? {})
  expect(kept).not.toHaveProperty('mark')
  expect(kept).not.toHaveProperty('due')
  expect(staysTold(kept)).toBe(true)
  const [told, ...others] = await toldOf(account, id)
  expect(others).toEqual([])
  expect(told).toContain('It is neither marked nor stopped: AWS does not take the mark (')
  expect(told).toContain('A policy of the organisation says no.')
  // What was refused is no matter any more for what begins anew.
  account.retag(id, { 'caretaker:owner': 'ordering', 'cost-center': '4711' })
  await sweeps(account, 1)
  account.aws.guards.pop()
  account.retag(id, {}, ['cost-center'])
  await sweeps(account, 3)
  expect(account.tags(id)).toHaveProperty([DUE])
})

it('one that cannot be read stands still, is not gone, and keeps the others from nothing', async () => {
  const account = await open({ ...POLICY, watch: ['ec2:instance'] })
  const ids: string[] = []
  for (let made = 0; made < 9; made++) ids.push(await account.launch({}))
  const [denied = '', ...others] = ids
  const guard: Guard = ({ operation, caller, input }) => {
    if (caller.name !== KEEPER.name || operation !== 'DescribeInstances') return
    if (!JSON.stringify(input).includes(denied)) return
    throw new AwsError('UnauthorizedOperation', 'Not this one.')
  }
  account.aws.guards.push(guard)
  await sweeps(account, 1)
  expect(account.tags(denied)).toEqual({})
  for (const id of others) expect(account.tags(id)).toMatchObject({ stage: 'try' })
  expect(await caseOf(account, denied)).not.toHaveProperty('tell')
  account.aws.guards.splice(account.aws.guards.indexOf(guard), 1)
  await sweeps(account, 1)
  expect(account.tags(denied)).toMatchObject({ stage: 'try' })
})

it('what fails at every read is given up after forty, and whoever must know is told', async () => {
  const all = Array.from({ length: 500 }, (_, place) => ({
    ...{ id: `queue/${place}`, arn: `arn:${place}`, type: 'sqs:queue' as const },
  }))
  let asked = 0
  const read = async () => {
    asked++
    throw new Error('down')
  }
  const readers = new Map([['sqs:queue', { type: 'sqs:queue', list: read, read }]])
  const sources = { readers, log: { error: () => {} } } as never
  const { found, unread } = await readAgain(sources, all)
  expect({ asked, found, unread: unread.size }).toEqual({ asked: 40, found: [], unread: 500 })
  await expect(readWhole(sources, all.slice(0, 1))).rejects.toThrow('down')
})

it('what could not be read is said in the report, and counted nowhere', async () => {
  const account = await open({ ...POLICY, watch: ['ec2:instance', 'ec2:volume'] })
  await account.launch({ 'caretaker:owner': 'ordering' })
  account.aws.guards.push(({ operation, caller }) => {
    if (caller.name !== KEEPER.name || operation !== 'DescribeVolumes') return
    throw new AwsError('UnauthorizedOperation', 'You are not authorized.')
  })
  await sweeps(account, 1)
  const report = (await items(account)).find(({ kind }) => kind === 'tag-report') ?? {}
  const { headline, sentences } = tagReportRenderer.render(readItem('tag-report', report), SAYS)
  expect(headline).toContain('*ordering*: 0 of 1 have all their tags')
  expect(sentences).toContain('Not read, and not counted: ec2:volume.')
})

const SERVICE = 'arn:aws:ecs:eu-central-1:123456789012:service'
const FORMAT = 'InvalidParameterException: The new ARN and resource ID format must be enabled'

test.each<[string, Partial<TagCase>, (string | RegExp)[]]>([
  ['what nobody takes off', { left: ['stage is missing: one of try, keep'] }, []],
  [
    'a tool that takes off our tags',
    { left: ['caretaker:owner was written twice, and taken off twice'] },
    [/in Terraform ignore_tags \{ key_prefixes = \["caretaker:"\] \}, or the tag in their code$/],
  ],
  [
    'a tool that takes off others too',
    { left: ['stage', 'cost'].map((key) => `${key} was written twice, and taken off twice`) },
    [/in Terraform ignore_tags \{ keys = \["stage", "cost"\] \}/],
  ],
  [
    'a service of ECS with a short ARN',
    { arn: `${SERVICE}/old`, refused: { times: 3, error: FORMAT } },
    [`AWS says ${FORMAT}`, /short form, .* it is migrated while it runs: https:\/\/docs\.aws/],
  ],
  [
    'another refusal',
    { arn: `${SERVICE}/dev-backend/new`, refused: { times: 3, error: 'AccessDenied: no' } },
    ['AWS says AccessDenied: no'],
  ],
])('people are told what helps with %s', (_, more, hints) => {
  const one = {
    ...{ version: 1, id: 'service/old', arn: 'arn', type: 'ecs:service', name: 'old' },
    ...{ owner: 'ordering', wrote: {}, left: ['x'], ...more },
  } as TagCase
  const [resource] = noticeOf('tell', [one], true).detail.resources
  const said = resource?.hints ?? []
  expect(said).toHaveLength(hints.length)
  for (const [place, hint] of hints.entries()) expect(said[place]).toMatch(hint)
})
