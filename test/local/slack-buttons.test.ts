import { describe, expect, test } from 'vitest'
import { ConnectionLost } from '../../local/outside/internet.ts'
import { payloadOf, refused, section, staffed } from '../kits/slack.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const QUESTION = { title: 'Sure?', text: 'It stops.', confirm: 'Roll back', deny: 'Leave it' }
const confirm = {
  title: plain(QUESTION.title),
  text: plain(QUESTION.text),
  confirm: plain(QUESTION.confirm),
  deny: plain(QUESTION.deny),
}
const button = (label: string, more: object = {}) => ({
  type: 'button',
  text: plain(label),
  action_id: label,
  ...more,
})
const actions = (...elements: object[]) => [section('orders'), { type: 'actions', elements }]

describe('a press', () => {
  test('is sent as Slack sends it', async () => {
    const { slack, post, received, during } = staffed()
    const blocks = actions(button('Roll back', { value: 'intent-1', style: 'danger' }))
    const { channel, ts } = await post({ blocks })
    const outcome = await during(slack.does.press('Roll back', { by: 'ana' }))
    expect(outcome).toMatchObject({ sent: { answer: { kind: 'answered', status: 200 } } })
    expect(outcome).not.toHaveProperty('error')
    expect(received).toMatchObject([{ url: 'https://app.example.org/press' }])
    expect(received[0]?.headers.get('content-type')).toBe('application/x-www-form-urlencoded')
    expect(payloadOf(received)).toMatchObject({
      type: 'block_actions',
      user: { id: 'U0ANA', username: 'ana', name: 'ana', team_id: 'T0CARETAKER' },
      container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
      channel: { id: channel, name: 'orders' },
      message: { ts, text: 'hello', user: 'U0CARETAKER', bot_id: 'B0CARETAKER' },
      trigger_id: expect.any(String),
      response_url: expect.stringMatching(/^https:\/\/hooks\.slack\.com\/actions\//),
      is_enterprise_install: false,
      state: { values: {} },
      actions: [
        {
          ...{ type: 'button', action_id: 'Roll back', block_id: 'block-1', value: 'intent-1' },
          ...{ style: 'danger', text: plain('Roll back') },
          action_ts: expect.stringMatching(/^\d{10}\.\d{6}$/),
        },
      ],
    })
    expect(JSON.stringify(payloadOf(received))).not.toContain('ana@example.org')
  })

  test('in a thread says so; the newest message that has the button is meant', async () => {
    const { slack, post, received, during } = staffed()
    const blocks = actions(button('Undo'))
    const { ts: thread_ts } = await post({ text: 'first', blocks })
    await post({ text: 'second', blocks, thread_ts })
    await during(slack.does.press('Undo', { by: 'U0BO' }))
    expect(payloadOf(received)).toMatchObject({
      container: { thread_ts },
      message: { text: 'second' },
    })
    await during(slack.does.press('Undo', { by: 'bo@example.org', message: 'first' }))
    expect(payloadOf(received)).toMatchObject({ user: { id: 'U0BO' }, message: { text: 'first' } })
  })

  test('is asked about first, and a no sends nothing', async () => {
    const { slack, post, received, during } = staffed()
    await post({ blocks: actions(button('Roll back', { confirm })) })
    const press = (answer: 'confirm' | 'deny') =>
      during(slack.does.press('Roll back', { by: 'ana', answer }))
    expect(await press('deny')).toEqual({ question: QUESTION })
    expect(received).toEqual([])
    expect(await press('confirm')).toMatchObject({ question: QUESTION, sent: {} })
    expect(received).toHaveLength(1)
  })

  test('of a link opens the page, and is sent as well', async () => {
    const { slack, post, received, during } = staffed()
    await post({ blocks: actions(button('Logs', { url: 'https://logs' })) })
    const outcome = await during(slack.does.press('Logs', { by: 'ana' }))
    expect(outcome).toMatchObject({ opened: 'https://logs', sent: {} })
    expect(received).toHaveLength(1)
  })

  test('of an accessory, and of an option in its menu', async () => {
    const { slack, post, received, during } = staffed()
    const options = [{ text: plain('Mute 1 h'), value: 'mute-1' }]
    await post({
      blocks: [
        { ...section('a'), accessory: button('Wake') },
        { ...section('b'), accessory: { type: 'overflow', options } },
      ],
    })
    await during(slack.does.press('Wake', { by: 'ana' }))
    expect(payloadOf(received)).toMatchObject({ actions: [{ action_id: 'Wake' }] })
    await during(slack.does.press('Mute 1 h', { by: 'ana' }))
    expect(payloadOf(received)).toMatchObject({
      actions: [{ type: 'overflow', action_id: 'action-1', selected_option: options[0] }],
    })
  })

  test('of a button that was edited away, in a window that still shows it', async () => {
    const { slack, call, post, received, during } = staffed()
    const { channel = '', ts = '' } = await post({ blocks: actions(button('Keep 2 h')) })
    await call((client) => client.chat.update({ channel, ts, text: 'asleep' }))
    await expect(slack.does.press('Keep 2 h', { by: 'ana' })).rejects.toThrow(
      'There is no button “Keep 2 h” (there are: none)',
    )
    await during(slack.does.press('Keep 2 h', { by: 'ana', old: true }))
    expect(payloadOf(received)).toMatchObject({ message: { text: 'hello' } })
  })

  test('of a button that only one person sees', async () => {
    const { slack, call, received, during } = staffed()
    const blocks = actions(button('Do it')) as never
    await call((client) =>
      client.chat.postEphemeral({ channel: '#orders', user: 'U0ANA', text: 'for you', blocks }),
    )
    const press = (by: string) => during(slack.does.press('Do it', { by, ephemeral: true }))
    await expect(press('bo')).rejects.toThrow('There is no button')
    await press('ana')
    expect(payloadOf(received)).toMatchObject({ container: { is_ephemeral: true } })
    expect(payloadOf(received)).not.toHaveProperty('message')
  })

  test('by nobody, or while Slack is down', async () => {
    const { slack, post } = staffed()
    await post({ blocks: actions(button('Undo')) })
    await expect(slack.does.press('Undo', { by: 'eve' })).rejects.toThrow(
      'There is no Slack user eve; there is ana, bo',
    )
    slack.down = true
    await expect(slack.does.press('Undo', { by: 'ana' })).rejects.toThrow('Slack is down')
  })
})

describe('an app that does not take a press in three seconds', () => {
  const press = async (answer: Parameters<typeof staffed>[0]) => {
    const all = staffed(answer)
    await all.post({ blocks: actions(button('Undo')) })
    return { ...all, outcome: await all.during(all.slack.does.press('Undo', { by: 'ana' })) }
  }

  test.each([
    [500, 'This app responded with Status Code 500.'],
    [401, 'This app responded with Status Code 401.'],
  ])('%i is told to the person', async (status, error) => {
    const { slack, outcome } = await press(() => new Response('', { status }))
    expect(outcome.error).toBe(error)
    expect(slack.people.shownTo('U0ANA')).toMatchObject([
      { kind: 'error', channel: '#orders', text: error },
    ])
    expect(slack.people.shownTo('U0BO')).toEqual([])
  })

  test('so is no answer', async () => {
    const error = 'Operation timed out. Apps need to respond within 3 seconds.'
    const lost = await press(() => {
      throw new ConnectionLost('other side closed')
    })
    expect(lost.outcome).toMatchObject({ error, sent: { answer: { kind: 'not connected' } } })
    const all = staffed()
    all.answerWith(() => all.world.sleep(3_000).then(() => new Response()))
    await all.post({ blocks: actions(button('Undo')) })
    const late = await all.during(all.slack.does.press('Undo', { by: 'ana' }))
    expect(late).toMatchObject({ error, sent: { answer: { kind: 'timed out' } } })
  })

  test('an answer shortly before is in time', async () => {
    const all = staffed()
    all.answerWith(() => all.world.sleep(2_800).then(() => new Response()))
    await all.post({ blocks: actions(button('Undo')) })
    const outcome = await all.during(all.slack.does.press('Undo', { by: 'ana' }))
    expect(outcome).not.toHaveProperty('error')
  })
})

test('the bot edits and deletes nothing that a person wrote', async () => {
  const { slack, call, during } = staffed()
  const { message } = await during(slack.does.mention('status', { by: 'ana' }))
  const { channelId: channel, ts } = message
  const edit = call((client) => client.chat.update({ channel, ts, text: 'x' }))
  await expect(edit).rejects.toMatchObject(refused('cant_update_message'))
  const remove = call((client) => client.chat.delete({ channel, ts }))
  await expect(remove).rejects.toMatchObject(refused('cant_delete_message'))
})
