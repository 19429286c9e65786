import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { EXPLAINED } from '../../domain/acts/help.ts'
import { readCommand, writeCommand } from '../../domain/acts/read.ts'
import { VERBS, type Verb } from '../../domain/acts/verbs.ts'

/** Monday 2 March 2026, 21:30 in Berlin. */
const CLOCK = { now: new Date('2026-03-02T20:30:00Z'), timeZone: 'Europe/Berlin' }
const read = (text: string) => readCommand(text, CLOCK)
const NINE = '2026-03-03T08:00:00.000Z'

const act = (verb: Verb, input: object) => ({ act: { verb, input } })

describe('what is typed plainly', () => {
  test.each([
    ['status', act('status', {})],
    ['status storefront', act('status', { team: 'storefront' })],
    ['why orders', act('why', { service: 'orders' })],
    ['history orders', act('history', { service: 'orders' })],
    ['logs orders', act('logs', { service: 'orders' })],
    [
      'own instance/i-0123456789abcdef0 team Ordering',
      act('own', { resource: 'instance/i-0123456789abcdef0', team: 'ordering' }),
    ],
    ['deploy web v1.2', act('deploy', { service: 'web', tag: 'v1.2' })],
    [
      'deploy web v1.2 --despite-freeze checkout is down',
      act('deploy', { service: 'web', tag: 'v1.2', despiteFreeze: 'checkout is down' }),
    ],
    [
      'deploy web v1.2 --despite-freeze="checkout is down"',
      act('deploy', { service: 'web', tag: 'v1.2', despiteFreeze: 'checkout is down' }),
    ],
    ['rollback web', act('roll-back', { service: 'web', reason: '' })],
    ['roll back web', act('roll-back', { service: 'web', reason: '' })],
    ['rollback web to v1', act('roll-back', { service: 'web', image: 'v1', reason: '' })],
    ['rollback web previous', act('roll-back', { service: 'web', image: 'previous', reason: '' })],
    ['retry web 41ab', act('retry', { service: 'web', image: '41ab' })],
    ['pin web', act('pin', { service: 'web', reason: '' })],
    ['pin web demo on Thursday', act('pin', { service: 'web', reason: 'demo on Thursday' })],
    ['unpin web', act('unpin', { service: 'web' })],
    ['freeze until 9:00', act('freeze', { until: NINE, reason: '' })],
    ['freeze everything until 9:00', act('freeze', { until: NINE, reason: '' })],
    [
      'freeze orders until tomorrow 9:00 the demo',
      act('freeze', { what: 'orders', until: NINE, reason: 'the demo' }),
    ],
    [
      'freeze team ordering until 9:00',
      act('freeze', { team: 'ordering', until: NINE, reason: '' }),
    ],
    ['thaw', act('thaw', {})],
    ['thaw orders', act('thaw', { what: 'orders' })],
    ['keep orders', act('keep', { what: 'orders', reason: '' })],
    ['keep orders until 9:00', act('keep', { what: 'orders', until: NINE, reason: '' })],
    [
      'keep orders for 2h the demo',
      act('keep', { what: 'orders', until: '2026-03-02T22:30:00.000Z', reason: 'the demo' }),
    ],
    [
      'keep team storefront until tomorrow the demo',
      act('keep', { team: 'storefront', morning: '2026-03-03', reason: 'the demo' }),
    ],
    ['wake dev', act('wake', { what: 'dev', reason: '' })],
    [
      'sleep orders --despite-keep',
      act('sleep', { what: 'orders', reason: '', despiteKeep: true }),
    ],
    ['unkeep orders', act('unkeep', { what: 'orders' })],
    ['ack dev-web-errors', act('acknowledge', { alarm: 'dev-web-errors' })],
    ['mute dev-web-errors', act('mute', { alarm: 'dev-web-errors' })],
    ['mute dev-web-errors until 9:00', act('mute', { alarm: 'dev-web-errors', until: NINE })],
  ])('%s', (text, expected) => {
    expect(read(text)).toEqual(expected)
  })
})

describe('a time at which something sleeps', () => {
  test.each([
    ['keep orders until 18:00', '18:00 has passed today'],
    ['keep orders until', 'until when?'],
    ['keep', 'it names no service, team or environment'],
    ['keep orders --for-ever', '"--for-ever" is no option of it'],
    ['unkeep orders now', '"now" is left over'],
  ])('%s is asked: %s', (text, why) => {
    expect((read(text) as { refused: string }).refused).toContain(why)
  })

  test('is the writer’s own where Slack says it', () => {
    const clock = { ...CLOCK, now: new Date('2026-03-02T19:30:00Z'), own: 'America/New_York' }
    expect(readCommand('keep dev until 18:00', clock)).toEqual(
      act('keep', { what: 'dev', until: '2026-03-02T23:00:00.000Z', reason: '' }),
    )
  })
})

describe('what a phone and Slack make of it reads the same', () => {
  test.each([
    ['freeze orders until “tomorrow 9:00”', 'freeze orders until tomorrow 9:00'],
    ['deploy web v1.2 —despite-freeze it is down', 'deploy web v1.2 --despite-freeze it is down'],
    ['deploy web v1.2 –despite-freeze it is down', 'deploy web v1.2 --despite-freeze it is down'],
    ['deploy\u00a0web\u00a0v1.2', 'deploy web v1.2'],
    ['deploy\u2009web\u202fv1.2', 'deploy web v1.2'],
    ['deploy web <http://v1.2|v1.2>', 'deploy web v1.2'],
    ['deploy web <http://v1.2>', 'deploy web v1.2'],
    ['Deploy Web v1.2\n', 'deploy web v1.2'],
    ['`deploy web v1.2`', 'deploy web v1.2'],
    ['why Orders', 'why orders'],
    ['Status.', 'status'],
    ['deploy web ‘v1.2’', 'deploy web v1.2'],
    ['pin web “demo on Thursday”', 'pin web demo on Thursday'],
    ['de\u00adploy web\u200b v1.2', 'deploy web v1.2'],
    ['rollback web to 41ab', 'rollback web 41ab'],
    ['pin web R&amp;D &lt;3', 'pin web R&D <3'],
  ])('%j is %j', (typed, plain) => {
    const read = readCommand(typed, CLOCK)
    expect(read).toEqual(readCommand(plain, CLOCK))
    expect(read).toHaveProperty('act')
  })

  const space = fc.constantFrom(' ', '\u00a0', '  ', '\u2009', ' \u200b', '\t')
  const quote = fc.constantFrom(['', ''], ['“', '”'], ['"', '"'], ['‘', '’'], ['`', '`'])
  test('any space, quotes around any name, any capitals of it, any end', () => {
    fc.assert(
      fc.property(
        fc.array(space, { minLength: 2, maxLength: 2 }),
        quote,
        quote,
        fc.constantFrom('orders', 'Orders', 'ORDERS'),
        fc.constantFrom('', '\n', ' ', '\u00a0\r\n'),
        ([one, two], [open, shut], [begin, end], name, last) => {
          const typed = `Deploy${one}${open}${name}${shut}${two}${begin}v1.2${end}${last}`
          expect(read(typed)).toEqual(act('deploy', { service: 'orders', tag: 'v1.2' }))
        },
      ),
    )
  })
})

describe('never half of a command', () => {
  test.each([
    ['deploy web', /names no service and a tag/],
    ['deploy', /names no service/],
    ['deploy web v1.2 now please', /"now please" is left over/],
    ['deploy web v1\nrollback orders', /"rollback orders" is left over/],
    ['deploy web v1.2 --despite-freeze', /needs a reason/],
    ['deploy web v1.2 --despite-freezing x', /no option of it; --despite-freeze is known/],
    ['deploy web v1.2 --force', /"--force" is no option/],
    ['rollback web --despite-freeze x', /is no option/],
    ['rollback web v1 v2', /"v2" is left over/],
    ['freeze orders', /does not say until when/],
    ['freeze orders until', /until when/],
    ['freeze orders web until 9:00', /"web" is left over/],
    ['freeze orders until 9:00 --hard', /no option/],
    ['thaw team', /^(?!.*left over)/],
    ['unpin orders please', /"please" is left over/],
    ['mute dev-web-errors for ever', /no time I can read/],
    ['mute dev-web-errors 1h and more', /"and more" is left over/],
    ['acknowledge', /names no alarm/],
    ['why', /names no service/],
    ['deploi web v1', /Did you mean `deploy`\?/],
    ['rolback web', /Did you mean `rollback`\?/],
    ['xyzzyxyzzy', /is nothing I know\. `help`/],
    ['help me', /nothing I know/],
  ])('%s', (text, because) => {
    const found = read(text)
    if ('refused' in found) expect(found.refused).toMatch(because)
    else expect(found).toEqual(act('thaw', { what: 'team' }))
  })

  test('a word more behind a whole command refuses it, whatever the word', () => {
    const word = fc.stringMatching(/^[a-z0-9-]{1,10}$/).filter((text) => !text.startsWith('-'))
    fc.assert(
      fc.property(
        fc.constantFrom('unpin web', 'why web', 'deploy web v1', 'retry web v1'),
        word,
        (text, more) => {
          expect(read(`${text} ${more}`)).toHaveProperty('refused')
        },
      ),
    )
  })

  test('whatever is typed is read or refused in words', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 60 }),
          fc
            .array(
              fc.constantFrom(
                ...VERBS,
                'until',
                '9:00',
                'web',
                '--despite-freeze',
                '—',
                '“',
                '<http://a|',
                '>',
              ),
            )
            .map((words) => words.join(' ')),
        ),
        (text) => {
          const found = read(text)
          if ('refused' in found) expect(found.refused).toContain('Nothing was done')
        },
      ),
      { numRuns: 1000 },
    )
  })
})

describe('help', () => {
  test('knows every verb, and how it is undone', () => {
    const found = read('help')
    expect(found).toHaveProperty('help')
    for (const verb of VERBS) expect(JSON.stringify(found)).toContain(EXPLAINED[verb].usage)
    expect(read('help rollback')).toEqual({ help: expect.stringMatching(/Undone by `retry/) })
  })

  test('its own text, sent back as a command, does nothing', () => {
    const { help = '' } = read('help') as { help?: string }
    for (const line of help.split('\n')) expect(read(line)).not.toHaveProperty('act')
  })
})

test('an act in words reads as the same act', () => {
  for (const text of [
    'own instance/i-0123456789abcdef0 team ordering',
    'deploy web v1.2 --despite-freeze it is down',
    'rollback web 41ab',
    'pin web the demo',
    'thaw team ordering',
    'status storefront',
  ]) {
    const found = read(text)
    if (!('act' in found)) throw new Error(text)
    expect(writeCommand(found.act, CLOCK)).toBe(text)
  }
  const frozen = read('freeze orders until tomorrow 9:00 the demo')
  if (!('act' in frozen)) throw new Error('freeze')
  expect(writeCommand(frozen.act, CLOCK)).toBe(
    'freeze orders until Tue 3 Mar 09:00 Europe/Berlin the demo',
  )
})
