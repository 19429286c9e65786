import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shownCatalog, shownEnvironment, shownOfService } from '../../../domain/acts/show.ts'
import { identityOf } from '../../../domain/acts/who.ts'
import { itemKind, type Key } from '../../../domain/table/keys.ts'
import { Acts } from '../../kits/acts.ts'
import { GOOD } from '../../kits/roll-outs.ts'
import type { Keys } from '../../kits/signed.ts'
import { signedHeaders } from '../../kits/signed.ts'

const ACCOUNT = '123456789012'
const PATH = 'aws-reserved/sso.amazonaws.com/eu-central-1/'
const PERMISSION_SET = 'AWSReservedSSO_dev-developer_0a1b2c3d4e5f6a7b'

describe('who a caller is', () => {
  const session = (role: string, name: string, account = ACCOUNT) =>
    identityOf(`arn:aws:sts::${account}:assumed-role/${role}/${name}`, ACCOUNT)

  test('the session of a permission set is a person', () => {
    expect(session(PERMISSION_SET, 'ann@example.com')).toEqual({
      kind: 'person',
      email: 'ann@example.com',
    })
  })

  test.each([
    ['a role with another name', session('dev-developer', 'ann@example.com')],
    ['one that only begins so', session('AWSReservedSSO_mine', 'ann@example.com')],
    ['one that ends so', session(`x${PERMISSION_SET}`, 'ann@example.com')],
  ])('%s: its session’s name is not believed', (_, identity) => {
    expect(identity).toMatchObject({ kind: 'role' })
  })

  test.each([
    `arn:aws:sts::999999999999:assumed-role/${PERMISSION_SET}/ann@example.com`,
    `arn:aws:iam::${ACCOUNT}:user/ann@example.com`,
    `arn:aws:iam::${ACCOUNT}:root`,
    `arn:aws:sts::${ACCOUNT}:federated-user/ann@example.com`,
    `arn:aws:sts::${ACCOUNT}:assumed-role/${PERMISSION_SET}`,
    `arn:aws:sts::${ACCOUNT}:assumed-role/a/${PERMISSION_SET}/ann@example.com`,
    '',
  ])('%s is nobody', (arn) => {
    expect(identityOf(arn, ACCOUNT)).toEqual({ kind: 'other', arn })
  })
})

/** `web` runs an image, and people have their permission set. */
async function running(): Promise<Acts> {
  const acts = await Acts.open()
  const trust = { Effect: 'Allow', Principal: { AWS: ACCOUNT }, Action: 'sts:AssumeRole' }
  await acts.stage.call('iam', 'CreateRole', {
    RoleName: PERMISSION_SET,
    Path: `/${PATH}`,
    AssumeRolePolicyDocument: JSON.stringify({ Statement: [trust] }),
  })
  for (const policy of ['dev-read-only', 'dev-developer']) {
    await acts.stage.call('iam', 'AttachRolePolicy', {
      RoleName: PERMISSION_SET,
      PolicyArn: `arn:aws:iam::${ACCOUNT}:policy/${policy}`,
    })
  }
  acts.stage.push(GOOD, 'web', 'main')
  await acts.stage.minutes(10)
  return acts
}

const person = (acts: Acts, email: string): Keys => acts.session(PERMISSION_SET, email, PATH)

describe('a signed call', () => {
  test('of a member is carried out, under the name that AWS says', async () => {
    const acts = await running()
    const ann = person(acts, 'Ann@example.com')
    const { status, text } = await acts.calls(ann, { text: 'pin web the demo' })
    expect(status).toBe(200)
    const answer = JSON.parse(text)
    expect(answer).toMatchObject({
      ...{ outcome: 'done', receipt: expect.any(String), undo: 'unpin web' },
      data: { verb: 'pin', subject: 'web' },
    })
    expect(answer.text).toContain('I read: `pin web the demo`.')
    expect(answer.text).toContain('To undo it: `npx caretaker unpin web`.')
    expect(await acts.receipts()).toMatchObject([
      { id: answer.receipt, by: 'Ann@example.com', via: 'iam', verb: 'pin', reason: 'the demo' },
    ])
    const why = await acts.calls(ann, { text: 'why web' })
    expect(JSON.parse(why.text)).toMatchObject({
      outcome: 'read',
      text: expect.stringContaining('• Held (pinned): Ann@example.com pinned'),
    })
    for (const words of ['status', 'history web', 'logs web']) {
      const read = await acts.calls(ann, { text: words })
      expect(JSON.parse(read.text)).toMatchObject({ outcome: 'read' })
    }
    const back = await acts.calls(ann, { text: 'rollback web' })
    expect(JSON.parse(back.text).text).toContain('no other image is known to have run well here')
  })

  test('a time is said in the zone of the environment, and in the caller’s where it differs', async () => {
    const acts = await running()
    const ann = person(acts, 'ann@example.com')
    const body = { text: 'freeze web until 9:00', zone: 'America/New_York' }
    const { text } = await acts.calls(ann, body)
    expect(JSON.parse(text).text).toMatch(
      /until Tue 3 Mar 09:00 Europe\/Berlin, 22 h \d+ min from now \(Tue 3 Mar 03:00 America\/New_York\)/,
    )
    await acts.calls(ann, { text: 'thaw web', zone: 'Europe/Paris' })
    const same = await acts.calls(ann, { text: 'freeze web until 9:00', zone: 'Europe/Paris' })
    expect(JSON.parse(same.text).text).not.toContain('Paris')
  })

  test('of somebody in no team is answered in words', async () => {
    const acts = await running()
    const { text } = await acts.calls(person(acts, 'eve@example.com'), { text: 'status' })
    expect(JSON.parse(text)).toMatchObject({
      outcome: 'refused',
      text: expect.stringContaining('eve@example.com is in no team of the catalog'),
    })
  })

  test('of a program is shown what it draws, and nothing that is secret', async () => {
    const acts = await running()
    const ann = person(acts, 'ann@example.com')
    await acts.calls(ann, { text: 'pin web the demo' })
    const shown = async (show: unknown) => {
      const { text } = await acts.calls(ann, { show })
      return JSON.parse(text)
    }
    const { who, catalog } = shownCatalog.parse((await shown('catalog')).data)
    expect(who).toEqual({ name: 'ann@example.com', teams: ['storefront'], operator: false })
    expect(Object.keys(catalog.services)).toContain('web')
    const environment = shownEnvironment.parse((await shown('environment')).data)
    const web = environment.services.find(({ id }) => id.endsWith('/web'))
    expect(web).toMatchObject({
      team: 'storefront',
      running: 1,
      desired: 1,
      image: { tag: 'main' },
    })
    expect(environment.services.find(({ id }) => id.endsWith('/orders'))?.image).toBeUndefined()
    const kinds = new Set(environment.items.map((item) => itemKind(item as Key)))
    expect([...kinds]).toEqual(
      expect.arrayContaining(['service', 'roll-out', 'receipt', 'sleeper']),
    )
    expect(JSON.stringify(environment)).not.toMatch(/"token"|"seen"/)
    const more = shownOfService.parse((await shown({ service: 'web' })).data)
    expect(more.labels['org.opencontainers.image.source']).toBe('https://github.com/example/web')
    expect(more.items.map((item) => itemKind(item as Key))).toEqual(['roll-out', 'receipt'])
    expect(await shown({ service: 'wbe' })).toMatchObject({ outcome: 'refused', mistake: true })
    const stranger = await acts.calls(person(acts, 'eve@example.com'), { show: 'catalog' })
    expect(JSON.parse(stranger.text)).toMatchObject({ outcome: 'refused' })
    expect((await acts.calls(ann, { show: 'everything' })).status).toBe(400)
  })

  test('what is no command is refused', async () => {
    const acts = await running()
    const ann = person(acts, 'ann@example.com')
    expect((await acts.calls(ann, { words: 'status' })).status).toBe(400)
    expect((await acts.calls(ann, { text: 'x'.repeat(5000) })).status).toBe(400)
    const { text } = await acts.calls(ann, { text: 'deploy' })
    expect(JSON.parse(text)).toMatchObject({ outcome: 'refused' })
  })
})

/** How many calls are tried: all of them where the environment says so. */
const RUNS = Math.min(Number(process.env.CARETAKER_MUTATIONS ?? 1_000), 1_000)

describe('forged calls', () => {
  test(`${RUNS} change nothing`, async () => {
    const acts = await running()
    const { simulation } = acts.stage
    const url = acts.url('AnswerCallerUrl')
    const olga = person(acts, 'olga@example.com')
    const keys: Record<string, Keys> = {
      // A developer who calls a session of another role by the operator's name.
      named: acts.session('dev-developer', 'olga@example.com'),
      stranger: person(acts, 'eve@example.com'),
      wrongSecret: { ...olga, secretAccessKey: 'x'.repeat(40) },
      wrongToken: { ...olga, sessionToken: 'FwoGZXIvYXdzE' },
      nobody: { accessKeyId: 'ASIA0123456789ABCDEF', secretAccessKey: 'x' },
      withoutRights: acts.session('dev-orders-task', 'olga@example.com'),
    }
    const unpin = JSON.stringify({ text: 'freeze until tomorrow 9:00' })
    const state = async () => JSON.stringify([await acts.items(), simulation.sfn.executions.length])
    const before = await state()
    const sign = (by: Keys, more: object = {}) =>
      signedHeaders(url, by, { method: 'POST', body: unpin, at: acts.now, ...more })
    const iam = {
      authorizer: {
        iam: { userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/${PERMISSION_SET}/olga@example.com` },
      },
    }
    const forged = fc.oneof(
      fc.constantFrom(...Object.keys(keys)).map((name) => async () => ({
        headers: await sign(keys[name] as Keys),
        body: unpin,
      })),
      // Signed for something else, at another time, for another place.
      fc.constantFrom('status', 'help', 'thaw').map((text) => async () => ({
        headers: await sign(olga, { body: JSON.stringify({ text }) }),
        body: unpin,
      })),
      fc.integer({ min: 6, max: 600 }).map((minutes) => async () => ({
        headers: await sign(olga, { at: new Date(acts.now.getTime() - minutes * 60_000) }),
        body: unpin,
      })),
      fc
        .constantFrom(
          { region: 'us-east-1' },
          { service: 'execute-api' },
          { method: 'PUT' },
          { signedUrl: 'https://other.lambda-url.eu-central-1.on.aws/' },
        )
        .map((more) => async () => ({ headers: await sign(olga, more), body: unpin })),
      fc.nat({ max: 63 }).map((at) => async () => {
        const headers = await sign(olga)
        const given = headers.authorization ?? ''
        const place = given.length - 64 + at
        const digit = given[place] === '0' ? '1' : '0'
        return {
          headers: {
            ...headers,
            authorization: `${given.slice(0, place)}${digit}${given.slice(place + 1)}`,
          },
          body: unpin,
        }
      }),
      // Not signed; with what a function of ours would believe in an event.
      fc.constant(async () => ({
        headers: { 'x-amzn-iam-user-arn': iam.authorizer.iam.userArn },
        body: JSON.stringify({ requestContext: iam, text: 'freeze until tomorrow 9:00' }),
      })),
    )
    const statuses = new Map<number, number>()
    await fc.assert(
      fc.asyncProperty(forged, async (make) => {
        const { headers, body } = await make()
        const { status, text } = await acts.quick(
          new Request(url, { method: 'POST', headers, body }),
        )
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
        if (status === 200) expect(JSON.parse(text)).toMatchObject({ outcome: 'refused' })
        else expect(status).toBe(403)
      }),
      { numRuns: RUNS },
    )
    expect(await state()).toBe(before)
    expect(statuses.get(403)).toBeGreaterThan(RUNS / 3)
    expect(statuses.get(200)).toBeGreaterThan(0)
  }, 600_000)

  test('the function itself lets nobody in who does not come through the URL', async () => {
    const acts = await running()
    const { aws } = acts.stage.simulation
    const event = {
      requestContext: {
        http: { method: 'POST' },
        authorizer: {
          iam: {
            userArn: `arn:aws:sts::${ACCOUNT}:assumed-role/${PERMISSION_SET}/olga@example.com`,
          },
        },
      },
      body: JSON.stringify({ text: 'freeze until tomorrow 9:00' }),
    }
    for (const role of [
      `${PATH}${PERMISSION_SET}`,
      'dev-read-only',
      'dev-developer',
      'dev-operator',
    ]) {
      const roleArn = `arn:aws:iam::${ACCOUNT}:role/${role}`
      const invoked = aws.call(
        'lambda',
        'Invoke',
        {
          FunctionName: 'dev-answer-caller',
          Payload: new TextEncoder().encode(JSON.stringify(event)),
        },
        { kind: 'person', name: 'ann', roleArn },
      )
      await expect(invoked).rejects.toMatchObject({ name: 'AccessDeniedException' })
    }
    expect(await acts.receipts()).toEqual([])
  })
})
