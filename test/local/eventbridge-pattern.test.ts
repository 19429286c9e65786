import fc from 'fast-check'
import { describe, expect, it, test } from 'vitest'
import { EventBridge } from '../../local/aws/eventbridge/eventbridge.ts'
import { compilePattern } from '../../local/aws/eventbridge/pattern.ts'
import { targetInput } from '../../local/aws/eventbridge/transform.ts'
import { Faults } from '../../local/aws/faults.ts'
import { Account } from '../kits/account.ts'

const matches = (pattern: object, event: object) => compilePattern(pattern)(event)

/** A value that is not there, unlike null. */
const ABSENT = Symbol('absent')

const detail = (value: unknown) => (value === ABSENT ? { other: 1 } : { field: value })

describe('one matcher', () => {
  test.each<[string, unknown, unknown[], unknown[]]>([
    ['text', 'main', ['main', ['other', 'main']], ['Main', 'mainly', ['other'], ABSENT, null]],
    ['the empty text', '', [''], [null, ABSENT, ' ', []]],
    ['null', null, [null, ['x', null]], ['', 0, false, ABSENT, 'null', []]],
    ['a boolean', true, [true, [false, true]], [false, 'true', 1, ABSENT]],
    ['a number', 300, [300, 3.0e2, [1, 300]], ['300', 301, ABSENT]],
    [
      'a prefix',
      { prefix: 'v1.' },
      ['v1.', 'v1.2', ['x', 'v1.0']],
      ['v2.1', 'V1.2', 1, null, ABSENT],
    ],
    ['the empty prefix', { prefix: '' }, ['', 'anything'], [1, null, ABSENT]],
    ['a suffix', { suffix: '.png' }, ['.png', 'a.png'], ['a.PNG', 'png', 1, ABSENT]],
    [
      'a prefix in any case',
      { prefix: { 'equals-ignore-case': 'EventB' } },
      ['eventbridge', 'EVENTB'],
      ['event', 1, ABSENT],
    ],
    [
      'a suffix in any case',
      { suffix: { 'equals-ignore-case': '.PNG' } },
      ['a.png', 'b.PnG'],
      ['a.pn', ABSENT],
    ],
    [
      'text in any case',
      { 'equals-ignore-case': 'Alice' },
      ['alice', 'ALICE'],
      ['alic', 1, ABSENT],
    ],
    [
      'a wildcard',
      { wildcard: 'dir/*.png' },
      ['dir/.png', 'dir/a/b.png'],
      ['dir/a.pn', 'x/dir/a.png', 1],
    ],
    ['several wildcards', { wildcard: '*a*b*' }, ['ab', 'xaxbx', 'aab'], ['ba', 'a', '']],
    ['a wildcard over nothing twice', { wildcard: 'a*a' }, ['aa', 'aba'], ['a', 'ab']],
    ['an escaped asterisk', { wildcard: 'a\\*b' }, ['a*b'], ['axb', 'a\\*b']],
    ['an escaped backslash', { wildcard: 'a\\\\*' }, ['a\\', 'a\\b'], ['a']],
    ['a number equal to', { numeric: ['=', 301.8] }, [301.8, 3.018e2], [301, '301.8', ABSENT]],
    ['a number below', { numeric: ['<', 10] }, [9.999999, -5], [10, '9']],
    [
      'a number in a range',
      { numeric: ['>', 0, '<=', 5] },
      [5, 0.000001, [9, 1]],
      [0, 5.000001, ['1']],
    ],
    ['a number from', { numeric: ['>=', -1.5] }, [-1.5, 0], [-1.500001]],
    [
      'an IPv4 range',
      { cidr: '10.0.0.0/24' },
      ['10.0.0.0', '10.0.0.255'],
      ['10.0.1.0', '10.0.0', '::1'],
    ],
    [
      'a range, of whose address the masked part counts',
      { cidr: '10.0.0.5/24' },
      ['10.0.0.4', '10.0.0.255'],
      ['9.255.255.255', '10.0.1.0'],
    ],
    [
      'an address in any spelling',
      '2001:db8::1',
      ['2001:db8::1', '2001:0db8:0:0::1'],
      ['2001:db8::2', 1],
    ],
    ['all of IPv4', { cidr: '0.0.0.0/0' }, ['255.255.255.255'], ['::1', 'x']],
    [
      'an IPv6 range',
      { cidr: '2001:db8::/32' },
      ['2001:db8::1', '2001:0db8:ffff::'],
      ['2001:db9::', '1.2.3.4'],
    ],
    ['something there', { exists: true }, ['', 0, false, null, ['x']], [ABSENT, [], {}, { a: 1 }]],
    ['nothing there', { exists: false }, [ABSENT, [], { a: 1 }], ['', null, ['x']]],
    [
      'anything but text',
      { 'anything-but': 'a' },
      ['b', 1, null, true, ['a', 'b']],
      ['a', ['a'], ABSENT],
    ],
    ['anything but texts', { 'anything-but': ['a', 'b'] }, ['c', 'A'], ['a', 'b', ABSENT]],
    ['anything but a number', { 'anything-but': 123 }, [124, '123'], [123, 1.23e2, ABSENT]],
    ['anything but numbers', { 'anything-but': [100, 200] }, [150], [100, 200]],
    [
      'anything but a prefix',
      { 'anything-but': { prefix: 'init' } },
      ['ini', 'Init', 1],
      ['init', 'initial', ABSENT],
    ],
    ['anything but prefixes', { 'anything-but': { prefix: ['a', 'b'] } }, ['c'], ['ax', 'bx']],
    ['anything but a suffix', { 'anything-but': { suffix: '.txt' } }, ['a.rtf'], ['a.txt']],
    [
      'anything but suffixes',
      { 'anything-but': { suffix: ['.txt', '.rtf'] } },
      ['a.png'],
      ['a.txt', 'a.rtf'],
    ],
    [
      'anything but text in any case',
      { 'anything-but': { 'equals-ignore-case': 'a' } },
      ['b'],
      ['A', 'a'],
    ],
    [
      'anything but texts in any case',
      { 'anything-but': { 'equals-ignore-case': ['a', 'b'] } },
      ['c'],
      ['A', 'B'],
    ],
    [
      'anything but a wildcard',
      { 'anything-but': { wildcard: '*/lib/*' } },
      ['/bin/x'],
      ['/lib/x'],
    ],
    [
      'anything but wildcards',
      { 'anything-but': { wildcard: ['*/lib/*', '*/bin/*'] } },
      ['/src/x'],
      ['/lib/x', '/bin/x'],
    ],
  ])('of %s', (_, matcher, taken, refused) => {
    const rule = compilePattern({ field: [matcher] })
    expect(taken.map((one) => rule(detail(one)))).toEqual(taken.map(() => true))
    expect(refused.map((one) => rule(detail(one)))).toEqual(refused.map(() => false))
  })
})

describe('a pattern', () => {
  it('needs every field it names, and one of the values it names for each', () => {
    const pattern = {
      source: ['a', 'b'],
      detail: { state: ['on'], level: [{ numeric: ['>', 1] }] },
    }
    expect(matches(pattern, { source: 'b', detail: { state: 'on', level: 2, more: true } })).toBe(
      true,
    )
    expect(matches(pattern, { source: 'b', detail: { state: 'on', level: 1 } })).toBe(false)
    expect(matches(pattern, { source: 'c', detail: { state: 'on', level: 2 } })).toBe(false)
    expect(matches(pattern, { source: 'b', detail: 'on' })).toBe(false)
  })

  it('takes alternatives of whole fields with $or, within each other too', () => {
    const pattern = {
      source: ['a'],
      detail: {
        $or: [
          { count: [{ numeric: ['>', 0] }] },
          { kind: ['x'], $or: [{ one: [1] }, { two: [2] }] },
        ],
      },
    }
    const taken = [{ count: 1 }, { kind: 'x', one: 1 }, { kind: 'x', two: 2 }]
    const refused = [{ count: 0 }, { kind: 'x' }, { one: 1 }, { kind: 'y', two: 2 }]
    expect(taken.map((one) => matches(pattern, { source: 'a', detail: one }))).toEqual([
      true,
      true,
      true,
    ])
    expect(refused.some((one) => matches(pattern, { source: 'a', detail: one }))).toBe(false)
    expect(matches(pattern, { source: 'b', detail: { count: 1 } })).toBe(false)
  })

  it('takes $or as a field of that name when it is not a list of alternatives', () => {
    expect(matches({ $or: { kind: ['x'] } }, { $or: { kind: 'x' } })).toBe(true)
    expect(matches({ $or: ['x'] }, { $or: 'x' })).toBe(true)
  })

  it('never adds up fields of different elements of an array', () => {
    const pattern = { detail: { containers: { name: ['web'], exitCode: [137] } } }
    const event = (...containers: object[]) => ({ detail: { containers } })
    expect(matches(pattern, event({ name: 'log' }, { name: 'web', exitCode: 137 }))).toBe(true)
    expect(
      matches(pattern, event({ name: 'web', exitCode: 0 }, { name: 'log', exitCode: 137 })),
    ).toBe(false)
  })

  it('matches any element of an array, however deep, and either list against either', () => {
    const pattern = { resources: ['a', 'b'] }
    expect(matches(pattern, { resources: ['c', ['d', 'b']] })).toBe(true)
    expect(matches(pattern, { resources: ['c'] })).toBe(false)
    expect(matches(pattern, { resources: [] })).toBe(false)
  })

  it('may ask that a field below one that is missing does not exist', () => {
    const pattern = { detail: { error: { code: [{ exists: false }] } } }
    expect(matches(pattern, { detail: {} })).toBe(true)
    expect(matches(pattern, { detail: { error: { code: 1 } } })).toBe(false)
  })

  it('takes the last of fields that are repeated', () => {
    const rule = compilePattern('{"a":[{"prefix":"us-"}],"a":[{"anything-but":"us-east"}]}')
    expect(rule({ a: 'eu' })).toBe(true)
  })

  it('matches an event made of its own plain values', () => {
    const plain = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null))
    const key = fc.string({ minLength: 1 }).filter((name) => name !== '$or' && name !== '__proto__')
    const tree: fc.Arbitrary<Record<string, unknown>> = fc.letrec<{
      node: Record<string, unknown>
    }>((tie) => ({
      node: fc.dictionary(key, fc.oneof({ maxDepth: 2 }, plain, tie('node')), {
        minKeys: 1,
        maxKeys: 3,
      }),
    })).node
    const patternOf = (node: Record<string, unknown>): object =>
      Object.fromEntries(
        Object.entries(node).map(([name, one]) => [
          name,
          typeof one === 'object' && one !== null
            ? patternOf(one as Record<string, unknown>)
            : [one],
        ]),
      )
    fc.assert(fc.property(tree, (event) => matches(patternOf(event), { ...event, more: 1 })))
  })
})

describe('a pattern is refused', () => {
  test.each<[unknown, string]>([
    ['{', 'Unexpected end-of-input'],
    ['[]', 'Filter is not an object'],
    ['{}', 'Empty objects are not allowed'],
    [{ a: {} }, 'Empty objects are not allowed'],
    [{ a: [] }, 'Empty arrays are not allowed'],
    [{ a: 'x' }, '"a" must be an object or an array'],
    [{ a: null }, '"a" must be an object or an array'],
    [{ a: [['x']] }, 'Match value must be String, number, true, false, or null'],
    [{ a: [{}] }, 'Match expression name not found'],
    [{ a: [{ starts: 'x' }] }, 'Unrecognized match type starts'],
    [{ a: [{ prefix: 'a', suffix: 'b' }] }, 'Only one key allowed in match expression'],
    [{ a: [{ prefix: 1 }] }, 'prefix match pattern must be a string'],
    [{ a: [{ suffix: null }] }, 'suffix match pattern must be a string'],
    [{ a: [{ prefix: {} }] }, 'Prefix expression name not found'],
    [{ a: [{ suffix: { wildcard: '*' } }] }, 'Unsupported suffix pattern: wildcard'],
    [
      { a: [{ prefix: { 'equals-ignore-case': 1 } }] },
      'equals-ignore-case match pattern must be a string',
    ],
    [{ a: [{ 'equals-ignore-case': ['a'] }] }, 'equals-ignore-case match pattern must be a string'],
    [{ a: [{ exists: 'true' }] }, 'exists match pattern must be either true or false.'],
    [{ a: [{ wildcard: 1 }] }, 'wildcard match pattern must be a string'],
    [{ a: [{ wildcard: 'a**b' }] }, 'Consecutive wildcard characters'],
    [{ a: [{ wildcard: 'a\\b' }] }, 'Invalid escape character'],
    [{ a: [{ wildcard: 'a\\' }] }, 'Invalid escape character'],
    [{ a: [{ cidr: '10.0.0.0' }] }, 'Malformed CIDR'],
    [{ a: [{ cidr: '10.0.0.0/x' }] }, 'mask bits must be an integer'],
    [{ a: [{ cidr: '10.0.0.0/32' }] }, 'IPv4 mask bits must be < 32'],
    [{ a: [{ cidr: '::/128' }] }, 'IPv6 mask bits must be < 128'],
    [{ a: [{ cidr: '10.0.0/8' }] }, 'Nonstandard IP address: 10.0.0'],
    [{ a: [{ cidr: 1 }] }, 'must be a string'],
    [{ a: [{ numeric: 5 }] }, 'Value of numeric must be an array.'],
    [{ a: [{ numeric: [] }] }, 'Invalid member in numeric match: ]'],
    [{ a: [{ numeric: [5] }] }, 'Invalid member in numeric match: 5'],
    [{ a: [{ numeric: ['!=', 5] }] }, 'Unrecognized numeric range operator: !='],
    [{ a: [{ numeric: ['>'] }] }, 'Value of > must be numeric'],
    [{ a: [{ numeric: ['=', '5'] }] }, 'Value of equals must be numeric'],
    [{ a: [{ numeric: ['=', 5, '<', 6] }] }, 'Too many elements in numeric expression'],
    [{ a: [{ numeric: ['>', 5, '>', 6] }] }, 'Bad numeric range operator: >'],
    [{ a: [{ numeric: ['>', 5, 6] }] }, 'Bad value in numeric range: 6'],
    [{ a: [{ numeric: ['>', 5, '<', 5] }] }, 'Bottom must be less than top'],
    [{ a: [{ numeric: ['>', 5, '<', 6, '<', 7] }] }, 'Too many terms in numeric range expression'],
    [{ a: [{ numeric: ['<', 5e9 + 1] }] }, 'Value must be between -5.0E9 and 5.0E9, inclusive'],
    [
      { a: [{ 'anything-but': null }] },
      'Value of anything-but must be an array or single string/number value.',
    ],
    [{ a: [{ 'anything-but': [] }] }, 'either all values are number or string'],
    [{ a: [{ 'anything-but': ['a', 1] }] }, 'either all values are number or string'],
    [{ a: [{ 'anything-but': [null] }] }, 'start|null|boolean is not supported'],
    [{ a: [{ 'anything-but': {} }] }, 'Anything-But expression name not found'],
    [
      { a: [{ 'anything-but': { numeric: ['>', 1] } }] },
      'Unsupported anything-but pattern: numeric',
    ],
    [{ a: [{ 'anything-but': { prefix: '' } }] }, 'Null prefix/suffix not allowed'],
    [{ a: [{ 'anything-but': { suffix: [1] } }] }, 'prefix/suffix match pattern must be a string'],
    [
      { a: [{ 'anything-but': { prefix: { 'equals-ignore-case': 'a' } } }] },
      'must be an array or single',
    ],
    [{ a: [{ 'anything-but': { prefix: 'a', suffix: 'b' } }] }, 'Only one key allowed'],
    [{ a: [{ 'anything-but': { 'equals-ignore-case': [1] } }] }, 'number|start|null|boolean'],
  ])('%j', (pattern, reason) => {
    const compile = () => compilePattern(pattern as object)
    expect(compile).toThrow(expect.objectContaining({ name: 'InvalidEventPatternException' }))
    expect(compile).toThrow(`Event pattern is not valid. Reason: `)
    expect(compile).toThrow(reason)
  })

  it('when its alternatives unfold into more than a thousand', () => {
    const alternatives = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ [`${name}${index}`]: [1] }))
    const pattern = (count: number) => ({
      one: { $or: alternatives('a', 10) },
      two: { $or: alternatives('b', 10) },
      three: { $or: alternatives('c', count) },
    })
    expect(() => compilePattern(pattern(10))).not.toThrow()
    expect(() => compilePattern(pattern(11))).toThrow('1000')
  })
})

describe('TestEventPattern', () => {
  const EVENT = {
    id: '1',
    account: '123456789012',
    source: 'shop',
    time: '2026-03-02T09:00:00Z',
    region: 'eu-central-1',
    resources: [],
    'detail-type': 'sold',
  }
  const ask = (pattern: unknown, event: unknown) => {
    const account = new Account()
    account.aws.register(new EventBridge(account.aws, new Faults(account.world.random)))
    const input = { EventPattern: JSON.stringify(pattern), Event: JSON.stringify(event) }
    return account.call('eventbridge', 'TestEventPattern', input)
  }

  it('tells whether an event matches', async () => {
    expect(await ask({ source: ['shop'] }, EVENT)).toEqual({ Result: true })
    expect(await ask({ source: ['other'] }, EVENT)).toEqual({ Result: false })
  })

  it('refuses an event without the fields every event has, and a pattern that is none', async () => {
    const { region, ...rest } = EVENT
    await expect(ask({ source: ['shop'] }, rest)).rejects.toThrow('missing region')
    await expect(ask({ source: 'shop' }, EVENT)).rejects.toMatchObject({
      name: 'InvalidEventPatternException',
    })
  })
})

describe('the input of a target', () => {
  const EVENT = {
    id: '1',
    source: 'aws.ec2',
    time: '2026-03-02T09:00:00Z',
    resources: ['arn:one', 'arn:two'],
    detail: {
      'instance-id': 'i-1',
      state: 'RUNNING',
      count: 3,
      tags: [{ key: 'a' }, { key: 'b' }],
    },
  }
  const RULE = { ruleArn: 'arn:rule', ruleName: 'rule', ingestionTime: '2026-03-02T09:00:01Z' }
  const input = (options: object) => targetInput(options, EVENT, RULE)
  const fill = (InputTemplate: string, InputPathsMap: Record<string, string> = {}) =>
    input({ InputTransformer: { InputTemplate, InputPathsMap } })

  it('is the event, a part of it, or what is given', () => {
    expect(JSON.parse(input({}))).toEqual(EVENT)
    expect(JSON.parse(input({ InputPath: '$.detail' }))).toEqual(EVENT.detail)
    expect(input({ InputPath: '$.resources[1]' })).toBe('"arn:two"')
    expect(input({ InputPath: '$.detail.gone' })).toBe('null')
    expect(input({ InputPath: '$.detail.tags[*].key' })).toBe('["a","b"]')
    expect(input({ Input: '{"a":1}' })).toBe('{"a":1}')
  })

  const PATHS = {
    instance: '$.detail.instance-id',
    state: '$.detail.state',
    count: '$.detail.count',
    tags: '$.detail.tags',
    first: '$.resources[0]',
  }

  test.each([
    ['text', '"instance <instance> is in <state>"', '"instance i-1 is in RUNNING"'],
    ['escaped quotes', '"instance \\"<instance>\\""', '"instance \\"i-1\\""'],
    [
      'values that keep their type',
      '{"a":<instance>,"b":<count>,"c":<tags>}',
      '{"a":"i-1","b":3,"c":[{"key":"a"},{"key":"b"}]}',
    ],
    ['a list', '[9,<state>,true]', '[9,"RUNNING",true]'],
    [
      'an object within text, which loses its quotes',
      '"tags: <tags>"',
      '"tags: [{key:a},{key:b}]"',
    ],
    ['a variable that is not there', '{"a":"<gone>x"}', '{"a":"<gone>x"}'],
    [
      'the rule',
      '{"rule":<aws.events.rule-arn>,"name":"<aws.events.rule-name>"}',
      '{"rule":"arn:rule","name":"rule"}',
    ],
    ['the time of arrival', '<aws.events.event.ingestion-time>', '"2026-03-02T09:00:01Z"'],
  ])('is made of a template with %s', (_, template, expected) => {
    expect(fill(template, PATHS)).toBe(expected)
  })

  it('may hold the whole event, with its detail or without', () => {
    const { detail: _, ...envelope } = EVENT
    expect(JSON.parse(fill('{"event":<aws.events.event.json>}'))).toEqual({ event: EVENT })
    expect(JSON.parse(fill('{"event":<aws.events.event>}'))).toEqual({ event: envelope })
  })
})

it('a pattern of more than 4096 characters is refused', () => {
  expect(() => compilePattern(JSON.stringify({ source: ['a'.repeat(5000)] }))).toThrow(
    /Member must have length less than or equal to 4096/,
  )
})
