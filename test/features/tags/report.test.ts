import { describe, expect, it } from 'vitest'
import type { Looked } from '../../../domain/tagging/look.ts'
import { countTeams, isWorthIt } from '../../../domain/tagging/report.ts'
import { Tagging } from '../../../local/aws/tagging/tagging.ts'
import { itemsOfKind } from '../../kits/items.ts'
import { TagWorld, tagCatalog } from '../../kits/tag-worlds.ts'

const looked = (name: string, more: Partial<Looked> = {}): Looked => ({
  resource: {
    ...{ id: `instance/${name}`, arn: name, name, tags: {} },
    ...{ type: 'ec2:instance', runs: true },
  },
  kept: undefined,
  member: false,
  owner: 'ordering',
  writes: {},
  left: [],
  ...more,
})
const missing = { key: 'cost-center', what: 'missing', allowed: '' } as const

describe('how complete a team’s tags are', () => {
  it('counts what is complete, by key what is not, and leaves members out', () => {
    const teams = countTeams([
      looked('a'),
      looked('b', { left: [missing] }),
      looked('c', { left: [missing], writes: { 'caretaker:environment': 'dev' } }),
      looked('d', { writes: { 'caretaker:environment': 'dev' } }),
      looked('member', { member: true, left: [missing] }),
      looked('other', { owner: 'platform' }),
    ])
    expect(teams.get('ordering')).toEqual({
      ...{ total: 4, complete: 1, would: 2, names: ['b', 'c', 'd'], usd: 0, unpriced: 3 },
      keys: [
        { key: 'cost-center', count: 2 },
        { key: 'caretaker:environment', count: 2 },
      ],
    })
    expect(teams.get('platform')).toMatchObject({ total: 1, complete: 1 })
  })

  it('costs what it is and what belongs to it, as far as prices are known; by use is said apart', () => {
    const priced = (name: string, month: number | undefined, more: object = {}) => {
      const one = looked(name, { left: [missing] })
      return { ...one, resource: { ...one.resource, month, ...more } }
    }
    const member = (name: string, month: number, parent: string) => ({
      ...{ ...priced(name, month, { parent }), member: true, left: [] },
    })
    const teams = countTeams([
      priced('machine', 7),
      member('disk', 1, 'instance/machine'),
      member('copy', 0.5, 'instance/disk'),
      priced('cluster', undefined),
      member('database', 30, 'instance/cluster'),
      priced('queue', undefined),
      { ...looked('complete'), resource: { ...looked('complete').resource, month: 99 } },
    ])
    expect(teams.get('ordering')).toMatchObject({ usd: 38.5, unpriced: 1, total: 4, complete: 1 })
  })

  it('is told while something lacks, and once more when all is complete', () => {
    const [all, some] = [
      { total: 2, complete: 2 },
      { total: 2, complete: 1 },
    ].map((one) => ({ ...one, keys: [], names: [], would: 0, unpriced: 0 }))
    if (all === undefined || some === undefined) throw new Error('two')
    expect(isWorthIt(some, undefined)).toBe(true)
    expect(isWorthIt(all, undefined)).toBe(false)
    expect(isWorthIt(all, some)).toBe(true)
    expect(isWorthIt(all, all)).toBe(false)
  })
})

it('the day it is switched on: a report for each team, no message about single ones, no write', async () => {
  const world = await TagWorld.open(tagCatalog('tell'))
  const ann = await world.person('ann@example.com')
  const types = [{ ResourceType: 'ec2:instance', ReportingTagKeys: ['project'] }]
  world.stage.simulation.aws.find(Tagging)?.requiredTags.push(...types)
  const [id = ''] = await world.launch(ann, { 'caretaker:environment': 'dev' })
  await world.launch(await world.person('stranger@example.com'), {}, 12)
  await world.nextSweep()
  await world.nextSweep(3)
  const reports = itemsOfKind(world.stage.simulation, 'tag-report')
  expect(reports.map(({ subject }) => subject).toSorted()).toEqual(['platform', 'storefront'])
  expect(world.messages('have all their tags')).toEqual([
    'storefront: 0 of 1 have all their tags, 0 %',
    'platform: 0 of 12 have all their tags, 0 %',
  ])
  // What is not complete costs as much as a month of a t3.micro.
  const ours = reports.find(({ subject }) => subject === 'storefront')
  expect(ours).toMatchObject({ detail: { usd: expect.closeTo(0.0104 * 730), unpriced: 0 } })
  const told = world.stage.simulation.slack.messages.map(({ text }) => text)
  expect(told.find((text) => text.includes('storefront'))).toContain('$7.59 a month')
  // The organisation's own key is required as the catalog's are.
  expect(reports[0]).toMatchObject({
    detail: { keys: expect.arrayContaining([{ key: 'project', count: expect.any(Number) }]) },
  })
  expect(world.messages('tags are missing')).toEqual([])
  expect(world.changes()).toEqual([])
  // Who made it is kept, for the day on which tags may be written.
  expect(world.kept(`instance/${id}`)).toMatchObject({ creator: { name: 'ann@example.com' } })
  // Ten days later the first 14 days are over: what nobody knows is asked, twelve at once.
  await world.nextSweep(12)
  expect(world.messages('tags are missing').toSorted()).toEqual([
    expect.stringContaining('12 resources: tags are missing'),
    expect.stringContaining(`${id}: tags are missing`),
  ])
  expect(world.changes()).toEqual([])
})
