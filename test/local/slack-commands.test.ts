import { describe, expect, test } from 'vitest'
import { signatureOf } from '../../local/outside/slack/entrance.ts'
import { staffed } from '../kits/slack.ts'

const json = (value: object, status = 200) => Response.json(value, { status })

describe('a command', () => {
  test('is sent as a form, without a thread', async () => {
    const { slack, received, during } = staffed()
    await during(slack.does.command('/caretaker  why orders ', { by: 'ana', channel: '#platform' }))
    expect(received).toMatchObject([{ url: 'https://app.example.org/command' }])
    const form = Object.fromEntries(new URLSearchParams(received[0]?.body))
    expect(form).toMatchObject({
      ...{ command: '/caretaker', text: 'why orders', user_id: 'U0ANA', user_name: 'ana' },
      ...{ team_id: 'T0CARETAKER', channel_name: 'platform', api_app_id: 'A0CARETAKER' },
      is_enterprise_install: 'false',
      response_url: expect.stringMatching(/^https:\/\/hooks\.slack\.com\/commands\//),
      trigger_id: expect.any(String),
    })
    expect(form).not.toHaveProperty('thread_ts')
  })

  test.each([
    ['text', () => new Response('because', { headers: { 'content-type': 'text/plain' } })],
    ['JSON', () => json({ text: 'because' })],
  ])('is answered to its person alone, with %s', async (_, answer) => {
    const { slack, during } = staffed(answer)
    const outcome = await during(slack.does.command('/caretaker why', { by: 'ana' }))
    expect(outcome).not.toHaveProperty('error')
    expect(slack.messages).toEqual([])
    expect(slack.people.shownTo('U0ANA')).toMatchObject([
      { kind: 'ephemeral', channel: '#orders', text: 'because' },
    ])
  })

  test('is answered to all', async () => {
    const { slack, during } = staffed(() => json({ response_type: 'in_channel', text: 'frozen' }))
    await during(slack.does.command('/caretaker freeze', { by: 'ana' }))
    expect(slack.messages).toMatchObject([{ channel: '#orders', text: 'frozen' }])
    expect(slack.people.shownTo('U0ANA')).toEqual([])
  })

  test('is answered with nothing at once', async () => {
    const { slack, during } = staffed()
    expect(await during(slack.does.command('/caretaker why', { by: 'ana' }))).toHaveProperty('sent')
    expect(slack.people.shownTo('U0ANA')).toEqual([])
  })

  test.each([
    ['dispatch_failed', () => new Response('', { status: 502 })],
    ['no_text', () => json({ text: '' })],
    ['invalid_blocks', () => json({ blocks: [{ type: 'section' }] })],
    [
      'invalid_command_response',
      () => new Response('{', { headers: { 'content-type': 'application/json' } }),
    ],
  ])('fails with %s', async (error, answer) => {
    const { slack, during } = staffed(answer)
    const outcome = await during(slack.does.command('/caretaker why', { by: 'ana' }))
    const text = `/caretaker failed with the error "${error}"`
    expect(outcome.error).toBe(text)
    expect(slack.people.shownTo('U0ANA')).toMatchObject([{ kind: 'error', text }])
  })

  test('fails after three seconds', async () => {
    const { slack, world, during, answerWith } = staffed()
    answerWith(() => world.sleep(3_500).then(() => json({ text: 'late' })))
    const outcome = await during(slack.does.command('/caretaker why', { by: 'ana' }))
    expect(outcome.error).toBe('/caretaker failed with the error "operation_timeout"')
    await world.run(5_000)
    expect(slack.people.shownTo('U0ANA')).toHaveLength(1)
  })

  test('is not known of an app that was removed', async () => {
    const { slack, received, during } = staffed()
    slack.app.uninstall()
    const outcome = await during(slack.does.command('/caretaker why', { by: 'ana' }))
    expect(outcome).toEqual({ error: '/caretaker is not a valid command.' })
    expect(received).toEqual([])
  })
})

describe('signatures', () => {
  /** What an app must compute over what it received. */
  const isSignedWith = (secret: string, { headers, body }: { headers: Headers; body: string }) => {
    const timestamp = headers.get('x-slack-request-timestamp') ?? ''
    return headers.get('x-slack-signature') === signatureOf(secret, timestamp, body)
  }

  test('are those of the published example', () => {
    const body =
      'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c'
    expect(signatureOf('8f742231b10e8888abcd99yyyzzz85a5', '1531420618', body)).toBe(
      'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
    )
  })

  test('are made with the secret of now, over the time of now', async () => {
    const { slack, received, during } = staffed()
    const type = (more: object = {}) =>
      during(slack.does.command('/caretaker why', { by: 'ana', ...more }))
    const before = slack.app.signingSecret
    await type()
    const after = slack.app.renewSigningSecret()
    await type()
    await type({ wrong: { signed: 'previous' } })
    await type({ wrong: { signed: 'foreign' } })
    const by = received.map((one) => [before, after].map((secret) => isSignedWith(secret, one)))
    expect(by).toEqual([
      [true, false],
      [false, true],
      [true, false],
      [false, false],
    ])
    expect(received[0]?.headers.get('x-slack-request-timestamp')).toBe('1772442000')
  })

  test('a request that is old, from the future, unsigned, or sent once more', async () => {
    const { slack, received, during } = staffed()
    const type = (wrong: object) =>
      during(slack.does.command('/caretaker why', { by: 'ana', wrong }))
    const { sent } = await type({ agedSeconds: 301 })
    await type({ agedSeconds: -301 })
    await type({ signed: 'not' })
    const times = received.map(({ headers }) => headers.get('x-slack-request-timestamp'))
    expect(times).toEqual(['1772441699', '1772442305', null])
    if (sent === undefined) throw new Error('The command was not sent')
    await during(slack.entrance.replay(sent))
    expect(received.at(-1)?.body).toBe(received[0]?.body)
    expect(received.at(-1)?.headers.get('x-slack-signature')).toBe(
      received[0]?.headers.get('x-slack-signature'),
    )
    expect(slack.entrance.sent).toHaveLength(4)
  })

  test('the look at the certificate has none', async () => {
    const { slack, received, during } = staffed()
    await during(slack.does.checkCertificate())
    expect(received[0]?.body).toContain('ssl_check=1')
    expect(received[0]?.headers.get('x-slack-signature')).toBeNull()
  })
})
