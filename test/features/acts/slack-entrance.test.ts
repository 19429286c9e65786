import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { isSigned, signedIn } from '../../../functions/receive-slack/signature.ts'
import { signatureOf } from '../../../local/outside/slack/entrance.ts'
import { Acts } from '../../kits/acts.ts'
import { GOOD } from '../../kits/roll-outs.ts'

/** https://docs.slack.dev/authentication/verifying-requests-from-slack */
const PUBLISHED = {
  secret: '8f742231b10e8888abcd99yyyzzz85a5',
  timestamp: '1531420618',
  body: 'token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121.803a0bc887a14d10d2c447fce8b6703c',
  signature: 'v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503',
}

describe('a signature', () => {
  const { secret, timestamp, body, signature } = PUBLISHED
  const bytes = Buffer.from(body)

  test('Slack’s own published example is right, with one secret or two', () => {
    expect(isSigned(bytes, { timestamp, signature }, [secret])).toBe(true)
    expect(isSigned(bytes, { timestamp, signature }, ['another-secret-0', secret])).toBe(true)
    expect(isSigned(bytes, { timestamp, signature }, ['another-secret-0'])).toBe(false)
    expect(isSigned(bytes, { timestamp, signature }, [])).toBe(false)
    expect(isSigned(Buffer.from(`${body}&`), { timestamp, signature }, [secret])).toBe(false)
  })

  test.each([
    [0, true],
    [300, true],
    [301, false],
    [-300, true],
    [-301, false],
  ])('%i seconds old: %s', (age, taken) => {
    const now = new Date((Number(timestamp) + age) * 1000)
    const headers = { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': signature }
    expect(signedIn(headers, now) !== undefined).toBe(taken)
  })

  test.each([
    ['no timestamp', { 'x-slack-signature': signature }],
    ['no signature', { 'x-slack-request-timestamp': timestamp }],
    [
      'half a signature',
      { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': 'v0=a2114d57' },
    ],
    [
      'another version',
      {
        'x-slack-request-timestamp': timestamp,
        'x-slack-signature': signature.replace('v0', 'v1'),
      },
    ],
    [
      'a timestamp that is none',
      { 'x-slack-request-timestamp': 'NaN', 'x-slack-signature': signature },
    ],
    [
      'a timestamp in hexadecimal',
      { 'x-slack-request-timestamp': '0x5b47', 'x-slack-signature': signature },
    ],
  ])('%s is refused before anything is read', (_, headers) => {
    expect(
      signedIn(headers as unknown as Record<string, string>, new Date(Number(timestamp) * 1000)),
    ).toBeUndefined()
  })
})

/** `web` runs an image. */
async function running(): Promise<Acts> {
  const acts = await Acts.open()
  acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  return acts
}

/** What Caretaker has kept and started: what no request may change that is not Slack's. */
async function state(acts: Acts): Promise<string> {
  const { executions } = acts.stage.simulation.sfn
  return JSON.stringify([await acts.items(), executions.length])
}

describe('the entrance', () => {
  test('a request that was sent again, byte for byte, counts once', async () => {
    const acts = await running()
    await acts.types('ann', 'pin web the demo')
    const [sent] = acts.slack.entrance.sent
    await acts.types('ann', 'unpin web')
    const before = await state(acts)
    const replayed = acts.slack.entrance.replay(sent ?? expect.unreachable())
    await acts.stage.minutes(1)
    expect((await replayed).answer).toMatchObject({ kind: 'answered', status: 200 })
    expect(await state(acts)).toBe(before)
    expect(await acts.receipts()).toHaveLength(2)
  })

  test('two signing secrets are valid at once; with one taken away its signatures are not', async () => {
    const acts = await running()
    const { app, does } = acts.slack
    const put = (SecretString: string) =>
      acts.stage.call('secrets-manager', 'PutSecretValue', {
        SecretId: 'dev/caretaker/slack-signing',
        SecretString,
      })
    const status = (signed?: 'previous') =>
      acts.together(
        does.command('/caretaker status', { by: 'ann', ...(signed && { wrong: { signed } }) }),
      )
    const [first] = (await status()) as [{ sent: { answer: object } }]
    expect(first.sent.answer).toMatchObject({ status: 200 })
    const old = app.signingSecret
    await put(`${app.renewSigningSecret()} ${old}`)
    await acts.stage.minutes(2)
    for (const signed of [undefined, 'previous'] as const) {
      const [outcome] = (await status(signed)) as [{ error?: string }]
      expect(outcome.error).toBeUndefined()
    }
    await put(app.signingSecret)
    // A warm function knows what it has read for ten minutes.
    await acts.stage.minutes(11)
    const [refused] = (await status('previous')) as [{ sent: { answer: object } }]
    expect(refused.sent.answer).toMatchObject({ status: 401 })
  })

  test.each([
    ['old', { agedSeconds: 301 }],
    ['from the future', { agedSeconds: -301 }],
    ['signed by somebody else', { signed: 'foreign' as const }],
    ['not signed', { signed: 'not' as const }],
  ])('a command that is %s is refused', async (_, wrong) => {
    const acts = await running()
    const before = await state(acts)
    const outcome = acts.slack.does.command('/caretaker pin web', { by: 'ann', wrong })
    await acts.stage.minutes(1)
    expect((await outcome).sent?.answer).toMatchObject({ kind: 'answered', status: 401 })
    expect(await state(acts)).toBe(before)
  })

  test('Slack’s handshakes are answered', async () => {
    const acts = await Acts.open()
    const verified = acts.slack.does.verifyUrl()
    const checked = acts.slack.does.checkCertificate()
    await acts.stage.minutes(1)
    expect(await verified).toBe(true)
    expect((await checked).answer).toMatchObject({ kind: 'answered', status: 200, body: '' })
  })

  test('it answers within Slack’s three seconds, also when it is cold', async () => {
    const acts = await running()
    const outcome = acts.slack.does.command('/caretaker status', { by: 'ann' })
    await acts.stage.minutes(1)
    expect((await outcome).sent?.answer).toMatchObject({ kind: 'answered', status: 200, body: '' })
  })
})

/** How many requests are tried: all of them where the environment says so. */
const RUNS = Number(process.env.CARETAKER_MUTATIONS ?? 1_000)

describe('requests that are not Slack’s', () => {
  test(`${RUNS} mutated ones change nothing`, async () => {
    const acts = await running()
    await acts.types('ann', 'pin web the demo')
    const [sent] = acts.slack.entrance.sent
    const { headers, body } = sent ?? expect.unreachable()
    const url = acts.url('ReceiveSlackUrl')
    const before = await state(acts)
    const invoked = () =>
      acts.stage.simulation.invocations.filter(({ functionName }) =>
        functionName.includes('answer-slack'),
      ).length
    const handedOn = invoked()
    const unpin = body.replace('pin+web', 'unpin+web')
    const fresh = String(Math.floor(acts.now.getTime() / 1000))
    const byte = fc.integer({ min: 0, max: 255 })
    const mutated = fc.oneof(
      // One byte of the body is another, or is gone.
      fc.tuple(fc.nat({ max: body.length - 1 }), byte).map(([at, value]) => {
        const bytes = Buffer.from(body)
        bytes[at] = bytes[at] === value ? (value + 1) % 256 : value
        return { headers, body: bytes }
      }),
      fc
        .nat({ max: body.length - 1 })
        .map((at) => ({ headers, body: Buffer.from(body.slice(0, at)) })),
      // A digit of the signature is another; or it is one that somebody made up.
      fc
        .tuple(fc.integer({ min: 3, max: 66 }), fc.constantFrom(...'0123456789abcdef'))
        .map(([at, digit]) => {
          const signature = headers['x-slack-signature'] ?? ''
          const other = signature[at] === digit ? (digit === '0' ? '1' : '0') : digit
          return {
            headers: {
              ...headers,
              'x-slack-signature': signature.slice(0, at) + other + signature.slice(at + 1),
            },
            body: Buffer.from(unpin),
          }
        }),
      fc.string({ minLength: 16, maxLength: 40 }).map((secret) => ({
        headers: {
          ...headers,
          'x-slack-request-timestamp': fresh,
          'x-slack-signature': signatureOf(secret, fresh, unpin),
        },
        body: Buffer.from(unpin),
      })),
      // Another time with the same signature, another form of the headers, or another kind of body.
      fc
        .integer({ min: -600, max: 600 })
        .filter((by) => by !== 0)
        .map((by) => ({
          headers: {
            ...headers,
            'x-slack-request-timestamp': String(Number(headers['x-slack-request-timestamp']) + by),
          },
          body: Buffer.from(body),
        })),
      fc.constantFrom('x-slack-signature', 'x-slack-request-timestamp').map((name) => {
        const { [name]: _, ...rest } = headers
        return { headers: rest, body: Buffer.from(unpin) }
      }),
      fc
        .record({ text: fc.string(), type: fc.constantFrom('application/json', 'text/plain', 'x') })
        .map(({ text, type }) => ({
          headers: { ...headers, 'content-type': type },
          body: Buffer.from(`${text} `),
        })),
      // The very request again.
      fc.constant({ headers, body: Buffer.from(body) }),
    )
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(mutated, async (request) => {
        const { status } = await acts.quick(new Request(url, { method: 'POST', ...request }))
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        expect(status === 401 || (status === 200 && request.body.equals(Buffer.from(body)))).toBe(
          true,
        )
      }),
      { numRuns: RUNS },
    )
    expect(await state(acts)).toBe(before)
    expect(invoked()).toBe(handedOn)
    expect(statuses.get(401) ?? 0).toBeGreaterThan(RUNS / 2)
  }, 600_000)
})
