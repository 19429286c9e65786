import { describe, expect, it, test } from 'vitest'
import type { Visit } from '../../../domain/sleep/visit.ts'
import { answerTo } from '../../../functions/answer-visitor/answer.ts'
import { read } from '../../../functions/answer-visitor/request.ts'

const NOW = new Date('2026-03-02T20:00:00Z')
const HTML = 'text/html,*/*'
const NAVIGATION = { accept: HTML, 'sec-fetch-mode': 'navigate', 'sec-fetch-dest': 'document' }

const request = (headers: Record<string, string>, more: object = {}) =>
  read({
    httpMethod: 'GET',
    path: '/shop',
    headers: { host: 'dev.example.com', ...headers },
    body: '',
    isBase64Encoded: false,
    ...more,
  })

const FORM = { httpMethod: 'POST', body: 'caretaker=wake' }

describe('a request', () => {
  test.each<[string, Record<string, string>, object, string, boolean]>([
    ['a browser that opens the address', NAVIGATION, {}, 'page', true],
    ['a browser that does not say what it is about', { accept: HTML }, {}, 'page', false],
    [
      'the page itself, which asks',
      { accept: HTML, caretaker: 'wake' },
      { httpMethod: 'POST' },
      'part',
      true,
    ],
    ['the page itself, which looks', { accept: HTML, caretaker: 'part' }, {}, 'part', false],
    ['its button', { accept: HTML }, FORM, 'page', true],
    [
      'its button, in base64',
      { accept: HTML },
      { ...FORM, body: 'Y2FyZXRha2VyPXdha2U=', isBase64Encoded: true },
      'page',
      true,
    ],
    [
      'the button on somebody else’s page',
      { accept: HTML, origin: 'https://other.example.com' },
      FORM,
      'json',
      false,
    ],
    [
      'the same, as the browser says it',
      { accept: HTML, 'sec-fetch-site': 'cross-site' },
      FORM,
      'json',
      false,
    ],
    ['another form', { accept: HTML }, { ...FORM, body: 'name=ann' }, 'json', false],
    ['what is fetched ahead', { ...NAVIGATION, 'sec-purpose': 'prefetch' }, {}, 'page', false],
    ['a frame', { ...NAVIGATION, 'sec-fetch-dest': 'iframe' }, {}, 'page', false],
    ['a picture', { accept: 'image/*', 'sec-fetch-mode': 'no-cors' }, {}, 'json', false],
    ['a program', { accept: '*/*', 'user-agent': 'curl/8.5.0' }, {}, 'json', false],
    ['HEAD', NAVIGATION, { httpMethod: 'HEAD' }, 'json', false],
    ['a monitor', NAVIGATION, { path: '/shop/.caretaker/state' }, 'state', false],
    ['a crawler', { ...NAVIGATION, 'user-agent': 'Googlebot/2.1' }, {}, 'page', false],
    ['a preview', { ...NAVIGATION, 'user-agent': 'Slackbot-LinkExpanding 1.0' }, {}, 'page', false],
    [
      'a telephone called Cubot',
      { ...NAVIGATION, 'user-agent': 'Mozilla/5.0 (Linux; CUBOT X30)' },
      {},
      'page',
      true,
    ],
    ['headers in capitals', { Accept: HTML, 'Sec-Fetch-Mode': 'navigate' }, {}, 'page', true],
  ])('%s', (_, headers, more, wants, asks) => {
    expect(request(headers, more)).toMatchObject({ wants, asks })
  })
})

const VISIT: Visit = {
  service: 'web',
  state: 'asleep',
  since: '2026-03-02T19:00:00Z',
  why: '<script>alert(1)</script> & "more"',
  tiers: [[{ name: "o'rders (service)", state: 'sleeps', seconds: 90 }]],
  seconds: 4000,
  isMeasured: false,
  comes: false,
}
const given = (headers: Record<string, string>, visit: Partial<Visit> = {}) => ({
  asked: request(headers),
  visit: { ...VISIT, ...visit },
  environment: 'dev',
  timeZone: 'Europe/Berlin',
  now: NOW,
  wakes: new Date('2026-03-03T06:00:00Z'),
  until: new Date('2026-03-02T22:00:00Z'),
  look: '/.caretaker/state',
  asks: true,
})

describe('the page', () => {
  it('shows text from outside as text', () => {
    const { body } = answerTo(given({ accept: HTML }))
    expect(body).not.toContain('<script>alert')
    expect(body).toContain('&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;more&quot;')
    expect(body).toContain('o&#39;rders (service)')
  })

  it('loads nothing, runs one script, and is kept by nobody', () => {
    const { headers, body, statusCode } = answerTo(given({ accept: HTML }))
    expect(statusCode).toBe(503)
    expect(headers['content-security-policy']).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src data:;/,
    )
    expect(body.match(/<script/g)).toHaveLength(1)
    expect(body).not.toMatch(/(src|href)="(?!data:,)/)
    expect(headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex' })
  })

  it('says when to come again: near the estimate, after a quarter of an hour at the latest', () => {
    expect(answerTo(given({})).headers['retry-after']).toBe('900')
    expect(answerTo(given({}, { seconds: 1 })).headers['retry-after']).toBe('5')
  })

  it('says what is so when nobody may wake it', () => {
    const why = 'put to sleep by ana until 2026-03-03T07:24:00.452Z'
    const { body } = answerTo(given({ accept: HTML }, { why, refused: 'web was stopped by ana.' }))
    expect(body).toContain('put to sleep by ana until Tue 3 Mar 08:24 Europe/Berlin.')
    expect(body).not.toContain('By its schedule')
    expect(body).toContain('<p>web was stopped by ana.</p>')
    expect(body).not.toContain('<form')
  })
})
