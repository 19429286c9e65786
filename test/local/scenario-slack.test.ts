import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type Facts, unmet } from '../../local/scenario/expect.ts'
import { play } from '../../local/scenario/play.ts'
import { readScenario } from '../../local/scenario/read.ts'
import type { ExpectedMessages } from '../../local/scenario/schema.ts'
import { doInSlack } from '../../local/scenario/slack.ts'
import { staffed, USERS, workspace } from '../kits/slack.ts'
import { temporaryDirectory } from '../kits/temporary.ts'

function written(steps: string): string {
  const path = join(temporaryDirectory(), 'scenario.yaml')
  writeFileSync(path, `name: x\nsteps:\n${steps}`)
  return path
}

const BLOCKS = [
  {
    type: 'actions',
    elements: [
      {
        ...{ type: 'button', text: { type: 'plain_text', text: 'Roll back' }, action_id: 'a' },
        confirm: {
          title: { type: 'plain_text', text: 'Sure?' },
          text: { type: 'plain_text', text: 'orders goes back.' },
          confirm: { type: 'plain_text', text: 'Yes' },
          deny: { type: 'plain_text', text: 'No' },
        },
      },
    ],
  },
]

describe('what a step does in Slack', () => {
  test('a press, a command and a mention reach the app, and the world runs until they have', async () => {
    const all = staffed()
    await all.post({ text: 'orders runs', blocks: BLOCKS })
    const before = all.world.now
    const steps = [
      { press: 'Roll back', message: 'orders', by: 'ana' },
      { command: '/caretaker why orders', by: 'U0BO', channel: '#platform' },
      { mention: 'rollback web', thread: 'orders runs', by: 'ana' },
    ]
    for (const step of steps) expect(await doInSlack(step, all)).toEqual([])
    expect(all.received.map(({ url }) => url.split('/').at(-1))).toEqual([
      ...['press', 'command', 'event'],
    ])
    expect(all.slack.messages.at(-1)).toMatchObject({ thread_ts: all.slack.messages[0]?.ts })
    expect(all.world.now).toBeGreaterThan(before)
  })

  test('no to the question sends nothing', async () => {
    const all = staffed()
    await all.post({ blocks: BLOCKS })
    expect(await doInSlack({ press: 'Roll back', by: 'ana', answer: 'deny' }, all)).toEqual([])
    expect(all.received).toEqual([])
  })

  test('what Slack tells the person is told of the step', async () => {
    const all = staffed(() => new Response('', { status: 500 }))
    await all.post({ blocks: BLOCKS })
    expect(await doInSlack({ press: 'Roll back', by: 'ana' }, all)).toEqual([
      'slack: press: This app responded with Status Code 500.',
    ])
    expect(await doInSlack({ command: '/caretaker why', by: 'ana' }, all)).toEqual([
      'slack: command: /caretaker failed with the error "dispatch_failed"',
    ])
    all.slack.kick('#orders')
    expect(await doInSlack({ mention: 'status', by: 'ana' }, all)).toEqual([
      'slack: mention: the app was not told',
    ])
  })

  test.each([
    [{ press: 'Undo', by: 'ana' }, 'There is no button “Undo” (there are: none)'],
    [{ press: 'Undo', by: 'eve' }, 'There is no Slack user eve; there is ana, bo'],
    [
      { command: '/caretaker why', by: 'ana', channel: '#nowhere' },
      'There is no Slack channel #nowhere',
    ],
    [{ mention: 'hi', by: 'ana', thread: 'lost' }, 'there is no message with “lost”'],
    [{ delete: 'lost' }, 'there is no message with “lost”'],
  ])('%j cannot be done', async (step, why) => {
    expect(await doInSlack(step, staffed())).toEqual([`slack: ${why}`])
  })

  test('the newest message with a text is deleted; one method answers 429', async () => {
    const all = staffed()
    for (const text of ['web runs', 'orders runs', 'orders runs again']) await all.post({ text })
    expect(await doInSlack({ delete: 'orders' }, all)).toEqual([])
    expect(all.slack.messages.map(({ text }) => text)).toEqual(['web runs', 'orders runs'])
    await doInSlack({ limit: 30, method: 'chat.postMessage' }, all)
    await expect(all.post()).rejects.toMatchObject({ retryAfter: 30 })
  })

  test('nothing reaches an app whose request URLs nobody has told Slack', async () => {
    const all = workspace({ users: USERS })
    await all.post({ blocks: BLOCKS })
    const steps = [
      { press: 'Roll back', by: 'ana' },
      { command: '/caretaker why', by: 'ana' },
      { mention: 'status', by: 'ana' },
    ]
    for (const step of steps) {
      expect(await doInSlack(step, all)).toEqual([
        'slack: The Slack app has no request URL: Slack cannot tell it what people do',
      ])
    }
  })

  test('while Slack is down nobody does anything', async () => {
    const all = staffed()
    await doInSlack({ down: true }, all)
    expect(await doInSlack({ command: '/caretaker why', by: 'ana' }, all)).toEqual([
      'slack: Slack is down',
    ])
    await doInSlack({ down: false }, all)
    expect(await doInSlack({ command: '/caretaker why', by: 'ana' }, all)).toEqual([])
  })
})

test('what cannot be done in Slack is a failed step of its scenario, which says where', async () => {
  const file = written(`  - at: +1m
    slack: { press: Roll back, by: ann }
  - at: +1m
    slack: { mention: status, by: ann }
  - at: +1m
    expect: { messages: [{ channel: "#ordering", count: 0 }] }
`)
  const { simulation, failures } = await play(readScenario(file), { seed: 1 })
  expect(failures).toEqual([
    {
      where: expect.stringMatching(/scenario\.yaml:3$/),
      problem: 'slack: There is no button “Roll back” (there are: none)',
    },
  ])
  expect(simulation.slack.people.users).toContainEqual({
    ...{ id: 'U0ANN', name: 'ann', email: 'ann@example.com', timeZone: 'Europe/Berlin' },
  })
})

describe('what is expected of messages', () => {
  const facts: Facts = {
    ...{ services: [], verdicts: [], calls: [], pushed: [], messagesAbout: () => 0 },
    messages: [
      { channel: '#a', text: 'web runs', notifiedAt: ['09:00'] },
      { channel: '#a', text: 'web was rolled back', notifiedAt: [] },
      { channel: '#b', text: 'orders runs', notifiedAt: ['09:00', '10:00'] },
      { channel: '#a', text: 'only you', notifiedAt: [], to: ['U0ANA', 'ana'] },
    ],
  }

  test.each<[ExpectedMessages, string[]]>([
    [{ channel: '#a', count: 2, notified: 1 }, []],
    [{ text: 'runs', count: 2, notified: 3 }, []],
    [{ text: 'runs' }, []],
    [{ to: 'ana', text: 'only you', count: 1 }, []],
    [{ channel: '#c' }, ['messages in #c: expected at least 1, found 0']],
    [{ text: 'only you' }, ['messages with “only you”: expected at least 1, found 0']],
    [{ to: 'bo', count: 1 }, ['messages to bo: expected 1, found 0']],
    [
      { channel: '#b', text: 'orders', notified: 1 },
      ['messages in #b with “orders”: expected to notify 1 times, notified 2 times'],
    ],
  ])('%j', (expected, problems) => {
    expect(unmet({ messages: [expected] }, facts)).toEqual(problems)
  })
})

describe('a wrong step', () => {
  test.each([
    ['slack: { press: Undo }', /:4 steps\.0\.slack: .*press, command and mention need by/],
    ['slack: { by: ana }', /:4 steps\.0\.slack: .*one of press/],
    ['slack: { press: a, command: /b, by: ana }', /:4 steps\.0\.slack: .*one of press/],
    ['slack: { down: true, method: a }', /:4 steps\.0\.slack: .*one of press/],
    ['slack: { limit: 0 }', /:4 steps\.0\.slack\.limit: found 0, allowed: seconds/],
    [
      'slack: { command: why, by: ana }',
      /slack\.command: found "why", allowed: such as \/caretaker/,
    ],
    [
      'expect: { messages: 2 }',
      /:4 steps\.0\.expect\.messages: found "no service", allowed: .*orders/,
    ],
    ['expect: { awake: true }', /expect\.awake: found "no service", allowed: .*orders/],
  ])('%s', (action, problem) => {
    expect(() => readScenario(written(`  - at: +1m\n    ${action}\n`))).toThrow(problem)
  })
})
