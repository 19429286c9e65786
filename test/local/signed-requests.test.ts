import { request as httpRequest } from 'node:http'
import { describe, expect, it, test } from 'vitest'
import { serve } from '../../local/wire/endpoint.ts'
import { Entrances, throughUrl } from '../kits/entrances.ts'
import { type Keys, signedHeaders, signedIn, signedRequest } from '../kits/signed.ts'

const FUNCTION = 'arn:aws:lambda:eu-central-1:123456789012:function:orders'
const WHO = '(event) => event.requestContext.authorizer.iam'
const ANNA: Keys = { accessKeyId: 'anna', secretAccessKey: 'local' }

async function opened(handler = WHO) {
  const account = new Entrances()
  const url = await account.open(handler, 'AWS_IAM')
  const ask = async (keys: Keys, more: object = {}) =>
    account.ask(await signedRequest(url, keys, { at: account.world.date, ...more }))
  return { account, url, ask }
}

/** The keys of a session of a role. */
async function assumed(account: Entrances, RoleArn: string, more: object = {}): Promise<Keys> {
  const asked = { RoleArn, RoleSessionName: 'anna@example.com', ...more }
  const { Credentials } = await account.call<{ Credentials: Record<string, string> }>(
    'sts',
    'AssumeRole',
    asked,
  )
  const { AccessKeyId = '', SecretAccessKey = '', SessionToken = '' } = Credentials
  return {
    accessKeyId: AccessKeyId,
    secretAccessKey: SecretAccessKey,
    sessionToken: SessionToken,
  }
}

describe('who signed', () => {
  it('a user, whose name is the access key id', async () => {
    const { ask } = await opened()
    const { status, text } = await ask(ANNA)
    expect(status).toBe(200)
    expect(JSON.parse(text)).toEqual({
      accessKey: 'anna',
      accountId: '123456789012',
      callerId: expect.stringMatching(/^AIDA/),
      cognitoIdentity: null,
      principalOrgId: null,
      userArn: 'arn:aws:iam::123456789012:user/anna',
      userId: expect.stringMatching(/^AIDA/),
    })
  })

  it('a session of a role', async () => {
    const { account, ask } = await opened()
    const role = await account.role('developer', throughUrl(FUNCTION))
    const keys = await assumed(account, role)
    const { status, text } = await ask(keys)
    expect(status, text).toBe(200)
    const id = account.iam.findRole(role)?.id
    expect(JSON.parse(text)).toMatchObject({
      accessKey: keys.accessKeyId,
      userArn: 'arn:aws:sts::123456789012:assumed-role/developer/anna@example.com',
      userId: `${id}:anna@example.com`,
    })
  })

  it('a person who signed in with Identity Center', async () => {
    const { account, ask } = await opened()
    const name = 'AWSReservedSSO_dev-developer_0123456789abcdef'
    const role = await account.role(name, throughUrl(FUNCTION), {
      Federated: 'arn:aws:iam::123456789012:saml-provider/AWSSSO',
    })
    const { text } = await ask(signedIn(account, role, 'anna@example.com'))
    expect(JSON.parse(text).userArn).toBe(
      `arn:aws:sts::123456789012:assumed-role/${name}/anna@example.com`,
    )
  })

  it('what was signed arrives: method, path, query, body', async () => {
    const { account, url } = await opened(
      '({ body, rawPath, rawQueryString, requestContext }) => [requestContext.http.method, rawPath, rawQueryString, body]',
    )
    const headers = { 'content-type': 'application/json' }
    const asked = `${url}a%20b/ü?z=1&a=%2F&a=b%20c&flag`
    const body = '{"reason":"ü"}'
    const at = account.world.date
    const request = await signedRequest(asked, ANNA, { method: 'POST', headers, body, at })
    const { text } = await account.ask(request)
    const query = 'z=1&a=%2F&a=b%20c&flag'
    expect(JSON.parse(text)).toEqual(['POST', '/a%20b/%C3%BC', query, body])
  })
})

describe('what a role needs', () => {
  const [url, invoke] = throughUrl(FUNCTION)
  test.each([
    ['both rights', [url, invoke], 200],
    ['only the URL', [url], 403],
    ['only the function', [invoke], 403],
    ['another function', throughUrl(`${FUNCTION}2`), 403],
    ['a denial besides', [url, invoke, { ...url, Effect: 'Deny' }], 403],
  ])('%s', async (_, statements, status) => {
    const { account, ask } = await opened()
    const role = await account.role('developer', statements as Record<string, unknown>[])
    expect((await ask(await assumed(account, role))).status).toBe(status)
  })

  it('the right through the URL is none to call Invoke', async () => {
    const { account } = await opened()
    const roleArn = await account.role('developer', throughUrl(FUNCTION))
    const caller = { kind: 'person', name: 'anna', roleArn } as const
    const asked = account.call('lambda', 'Invoke', { FunctionName: 'orders' }, caller)
    await expect(asked).rejects.toThrow('not authorized to perform: lambda:InvokeFunction')
  })

  it('or the function’s own policy lets it', async () => {
    const { account, ask } = await opened()
    const Principal = await account.role('developer', [])
    await account.permit('url', 'lambda:InvokeFunctionUrl', {
      Principal,
      FunctionUrlAuthType: 'AWS_IAM',
    })
    const keys = await assumed(account, Principal)
    expect((await ask(keys)).status).toBe(403)
    const via = { Principal, InvokedViaFunctionUrl: true }
    await account.permit('function', 'lambda:InvokeFunction', via)
    expect((await ask(keys)).status).toBe(200)
  })
})

describe('a signature that does not hold', () => {
  const minutes = (count: number) => new Date(Date.UTC(2026, 2, 2, 9, count))
  test.each([
    ['a wrong secret', { ...ANNA, secretAccessKey: 'other' }, {}, 'does not match the signature'],
    ['an old one', ANNA, { at: minutes(-6) }, 'Signature expired: 20260302T085400Z'],
    ['one of the future', ANNA, { at: minutes(6) }, 'Signature not yet current'],
    ['another service', ANNA, { service: 'sts' }, "correct service: 'lambda'"],
    ['another Region', ANNA, { region: 'us-east-1' }, 'valid Region'],
    [
      'a key of nobody',
      { accessKeyId: 'ASIA0123456789ABCDEF', secretAccessKey: 'x', sessionToken: 'x' },
      {},
      'security token included in the request is invalid',
    ],
    ['a token nobody asked for', { ...ANNA, sessionToken: 'x' }, {}, 'token'],
    [
      'another host',
      ANNA,
      { signedUrl: 'https://example.lambda-url.eu-central-1.on.aws/' },
      'does not match',
    ],
  ])('%s', async (_, keys, more, message) => {
    const { ask } = await opened()
    const { status, text } = await ask(keys, more)
    expect(status).toBe(403)
    expect(text).toContain(message)
  })

  test.each([
    ['nothing', {}],
    ['the body', { body: '{"a":2}' }],
    ['the method', { method: 'PUT' }],
    ['the query', { query: '?a=2' }],
    ['the path', { path: 'other' }],
    ['a signed header', { headers: { 'x-team': 'red' } }],
  ])('%s was changed on the way', async (_, changed) => {
    const { account, url } = await opened()
    const sent = { method: 'POST', body: '{"a":1}', path: '', query: '?a=1' }
    const { path, query, method, body } = { ...sent, ...changed }
    const headers = await signedHeaders(`${url}?a=1`, ANNA, {
      method: 'POST',
      body: '{"a":1}',
      headers: { 'x-team': 'blue' },
      at: account.world.date,
    })
    const more = 'headers' in changed ? changed.headers : {}
    const request = new Request(`${url}${path}${query}`, {
      method,
      body,
      headers: { ...headers, ...more },
    })
    const { status, text } = await account.ask(request)
    if (Object.keys(changed).length === 0) expect(status).toBe(200)
    else expect(text).toContain('does not match')
  })

  test('a body that is not signed', async () => {
    const { ask } = await opened()
    const headers = { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' }
    const { status, text } = await ask(ANNA, { method: 'POST', headers, body: '{}' })
    expect(status).toBe(403)
    expect(text).toContain('does not match')
  })

  test('none at all, or none that can be read', async () => {
    const { account, url } = await opened()
    const ask = (headers: Record<string, string>) => account.ask(new Request(url, { headers }))
    expect((await ask({})).text).toContain('Forbidden')
    expect((await ask({ authorization: 'Bearer x' })).text).toContain('Forbidden')
  })

  test('of a session that has ended', async () => {
    const { account, ask } = await opened()
    const role = await account.role('developer', throughUrl(FUNCTION))
    const keys = await assumed(account, role, { DurationSeconds: 900 })
    await account.run(15 * 60_000)
    expect((await ask(keys)).text).toContain(
      'The security token included in the request is expired',
    )
  })
})

describe('from outside, at the served endpoint', () => {
  async function served() {
    const { account, url } = await opened()
    const { world, aws } = account
    const clock = Date.UTC(2026, 10, 28)
    const endpoint = await serve(aws, {
      port: 0,
      clock: () => clock,
      run: async (work) => {
        const answer = work()
        await account.run(5_000)
        return answer
      },
    })
    const host = new URL(url).host
    return { account, world, endpoint, host, id: host.split('.')[0] ?? '', at: new Date(clock) }
  }

  test.each([
    ['as this machine', (local: string) => local],
    ['as the URL’s own', (_: string, host: string) => `https://${host}/act?a=1`],
  ])('signed %s, by the real clock', async (_, signedUrl) => {
    const { endpoint, host, id, at } = await served()
    try {
      const local = `${endpoint.url}/_url/${id}/act?a=1`
      const body = '{}'
      const headers = await signedHeaders(local, ANNA, {
        method: 'POST',
        body,
        at,
        signedUrl: signedUrl(local, host),
      })
      delete headers.host
      const response = await fetch(local, { method: 'POST', headers, body })
      expect(await response.json()).toMatchObject({
        userArn: 'arn:aws:iam::123456789012:user/anna',
      })
    } finally {
      await endpoint.close()
    }
  })

  test('the URL’s own host, as curl --connect-to sends it', async () => {
    const { endpoint, host, at } = await served()
    try {
      const url = `https://${host}/act?a=1`
      const headers = await signedHeaders(url, ANNA, { at })
      const status = await new Promise((resolve, reject) => {
        const sent = httpRequest(`${endpoint.url}/act?a=1`, { headers }, (answer) => {
          answer.resume()
          resolve(answer.statusCode)
        })
        sent.on('error', reject)
        sent.end()
      })
      expect(status).toBe(200)
    } finally {
      await endpoint.close()
    }
  })

  test('a session of a role makes calls with the role’s rights, while it lasts', async () => {
    const { account, endpoint, at } = await served()
    try {
      const role = await account.role('developer', [])
      const keys = await assumed(account, role)
      const call = async () => {
        const body = 'Action=GetCallerIdentity&Version=2011-06-15'
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        const asked = { method: 'POST', body, headers, at, service: 'sts' }
        const { host: _, ...signed } = await signedHeaders(`${endpoint.url}/`, keys, asked)
        return (await fetch(endpoint.url, { method: 'POST', headers: signed, body })).text()
      }
      expect(await call()).toContain(':assumed-role/developer/anna@example.com</Arn>')
      await account.run(3_600_000)
      expect(await call()).toContain('<Code>ExpiredTokenException</Code>')
    } finally {
      await endpoint.close()
    }
  })

  test('an unknown id is refused like a caller who may not', async () => {
    const { endpoint } = await served()
    try {
      expect((await fetch(`${endpoint.url}/_url/nobody/`)).status).toBe(403)
    } finally {
      await endpoint.close()
    }
  })
})
