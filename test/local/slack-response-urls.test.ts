import { describe, expect, test } from 'vitest'
import { payloadOf, section, staffed } from '../kits/slack.ts'

const BLOCKS = [
  section('orders'),
  {
    type: 'actions',
    elements: [{ type: 'button', text: { type: 'plain_text', text: 'Undo' }, action_id: 'undo' }],
  },
]

/** A message whose button was pressed, and the address for the answer. */
async function pressed() {
  const all = staffed()
  const { channel = '', ts = '' } = await all.post({ blocks: BLOCKS })
  await all.during(all.slack.does.press('Undo', { by: 'ana' }))
  const url = String(payloadOf(all.received).response_url)
  const say = (value: object) => all.respond(url, value)
  return { ...all, channel, ts, url, say }
}

describe('an address for an answer', () => {
  test('tells the person alone, unless it says otherwise', async () => {
    const { slack, say } = await pressed()
    expect(await say({ text: 'only you' })).toBe('200 ok')
    expect(await say({ text: 'all of you', response_type: 'in_channel' })).toBe('200 ok')
    expect(slack.people.shownTo('U0ANA')).toMatchObject([{ kind: 'ephemeral', text: 'only you' }])
    expect(slack.messages.map(({ text }) => text)).toEqual(['hello', 'all of you'])
  })

  test('answers in the thread', async () => {
    const { slack, ts, say } = await pressed()
    const body = { response_type: 'in_channel', replace_original: false, thread_ts: ts }
    await say({ text: 'in the thread', ...body })
    expect(slack.messages[1]).toMatchObject({ thread_ts: ts, notifiedAt: [] })
    await say({ text: 'for you', thread_ts: ts })
    expect(slack.people.shownTo('U0ANA')).toMatchObject([{ text: 'for you', thread_ts: ts }])
  })

  test('replaces the message, and deletes it', async () => {
    const { slack, say } = await pressed()
    await say({ text: 'undone', replace_original: true })
    expect(slack.messages).toMatchObject([{ text: 'undone', blocks: [], edits: [{}] }])
    expect(await say({ text: 'x', delete_original: true })).toBe(
      '404 {"ok":false,"error":"invalid_arguments"}',
    )
    await say({ delete_original: true })
    expect(slack.messages).toEqual([])
    expect(await say({ text: 'x', replace_original: true })).toBe(
      '404 {"ok":false,"error":"message_not_found"}',
    )
  })

  test('replaces and deletes what only one person sees', async () => {
    const { slack, say, during, respond, received } = await pressed()
    await say({ text: 'sure?', blocks: BLOCKS })
    await during(slack.does.press('Undo', { by: 'ana', ephemeral: true }))
    const url = String(payloadOf(received).response_url)
    await respond(url, { text: 'done', replace_original: true })
    expect(slack.people.shownTo('U0ANA')).toMatchObject([{ text: 'done', blocks: [] }])
    await respond(url, { delete_original: true })
    expect(slack.people.shownTo('U0ANA')).toEqual([])
  })

  test('is used up after five times', async () => {
    const { say } = await pressed()
    for (let use = 1; use <= 5; use++) expect(await say({ text: `${use}` })).toBe('200 ok')
    expect(await say({ text: '6' })).toBe('404 {"ok":false,"error":"used_url"}')
  })

  test('ends after 30 minutes', async () => {
    const { world, say } = await pressed()
    await world.run(29 * 60_000)
    expect(await say({ text: 'in time' })).toBe('200 ok')
    await world.run(60_000)
    expect(await say({ text: 'late' })).toBe('404 {"ok":false,"error":"expired_url"}')
  })

  test('takes only what Slack takes, and is itself a secret', async () => {
    const { say, respond, url } = await pressed()
    const blocks = [{ type: 'section' }]
    expect(await say({ text: 'x', blocks })).toBe('404 {"ok":false,"error":"invalid_blocks"}')
    expect(await respond(`${url}0`, { text: 'x' })).toBe('404 {"ok":false,"error":"invalid_url"}')
  })

  test('works after a command, where there is nothing to replace', async () => {
    const { slack, during, respond, received } = staffed()
    await during(slack.does.command('/caretaker why', { by: 'bo' }))
    const url = new URLSearchParams(received[0]?.body).get('response_url') ?? ''
    await respond(url, { text: 'because' })
    expect(slack.people.shownTo('U0BO')).toMatchObject([{ text: 'because' }])
    expect(await respond(url, { text: 'x', replace_original: true })).toBe(
      '404 {"ok":false,"error":"message_not_found"}',
    )
  })

  test('is not answered while Slack is down', async () => {
    const { slack, say } = await pressed()
    slack.down = true
    expect(await say({ text: 'x' })).toBe('503 Service Unavailable')
  })
})
