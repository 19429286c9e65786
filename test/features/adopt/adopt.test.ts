import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { Adoptable, adopting } from '../../kits/adoptable.ts'
import { Desk } from '../../kits/desk.ts'
import { BAD, GOOD } from '../../kits/roll-outs.ts'

/**
 * One account through a day and a night: what six kinds of tools have made is looked at, adopted,
 * pushed to, rolled back, put to sleep, overwritten by Terraform, and given back. Each test goes on
 * where the one before has ended. Monday 2 March 2026, from ten in Berlin.
 */
let desk: Desk
let account: Adoptable
let catalog = ''
let before: Record<string, unknown>
let opened = 0
beforeAll(async () => {
  catalog = adopting()
  desk = await Desk.open(catalog)
  account = new Adoptable(desk.stage)
  await account.make()
  before = await account.snapshot()
  opened = count()
})
afterAll(() => desk.close())

/** AWS's rates are full again by then. */
const adopt = async (words = '') => {
  await desk.stage.minutes(2)
  return desk.types(`adopt --catalog ${catalog} ${words}`, 'olga')
}
const asDocument = async (words = '') => JSON.parse((await adopt(`${words} --json`)).out)
const NIGHTLY = '--schedule office-hours'
/** What somebody at the command line has called since, but for signing in. */
const callsSince = (count: number) =>
  desk.stage.simulation.aws.calls
    .slice(count)
    .filter(({ by, service }) => !/^(function|machine|aws)/.test(by) && service !== 'sts')
const count = () => desk.stage.simulation.aws.calls.length

type Resource = {
  kind: string
  name: string
  origin: { maker: string; sure: string }
  obstacles: { keeps: string; why: string; cure: string }[]
  tags: Record<string, string>
  ahead: string[]
  notes: string[]
  state: string
}
let resources: Resource[]
const named = (name: string) => resources.find((one) => one.name === name) as Resource

test('the account is listed with no call that changes anything', async () => {
  const since = count()
  const listed = await asDocument(NIGHTLY)
  resources = listed.resources
  expect(resources.filter(({ name }) => name !== 'mailer').length).toBeGreaterThanOrEqual(30)
  const called = callsSince(since)
  expect(called.length).toBeGreaterThan(50)
  expect(
    called.filter(({ operation }) => !/^(Describe|List|Get|BatchGet)/.test(operation)),
  ).toEqual([])
  expect(await account.snapshot()).toEqual(before)
})

test.each([
  ['shop-test-api', 'copilot', 'certain'],
  ['ledger', 'cdk', 'certain'],
  ['billing', 'cloudformation', 'certain'],
  ['catalogue', 'terraform-module', 'likely'],
  ['acme-dev-queue', 'cloudposse', 'likely'],
  ['search', 'terraform', 'likely'],
  ['site', 'unknown', 'unknown'],
  ['mailer', 'caretaker', 'certain'],
])('%s was made by %s: %s', (name, maker, sure) => {
  expect(named(name).origin).toMatchObject({ maker, sure })
})

test.each([
  ['legacy', 'roll-outs', /may not hand its role to ECS: legacyRole/, /passRoles: \[legacyRole\]/],
  ['green', 'roll-outs', /deployment controller is CODE_DEPLOY/, /controller ECS/],
  ['blue', 'roll-outs', /BLUE_GREEN deployments wait 1440 minutes/, /shorter bake times/],
  ['pinned', 'roll-outs', /by 3f9ad02b71c4, which names one build/, /--deploy main/],
  ['foreign', 'roll-outs', /no container of it runs an image of .*: nginx$/, /push the image/],
  ['again', 'everything', /environment test/, /caretaker:environment/],
  ['reports', 'sleep', /it has a read replica/, /replication/],
  ['reports-copy', 'sleep', /it is a read replica of reports/, /replication/],
  ['facts-1', 'sleep', /it belongs to the cluster facts/, /as it says/],
])('of %s it says what keeps it from %s, and the cure', (name, keeps, why, cure) => {
  const [obstacle] = named(name).obstacles
  expect(obstacle).toMatchObject({ keeps })
  expect(obstacle?.why).toMatch(why)
  expect(obstacle?.cure).toMatch(cure)
  expect(named(name).tags['caretaker:repository']).toBeUndefined()
})

test('an instance store and an instance that forwards do not sleep', () => {
  const keeps = resources
    .filter(({ kind, obstacles }) => kind === 'instance' && obstacles.length > 0)
    .map(({ name, obstacles }) => `${name.split(' ')[0]} ${obstacles[0]?.why}`)
  expect(keeps).toContainEqual(expect.stringMatching(/^scratch .*instance store/))
  expect(keeps).toContainEqual(expect.stringMatching(/^nat .*source\/destination check/))
})

test('it proposes tags, and says what they would cause within a day', () => {
  expect(named('search')).toMatchObject({
    tags: {
      'caretaker:repository': 'web',
      'caretaker:deploy': 'main',
      'caretaker:schedule': 'office-hours',
      'caretaker:environment': 'dev',
      'caretaker:owner': 'storefront',
    },
    ahead: [
      'a push to web of the tag main is rolled out',
      'stops at 20:00 today, starts at 07:00 tomorrow',
    ],
  })
  expect(named('billing').tags['caretaker:deploy']).toBe('semver:1.x')
  // Somebody has said whose it is: that stays.
  expect(named('orders-db').tags).toEqual({
    'caretaker:schedule': 'office-hours',
    'caretaker:order': '10',
    'caretaker:environment': 'dev',
  })
  expect(named('mailer')).toMatchObject({ state: 'looked-after', tags: {} })
})

test('what looks like production is left, unless it is named', async () => {
  const inProd = async (words: string) => (await asDocument(words)).resources[0]
  expect(await inProd('--cluster prod')).toMatchObject({
    tags: {},
    obstacles: [{ keeps: 'everything', why: 'it looks like production: prod' }],
  })
  expect((await inProd('--service prod/front')).tags).toMatchObject({
    'caretaker:repository': 'web',
  })
})

test('it says what deleting the stacks of Copilot would destroy, in words', async () => {
  const { out, told, code } = await adopt('--cluster shop-test')
  expect({ told, code }).toEqual({ told: '', code: 0 })
  expect(out).toContain('Caretaker deletes none of them')
  expect(out).toMatch(/shop-test-api\n( {4}.*\n)* {4}the DynamoDB table shop-orders/)
  expect(out).toContain('when the last workload leaves')
  expect(out).toContain('So that the tags stay')
})

const planOf = async (words: string) => (await asDocument(words)).plan as string

test('a plan is refused once the account has changed', async () => {
  const plan = await planOf(NIGHTLY)
  const [service] = await account.arnsOf(['search'])
  await desk.stage.call('ecs', 'TagResource', {
    resourceArn: service,
    tags: [{ key: 'cost-center', value: '42' }],
  })
  const since = count()
  const refused = await adopt(`${NIGHTLY} --apply ${plan}`)
  expect(refused.code).toBe(1)
  expect(refused.told).toMatch(/Nothing was done: the account is not as it was when plan/)
  expect(refused.out).toMatch(/are plan [0-9a-f]{12}/)
  expect(callsSince(since).filter(({ operation }) => /Tag|Put/.test(operation))).toEqual([])
  await desk.stage.call('ecs', 'UntagResource', { resourceArn: service, tagKeys: ['cost-center'] })
  expect(await planOf(NIGHTLY)).toBe(plan)
})

test('applied, it gives the tags that were printed, and nothing else', async () => {
  const plan = await planOf(NIGHTLY)
  const since = count()
  const { code, out } = await adopt(`${NIGHTLY} --apply ${plan}`)
  expect({ code, out }).toMatchObject({
    code: 0,
    out: expect.stringMatching(/^Done: \d+ resources/),
  })
  const wrote = callsSince(since).filter(
    ({ operation }) => !/^(Describe|List|Get|BatchGet|Query)/.test(operation),
  )
  expect([...new Set(wrote.map(({ operation }) => operation))].toSorted()).toEqual([
    'AddTagsToResource',
    'CreateOrUpdateTags',
    'CreateTags',
    'PutItem',
    'TagResource',
  ])
  const now = await account.snapshot()
  for (const { name, kind, tags } of resources) {
    if (kind !== 'service' || name === 'front') continue
    expect(now[name], name).toMatchObject({ tags })
  }
  // Nothing is proposed any more but for what stands in the way.
  const again = await asDocument(NIGHTLY)
  expect(again.resources.filter(({ tags }: Resource) => Object.keys(tags).length > 0)).toEqual([])
})

test('a push is rolled out to the adopted, a bad one is rolled back, and a person goes back', async () => {
  const { stage } = desk
  const good = stage.push(GOOD, 'web')
  await stage.minutes(15)
  for (const name of ['search', 'site']) {
    expect(stage.verdicts(name), name).toEqual(['deployed'])
    expect(
      (await account.running(name)).some((image) => image.endsWith(good)),
      name,
    ).toBe(true)
  }
  expect(stage.verdicts('green')).toEqual([])
  stage.push(BAD, 'web')
  await stage.minutes(45)
  expect(stage.verdicts('search').at(-1)).toBe('rolled-back')
  const third = stage.push(GOOD, 'web')
  await stage.minutes(15)
  expect((await account.running('search'))[0]).toContain(third)
  expect(await desk.types('rollback search', 'olga')).toMatchObject({ code: 0 })
  await stage.minutes(15)
  expect((await account.running('search'))[0]).toContain(good)
  const better = stage.push(GOOD, 'ledger')
  await stage.minutes(15)
  expect(stage.verdicts('stock')).toEqual(['deployed'])
  expect((await account.running('stock'))[0]).toContain(better)
})

test('a night: the adopted sleep; an apply of Terraform takes tags and count, and that is told once', async () => {
  const { stage } = desk
  await account.until('2026-03-02T20:30')
  const asleep = await account.snapshot()
  for (const name of ['search', 'ledger', 'catalogue', 'shop-test-api', 'orders-db', 'workers']) {
    expect(asleep[name], name).toMatchObject({
      state: expect.stringMatching(/^(0|stopped|stopping)$/),
    })
  }
  expect(asleep.foreign).toMatchObject({ state: '0' })
  const [search] = await account.arnsOf(['search'])
  await account.until('2026-03-03T02:00')
  await stage.call('ecs', 'UpdateService', { cluster: 'apps', service: 'search', desiredCount: 1 })
  await stage.call('ecs', 'UntagResource', {
    resourceArn: search,
    tagKeys: Object.keys(named('search').tags),
  })
  await stage.minutes(60)
  const told = () => account.messages(/lost tags/)
  expect(told()).toEqual([
    expect.objectContaining({
      channel: '#storefront',
      text: expect.stringMatching(/search has lost tags.*ignore_tags.*desired_count/s),
    }),
  ])
  expect((await account.snapshot()).search).toMatchObject({ state: '1' })
  // It is given them back, and they vanish again: that is news.
  const plan = await planOf(`--service search ${NIGHTLY}`)
  expect((await adopt(`--service search ${NIGHTLY} --apply ${plan}`)).code).toBe(0)
  await stage.minutes(20)
  expect(told().length).toBe(1)
  await stage.call('ecs', 'UntagResource', {
    resourceArn: search,
    tagKeys: ['caretaker:schedule'],
  })
  await stage.minutes(20)
  expect(told().length).toBe(2)
})

test('what sleeps is not given up, for nobody would wake it', async () => {
  const since = count()
  const { code, out } = await adopt('--undo --service ledger')
  expect(code).toBe(1)
  expect(out).toMatch(/^ledger: left as it is, for it sleeps and nobody would wake it/)
  expect(callsSince(since).filter(({ operation }) => /Tag|Put|Delete/.test(operation))).toEqual([])
})

test('undo leaves the account as it was, but for what somebody has changed since', async () => {
  const { stage } = desk
  await account.until('2026-03-03T07:40')
  const [stock] = await account.arnsOf(['stock'])
  await stage.call('ecs', 'TagResource', {
    resourceArn: stock,
    tags: [{ key: 'caretaker:deploy', value: 'release' }],
  })
  const since = count()
  const { code, out } = await adopt('--undo')
  expect(code).toBe(1)
  expect(out).toContain('caretaker:deploy is left: somebody has made it release of main')
  expect(out).toMatch(/search: .*\n {2}it runs .*:\d+; before it was adopted, .*:1/)
  const now = await account.snapshot()
  expect(changesIn(before, now)).toEqual(['stock'])
  expect(callsSince(since).some(({ operation }) => operation === 'DeleteItem')).toBe(true)
  expect((await adopt('--undo')).out).toMatch(/^Nothing of what is chosen was adopted/)
})

test('whatever it has called stands in docs/adopt.md, with what it is for', () => {
  const named: Record<string, string> = {
    'auto-scaling': 'autoscaling',
    'application-auto-scaling': 'application-autoscaling',
  }
  const called = callsSince(opened).flatMap(({ by, service, operation }) =>
    by.includes('olga') ? [`${named[service] ?? service}:${operation}`] : [],
  )
  const page = readFileSync('docs/adopt.md', 'utf8')
  expect(called.length).toBeGreaterThan(100)
  expect([...new Set(called)].filter((action) => !page.includes(`\`${action}\``))).toEqual([])
})

/** Names of what is not as it was. */
const changesIn = (one: Record<string, unknown>, other: Record<string, unknown>): string[] =>
  Object.keys({ ...one, ...other }).filter(
    (name) => JSON.stringify(one[name]) !== JSON.stringify(other[name]),
  )

test.each([
  ['--apply', 2, /^--apply: found no digest, allowed: the one that/],
  ['--apply abc --undo', 2, /^--undo: found --apply beside it/],
  ['--dry-run', 2, /^--dry-run is for --undo/],
  ['--service nobody', 2, /found nothing of the name nobody/],
  ['--deploy semver:x.y', 2, /^--deploy: deploy policy "semver:x.y" cannot be read/],
  ['--schedule night', 2, /^The --schedule: found "night", allowed: office-hours/],
  ['--owner nobody', 2, /^The --owner: found "nobody"/],
])('adopt %s: %i', async (words, code, told) => {
  expect(await adopt(words)).toMatchObject({ code, told: expect.stringMatching(told) })
})
