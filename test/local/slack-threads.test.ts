import { describe, expect, test } from 'vitest'
import { refused, workspace } from '../kits/slack.ts'

/** A message with one reply. */
async function thread() {
  const all = workspace()
  const { channel = '', ts: parent = '' } = await all.post({ text: 'parent' })
  const { ts: reply = '' } = await all.post({ text: 'reply', thread_ts: parent })
  const history = async () =>
    (await all.call((client) => client.conversations.history({ channel }))).messages ?? []
  return { ...all, channel, parent, reply, history }
}

describe('threads', () => {
  test('a thread is read by its parent or a reply, the parent first', async () => {
    const { call, post, channel, parent, reply } = await thread()
    await post({ text: 'second', thread_ts: parent })
    for (const ts of [parent, reply]) {
      const { messages } = await call((client) => client.conversations.replies({ channel, ts }))
      expect(messages?.map(({ text }) => text)).toEqual(['parent', 'reply', 'second'])
      expect(messages?.[0]).toMatchObject({ thread_ts: parent, reply_count: 2 })
    }
    const none = call((client) => client.conversations.replies({ channel, ts: '1.000001' }))
    await expect(none).rejects.toMatchObject(refused('thread_not_found'))
  })

  test('a reply to a deleted parent stands in the channel, and only the answer shows it', async () => {
    const { slack, call, post } = workspace()
    const { channel = '', ts = '' } = await post({ text: 'parent' })
    await call((client) => client.chat.delete({ channel, ts }))
    const answer = await post({ text: 'late', thread_ts: ts })
    expect(answer.ok).toBe(true)
    expect(answer.message).not.toHaveProperty('thread_ts')
    expect(slack.messages).toMatchObject([{ text: 'late', notifiedAt: [expect.any(String)] }])
    const threaded = await post({ text: 'in time', thread_ts: answer.ts })
    expect(threaded.message).toMatchObject({ thread_ts: answer.ts })
  })

  test('a parent that had replies leaves a mark; it cannot be edited', async () => {
    const { call, channel, parent, history } = await thread()
    await call((client) => client.chat.delete({ channel, ts: parent }))
    expect(await history()).toMatchObject([
      { subtype: 'tombstone', ts: parent, text: 'This message was deleted.', reply_count: 1 },
    ])
    const { messages } = await call((client) =>
      client.conversations.replies({ channel, ts: parent }),
    )
    expect(messages?.map(({ text }) => text)).toEqual(['This message was deleted.', 'reply'])
    const edit = call((client) => client.chat.update({ channel, ts: parent, text: 'x' }))
    await expect(edit).rejects.toMatchObject(refused('message_not_found'))
  })

  test('the name of a reply is no thread', async () => {
    const { post, reply } = await thread()
    await expect(post({ thread_ts: reply })).rejects.toMatchObject(
      refused('invalid_arguments', [
        '[ERROR] the simulated Slack does not know thread_ts of a reply; give its parent’s',
      ]),
    )
  })
})

describe('what tells the people of a channel', () => {
  test('a new message does; a reply and an edit do not', async () => {
    const { slack, call, channel, parent } = await thread()
    await call((client) => client.chat.update({ channel, ts: parent, text: 'edited' }))
    expect(slack.messages.map(({ text, notifiedAt }) => [text, notifiedAt.length])).toEqual([
      ['edited', 1],
      ['reply', 0],
    ])
    expect(slack.messages[0]?.notifiedAt).toEqual([slack.messages[0]?.posted.at])
  })

  test('a broadcast reply does, and the channel shows it', async () => {
    const { slack, post, parent, history } = await thread()
    await post({ text: 'look', thread_ts: parent, reply_broadcast: true })
    expect((await history()).map(({ text, subtype }) => [text, subtype])).toEqual([
      ['look', 'thread_broadcast'],
      ['parent', undefined],
    ])
    expect(slack.messages.at(-1)).toMatchObject({
      broadcast: true,
      notifiedAt: [expect.any(String)],
    })
  })

  test('a reply can be broadcast later, once, and not while its content changes', async () => {
    const { slack, call, channel, reply, history } = await thread()
    const broadcast = (more: object) =>
      call((client) =>
        client.apiCall('chat.update', { channel, ts: reply, reply_broadcast: true, ...more }),
      )
    await expect(broadcast({ text: 'new' })).rejects.toMatchObject(
      refused('no_dual_broadcast_content_update'),
    )
    await broadcast({})
    await broadcast({})
    expect(slack.messages.at(-1)).toMatchObject({ text: 'reply', edits: [] })
    expect(slack.messages.at(-1)?.notifiedAt).toHaveLength(1)
    expect((await history()).map(({ text }) => text)).toEqual(['reply', 'parent'])
  })
})

test('a history in pages', async () => {
  const { call, post } = workspace()
  const { channel = '' } = await post({ text: 'one' })
  for (const text of ['two', 'three']) await post({ text })
  const first = await call((client) => client.conversations.history({ channel, limit: 2 }))
  expect(first.messages?.map(({ text }) => text)).toEqual(['three', 'two'])
  const cursor = first.response_metadata?.next_cursor ?? ''
  const rest = await call((client) => client.conversations.history({ channel, limit: 2, cursor }))
  expect(rest).toMatchObject({ has_more: false, messages: [{ text: 'one' }] })
  const wrong = call((client) => client.conversations.history({ channel, cursor: 'x' }))
  await expect(wrong).rejects.toMatchObject(refused('invalid_cursor'))
})
