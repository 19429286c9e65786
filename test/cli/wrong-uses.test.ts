import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { explained } from '../../cli/asking/configuration.ts'
import { Desk } from '../kits/desk.ts'

let desk: Desk
beforeAll(async () => {
  desk = await Desk.open()
})
afterAll(() => desk.close())

/** What somebody types, and what they are told. */
const WRONG: [words: string, told: RegExp][] = [
  // The command.
  ['statsu', /^Unknown command 'statsu'\. Did you mean status\?/],
  ['deploi orders main', /^Unknown command 'deploi'\. Did you mean deploy\?/],
  ['synth', /^Unknown command 'synth'\. Did you mean environment synth\?/],
  ['destroy', /^Unknown command 'destroy'\. Did you mean environment destroy\? See/],
  ['deploy', /^It names no service and no tag: .* The environment itself: `caretaker environment/],
  ['environment depoy', /^Unknown command 'depoy'\. Did you mean deploy\?/],
  ['slack maniest', /Did you mean manifest\?/],
  // Its options.
  ['status --jsn', /^Unknown option '--jsn'\. Did you mean --json\?.*`caretaker status --help`/],
  ['environment deploy --force', /^Unknown option '--force'\. See `caretaker environment deploy/],
  ['freeze orders --until', /^--until <time>: found "--endpoint-url", allowed: a value/],
  ['why orders --local --as', /^Option '--as <e-mail>' argument missing/],
  ['freeze --until 18:00 --for 2h', /^Option '--until <time>' cannot be used with option '--for/],
  ['why orders --local --aws', /^Option '--local' cannot be used with option '--aws'/],
  ['start --speed fast', /^--speed: found "fast", allowed: a whole number from 0/],
  ['start --console-port 70000', /^--console-port: found "70000", allowed: .* to 65535/],
  ['simulate a.yaml --seed 1.5', /^--seed: found "1\.5", allowed: a whole number/],
  ['push orders --image sad', /^Option '--image <kind>' argument 'sad' is invalid\. Allowed/],
  ['environment doctor slak', /'slak' is invalid for argument 'about'\. Allowed choices are slack/],
  ['freeze --team "a b" --until 18:00', /^--team: found "a b", allowed: a name, one word/],
  ['environment verify', /^Required option '--service <service>' not specified/],
  ['environment verify --service ordres', /^The service: found "ordres", .* Did you mean orders\?/],
  ['environment verify --service nightly-report', /^--service: nightly-report is a job; allowed/],
  // What is missing, and what is too much.
  ['why', /it names no service\. It is written `why <service>`/],
  ['deploy orders', /it names no service and a tag/],
  ['rollback', /it names no service/],
  ['freeze orders', /it does not say until when/],
  ['acknowledge', /it names no alarm/],
  ['own instance/i-1', /it names no resource and team/],
  ['keep', /it names no service, team or environment/],
  ['simulate', /^Missing required argument 'scenario'/],
  ['wait', /^Missing required argument 'service@digest'/],
  ['push', /^Missing required argument 'service'/],
  ['why orders payments', /^Too many arguments for 'why'\. Expected 1 argument but got 2/],
  ['history orders 20', /^Too many arguments for 'history'/],
  ['thaw orders now', /"now" is left over/],
  ['pin or,ders', /something in it is no name/],
  // Times.
  ['freeze --until yesterday', /"yesterday" is no time I can read\. Write `18:00`/],
  ['freeze --until 25:00', /"25:00" is no time I can read/],
  ['freeze --until "2026-03-01 09:00"', /is past: it is Mon 2 Mar 10:00 Europe\/Berlin now/],
  ['freeze --until 2026-09-01T09:00Z', /is more than 92 days away/],
  ['freeze orders until 18:00 --until 19:00', /^--until: the words before it say until when/],
  ['mute dev-orders-errors --for soon', /"soon" is no time I can read/],
  ['logs orders since', /since when\?/],
  ['wait orders@sha256:41ab09f3 --timeout 18:00', /^--timeout: found "18:00", allowed: a length/],
  // Names.
  ['wait orders', /^The image: found "orders", allowed: <service>@<digest>/],
  ['wait orders@main', /^The image: found "orders@main", allowed: <service>@<digest>/],
  ['push ordrs', /^The service: found "ordrs", allowed: gateway, .* Did you mean orders\?$/],
  ['schedule offce-hours', /^The schedule: found "offce-hours".*Did you mean office-hours\?/],
  ['schedule nightly-report', /^nightly-report follows no schedule/],
  [
    'simulate test/scenarios/none.yaml',
    /none\.yaml:1 the file: found nothing, allowed: a scenario/,
  ],
  ['slack preview none.json', /none\.json/],
  ['environment synth --catalog nowhere', /nowhere\/environment\.yaml/],
]

/** These have no place to be asked at. */
const WITHOUT_PLACE = /^(start|simulate|schedule|environment|slack|synth|destroy|statsu|deploi)/

describe(`${WRONG.length} wrong uses`, () => {
  test.each(WRONG)('%s', async (words, told) => {
    const { calls } = desk.stage.simulation.aws
    const before = calls.length
    const isPlaced = WITHOUT_PLACE.test(words) || words.includes('--local')
    const typed = isPlaced ? await desk.plain(words) : await desk.types(words)
    expect(typed).toMatchObject({ code: 2, out: '' })
    expect(typed.told.split('\n'), 'one line').toHaveLength(1)
    expect(typed.told).toMatch(told)
    expect(calls.slice(before).map(({ operation }) => operation)).toEqual([])
  })
})

describe('a name that only Caretaker knows not to be there', () => {
  test.each([
    ['why ordres', /There is no service "ordres" .* Did you mean orders\?/],
    ['pin ordres', /Did you mean orders\?/],
    ['freeze --team orderng --until 18:00', /There is no team "orderng"\. Did you mean ordering\?/],
    ['status orderng', /Did you mean ordering\?/],
    ['keep ordres', /Did you mean orders\?/],
    ['own instance/i-1 ordering', /no tags of "instance\/i-1" are watched/],
  ])('%s: 2, and nothing has changed', async (words, told) => {
    const { aws } = desk.stage.simulation
    const before = aws.calls.length
    const typed = await desk.types(words, 'olga')
    expect(typed).toMatchObject({ code: 2, out: '' })
    expect(typed.told).toMatch(told)
    const made = aws.calls.slice(before).map(({ operation }) => operation)
    expect(
      made.filter((operation) => /^(Put|Update|Transact|Delete|Create)/.test(operation)),
    ).toEqual([])
  })
})

describe('where it is asked', () => {
  test('nothing listens, or something else does', async () => {
    const nothing = await desk.runs(['status', '--endpoint-url', 'http://127.0.0.1:9'])
    expect(nothing).toMatchObject({ code: 2, out: '' })
    expect(nothing.told).toBe('Nothing answers at http://127.0.0.1:9: is `npm start` running?')
    const other = await desk.runs(['status', '--endpoint-url', `${desk.url}/elsewhere/`])
    expect(other.code).toBe(0)
    const wrong = await desk.runs(['status', '--endpoint-url', 'nowhere'])
    expect(wrong.told).toMatch(/^--endpoint-url: found "nowhere", allowed: a URL/)
  })

  test('AWS itself: nobody says who they are, and there must be a catalog', async () => {
    const named = await desk.runs(['status', '--aws', '--as', 'ann@example.com'])
    expect(named).toMatchObject({ code: 2, out: '' })
    expect(named.told).toMatch(/^--as is for a simulated AWS/)
    const set = await desk.runs(['status', '--aws'], { AWS_ENDPOINT_URL: desk.url })
    expect(set.told).toMatch(/^--aws: the variable AWS_ENDPOINT_URL says http/)
    const nowhere = await desk.runs(['status', '--aws', '--catalog', 'nowhere'])
    expect(nowhere.told).toMatch(/^There is no nowhere\/environment\.yaml, which says which/)
  })

  test('the variable of the AWS CLI names the simulation too; what was assumed is said', async () => {
    const { code, out, told } = await desk.runs(['status'], { AWS_ENDPOINT_URL: desk.url })
    expect(code).toBe(0)
    expect(out).toMatch(/^dev: \d services\./)
    expect(told).toBe(
      `Simulated AWS at ${desk.url}, as olga@example.com. Somebody else: --as <e-mail>; AWS itself: --aws.`,
    )
  })
})

test.each([
  ['ECONNREFUSED', /^http:\/\/x cannot be reached: ECONNREFUSED\.$/],
  ['ECONNRESET', /^http:\/\/x gave no answer: ECONNRESET\. If .* may have been done all the same/],
  ['UND_ERR_SOCKET', /gave no answer/],
])('an answer that is lost is not told as nothing done: %s', (code, told) => {
  const place = { ...{ environment: 'dev', region: 'eu-central-1', timeZone: 'UTC' } }
  const error = Object.assign(new Error('fetch failed'), { cause: { code } })
  const said = explained(error, { ...place, now: new Date(0), endpoint: 'http://x' })
  expect(said.message).toMatch(told)
})
