import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import type { Finding, Level } from '../../cli/doctor/finding.ts'
import { line } from '../../cli/doctor/finding.ts'
import * as judge from '../../cli/doctor/judge-slack.ts'
import { examineSlack } from '../../cli/doctor/slack.ts'
import { SCOPES } from '../../local/simulation/slack-app.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { Acts } from '../kits/acts.ts'

const SECRET = 'dev/caretaker/slack-signing'
const TOKEN = { team: 'acme', user: 'caretaker', scopes: Object.keys(judge.SCOPES) }
const NOW = new Date('2026-03-02T09:00:00Z')
const after = (seconds: number) => new Date(NOW.getTime() + seconds * 1000)
const signed = (status: number, echoed: boolean) => ({ status, echoed })

describe('a judgement', () => {
  test.each<[string, Finding, Level, RegExp]>([
    ['a token', judge.judgeToken(TOKEN), 'OK', /caretaker in acme/],
    ['a revoked one', judge.judgeToken({ ...TOKEN, error: 'token_revoked' }), 'FAIL', /revoked/],
    [
      'no way to Slack',
      judge.judgeUnreached(
        new TypeError('fetch failed', { cause: new Error('ENOTFOUND slack.com') }),
      ),
      'WARN',
      /cannot be reached from here \(ENOTFOUND slack.com\)/,
    ],
    ['every scope', judge.judgeScopes(TOKEN), 'OK', /every scope/],
    [
      'a scope that is missing',
      judge.judgeScopes({ ...TOKEN, scopes: TOKEN.scopes.filter((one) => one !== 'commands') }),
      'FAIL',
      /lacks commands \(\/caretaker\)/,
    ],
    [
      'the one scope that all but one thing works without',
      judge.judgeScopes({ ...TOKEN, scopes: TOKEN.scopes.filter((one) => one !== 'users:read') }),
      'WARN',
      /lacks users:read \(the time zone/,
    ],
    ['a clock', judge.judgeClock(after(2), NOW), 'OK', /2 s apart/],
    ['a clock that is wrong', judge.judgeClock(after(-400), NOW), 'WARN', /-400 s apart/],
    ['no clock', judge.judgeClock(undefined, NOW), 'WARN', /has not told/],
    ['a channel', judge.judgeChannel('#a', [{ name: 'a', is_member: true }]), 'OK', /#a is there/],
    ['a hidden one', judge.judgeChannel('#a', [{ name: 'b' }]), 'FAIL', /does not show #a/],
    [
      'one without the bot',
      judge.judgeChannel('a', [{ name: 'a', is_member: false }]),
      'FAIL',
      /invite @caretaker/,
    ],
    [
      'an archived one',
      judge.judgeChannel('a', [{ name: 'a', is_archived: true }]),
      'FAIL',
      /archived/,
    ],
    ['blocks', judge.judgeBlocks(undefined), 'OK', /takes our blocks/],
    ['blocks of another Slack', judge.judgeBlocks('unknown_method'), 'WARN', /unknown_method/],
    [
      'no secret',
      judge.judgeSigning(undefined, SECRET),
      'WARN',
      /npx caretaker environment deploy/,
    ],
    ['what the stack puts in', judge.judgeSigning('none', SECRET), 'FAIL', /no signing secret/],
    ['one secret', judge.judgeSigning('a'.repeat(32), SECRET), 'OK', /is in dev/],
    [
      'two secrets',
      judge.judgeSigning(`${'a'.repeat(32)} ${'b'.repeat(32)}`, SECRET),
      'OK',
      /take the old one out/,
    ],
    ['an entrance', judge.judgeEntrance('https://x', signed(200, true)), 'OK', /takes what is/],
    ['a deaf one', judge.judgeEntrance('https://x', signed(401, false)), 'FAIL', /another signing/],
    ['a broken one', judge.judgeEntrance('https://x', signed(502, false)), 'FAIL', /Its log/],
    ['none', judge.judgeEntrance(undefined, undefined), 'WARN', /npx caretaker environment deploy/],
    ['one that was not asked', judge.judgeEntrance('https://x', undefined), 'WARN', /not asked/],
  ])('of %s', (_, finding, level, text) => {
    expect(finding.level).toBe(level)
    expect(line(finding)).toMatch(text)
    expect(finding.remedy === undefined).toBe(level === 'OK')
  })
})

describe('npx caretaker environment doctor slack', () => {
  async function examined(acts: Acts): Promise<string[]> {
    const { aws, catalog, internet, world } = acts.stage.simulation
    const outside = {
      now: acts.now,
      fetch: ((input: string, init?: RequestInit) =>
        internet.deliver(new Request(input, init))) as typeof fetch,
    }
    const configuration = sdkConfiguration(aws, { kind: 'person', name: 'ann' })
    const findings = examineSlack(catalog, configuration, outside)
    findings.catch(() => {
      // Whoever awaits it hears of it.
    })
    await world.run(60_000)
    return (await findings).map(({ level, what }) => `${level} ${what}`)
  }

  test('asks Slack and the entrance, and posts nothing', async () => {
    const acts = await Acts.open()
    expect(await examined(acts)).toEqual([
      'OK The Slack token is in dev/caretaker/slack',
      'OK Slack takes the token: caretaker in simulated',
      'OK The app has every scope',
      'WARN Slack has not told its time',
      'OK #dev-environment is there, and the bot is in it',
      'OK #storefront is there, and the bot is in it',
      'OK #ordering is there, and the bot is in it',
      'OK Slack takes our blocks',
      'OK The signing secret is in dev/caretaker/slack-signing',
      `OK The entrance takes what is signed: ${acts.url('ReceiveSlackUrl')}`,
      'WARN Alarms are told to nobody',
    ])
    expect(acts.slack.messages).toEqual([])
    // What sleeps was looked at meanwhile, whoever asks.
    const items = (await acts.items()).filter(({ pk }) => pk !== 'sleep')
    expect(items).toEqual([])
  })

  test('names what is missing', async () => {
    const acts = await Acts.open()
    acts.slack.kick('#storefront')
    acts.slack.rename('#ordering', 'orders')
    await acts.stage.call('secrets-manager', 'PutSecretValue', {
      SecretId: SECRET,
      SecretString: 'none',
    })
    const found = await examined(acts)
    expect(found).toContain('FAIL The bot is not in #storefront')
    expect(found).toContain(
      'FAIL Slack does not show #ordering: it is private without the bot, renamed or misspelt',
    )
    expect(found).toContain(
      'FAIL dev/caretaker/slack-signing holds no signing secret: the entrance takes nothing',
    )
    expect(found).toContain('WARN The entrance was not asked')
  })
})

describe('the app’s manifest', () => {
  const manifest = parse(readFileSync('docs/slack-app-manifest.yaml', 'utf8'))

  test('asks for the scopes that the doctor looks for, and the local Slack gives', () => {
    const { bot } = manifest.oauth_config.scopes
    expect(bot.toSorted()).toEqual(Object.keys(judge.SCOPES).toSorted())
    expect([...SCOPES].toSorted()).toEqual(bot.toSorted())
  })

  test('names one address for everything that Slack sends', () => {
    const { features, settings } = manifest
    expect([
      features.slash_commands[0].url,
      settings.event_subscriptions.request_url,
      settings.interactivity.request_url,
    ]).toEqual(['REQUEST_URL', 'REQUEST_URL', 'REQUEST_URL'])
    expect(settings.event_subscriptions.bot_events).toEqual(['app_mention'])
  })
})
