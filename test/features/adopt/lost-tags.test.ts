import { marshall } from '@aws-sdk/util-dynamodb'
import { beforeEach, expect, test } from 'vitest'
import type { Adoption } from '../../../domain/table/adoption.ts'
import { adoptionKey } from '../../../domain/table/adoption-keys.ts'
import { VERSION } from '../../../domain/table/version.ts'
import { Adoptable, adopting } from '../../kits/adoptable.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { Stage } from '../../kits/roll-outs.ts'

/** An adopted service, and what somebody's tool does with its tags. */
const SET = { 'caretaker:repository': 'ledger', 'caretaker:deploy': 'main' }
const ARN = 'arn:aws:ecs:eu-central-1:123456789012:service/apps/books'

let stage: Stage
let account: Adoptable
beforeEach(async () => {
  stage = await Stage.open({ catalog: adopting() })
  account = new Adoptable(stage)
  await account.begin(['ledger'])
  await account.service({ cluster: 'apps', name: 'books', image: 'ledger:main' })
  await tag(SET)
})

const tag = (tags: Record<string, string>) =>
  stage.call('ecs', 'TagResource', {
    resourceArn: ARN,
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
  })
const untag = (tagKeys = Object.keys(SET)) =>
  stage.call('ecs', 'UntagResource', { resourceArn: ARN, tagKeys })

const adopted = (more: Partial<Adoption> = {}) => {
  const adoption: Adoption = {
    ...{
      version: VERSION,
      id: 'service/apps/books',
      arn: ARN,
      kind: 'service',
      name: 'books',
      maker: 'terraform',
    },
    ...{ state: 'adopted', at: '2026-03-02T09:00:00Z', by: 'olga', plan: 'a', set: SET },
    ...{ before: {}, losses: 0, ...more },
  }
  return stage.call('dynamodb', 'PutItem', {
    TableName: 'dev-caretaker',
    Item: marshall({ ...adoptionKey(adoption.id), ...adoption }),
  })
}
const told = () => account.messages(/lost tags/).length
const kept = () => itemsOfKind(stage.simulation, 'adoption')[0]

test('it is told once, and again only after they had been back', async () => {
  await adopted()
  await stage.minutes(12)
  expect(told()).toBe(0)
  await untag()
  await stage.minutes(30)
  expect(told()).toBe(1)
  expect(account.messages(/lost tags/)[0]).toMatchObject({
    channel: '#dev-environment',
    text: expect.stringMatching(/books has lost .*rolls out no push to it.*ignore_tags/s),
  })
  await untag(['caretaker:deploy'])
  await stage.minutes(12)
  expect(told()).toBe(1)
  await tag(SET)
  await stage.minutes(12)
  expect(kept()).not.toHaveProperty('lost')
  await untag(['caretaker:deploy'])
  await stage.minutes(12)
  expect(told()).toBe(2)
})

test('a database and a group that lose their schedules are told of too', async () => {
  await account.store('facts', { 'caretaker:schedule': 'always-on' })
  await account.group('workers', { 'caretaker:schedule': 'always-on' })
  await stage.minutes(30)
  const set = { 'caretaker:schedule': 'always-on', 'caretaker:owner': 'ordering' }
  const facts = 'arn:aws:rds:eu-central-1:123456789012:db:facts'
  await adopted({ id: 'database/facts', kind: 'database', arn: facts, name: 'facts', set })
  await adopted({ id: 'group/workers', kind: 'group', arn: 'group', name: 'workers', set })
  await adopted({ id: 'database/gone', kind: 'database', arn: 'gone', name: 'gone', set })
  await stage.minutes(12)
  expect(told()).toBe(0)
  await stage.call('rds', 'RemoveTagsFromResource', {
    ...{ ResourceName: facts, TagKeys: ['caretaker:schedule'] },
  })
  await stage.call('auto-scaling', 'DeleteTags', {
    Tags: [
      {
        ...{ Key: 'caretaker:schedule', ResourceId: 'workers' },
        ResourceType: 'auto-scaling-group',
      },
    ],
  })
  await stage.minutes(30)
  const found = account.messages(/lost tags/)
  expect(found.map(({ channel, text }) => `${channel} ${text.split(' ')[0]}`).toSorted()).toEqual([
    '#ordering facts',
    '#ordering workers',
  ])
  expect(found[0]?.text).toMatch(/neither puts it to sleep nor wakes it.*adopt --only/s)
})

test('nothing is told of what is being adopted, is gone, or is another environment’s', async () => {
  await adopted({ state: 'applying' })
  await untag()
  await stage.minutes(12)
  expect(told()).toBe(0)
  await adopted()
  await tag({ 'caretaker:environment': 'test' })
  await stage.minutes(12)
  expect(told()).toBe(0)
  await untag(['caretaker:environment'])
  await stage.call('ecs', 'DeleteService', { cluster: 'apps', service: 'books', force: true })
  await stage.minutes(12)
  expect(told()).toBe(0)
})
