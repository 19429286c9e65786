import { marshall } from '@aws-sdk/util-dynamodb'
import { describe, expect, it } from 'vitest'
import { messageKey } from '../../../domain/table/keys.ts'
import { Recording } from '../../../local/invariants/recording.ts'
import { expectInvariants } from '../../kits/invariants.ts'
import {
  alarm,
  changed,
  countCalls,
  mails,
  messagesOf,
  nowOf,
  put,
  said,
} from '../../kits/notices.ts'
import { Stage } from '../../kits/roll-outs.ts'

/** Rows of 'Told once' and 'Slack refuses'. */

describe('told once', () => {
  it('a record that is delivered five times has one message', async () => {
    const stage = await Stage.open()
    const red = alarm()
    for (let time = 0; time < 5; time++) await put(stage, { ...red, reason: `time ${time}` })
    await stage.minutes(1)
    await put(stage, { ...red, reason: 'time 4' })
    await stage.minutes(1)
    expect(said(stage)).toEqual([
      expect.stringContaining('#storefront dev-web-errors is red since 10:00.'),
    ])
  })

  it('a message whose answer was lost is found by its metadata, and edited', async () => {
    const stage = await Stage.open()
    stage.simulation.slack.lostAnswers = 1
    await put(stage, alarm())
    await stage.minutes(4)
    await put(stage, changed(alarm(), { verdict: 'over', endedAt: '2026-03-02T09:03:10Z' }))
    await stage.minutes(1)
    expect(said(stage)).toEqual([expect.stringContaining('is over: was red 10:00:00–10:03:10')])
  })

  it('an end that arrives first is one green message, without buttons', async () => {
    const stage = await Stage.open()
    await put(stage, alarm('dev-web-errors', { verdict: 'over', endedAt: '2026-03-02T09:00:40Z' }))
    await stage.minutes(1)
    const [message, ...more] = stage.simulation.slack.messages
    expect(more).toEqual([])
    expect(message?.text).toContain('was red 10:00:00–10:00:40')
    expect(message?.blocks.map(({ type }) => type)).not.toContain('actions')
  })
})

it('while the channel cannot be read, nothing is posted again, and the record says so', async () => {
  const stage = await Stage.open()
  const { slack } = stage.simulation
  const install = (scopes: readonly string[]) =>
    stage.call('secrets-manager', 'PutSecretValue', {
      SecretId: 'dev/caretaker/slack',
      SecretString: slack.app.install(scopes),
    })
  const scopes = slack.app.scopes
  await install(scopes.filter((scope) => !scope.endsWith(':history')))
  slack.lostAnswers = 1
  await put(stage, alarm())
  await stage.minutes(5)
  expect(said(stage)).toHaveLength(1)
  const { Item } = await stage.call<{ Item: object }>('dynamodb', 'GetItem', {
    TableName: 'dev-caretaker',
    Key: { pk: { S: alarm().pk }, sk: { S: alarm().sk } },
  })
  expect(JSON.stringify(Item)).toContain('the channel cannot be read (missing_scope)')
  await install(scopes)
  await put(stage, changed(alarm(), { reason: 'worse' }))
  await stage.minutes(8)
  expect(said(stage)).toEqual([expect.stringMatching(/dev-web-errors is red.*worse/)])
})

describe('a rate limit', () => {
  it('of 30 s: 30 alarms, of which 20 are over meanwhile, are told once each, as they are then', async () => {
    const stage = await Stage.open()
    const { slack, world } = stage.simulation
    await put(stage, alarm('dev-web-latency'))
    await stage.minutes(1)
    const counted = countCalls(stage)
    const limited = world.now
    slack.limit('chat.postMessage', 30)
    const all = Array.from({ length: 30 }, (_, index) => alarm(`dev-web-${index}x`))
    for (const one of all) await put(stage, one)
    await stage.minutes(0.2)
    await put(stage, changed(alarm('dev-web-latency'), { reason: 'worse' }))
    for (const one of all.slice(0, 20))
      await put(stage, changed(one, { verdict: 'over', endedAt: nowOf(stage) }))
    await stage.minutes(0.2)
    expect(counted.get('chat.update')).toBe(1)
    expect(counted.get('chat.postMessage')).toBe(1)
    await stage.minutes(5)
    const texts = stage.simulation.slack.messages.map(({ text }) => text)
    expect(texts.filter((text) => /\dx is red/.test(text))).toHaveLength(10)
    expect(texts.filter((text) => /\dx is over: was red/.test(text))).toHaveLength(20)
    expect(texts).toHaveLength(31)
    const first = slack.messages[1]?.posted.at ?? ''
    expect(Date.parse(first) - limited).toBeGreaterThanOrEqual(30_000)
  })
})

describe('Slack takes nothing', () => {
  it('for six hours: an e-mail after ten minutes, then one summary, and what stands by itself', async () => {
    const stage = await Stage.open()
    const { slack, world } = stage.simulation
    const recording = new Recording(stage.simulation)
    await put(stage, alarm('dev-web-before'))
    await stage.minutes(1)
    slack.down = true
    const counted = countCalls(stage)
    const over = ['a', 'b', 'c'].map((name) => alarm(`dev-web-${name}x`, { at: nowOf(stage) }))
    for (const one of over) await put(stage, one)
    const standing = alarm('dev-web-standing', { at: nowOf(stage) })
    await put(stage, standing)
    await stage.minutes(8)
    expect(mails(stage)).toEqual([])
    await stage.minutes(4)
    for (const one of over)
      await put(stage, changed(one, { verdict: 'over', endedAt: nowOf(stage) }))
    await put(stage, changed(alarm('dev-web-before'), { verdict: 'over', endedAt: nowOf(stage) }))
    await stage.minutes(6 * 60)
    const [mail, ...moreMails] = mails(stage)
    expect(moreMails).toEqual([])
    expect(mail?.subject).toMatch(/^dev: Slack takes no messages since 2 Mar 10:0\d .*; 5 wait$/)
    expect(mail?.message).toContain('#storefront: dev-web-standing is red')
    const calls = [...counted.values()].reduce((sum, one) => sum + one, 0)
    expect(calls).toBeLessThanOrEqual(6 * 60 + 15)
    slack.down = false
    const up = world.now
    await stage.minutes(4)
    const since = slack.messages.filter(({ posted }) => Date.parse(posted.at) >= up)
    expect(since.map(({ text }) => text)).toEqual([
      expect.stringMatching(
        /^Slack took no messages from 2 Mar 10:0\d to 2 Mar 16:1\d Europe\/Berlin. 3 things are over by now, 1 more below.*dev-web-ax is over/s,
      ),
      expect.stringContaining('dev-web-standing is red'),
    ])
    expect(messagesOf(stage, 'dev-web-before')[0]?.text).toContain('is over')
    await stage.minutes(30)
    expect(slack.messages).toHaveLength(3)
    expectInvariants(recording, { settled: true })
  })

  it.each(['nothing', 'a claim given back'])(
    'what somebody else posts just then is no line of the summary as well: %s stood there',
    async (before) => {
      const stage = await Stage.open()
      const { slack, aws, dynamodb } = stage.simulation
      slack.down = true
      const [mine, other] = ['a', 'b'].map((name) => alarm(`dev-web-${name}x`))
      for (const one of [mine, other]) if (one) await put(stage, one)
      await stage.minutes(12)
      for (const one of [mine, other])
        if (one) await put(stage, changed(one, { verdict: 'over', endedAt: nowOf(stage) }))
      await stage.minutes(5)
      const place = {
        ...messageKey({ pk: other?.pk ?? '', sk: other?.sk ?? '' }),
        ...{ version: 2, channel: '#storefront', claimedAt: nowOf(stage), notes: {} },
      }
      const write = (item: object) =>
        dynamodb.operations.PutItem?.(
          { TableName: 'dev-caretaker', Item: marshall(item) } as never,
          { kind: 'person', name: 'the stream' },
        )
      if (before !== 'nothing') write({ ...place, free: true })
      let posted = false
      aws.guards.unshift(({ operation, input, caller }) => {
        const isFold = operation === (before === 'nothing' ? 'PutItem' : 'UpdateItem')
        const text = JSON.stringify(input)
        if (posted || !isFold || !text.includes('message#') || !text.includes('dev-web-bx')) return
        if (!caller.name.includes('tell-slack')) return
        posted = true
        write({ ...place, claimedAt: `${place.claimedAt}`.replace('Z', '.5Z'), ts: '1.2' })
      })
      slack.down = false
      await stage.minutes(4)
      expect(posted).toBe(true)
      const [summary] = slack.messages
      expect(summary?.text).toMatch(/1 thing is over by now.*dev-web-ax is over/s)
      expect(summary?.text).not.toContain('dev-web-bx')
    },
  )

  it('after the app was removed: one e-mail within ten minutes, and all is told after it is back', async () => {
    const stage = await Stage.open()
    await stage.call('secrets-manager', 'PutSecretValue', {
      SecretId: 'dev/caretaker/slack',
      SecretString: 'xoxb-of-an-app-that-was-removed',
    })
    await put(stage, alarm('dev-web-one'))
    await put(stage, alarm('dev-web-two'))
    await stage.minutes(9)
    expect(mails(stage).map(({ message }) => message)).toEqual([
      expect.stringContaining('(invalid_auth)'),
    ])
    await stage.minutes(30)
    await stage.call('secrets-manager', 'PutSecretValue', {
      SecretId: 'dev/caretaker/slack',
      SecretString: stage.simulation.slack.token,
    })
    await stage.minutes(3)
    expect(said(stage).toSorted()).toEqual([
      expect.stringContaining('dev-web-one is red'),
      expect.stringContaining('dev-web-two is red'),
    ])
    expect(mails(stage)).toHaveLength(1)
  })

  it('before it is connected, what is red or failed goes out by e-mail at once, each once', async () => {
    const stage = await Stage.open()
    await stage.call('secrets-manager', 'PutSecretValue', {
      SecretId: 'dev/caretaker/slack',
      SecretString: 'no token',
    })
    await put(stage, alarm())
    await stage.minutes(1)
    await put(stage, changed(alarm(), { reason: 'worse' }))
    await stage.minutes(60)
    expect(mails(stage).map(({ subject }) => subject)).toEqual([
      'dev: dev-web-errors is red since 10:00',
    ])
    expect(mails(stage)[0]?.message).toContain('because: Slack is not connected')
  })
})
