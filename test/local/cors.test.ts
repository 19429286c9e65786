import type { Cors } from '@aws-sdk/client-lambda'
import { expect, test } from 'vitest'
import { corsHeaders, isPreflight, preflightAnswer } from '../../local/aws/lambda/url/cors.ts'
import type { UrlRequest } from '../../local/aws/lambda/url/http.ts'

const HERE = 'https://a.example'
const ALL: Cors = {
  AllowOrigins: [HERE, 'https://b.example'],
  AllowMethods: ['GET', 'POST'],
  AllowHeaders: ['x-team', 'x-size'],
  ExposeHeaders: ['x-id', 'x-age'],
  AllowCredentials: true,
  MaxAge: 60,
}

const asked = (method: string, headers: Record<string, string>): UrlRequest => ({
  ...{ method, path: '/', query: '', headers, body: new Uint8Array(), sourceIp: '10.0.0.1' },
})
const preflight = asked('OPTIONS', { origin: HERE, 'access-control-request-method': 'POST' })
const plain = asked('GET', { origin: HERE })

// https://docs.aws.amazon.com/lambda/latest/api/API_Cors.html
test.each<[string, Cors, UrlRequest, Record<string, string>]>([
  [
    'is told the methods, headers and age before it asks',
    ALL,
    preflight,
    {
      'access-control-allow-origin': HERE,
      vary: 'Origin',
      'access-control-allow-credentials': 'true',
      'access-control-allow-methods': 'GET,POST',
      'access-control-allow-headers': 'x-team,x-size',
      'access-control-max-age': '60',
    },
  ],
  [
    'is told what it may read of an answer',
    ALL,
    plain,
    {
      'access-control-allow-origin': HERE,
      vary: 'Origin',
      'access-control-allow-credentials': 'true',
      'access-control-expose-headers': 'x-id,x-age',
    },
  ],
  [
    'is told of everybody where everybody may ask',
    { AllowOrigins: ['*'] },
    plain,
    { 'access-control-allow-origin': '*', vary: 'Origin' },
  ],
  [
    'is named where everybody may ask with credentials',
    { AllowOrigins: ['*'], AllowCredentials: true },
    preflight,
    {
      'access-control-allow-origin': HERE,
      vary: 'Origin',
      'access-control-allow-credentials': 'true',
    },
  ],
  ['is told nothing where it may not ask', { AllowOrigins: ['https://c.example'] }, plain, {}],
  ['is told nothing when it says no origin', { AllowOrigins: ['*'] }, asked('GET', {}), {}],
  ['is told nothing where nobody may ask', {}, plain, {}],
])('a browser %s', (_, cors, request, headers) => {
  expect(corsHeaders(cors, request)).toEqual(headers)
  expect(preflightAnswer(cors, request)).toMatchObject({ statusCode: 200, headers, cookies: [] })
})

test('only OPTIONS for a method is a question before a request', () => {
  expect(isPreflight(preflight)).toBe(true)
  expect(isPreflight(asked('OPTIONS', { origin: HERE }))).toBe(false)
  expect(isPreflight(asked('POST', preflight.headers))).toBe(false)
})
