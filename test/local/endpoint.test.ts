import { request as httpRequest } from 'node:http'
import { ECSClient, ListServicesCommand } from '@aws-sdk/client-ecs'
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler'
import { afterEach, describe, expect, test } from 'vitest'
import { Aws, type Caller } from '../../local/aws/aws.ts'
import { AwsError } from '../../local/aws/errors.ts'
import { World } from '../../local/aws/world.ts'
import { type Endpoint, serve } from '../../local/wire/endpoint.ts'
import { Account } from '../kits/account.ts'
import { RECORDED } from '../kits/wire-recorded.ts'

type Call = { service: string; operation: string; input: object; caller: Caller }

let endpoint: Endpoint | undefined
afterEach(async () => {
  await endpoint?.close()
  endpoint = undefined
})

const SERVICES = [...new Set(RECORDED.map(({ means }) => means.service))]

/** A served account whose services note what they are asked. */
async function served(outcome: (call: Call) => unknown = () => ({})) {
  const { aws } = new Account()
  // What clients were recorded to send is about protocols: AWS would refuse some of the values.
  aws.guards.length = 0
  const calls: Call[] = []
  for (const service of SERVICES) {
    const asked = RECORDED.filter(({ means }) => means.service === service)
    const operations = asked.map(({ means: { operation } }) => [
      operation,
      (input: object, caller: Caller) => {
        calls.push({ service, operation, input, caller })
        return outcome({ service, operation, input, caller })
      },
    ])
    aws.register({ id: service, operations: Object.fromEntries(operations) })
  }
  let running = 0
  endpoint = await serve(aws, {
    port: 0,
    run: async (work) => {
      running++
      return work()
    },
  })
  return { calls, url: endpoint.url, runs: () => running }
}

type Sent = { method?: string; path?: string; headers?: Record<string, string>; body?: string }

/** An HTTP request with any headers, which `fetch` would not send. */
function send(url: string, { method = 'POST', path = '/', headers = {}, body = '' }: Sent = {}) {
  return new Promise<{ status: number; headers: Record<string, unknown>; text: string }>(
    (resolve, reject) => {
      const sent = httpRequest(`${url}${path}`, { method, headers }, (answer) => {
        const chunks: Buffer[] = []
        answer.on('data', (chunk) => chunks.push(chunk))
        answer.on('end', () =>
          resolve({
            status: answer.statusCode ?? 0,
            headers: answer.headers,
            text: Buffer.concat(chunks).toString(),
          }),
        )
      })
      sent.on('error', reject)
      sent.end(body)
    },
  )
}

const LIST = RECORDED[0] as (typeof RECORDED)[number]
const TAGGED = RECORDED.find(({ client }) => client.includes('get-resources')) as typeof LIST
const region = (name: string) => ({
  ...LIST,
  headers: {
    ...LIST.headers,
    authorization: (LIST.headers.authorization ?? '').replace('eu-central-1', name),
  },
})

describe('clients', () => {
  test.each(RECORDED)('$client', async ({ means, ...recorded }) => {
    const { calls, url, runs } = await served()
    const answer = await send(url, recorded)
    expect(answer.status, answer.text).toBeLessThan(300)
    const caller = { kind: 'person', name: 'anna' }
    expect(calls).toEqual([{ ...means, caller }])
    expect(runs()).toBe(1)
  })

  test('answers come in the protocol of the request', async () => {
    const { url } = await served(() => ({ MessageId: 'm1', MD5OfMessageBody: '0' }))
    const of = (client: string) => RECORDED.find((one) => one.client === client) as Sent
    const json = await send(url, of('aws sqs send-message'))
    expect(json.headers['content-type']).toBe('application/x-amz-json-1.0')
    expect(JSON.parse(json.text)).toEqual({ MessageId: 'm1', MD5OfMessageBody: '0' })
    const xml = await send(url, of('boto3 1.26: sqs.send_message'))
    expect(xml.headers['content-type']).toBe('text/xml')
    expect(xml.text).toMatch(
      /^<SendMessageResponse><SendMessageResult>.*<MessageId>m1<\/MessageId>.*<ResponseMetadata><RequestId>[0-9a-f-]{36}<\/RequestId><\/ResponseMetadata><\/SendMessageResponse>$/,
    )
  })

  test('the JavaScript SDK over HTTP, which signs', async () => {
    const { calls, url } = await served(({ operation }) =>
      operation === 'ListServices'
        ? { serviceArns: ['arn:aws:ecs:eu-central-1:123456789012:service/dev/orders'] }
        : { Schedules: [] },
    )
    const configuration = {
      endpoint: url,
      region: 'eu-central-1',
      credentials: { accessKeyId: 'anna', secretAccessKey: 'any' },
    }
    const ecs = new ECSClient(configuration)
    const scheduler = new SchedulerClient(configuration)
    const { serviceArns } = await ecs.send(new ListServicesCommand({ cluster: 'dev' }))
    expect(serviceArns).toHaveLength(1)
    const { Schedules } = await scheduler.send(new ListSchedulesCommand({ NamePrefix: 'a b' }))
    expect(Schedules).toEqual([])
    const caller = { kind: 'person', name: 'anna' }
    expect(calls).toMatchObject([
      { operation: 'ListServices', input: { cluster: 'dev' }, caller },
      { operation: 'ListSchedules', input: { NamePrefix: 'a b' }, caller },
    ])
    ecs.destroy()
    scheduler.destroy()
  })

  test('a call without a signature is made by nobody in particular', async () => {
    const { calls, url } = await served()
    const { authorization: _, ...headers } = LIST.headers
    await send(url, { ...LIST, headers })
    expect(calls[0]?.caller).toEqual({ kind: 'person', name: 'anonymous' })
  })
})

describe('what is refused', () => {
  test('another Region, by the name of the right one', async () => {
    const { calls, url } = await served()
    const answer = await send(url, region('us-east-1'))
    expect(answer.status).toBe(403)
    expect(JSON.parse(answer.text)).toEqual({
      __type: 'InvalidSignatureException',
      message:
        'Credential should be scoped to eu-central-1, the Region of this local AWS, not us-east-1: use --region eu-central-1 or AWS_REGION=eu-central-1.',
    })
    expect(calls).toEqual([])
  })

  test.each([
    ['a name that was pointed here', { host: 'rebound.example.com:4566' }],
    ['another machine’s page', { origin: 'https://example.com' }],
    ['a page without a name', { origin: 'null' }],
    ['a page of another port of this machine', { origin: 'http://localhost:4400' }],
    ['a page of another name of this machine', { origin: 'http://data-aws.localhost:4566' }],
    ['a page by another protocol', { origin: 'https://localhost:4566' }],
    ['a picture on another page', { 'sec-fetch-site': 'cross-site' }],
    ['a picture on a page of another port', { 'sec-fetch-site': 'same-site' }],
  ])('%s', async (_, headers) => {
    const { calls, url } = await served()
    const answer = await send(url, {
      ...LIST,
      headers: { ...LIST.headers, host: 'localhost:4566', ...headers },
    })
    expect(answer.status).toBe(403)
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
    expect(calls).toEqual([])
  })

  test('what a browser asks before it sends a request of another page', async () => {
    const { url } = await served()
    const headers = {
      host: 'localhost:4566',
      origin: 'http://localhost:4400',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-amz-target',
    }
    const answer = await send(url, { method: 'OPTIONS', headers })
    expect(answer.status).toBe(403)
    const allowed = Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))
    expect(allowed).toEqual([])
  })

  test.each([
    ['names of this machine', { host: 'data-aws.localhost:4566' }],
    ['its own page', { host: 'localhost:4566', origin: 'http://localhost:4566' }],
    ['an address that a person typed', { 'sec-fetch-site': 'none' }],
  ])('%s are not foreign', async (_, own) => {
    const { calls, url } = await served()
    await send(url, { ...LIST, headers: { ...LIST.headers, ...own } })
    expect(calls).toHaveLength(1)
  })

  test('a host that is more than this machine', async () => {
    const aws = new Aws(new World({ seed: 1, start: new Date(0) }))
    await expect(serve(aws, { host: '0.0.0.0' })).rejects.toThrow('this machine only; 0.0.0.0')
  })

  test('a port that is taken, by its number and with the way out', async () => {
    const { url } = await served()
    const aws = new Aws(new World({ seed: 1, start: new Date(0) }))
    const port = Number(new URL(url).port)
    await expect(serve(aws, { port })).rejects.toThrow(
      `Port ${port} is taken, perhaps by LocalStack or another Caretaker. Stop that, or give the local AWS another port: --aws-port ${port + 1}`,
    )
  })
})

describe('what no client sends', () => {
  test.each([
    ['a body that is null', { ...LIST, body: 'null' }],
    ['a body that is a text', { ...LIST, body: '"x"' }],
    ['a null among texts', { ...TAGGED, body: '{"ResourceTypeFilters":[null]}' }],
  ])('%s is a SerializationException', async (_, sent) => {
    const { calls, url } = await served()
    const answer = await send(url, sent)
    expect(answer.status).toBe(400)
    expect(JSON.parse(answer.text).__type).toBe('SerializationException')
    expect(calls).toEqual([])
  })

  test.each(['{"cluster":"dev","__proto__":{"a":1}}', '{"a":{"\\u005f_proto__":1}}'])(
    'a member called as every object’s prototype: %s',
    async (body) => {
      const { calls, url } = await served()
      const answer = await send(url, { ...LIST, body })
      expect(answer.status).toBe(501)
      expect(answer.text).toContain('__proto__')
      expect(calls).toEqual([])
    },
  )

  // Once a fuzz found the connection reset instead, while it still sent the body.
  test('a head that is too long is refused, and its body is read to the end', async () => {
    const { calls, url } = await served()
    const path = `/${'a'.repeat(20_000)}`
    const answer = await send(url, { ...LIST, path, body: 'x'.repeat(500_000) })
    expect(answer).toMatchObject({ status: 431, headers: { connection: 'close' }, text: '' })
    expect((await send(url, LIST)).status).toBe(200)
    expect(calls).toHaveLength(1)
  })

  test('names of what every object has, in an address', async () => {
    const { calls, url } = await served()
    const path = '/?__proto__=1&constructor=2&toString=3'
    expect((await send(url, { ...LIST, path })).status).toBe(200)
    expect(calls).toHaveLength(1)
  })
})

describe('errors', () => {
  test('of the service, and of the simulation', async () => {
    const refused = await served(() => {
      throw new AwsError('ClusterNotFoundException', 'Cluster not found.')
    })
    const answer = await send(refused.url, LIST)
    expect(answer).toMatchObject({
      status: 400,
      text: '{"__type":"com.amazonaws.ecs#ClusterNotFoundException","message":"Cluster not found."}',
    })
    await endpoint?.close()
    const broken = await served(() => {
      throw new TypeError('undefined is not a function')
    })
    const defect = await send(broken.url, LIST)
    expect(defect.status).toBe(500)
    expect(JSON.parse(defect.text)).toMatchObject({
      __type: 'InternalFailure',
      message: expect.stringMatching(/^A defect of the local AWS: TypeError: undefined is not/),
    })
  })
})
