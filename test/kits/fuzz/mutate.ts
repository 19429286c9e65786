import type { Fuzzed } from './request.ts'
import { chance, type Maker, pick } from './value.ts'

/** Something that goes wrong with a request between a client and the endpoint. */
type Mutation = (maker: Maker, request: Fuzzed) => Partial<Fuzzed>

const at = (maker: Maker, most: number): number => Math.floor(maker.random.next('fuzz') * most)

/** A protocol's answer is only owed to a request that is in it. */
const MUTATIONS: Record<string, Mutation> = {
  'cut off': (maker, { body }) => ({ body: body.subarray(0, at(maker, body.length)) }),
  'with bytes changed': (maker, { body }) => {
    const changed = Buffer.from(body)
    for (let count = 0; count < 3 && changed.length > 0; count++) {
      changed[at(maker, changed.length)] = at(maker, 256)
    }
    return { body: changed, answers: 'any' }
  },
  'with another body': (maker) => ({
    body: Buffer.from(pick(maker, BODIES)),
  }),
  'with a huge body': () => ({ body: Buffer.from(`{"a":"${'x'.repeat(200_000)}"}`) }),
  'with deep JSON': () => ({ body: Buffer.from('{"a":'.repeat(20_000)) }),
  'with another content type': (maker, { headers }) => ({
    headers: { ...headers, 'content-type': pick(maker, TYPES) },
    answers: 'any',
  }),
  'with another target': (maker, { headers }) => ({
    headers: { ...headers, 'x-amz-target': pick(maker, TARGETS) },
    answers: 'json',
  }),
  'in CBOR by its header': (_, { headers }) => ({
    headers: { ...headers, 'smithy-protocol': 'rpc-v2-cbor' },
    answers: 'cbor',
  }),
  'with another signature': (maker, { headers }) => ({
    headers: { ...headers, authorization: pick(maker, SIGNATURES) },
    answers: 'any',
  }),
  unsigned: (_, { headers: { authorization: _a, ...headers } }) => ({ headers, answers: 'any' }),
  'with another path': (maker) => ({ path: pick(maker, PATHS), answers: 'any' }),
  'with more in its query': (maker, { path }) => ({
    path: `${path}${path.includes('?') ? '&' : '?'}${pick(maker, QUERIES)}`,
    answers: 'any',
  }),
  'with another method': (maker) => ({
    method: pick(maker, ['GET', 'PUT', 'DELETE', 'PATCH', 'OPTIONS', 'HEAD', 'TRACE', 'MKCOL']),
    answers: 'any',
  }),
  'with another encoding': (maker, { headers }) => ({
    headers: { ...headers, 'content-encoding': pick(maker, ['gzip', 'aws-chunked', 'br']) },
  }),
  'for another host': (maker, { headers }) => ({
    headers: {
      ...headers,
      host: pick(maker, ['s3.localhost', 'data-aws.localhost:1', 'localhost']),
    },
    answers: 'any',
  }),
}

const BODIES = [
  '',
  ' ',
  '{',
  '[]',
  'null',
  '"x"',
  '0',
  '{"a":1}{',
  '<a><b></a>',
  '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  'Action=',
  'Action=__proto__&Version=',
  'a=1&a=2&__proto__.b=1',
  '\u0000\u0001',
  '{"__proto__":{"a":1}}',
  '{"constructor":{"prototype":{"a":1}}}',
]
const TYPES = [
  '',
  'text/plain',
  'text/xml',
  'application/json',
  'application/x-www-form-urlencoded',
  'application/cbor',
  'multipart/form-data; boundary=x',
  'application/x-amz-json-9.9',
]
const TARGETS = [
  '',
  '.',
  'a',
  'a.b',
  '__proto__.constructor',
  'AmazonEC2ContainerServiceV20141113.',
  'AmazonEC2ContainerServiceV20141113.__proto__',
  'DynamoDB_20120810.toString',
  'AWSStepFunctions.constructor',
  'x'.repeat(2000),
]
const SIGNATURES = [
  '',
  'Bearer x',
  'AWS4-HMAC-SHA256',
  'AWS4-HMAC-SHA256 Credential=/////',
  'AWS4-HMAC-SHA256 Credential=a/1/eu-central-1/__proto__/aws4_request',
  'AWS4-HMAC-SHA256 Credential=a/1/us-east-1/ecs/aws4_request',
  'AWS4-HMAC-SHA256 Credential=a/1/eu-central-1/s3/aws4_request',
  `AWS4-HMAC-SHA256 Credential=${'a'.repeat(3000)}/1/eu-central-1/lambda/aws4_request`,
]
const PATHS = [
  '/',
  '//',
  '//[',
  '/%',
  '/%zz',
  '/%00',
  '/../../etc/passwd',
  '/2015-03-31/functions/%2e%2e%2f',
  '/2015-03-31/functions//',
  '/service//operation/',
  '/service/__proto__/operation/constructor',
  '/?Action',
  '/?&&==',
  `/${'a/'.repeat(2000)}`,
  '/schedules/%E0%A4%A',
  '*',
  'http://[',
  '/a?b#c',
]
const QUERIES = [
  '__proto__=1',
  '__proto__.a=1&constructor=2',
  'Action=ListClusters&Version=x',
  '%=%zz',
  'a'.repeat(4000),
  '=',
  'MaxItems=NaN',
  'X-Amz-Signature=1',
]

/** The request with up to two things changed; half are left as they are. */
export function mutated(maker: Maker, request: Fuzzed): Fuzzed {
  let result = request
  for (let count = 0; count < 2 && chance(maker, 0.4); count++) {
    const name = pick(maker, Object.keys(MUTATIONS))
    const change = MUTATIONS[name]?.(maker, result) ?? {}
    // A form without its `Action` says nothing of its protocol.
    const formless = 'body' in change && result.answers === 'xml'
    const answers = count === 0 && !formless ? (change.answers ?? result.answers) : 'any'
    result = { ...result, ...change, answers, what: `${result.what} ${name}` }
  }
  return result
}
