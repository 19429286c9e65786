import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explained } from '../../cli/asking/configuration.ts'
import type { PlaceOptions } from '../../cli/asking/place.ts'
import { placeOf } from '../../cli/asking/place.ts'
import { AccountSource } from '../../cli/console/account.ts'
import { troubleOf } from '../../cli/console/trouble.ts'
import { AwsError } from '../../local/aws/errors.ts'
import type { ServicePageView } from '../../local/console/service/view.ts'
import { sourceOf } from '../../local/console/simulated.ts'
import type { Source } from '../../local/console/source.ts'
import { sharedView, watchedView } from '../../local/console/views.ts'
import { Desk } from '../kits/desk.ts'

/** A console of a real account, tested against the AWS that `npm start` simulates. bob is in ordering. */
let desk: Desk
let account: AccountSource
let simulated: Source

const opened = async (who: string, more: object = {}): Promise<AccountSource> => {
  const options: PlaceOptions = {
    ...{ endpointUrl: desk.url, as: `${who}@example.com`, catalog: 'catalog' },
  }
  const place = await placeOf(options, { env: {}, now: () => new Date() } as never)
  return AccountSource.open(place, { zone: 'Europe/Berlin', interval: 0, ...more })
}

beforeAll(async () => {
  desk = await Desk.open()
  await desk.types('push orders')
  await desk.stage.minutes(8)
  await desk.types('push orders --image crashes')
  await desk.stage.minutes(8)
  account = await opened('bob')
  simulated = sourceOf(desk.stage.simulation)
})
afterAll(() => desk.close())

/** What a page would show of a source, of its service orders. */
async function viewOf(source: Source, service = 'orders') {
  const seen = await source.see()
  const own = { ...seen, ...(await source.more?.({ service })) }
  return {
    ...sharedView(source, seen, undefined),
    ...watchedView(own, { service }, source.now()),
  }
}

describe('the console of an account', () => {
  test('shows the same as the console of the simulation, where both know it', async () => {
    const [one, other] = [await viewOf(account), await viewOf(simulated)]
    for (const part of ['environment', 'services', 'teams', 'sleep', 'held'] as const) {
      expect([part, withoutReader(one[part])]).toEqual([part, other[part]])
    }
    expect(one.timeline.map(({ image, verdicts }) => ({ image, verdicts }))).toEqual(
      other.timeline.map(({ image, verdicts }) => ({ image, verdicts })),
    )
    const { alarms, ...page } = one.service as ServicePageView
    expect(page).toEqual({ ...other.service, alarms: undefined, mayNot: undefined })
    expect(alarms?.length).toBe(other.service?.alarms.length)
    expect(page.commit?.url).toMatch(
      /^https:\/\/github\.com\/example\/orders\/commit\/[0-9a-f]{40}$/,
    )
    expect(await account.revisions('orders')).toEqual(await simulated.revisions('orders'))
  })

  test('draws an execution with all that its states did', async () => {
    const { execution, machine } = await viewOf(account)
    const same = (await viewOf(simulated)).execution
    expect(execution?.result).toBe('orders: rolled back')
    expect(execution?.runs.map(({ state }) => state)).toEqual(same?.runs.map(({ state }) => state))
    expect(execution?.outcomes[0]).toMatchObject({
      word: 'rolled back',
      told: { channel: '#ordering' },
    })
    expect(JSON.parse(machine?.definition ?? '').StartAt).toBe('Plan')
    const gone = await account.more({ execution: 'nobody-knows' })
    expect(
      watchedView(
        { ...(await account.see()), ...gone },
        { execution: 'nobody-knows' },
        account.now(),
      ),
    ).toMatchObject({ execution: null, unread: null })
  })

  test('does not say what it cannot know', async () => {
    const view = await viewOf(account)
    expect(view).toMatchObject({ play: null, channels: null, people: [] })
    expect(view.reader).toEqual({ name: 'bob@example.com' })
  })

  test('reads and changes nothing', async () => {
    const { aws, dynamodb } = desk.stage.simulation
    const items = () => JSON.stringify(dynamodb.tables.map((table) => table.items()))
    const [before, calls] = [items(), aws.calls.length]
    await viewOf(account)
    await account.revisions('orders')
    await account.logs('orders')
    expect(items()).toBe(before)
    const made = aws.calls.slice(calls).map(({ operation }) => operation)
    expect(made.length).toBeGreaterThan(20)
    expect(
      made.filter((name) => !/^(Get|BatchGet|Describe|List|Query|AssumeRole|Invoke)/.test(name)),
    ).toEqual([])
  })

  test('shows the log, and what came since', async () => {
    const { lines, task } = await account.logs('orders')
    expect(task).toMatch(/^[0-9a-f]{32}$/)
    expect(lines.at(-1)?.message).toContain('listening')
    const more = await account.logs('orders', '2026-03-02T20:00:00Z')
    expect(more.lines).toEqual([])
    expect(more.says).toContain('has logged nothing')
    await expect(account.logs('ordres')).rejects.toThrow('Did you mean orders?')
  })
})

/** Who may not act is said of an account alone. */
const withoutReader = (part: unknown): unknown =>
  Array.isArray(part) ? part.map(({ mayNot: _, ...one }) => one) : part

describe('acts from the console of an account', () => {
  test('are not done by one that only reads, and no call is made', async () => {
    const reading = await opened('bob', { onlyReads: 'This console only reads.' })
    const { calls } = desk.stage.simulation.aws
    const before = calls.length
    await expect(reading.act({ text: 'pin orders' })).rejects.toThrow('This console only reads.')
    expect(calls.length).toBe(before)
    expect((await viewOf(reading)).service?.mayNot).toBe('This console only reads.')
  })

  test('are done as whoever AWS says it is, and are entries of the timeline with their author', async () => {
    expect(await account.act({ text: 'pin orders the demo' })).toContain('Receipt')
    const view = await viewOf(account)
    expect(view.timeline[0]).toMatchObject({
      ...{ asked: { by: 'bob@example.com', words: 'pin orders' }, services: ['orders'] },
      verdicts: [{ word: 'done' }],
    })
    expect(view.service?.holds[0]?.says).toContain('bob@example.com pinned the service')
    await account.act({ text: 'unpin orders' })
    const asked = (await viewOf(simulated)).timeline.slice(0, 2).map((one) => one.asked)
    expect(asked).toMatchObject([{ words: 'unpin orders' }, { words: 'pin orders' }])
  })

  test('are refused to who may not: its buttons say why, and so does the entrance', async () => {
    const ann = await opened('ann')
    expect((await viewOf(ann)).service?.mayNot).toBe(
      'Only members of ordering, and operators, may; you are in storefront (ann@example.com).',
    )
    await expect(ann.act({ text: 'pin orders' })).rejects.toThrow('Only members of ordering')
    await expect(opened('eve')).rejects.toThrow('eve@example.com is in no team of the catalog')
  })

  test('a roll-back is news: an entry of its own, by the one who asked, and the light says so', async () => {
    await desk.types('push orders')
    await desk.stage.minutes(8)
    await account.act({ text: 'rollback orders' })
    await desk.stage.minutes(8)
    const view = await viewOf(account)
    expect(view.timeline[0]).toMatchObject({
      ...{ image: { tag: 'main' }, asked: { by: 'bob@example.com' } },
      verdicts: [{ word: 'deployed' }],
    })
    const orders = view.services.find(({ name }) => name === 'orders')
    expect(orders?.asAsked).toMatchObject({ says: 'By hand' })
    expect(view).toMatchObject({ services: (await viewOf(simulated)).services })
  })
})

describe('a job in the console', () => {
  const jobOf = async (source: Source) => source.job('nightly-report')

  test('says what runs when, and that it has not run yet', async () => {
    expect(await jobOf(account)).toEqual({ ...(await jobOf(simulated)), alarms: expect.any(Array) })
    expect(await jobOf(account)).toMatchObject({
      ...{ team: 'ordering', image: 'nightly-report:main', runs: [] },
      size: '0.25 vCPU, 512 MiB, on spare capacity',
      schedule: {
        expression: 'cron(30 18 ? * MON-FRI *)',
        ...{ timeZone: 'Europe/Berlin', isOn: true, next: '2026-03-02T17:30:00.000Z' },
      },
      acts: [{ text: 'job run nightly-report' }],
      alarms: [{ name: 'dev-nightly-report-failed', isRed: false }],
    })
    expect(await account.job('orders')).toBeNull()
  })

  test('is run out of turn by who may, and each run says who, how it ended, and its log', async () => {
    await desk.types('push nightly-report')
    expect(await account.act({ text: 'job run nightly-report' })).toMatch(
      /^Started nightly-report, asked for by bob@example\.com: task [0-9a-f]{32}\.$/,
    )
    expect((await jobOf(account))?.runs).toMatchObject([{ word: 'starting', by: 'bob' }])
    await desk.stage.minutes(5)
    await desk.types('push nightly-report --image crashes')
    await simulated.act({ by: 'olga@example.com', text: 'job run nightly-report' })
    await desk.stage.minutes(5)
    const runs = (await jobOf(account))?.runs
    expect(runs).toMatchObject([
      { word: 'failed', by: 'olga', says: /^nightly-report ended with 137/ },
      { word: 'succeeded', by: 'bob', says: '' },
    ])
    expect((await jobOf(simulated))?.runs).toEqual(runs)
    const log = await account.jobLog('nightly-report', runs?.[0]?.task ?? '')
    expect(log.lines.at(-1)?.message).toContain('OutOfMemoryError')
    expect(await simulated.jobLog('nightly-report', runs?.[0]?.task ?? '')).toEqual(log)
    const view = await viewOf(simulated)
    expect(view.teams.flatMap(({ jobs }) => jobs)).toEqual([
      { name: 'nightly-report', red: ['dev-nightly-report-failed'] },
    ])
  })

  test('is not run by who may not, and an older run has its log alone', async () => {
    const ann = await opened('ann')
    const refusal = 'Only members of ordering, and operators, may; you are in storefront'
    expect((await jobOf(ann))?.mayNot).toContain(refusal)
    await expect(ann.act({ text: 'job run nightly-report' })).rejects.toThrow(refusal)
    const asAnn = simulated.act({ by: 'ann@example.com', text: 'job run nightly-report' })
    await expect(asAnn).rejects.toThrow(refusal)
    await expect(account.act({ text: 'job run orders' })).rejects.toThrow('has no job orders')
    await desk.stage.minutes(65)
    expect((await jobOf(simulated))?.runs.map(({ word }) => word)).toEqual(['ended', 'ended'])
  })
})

describe('when AWS does not answer', () => {
  test('the page keeps what it has, says why and of when it is, and goes on by itself', async () => {
    const { guards } = desk.stage.simulation.aws
    const before = await account.see()
    const guard: (typeof guards)[number] = ({ service, caller }) => {
      if (service !== 'dynamodb' || caller.kind !== 'function') return
      throw new AwsError('InternalServerError', 'down')
    }
    guards.push(guard)
    const after = await account.see()
    guards.splice(guards.indexOf(guard), 1)
    expect(after.services).toEqual(before.services)
    expect(account.reader().trouble).toMatch(
      /^Caretaker answered 50\d: .*It is asked again in 0 s\.$/s,
    )
    await account.see()
    expect(account.reader().trouble).toBeUndefined()
  })

  const named = (name: string, message: string) => Object.assign(new Error(message), { name })
  const place = { environment: 'dev', region: 'eu-central-1', timeZone: 'UTC', now: new Date() }

  test.each([
    [
      'throttled',
      named('ThrottlingException', 'Rate exceeded'),
      /^AWS is asked more than it answers at the moment \(ThrottlingException\)\. It is asked again in 40 s\.$/,
    ],
    [
      'the entrance is',
      new Error('Caretaker answered 429: TooManyRequests'),
      /^AWS is asked more than it answers/,
    ],
    [
      'signed out',
      explained(named('ExpiredTokenException', 'expired'), place),
      /^There are no AWS credentials that work .*aws sso login/,
    ],
    [
      'no network',
      explained(Object.assign(new Error('fetch failed'), { code: 'ENOTFOUND' }), place),
      /^AWS cannot be reached: ENOTFOUND\./,
    ],
  ])('%s, it is said in plain words', (_, error, words) => {
    expect(troubleOf(error, 40_000)).toMatch(words)
  })
})

describe('npx caretaker console', () => {
  test.each([
    ['console --port 99999', '--port: found "99999"'],
    ['console --served-at caretaker.example.com', '--served-at: found'],
    ['console --served-at http://caretaker.example.com', 'allowed: https://'],
    ['console --served-at https://caretaker.example.com --acts', 'would act under your name'],
    ['console --environment dev --aws', 'in which Region? Set AWS_REGION'],
    ['console --environment dev --local', '--environment is of AWS'],
  ])('%s: one clear line, and nothing is served', async (words, told) => {
    const typed = await desk.plain(words)
    expect(typed).toMatchObject({ code: 2, out: '' })
    expect(typed.told).toContain(told)
  })

  test('serves until Ctrl-C, at an address with a key, and says as whom', async () => {
    const typed = desk.types('console --port 0', 'bob')
    await expect.poll(() => desk.opened.length, { timeout: 60_000 }).toBe(1)
    expect(desk.opened[0]).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\?key=[\w-]{32}$/)
    desk.interrupt()
    const { code, out } = await typed
    expect(code).toBe(0)
    expect(out).toContain(
      'The console of dev (eu-central-1, account 123456789012), as bob@example.com',
    )
    expect(out).toContain('It only reads')
  })
})
