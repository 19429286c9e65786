import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { aheadOf } from '../../../domain/adopt/ahead.ts'
import { assess } from '../../../domain/adopt/assess.ts'
import { followOf } from '../../../domain/adopt/follow.ts'
import type { Choice, Found, FoundService } from '../../../domain/adopt/found.ts'
import { originOf, type Signs } from '../../../domain/adopt/origin.ts'
import { cureFor } from '../../../domain/adopt/owners.ts'
import { planOf, undoOf } from '../../../domain/adopt/plan.ts'
import { destroyedBy } from '../../../domain/adopt/stacks.ts'
import { mayPass, passableRoles } from '../../../domain/pass-roles.ts'

const HOST = '123456789012.dkr.ecr.eu-central-1.amazonaws.com'
const DIGEST = `sha256:${'a'.repeat(64)}`

const service = (image: string, more: Partial<FoundService> = {}): FoundService => ({
  ...{ cluster: 'apps', registryHost: HOST, taskDefinition: 'books:1', familyOf: [], roles: [] },
  containers: [{ name: 'books', image, essential: true, isReached: true }],
  ...{ count: 1, percent: { minimum: 100, maximum: 200 }, hasBreaker: true, ...more },
})

const found = (more: Partial<Found> = {}): Found => ({
  ...{ kind: 'service', id: 'service/apps/books', name: 'books', tags: {}, isUp: true },
  arn: 'arn:aws:ecs:eu-central-1:123456789012:service/apps/books',
  service: service(`${HOST}/books:main`),
  ...more,
})

const CHOICE: Choice = {
  ...{ environment: 'dev', owner: 'platform', teams: ['platform', 'ordering'] },
  ...{ passable: passableRoles('dev'), schedule: 'office-hours', isNamed: () => false },
}

describe('how something came to be', () => {
  const cases: [string, Signs, string, string][] = [
    ['nothing says', { tags: {} }, 'unknown', 'unknown'],
    ['Copilot’s tag', { tags: { 'copilot-application': 'a' } }, 'copilot', 'certain'],
    ['a stack', { tags: { 'aws:cloudformation:stack-name': 's' } }, 'cloudformation', 'certain'],
    ['a stack of CDK’s', { tags: {}, stack: { name: 's', isCdk: true } }, 'cdk', 'certain'],
    [
      'a stack of the console’s',
      { tags: {}, stack: { name: 'ECS-Console-V2-Service-1', isCdk: false } },
      'console',
      'likely',
    ],
    ['Terraform, by a tag', { tags: { ManagedBy: 'Terraform' } }, 'terraform', 'likely'],
    ['managed by somebody else', { tags: { ManagedBy: 'ann' } }, 'unknown', 'unknown'],
    [
      'a role of name_prefix',
      { tags: {}, roles: ['api-20260211093015482300000001'] },
      'terraform-module',
      'likely',
    ],
    [
      'a role of Terraform made it',
      { tags: {}, createdBy: 'role/atlantis' },
      'terraform',
      'likely',
    ],
    ['Beanstalk', { tags: { 'elasticbeanstalk:environment-name': 'e' } }, 'beanstalk', 'certain'],
    ['Kubernetes', { tags: { 'eks:cluster-name': 'k' } }, 'kubernetes', 'certain'],
    [
      'labels of cloudposse',
      { tags: { Namespace: 'acme', Stage: 'dev', Name: 'acme-dev-api' } },
      'cloudposse',
      'likely',
    ],
  ]
  test.each(cases)('%s', (_, signs, maker, sure) => {
    expect(originOf(signs)).toMatchObject({ maker, sure })
  })

  test('whatever made it, what to write names each tag and its value', () => {
    const tags = { 'caretaker:deploy': 'main', 'caretaker:repository': 'books' }
    for (const [, signs] of cases) {
      const text = cureFor(originOf(signs), tags).join('\n')
      for (const [key, value] of Object.entries(tags)) {
        expect(text).toContain(key)
        expect(text).toContain(value)
      }
    }
  })
})

describe('which pushes a service would take', () => {
  const tagged = (image: string, tags: string[], isImmutable = false): FoundService =>
    service(image, {
      containers: [
        { name: 'books', image, essential: true, isReached: true, tagged: tags, isImmutable },
      ],
    })
  test.each([
    ['a moved tag', service(`${HOST}/books:main`), 'main'],
    ['no tag', service(`${HOST}/books`), 'latest'],
    ['a version', service(`${HOST}/books:v1.4.2`), 'semver:1.x'],
    [
      'a commit whose image is main too',
      tagged(`${HOST}/books:3f9ad02`, ['3f9ad02', 'main']),
      'main',
    ],
    ['a digest whose image is main too', tagged(`${HOST}/books@${DIGEST}`, ['main']), 'main'],
    ['what Caretaker pinned', service(`${HOST}/books@${DIGEST}`, { pushedAs: 'main' }), 'main'],
  ])('%s', (_, given, deploy) => {
    expect(followOf(given)).toMatchObject({ repository: 'books', deploy })
  })
  test.each([
    ['a commit', tagged(`${HOST}/books:3f9ad02`, ['3f9ad02']), /names one build/],
    ['a digest', tagged(`${HOST}/books@${DIGEST}`, []), /by its digest/],
    ['another registry', service('nginx:main'), /no container of it/],
    ['immutable tags', tagged(`${HOST}/books:main`, ['main'], true), /immutable/],
  ])('%s: none, and what to do', (_, given, why) => {
    const answer = followOf(given)
    expect(answer).toMatchObject({ keeps: 'roll-outs', why: expect.stringMatching(why) })
    expect(answer).toHaveProperty('cure')
  })
  test('what somebody chose goes before it, as a tag can carry it', () => {
    expect(followOf(service(`${HOST}/books@${DIGEST}`), 'semver:~1.4')).toMatchObject({
      deploy: 'semver:1.4.x',
    })
    expect(() => followOf(service(`${HOST}/books:main`), 'semver:x.y')).toThrow(/cannot be read/)
  })
})

describe('an assessment', () => {
  const judged = { atOnce: [], hasImage: true }

  test('proposes what it lacks, and never another value for a tag that is there', () => {
    fc.assert(
      fc.property(
        fc.dictionary(
          fc.constantFrom('caretaker:owner', 'caretaker:deploy', 'caretaker:schedule', 'team'),
          fc.constantFrom('ordering', 'main', 'office-hours'),
        ),
        (tags) => {
          const { set } = assess(found({ tags }), CHOICE, judged)
          expect(Object.keys(set).filter((key) => key in tags)).toEqual([])
        },
      ),
    )
  })

  test.each<[string, Partial<Found>, RegExp]>([
    ['a short ARN', { arn: 'arn:aws:ecs:eu-central-1:1:service/books' }, /long form/],
    [
      'fifty tags',
      { tags: Object.fromEntries([...Array(48).keys()].map((n) => [`t${n}`, ''])) },
      /remove some/,
    ],
    [
      'production by a tag',
      { tags: { Environment: 'production' } },
      /name it: --service apps\/books/,
    ],
    ['another environment’s', { tags: { 'caretaker:environment': 'test' } }, /take its tag/],
  ])('%s: nothing is proposed, with what to do', (_, more, cure) => {
    const { set, obstacles } = assess(found(more), CHOICE, judged)
    expect(set).toEqual({})
    expect(obstacles).toEqual([
      expect.objectContaining({ keeps: 'everything', cure: expect.stringMatching(cure) }),
    ])
  })

  test('a judge’s refusal keeps roll-outs, not sleep, and each has a cure', () => {
    const refusals = [
      'its deployment controller is EXTERNAL, which does not let Caretaker change it',
      'its deployment strategy is RAINBOW; Caretaker knows ROLLING',
      'it is a DAEMON service: its deployments follow instances',
      'it runs on linux/amd64, and the image has only linux/arm64; build it for both',
      'no container of its task definition uses the repository "books"',
      'something that no list knows yet',
    ]
    for (const refusal of refusals) {
      const { set, obstacles, would } = assess(found(), CHOICE, { ...judged, refusal })
      expect(obstacles).toEqual([
        { keeps: 'roll-outs', why: refusal, cure: expect.stringMatching(/\w{4}/) },
      ])
      expect(would).toEqual(['sleep'])
      expect(Object.keys(set)).not.toContain('caretaker:repository')
    }
  })

  test('what is worth knowing is said: percentages, the breaker, the family, scaling', () => {
    const shifting = { strategy: 'CANARY', minutes: 70 }
    const canary = service(`${HOST}/books:main`, { hasBreaker: false, shifting })
    expect(assess(found({ service: canary }), CHOICE, judged).notes).toEqual([
      expect.stringMatching(/^its deployments are CANARY: .* waits 70 minutes/),
    ])
    const { notes } = assess(
      found({
        service: service(`${HOST}/books:latest`, {
          percent: { minimum: 100, maximum: 100 },
          ...{ hasBreaker: false, familyOf: ['apps/other'], bounds: { min: 0, max: 3 } },
        }),
      }),
      CHOICE,
      { atOnce: [], hasImage: false },
    )
    for (const words of [
      /latest/,
      /no image/,
      /breaker is off/,
      /no room/,
      /same family/,
      /minimum of 1/,
      /0 to 3 again/,
    ]) {
      expect(notes.join('\n')).toMatch(words)
    }
  })
})

describe('what is ahead', () => {
  const schedule = {
    name: 'office-hours',
    running: [{ days: 'mon-fri', from: '07:00', to: '20:00' }],
  }
  const say = (at: string, sleep: 'act' | 'tell' = 'act', more: Partial<Found> = {}) => {
    const one = assess(found(more), CHOICE, {
      atOnce: [{ tag: 'main', digest: DIGEST, reason: 'newer' }],
      hasImage: true,
    })
    const features = { sleep, tags: 'tell', budgets: 'tell', health: 'act' } as const
    const input = () => ({ schedule, calendars: {}, overrides: [], timeZone: 'Europe/Berlin' })
    return aheadOf(one, { features, timeZone: 'Europe/Berlin' }, input, new Date(at))
  }
  test.each([
    ['2026-03-02T09:00:00Z', 'stops at 20:00 today, starts at 07:00 tomorrow'],
    ['2026-03-06T12:00:00Z', 'stops at 20:00 today'],
    ['2026-03-07T12:00:00Z', /neither stops nor starts .* next at 07:00 2026-03-09$/],
  ])('at %s', (at, last) => {
    const said = say(at)
    expect(said[0]).toBe(
      'within 5 minutes: main (aaaaaaaaaaaa) is rolled out, for it is not what runs',
    )
    expect(said[1]).toBe('a push to books of the tag main is rolled out')
    expect(said.at(-1)).toMatch(last)
  })
  test('it is said when nothing sleeps, and that what is up at night stays up', () => {
    expect(say('2026-03-02T09:00:00Z', 'tell').at(-1)).toBe(
      'nothing sleeps: features.sleep is tell in the catalog',
    )
    expect(say('2026-03-07T12:00:00Z')).toContainEqual(expect.stringMatching(/^it stays awake now/))
  })
})

describe('a plan', () => {
  const one = (more: Partial<Found> = {}) =>
    assess(found(more), CHOICE, { atOnce: [], hasImage: true })
  const other = one({
    arn: 'arn:aws:ecs:eu-central-1:123456789012:service/apps/z',
    id: 'z',
    name: 'z',
  })

  test('has the same digest in whatever order it was read, and another once anything has changed', () => {
    const { digest } = planOf([one(), other])
    expect(planOf([other, one()]).digest).toBe(digest)
    for (const changed of [
      one({ tags: { team: 'ordering' } }),
      one({ service: service(`${HOST}/books:main`, { taskDefinition: 'books:2' }) }),
      one({ refusesSleep: 'it is a daemon' }),
    ]) {
      expect(planOf([changed, other]).digest).not.toBe(digest)
    }
  })

  test('undone at once, everything is as it was, whatever was there', () => {
    const tags = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2'))
    fc.assert(
      fc.property(tags, tags, (were, set) => {
        const before = Object.fromEntries(Object.entries(were).filter(([key]) => key in set))
        expect(after({ ...were, ...set }, undoOf({ set, before }, { ...were, ...set }))).toEqual(
          were,
        )
      }),
    )
  })

  test('what somebody has changed since is left and told, and nothing else is touched', () => {
    const tags = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.constantFrom('1', '2', '3'))
    fc.assert(
      fc.property(tags, tags, tags, (set, before, now) => {
        const undone = undoOf({ set, before }, now)
        const done = after(now, undone)
        for (const [key, value] of Object.entries(now)) {
          if (set[key] !== value) expect(done[key]).toBe(value)
        }
        for (const { key, found: is } of undone.left)
          expect([now[key], done[key]]).toEqual([is, is])
      }),
    )
  })

  const after = (
    now: Record<string, string>,
    { set, take }: ReturnType<typeof undoOf>,
  ): Record<string, string> =>
    Object.fromEntries(Object.entries({ ...now, ...set }).filter(([key]) => !take.includes(key)))
})

test('deleting stacks of Copilot loses what holds data; what is retained stays', () => {
  const tags = { 'copilot-application': 'shop', 'copilot-service': 'api' }
  const resources = [
    { type: 'AWS::EFS::FileSystem', id: 'fs-1', stays: false },
    { type: 'AWS::S3::Bucket', id: 'shop-files', stays: true },
    { type: 'AWS::Lambda::Permission', id: 'p', stays: false },
  ]
  const found = destroyedBy([
    { name: 'shop-test-api', tags, resources },
    { name: 'other', tags: {}, resources },
  ])
  expect(found).toEqual([
    {
      ...{ stack: 'shop-test-api', loses: ['the file system fs-1'] },
      ...{ stays: ['the bucket shop-files'], also: [expect.stringMatching(/last workload/)] },
    },
  ])
})

test.each([
  ['dev-orders-task', true],
  ['ecsTaskExecutionRole', true],
  ['ecsTaskExecutionRole2', false],
  ['shop-api-TaskRole', true],
  ['service-role/ecsTaskExecutionRole', false],
  ['Administrator', false],
])('whether %s may be handed to tasks: %s', (name, may) => {
  const patterns = passableRoles('dev', ['ecsTaskExecutionRole', 'shop-*'])
  expect(mayPass(patterns, `arn:aws:iam::123456789012:role/${name}`)).toBe(may)
})
