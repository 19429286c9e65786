import { describe, expect, test } from 'vitest'
import { only, refused, workspace } from '../kits/slack.ts'

describe('rates and failures', () => {
  test('a burst goes through, then one message a second in a channel', async () => {
    const { world, call } = workspace()
    const outcomes = await call((client) =>
      Promise.allSettled(
        Array.from({ length: 7 }, () =>
          client.chat.postMessage({ channel: '#orders', text: 'again' }),
        ),
      ),
    )
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(5)
    expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
      reason: { code: 'slack_webapi_rate_limited_error', retryAfter: 1 },
    })
    await call((client) => client.chat.postMessage({ channel: '#platform', text: 'elsewhere' }))
    await world.run(1_000)
    await call((client) => client.chat.postMessage({ channel: '#orders', text: 'later' }))
  })

  test('down: 503 and nothing is kept', async () => {
    const { slack, post } = workspace()
    slack.down = true
    await expect(post()).rejects.toMatchObject({ statusCode: 503 })
    slack.down = false
    expect(slack.messages).toEqual([])
    await post()
  })

  test('an answer is lost although the message was taken', async () => {
    const { slack, post } = workspace()
    slack.lostAnswers = 1
    await expect(post()).rejects.toMatchObject({ code: 'slack_webapi_request_error' })
    expect(only(slack)).toMatchObject({ text: 'hello' })
    await post()
    expect(slack.messages).toHaveLength(2)
  })
})

describe('what the app may do', () => {
  test('auth.test tells the scopes', async () => {
    const { call } = workspace({ scopes: ['chat:write', 'channels:read'] })
    const answer = await call((client) => client.auth.test())
    expect(answer).toMatchObject({ user_id: 'U0CARETAKER', bot_id: 'B0CARETAKER' })
    expect(answer.response_metadata?.scopes).toEqual(['chat:write', 'channels:read'])
  })

  test.each([
    ['chat.postMessage', { channel: '#orders', text: 'x' }, 'chat:write'],
    ['conversations.list', {}, 'channels:read'],
    ['conversations.list', { types: 'public_channel, private_channel' }, 'channels:read'],
    ['files.getUploadURLExternal', { filename: 'a.png', length: 1 }, 'files:write'],
  ])('%s with %j needs %s more', async (method, given, needed) => {
    const { call } = workspace({ scopes: ['groups:read', 'commands'] })
    const answer = call((client) => client.apiCall(method, given))
    await expect(answer).rejects.toMatchObject({
      data: { error: 'missing_scope', needed, provided: 'groups:read,commands' },
    })
  })

  test('the history of a private channel needs a scope of its own', async () => {
    const { slack, call, post } = workspace({
      channels: [{ name: '#team', private: true }],
      scopes: ['chat:write', 'channels:history'],
    })
    const { channel = '' } = await post({ channel: '#team' })
    const history = () => call((client) => client.conversations.history({ channel }))
    await expect(history()).rejects.toMatchObject({
      data: { error: 'missing_scope', needed: 'groups:history' },
    })
    slack.app.install(['chat:write', 'channels:history', 'groups:history'])
    expect((await history()).messages).toHaveLength(1)
  })

  test('an app that was removed, and installed again with another token', async () => {
    const { slack, call, clientOf, post, world } = workspace()
    const { channel = '', ts = '' } = await post()
    const before = clientOf(slack.token)
    slack.app.uninstall()
    await expect(post()).rejects.toMatchObject(refused('account_inactive'))
    const token = slack.app.install()
    expect(token).not.toBe('xoxb-simulated')
    const old = world.busy(() => before.auth.test())
    old.catch(() => {})
    await world.run(200)
    await expect(old).rejects.toMatchObject(refused('account_inactive'))
    await call((client) => client.chat.update({ channel, ts, text: 'still ours' }))
    expect(only(slack).text).toBe('still ours')
  })

  test('a token that was taken back', async () => {
    const { slack, post } = workspace()
    slack.app.revoke()
    await expect(post()).rejects.toMatchObject(refused('token_revoked'))
  })
})

test('one method answers 429 for as long as it is told to, others go on', async () => {
  const { slack, world, call, post } = workspace()
  const { channel = '', ts = '' } = await post()
  slack.limit('chat.postMessage', 30)
  await expect(post()).rejects.toMatchObject({
    code: 'slack_webapi_rate_limited_error',
    retryAfter: 30,
  })
  await call((client) => client.chat.update({ channel, ts, text: 'edited' }))
  await world.run(28_000)
  await expect(post()).rejects.toMatchObject({ retryAfter: 2 })
  await world.run(2_000)
  await post()
})
