import { describe, expect, it, test } from 'vitest'
import { compilePattern } from '../../local/aws/eventbridge/pattern.ts'
import { Bus, FUNCTION, QUEUE } from '../kits/bus.ts'

/**
 * What AWS answers, as recorded by LocalStack's tests:
 * https://github.com/localstack/localstack/tree/master/tests/aws/services/events
 */
const EVENT = {
  id: '1',
  source: 'test-source',
  'detail-type': 'test-detail-type',
  account: '123456789012',
  region: 'us-east-2',
  time: '2022-07-13T13:48:01Z',
}

describe('TestEventPattern', () => {
  const asked = (pattern: object, more: object) =>
    new Bus().call('eventbridge', 'TestEventPattern', {
      EventPattern: JSON.stringify(pattern),
      Event: JSON.stringify({ ...EVENT, ...more }),
    })

  // test_events_patterns.py, event_pattern_templates/
  test.each<[string, object, object, boolean]>([
    ['takes an event without resources', { source: ['test-source'] }, {}, true],
    [
      'dot_joining_event',
      { detail: { state: { status: ['running'] } } },
      { detail: { 'state.status': 'running' } },
      true,
    ],
    [
      'dot_joining_event_NEG',
      { detail: { state: { status: ['running'] } } },
      { detail: { 'state.status': { status: 'running' } } },
      false,
    ],
    [
      'dot_joining_pattern',
      { detail: { 'state.status': ['running'] } },
      { detail: { state: { status: 'running' } } },
      true,
    ],
    [
      'dot_joining_pattern_NEG',
      { detail: { 'state.status': { status: ['running'] } } },
      { detail: { state: { status: 'running' } } },
      false,
    ],
    [
      'a range by its masked part',
      { detail: { ip: [{ cidr: '10.0.0.5/24' }] } },
      { detail: { ip: '10.0.0.1' } },
      true,
    ],
    [
      'content_wildcard_repeating',
      { FileName: [{ wildcard: '/Users/*/dir/dir/dir/dir/dir/doc.txt' }] },
      { FileName: '/Users/ls_user/dir/dir/dir/dir/dir/doc.txt' },
      true,
    ],
    [
      'a name in $or replaces the outer one',
      { source: ['other'], $or: [{ source: ['test-source'] }, { id: ['2'] }] },
      {},
      true,
    ],
    [
      'and only there',
      { source: ['other'], $or: [{ source: ['none'] }, { id: ['1'] }] },
      {},
      false,
    ],
  ])('%s', async (_, pattern, more, Result) => {
    expect(await asked(pattern, more)).toEqual({ Result })
  })
})

describe('a pattern is refused', () => {
  const VALUES = "(JSON String, Number, Array, Object or token 'null', 'true' or 'false')"
  const at = (text: string, column: number) =>
    `\n at [Source: (String)${JSON.stringify(text)}; line: 1, column: ${column}]`

  test.each([
    ['this is valid json but not a dict', `Unrecognized token 'this': was expecting ${VALUES}`, 5],
    [
      "{'bad': 'quotation'}",
      "Unexpected character (''' (code 39)): was expecting double-quote to start field name",
      2,
    ],
    ['{"not": closed mark"', `Unrecognized token 'closed': was expecting ${VALUES}`, 15],
    ['["not", "a", "dict", "but valid json"]', 'Filter is not an object', 2],
  ])('in the words of the parser of AWS: %s', (text, reason, column) => {
    expect(() => compilePattern(text)).toThrow(
      `Event pattern is not valid. Reason: ${reason}${at(text, column)}`,
    )
  })

  // The words of Jackson for these are not recorded; that it is refused is.
  test.each([
    '{',
    '{"a" 1}',
    '{"a": [1, 2',
    '{"a": [1] "b": [2]}',
    '{"a": [1]}}',
    '[1:2]',
    '{nope}',
  ])('%s', (text) => {
    expect(() => compilePattern(text)).toThrow(/Reason: Unexpected (end-of-input|character)/)
  })

  it('for two wildcards in a row, by the position that counts the quote', () => {
    const wildcard = 'arn:aws:events:us-east-1:**:event-bus/*'
    expect(() => compilePattern({ a: [{ wildcard }] })).toThrow(
      'Consecutive wildcard characters at pos 26',
    )
  })

  it('for wildcards of which too many could go on at once', () => {
    const refused = { a: [{ wildcard: '*:*:*:*:*:event-bus/*' }] }
    expect(() => compilePattern(refused)).toThrow(
      'Rule is too complex - try using fewer wildcard characters or fewer repeating character sequences after a wildcard character',
    )
    expect(compilePattern({ a: [{ wildcard: 'a*:*:*:*b' }] })({ a: 'ax::y:b' })).toBe(true)
  })
})

const SHOP = '{"source":["shop"]}'

describe('an input transformer', () => {
  const PATHS = {
    userId: '$.detail.payload.acc_id',
    payload: '$.detail.payload',
    list: '$.detail.list',
    valid: '$.detail.valid',
  }
  const detail = {
    payload: { acc_id: '0a787ecb-4015', sf_id: 'baz' },
    list: ['ACTIVE', 'INACTIVE'],
    valid: true,
  }

  /** What the function is called with; undefined when nothing reaches it. */
  async function delivered(InputTemplate: string) {
    const bus = await Bus.open([
      { Arn: FUNCTION, InputTransformer: { InputPathsMap: PATHS, InputTemplate } },
    ])
    await bus.call('eventbridge', 'PutRule', {
      Name: 'pushes',
      EventPattern: SHOP,
    })
    await bus.put({ Detail: JSON.stringify(detail) })
    await bus.run(10_000)
    return { payload: bus.invocations[0]?.payload, deliveries: bus.deliveries }
  }

  // test_events_inputs.py, test_input_transformer_nested_keys_replacement
  test.each<[string, unknown]>([
    [
      '{"path": "users/<userId>", "id": <userId>, "body": <payload>}',
      { path: 'users/0a787ecb-4015', id: '0a787ecb-4015', body: detail.payload },
    ],
    [
      '"Payload of <payload> for <userId>"',
      'Payload of {acc_id:0a787ecb-4015,sf_id:baz} for 0a787ecb-4015',
    ],
    ['"<list> multiple list items"', '[ACTIVE,INACTIVE] multiple list items'],
    ['"Command is <valid>!"', 'Command is true!'],
    ['{"list": <list>}', { list: ['ACTIVE', 'INACTIVE'] }],
  ])('fills %s', async (template, payload) => {
    expect((await delivered(template)).payload).toEqual(payload)
  })

  test.each(['<list> multiple list items', '{"list": "<list>"}'])(
    'delivers nothing for %s, which yields no JSON',
    async (template) => {
      const { payload, deliveries } = await delivered(template)
      expect(payload).toBeUndefined()
      expect(deliveries).toMatchObject([{ outcome: 'dropped', attempts: 1 }])
    },
  )

  it('delivers a text of several lines, each a value', async () => {
    const InputTemplate = '"<userId> user id"\n"<payload> payload"'
    const InputTransformer = { InputPathsMap: PATHS, InputTemplate }
    const bus = await Bus.open([{ Arn: QUEUE, InputTransformer }])
    await bus.call('eventbridge', 'PutRule', { Name: 'pushes', EventPattern: SHOP })
    await bus.put({ Detail: JSON.stringify(detail) })
    await bus.run(10_000)
    const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/events'
    const { Messages } = await bus.call<{ Messages: object[] }>('sqs', 'ReceiveMessage', {
      QueueUrl,
    })
    expect(Messages).toMatchObject([
      { Body: '"0a787ecb-4015 user id"\n"{acc_id:0a787ecb-4015,sf_id:baz} payload"' },
    ])
  })

  it('shows the event without its detail, with its type under a name of its own', async () => {
    const { payload } = await delivered(
      '{"event": <aws.events.event>, "json": <aws.events.event.json>}',
    )
    const { event, json } = payload as { event: object; json: object }
    expect(Object.keys(event).toSorted()).toEqual([
      'account',
      'detailType',
      'id',
      'region',
      'resources',
      'source',
      'time',
      'version',
    ])
    expect(event).toMatchObject({ detailType: 'sold' })
    expect(json).toMatchObject({ 'detail-type': 'sold', detail })
  })

  it('is refused with a name that is not among its paths', async () => {
    const target = {
      Id: 'one',
      Arn: QUEUE,
      InputTransformer: { InputPathsMap: { a: '$.detail' }, InputTemplate: '"<notdefinedkey>"' },
    }
    const bus = await Bus.open([])
    await expect(
      bus.call('eventbridge', 'PutTargets', { Rule: 'pushes', Targets: [target] }),
    ).rejects.toMatchObject({
      name: 'ValidationException',
      message: 'InputTemplate for target one contains invalid placeholder notdefinedkey.',
    })
  })
})

it('DescribeRule says who made the rule', async () => {
  const bus = await Bus.open([])
  // test_events.snapshot.json
  expect(await bus.call('eventbridge', 'DescribeRule', { Name: 'pushes' })).toMatchObject({
    CreatedBy: '123456789012',
  })
})
