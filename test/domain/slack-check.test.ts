import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { messageProblems } from '../../domain/slack/check.ts'

const plain = (text: string) => ({ type: 'plain_text', text })
const section = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text } })
const long = (length: number) => 'x'.repeat(length)
const button = (more: object) => ({ type: 'button', text: plain('Undo'), ...more })
const actions = (...elements: object[]) => ({ type: 'actions', elements })
const confirm = { title: plain('t'), text: plain('t'), confirm: plain('Yes'), deny: plain('No') }
const point = { label: 'a', value: 1 }
const axis_config = { categories: ['a'] }
const series = (name: string, data: object[] = [point]) => ({ name, data })
const chart = (more: object) => ({
  type: 'data_visualization',
  title: 'Errors',
  chart: { type: 'line', series: [series('s')], axis_config, ...more },
})
const raw = (text: string) => ({ type: 'raw_text', text })
const table = (rows: object[][], more: object = {}) => ({ type: 'table', rows, ...more })
const dataTable = (rows: object[][], more: object = {}) => ({
  ...{ type: 'data_table', caption: 'Services', rows },
  ...more,
})
const rich = { type: 'rich_text', elements: [{ type: 'rich_text_section', elements: [] }] }

/** Every kind of block, as Slack takes it. */
const GOOD = [
  { type: 'header', text: plain('Head') },
  section('*text*'),
  { type: 'section', fields: [plain('a'), plain('b')], accessory: button({ url: 'https://a' }) },
  { type: 'divider' },
  { type: 'image', alt_text: 'a', image_url: 'https://a' },
  {
    type: 'context',
    elements: [plain('a'), { type: 'image', alt_text: 'a', slack_file: { id: 'F' } }],
  },
  actions(button({ action_id: 'a', confirm, style: 'danger' }), button({ action_id: 'b' })),
  { type: 'markdown', text: '# a' },
  rich,
  table([[raw('a'), rich]], { column_settings: [{ align: 'right' }] }),
  dataTable([[raw('a')], [{ type: 'raw_number', value: 1, text: '1' }]], { page_size: 10 }),
  chart({}),
  { type: 'data_visualization', title: 'Pie', chart: { type: 'pie', segments: [point] } },
]

test('a message of every kind of block is taken', () => {
  expect(messageProblems({ text: 'a', blocks: GOOD }, 'update')).toEqual([])
})

test('so is text alone, and blocks alone', () => {
  expect(messageProblems({ text: 'a' }, 'post')).toEqual([])
  expect(messageProblems({ blocks: [section('a')] }, 'post')).toEqual([])
})

describe('a whole message', () => {
  test.each([
    ['that says nothing', {}, 'post', 'no_text', '/text', true],
    ['of no blocks', { blocks: [] }, 'post', 'no_text', '/text', true],
    ['whose edit is too long', { text: long(4_001) }, 'update', 'msg_too_long', '/text', true],
    ['that is cut off', { text: long(40_001) }, 'post', 'message_truncated', '/text', false],
    [
      'whose blocks are too long together',
      { blocks: Array.from({ length: 5 }, () => section(long(2_900))) },
      'post',
      'msg_blocks_too_long',
      '/blocks',
      true,
    ],
  ] as const)('%s', (_, message, use, error, pointer, refused) => {
    expect(messageProblems(message, use)).toMatchObject([{ error, pointer, refused }])
  })

  test('every problem is named, not the first alone', () => {
    const problems = messageProblems(
      { text: long(4_001), blocks: [section(''), { type: 'header' }] },
      'update',
    )
    expect(problems.map(({ error, pointer }) => [error, pointer])).toEqual([
      ['msg_too_long', '/text'],
      ['invalid_blocks', '/blocks/0/text/text'],
      ['invalid_blocks', '/blocks/1/text'],
    ])
  })
})

/** What is wrong, and the field at which it must be found. */
const BAD: [string, unknown, string][] = [
  ['51 blocks', Array.from({ length: 51 }, () => ({ type: 'divider' })), '/blocks'],
  ['no list', { type: 'divider' }, '/blocks'],
  ['an unknown type', [{ type: 'sections' }], '/blocks/0/type'],
  ['an alert, which is for modals', [{ type: 'alert', text: plain('x') }], '/blocks/0/type'],
  ['a block id of 256', [{ type: 'divider', block_id: long(256) }], '/blocks/0/block_id'],
  [
    'a block id twice',
    ['a', 'a'].map((block_id) => ({ type: 'divider', block_id })),
    '/blocks/1/block_id',
  ],
  ['an unknown field', [{ type: 'divider', colour: 'red' }], '/blocks/0'],
  ['a section of nothing', [{ type: 'section' }], '/blocks/0'],
  ['a section of 3,001', [section(long(3_001))], '/blocks/0/text/text'],
  ['a section without text', [section('')], '/blocks/0/text/text'],
  [
    'text of an unknown kind',
    [{ type: 'section', text: { type: 'html', text: 'x' } }],
    '/blocks/0/text/type',
  ],
  [
    '11 fields',
    [{ type: 'section', fields: Array.from({ length: 11 }, () => plain('x')) }],
    '/blocks/0/fields',
  ],
  [
    'a field of 2,001',
    [{ type: 'section', fields: [plain(long(2_001))] }],
    '/blocks/0/fields/0/text',
  ],
  ['a header of 151', [{ type: 'header', text: plain(long(151)) }], '/blocks/0/text/text'],
  [
    'a header in markup',
    [{ type: 'header', text: { type: 'mrkdwn', text: 'x' } }],
    '/blocks/0/text/type',
  ],
  [
    '11 elements of context',
    [{ type: 'context', elements: Array.from({ length: 11 }, () => plain('x')) }],
    '/blocks/0/elements',
  ],
  [
    'a button in a context',
    [{ type: 'context', elements: [button({})] }],
    '/blocks/0/elements/0/type',
  ],
  ['actions without any', [actions()], '/blocks/0/elements'],
  ['26 buttons', [actions(...Array.from({ length: 26 }, () => button({})))], '/blocks/0/elements'],
  [
    'a button of 76',
    [actions(button({ text: plain(long(76)) }))],
    '/blocks/0/elements/0/text/text',
  ],
  [
    'a button in markup',
    [actions(button({ text: { type: 'mrkdwn', text: 'x' } }))],
    '/blocks/0/elements/0/text/type',
  ],
  ['a value of 2,001', [actions(button({ value: long(2_001) }))], '/blocks/0/elements/0/value'],
  ['an address of 3,001', [actions(button({ url: long(3_001) }))], '/blocks/0/elements/0/url'],
  ['an unknown style', [actions(button({ style: 'default' }))], '/blocks/0/elements/0/style'],
  [
    'an action id twice',
    [actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    '/blocks/0/elements/1/action_id',
  ],
  [
    'a question without an answer',
    [actions(button({ confirm: { ...confirm, deny: undefined } }))],
    '/blocks/0/elements/0/confirm/deny',
  ],
  [
    'a question of 301',
    [actions(button({ confirm: { ...confirm, text: plain(long(301)) } }))],
    '/blocks/0/elements/0/confirm/text/text',
  ],
  [
    'an answer of 31',
    [actions(button({ confirm: { ...confirm, confirm: plain(long(31)) } }))],
    '/blocks/0/elements/0/confirm/confirm/text',
  ],
  [
    '6 options of a menu',
    [
      actions({
        type: 'overflow',
        options: Array.from({ length: 6 }, (_, at) => ({ text: plain('x'), value: `${at}` })),
      }),
    ],
    '/blocks/0/elements/0/options',
  ],
  ['an image without words', [{ type: 'image', image_url: 'https://a' }], '/blocks/0/alt_text'],
  ['an image without a source', [{ type: 'image', alt_text: 'a' }], '/blocks/0'],
  [
    'an image with two',
    [{ type: 'image', alt_text: 'a', image_url: 'https://a', slack_file: { id: 'F' } }],
    '/blocks/0',
  ],
  [
    'a file with two names',
    [{ type: 'image', alt_text: 'a', slack_file: { id: 'F', url: 'u' } }],
    '/blocks/0/slack_file',
  ],
  [
    'an accessory without a source',
    [{ ...section('x'), accessory: { type: 'image', alt_text: 'a' } }],
    '/blocks/0/accessory',
  ],
  [
    'markdown of 12,001 in two blocks',
    [6_000, 6_001].map((length) => ({ type: 'markdown', text: long(length) })),
    '/blocks',
  ],
  [
    'rich text of an unknown kind',
    [{ type: 'rich_text', elements: [{ type: 'section' }] }],
    '/blocks/0/elements/0/type',
  ],
  ['101 rows', [table(Array.from({ length: 101 }, () => [raw('x')]))], '/blocks/0/rows'],
  ['21 columns', [table([Array.from({ length: 21 }, () => raw('x'))])], '/blocks/0/rows/0'],
  ['a table of 10,001', [table([[raw(long(10_001))]])], '/blocks/0'],
  ['an empty cell', [table([[raw('')]])], '/blocks/0/rows/0/0/text'],
  ['a data table without rows', [dataTable([[raw('x')]])], '/blocks/0/rows'],
  [
    'a data table of 102 rows',
    [dataTable(Array.from({ length: 102 }, () => [raw('x')]))],
    '/blocks/0/rows',
  ],
  [
    'a data table without a caption',
    [dataTable([[raw('x')], [raw('y')]], { caption: undefined })],
    '/blocks/0/caption',
  ],
  ['rows of different length', [dataTable([[raw('x')], [raw('y'), raw('z')]])], '/blocks/0/rows/1'],
  ['a header of rich text', [dataTable([[rich], [raw('y')]])], '/blocks/0/rows/0'],
  [
    '101 rows a page',
    [dataTable([[raw('x')], [raw('y')]], { page_size: 101 })],
    '/blocks/0/page_size',
  ],
  ['a chart’s title of 51', [{ ...chart({}), title: long(51) }], '/blocks/0/title'],
  ['a chart of an unknown kind', [chart({ type: 'gauge' })], '/blocks/0/chart/type'],
  [
    '7 series',
    [chart({ series: Array.from({ length: 7 }, (_, at) => series(`s${at}`)) })],
    '/blocks/0/chart/series',
  ],
  [
    'a series twice',
    [chart({ series: [series('s'), series('s')] })],
    '/blocks/0/chart/series/1/name',
  ],
  [
    '21 points',
    [
      chart({
        series: [
          series(
            's',
            Array.from({ length: 21 }, () => point),
          ),
        ],
      }),
    ],
    '/blocks/0/chart/series/0/data',
  ],
  [
    'a label of 21',
    [chart({ axis_config: { categories: [long(21)] } })],
    '/blocks/0/chart/axis_config/categories/0',
  ],
  [
    'labels that are no categories',
    [chart({ axis_config: { categories: ['b'] } })],
    '/blocks/0/chart/series/0/data',
  ],
  ['a chart without axes', [chart({ axis_config: undefined })], '/blocks/0/chart/axis_config'],
  [
    'a value that is no number',
    [chart({ series: [series('s', [{ label: 'a', value: '1' }])] })],
    '/blocks/0/chart/series/0/data/0/value',
  ],
  [
    'a segment of nothing',
    [{ ...chart({}), chart: { type: 'pie', segments: [{ label: 'a', value: 0 }] } }],
    '/blocks/0/chart/segments/0/value',
  ],
]

describe('blocks that Slack refuses', () => {
  test.each(BAD)('%s', (_, blocks, pointer) => {
    const problems = messageProblems(
      { text: 'a', blocks: JSON.parse(JSON.stringify(blocks)) },
      'post',
    )
    expect(problems.map((one) => [one.error, one.pointer])).toEqual([['invalid_blocks', pointer]])
    expect(problems[0]?.message).not.toBe('')
  })
})

test('whatever the blocks are, there is an answer, and it names a place', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (blocks) => {
      for (const { pointer } of messageProblems({ text: 'a', blocks }, 'post')) {
        expect(pointer).toMatch(/^\/blocks/)
      }
    }),
  )
})

test('a block whose type is none is refused at its type, whatever stands around it', () => {
  const spoilt = fc.record({
    block: fc.nat({ max: GOOD.length - 1 }),
    value: fc.oneof(fc.constant(null), fc.integer(), fc.constant([]), fc.constant('')),
  })
  fc.assert(
    fc.property(spoilt, ({ block, value }) => {
      const blocks = GOOD.map((one, at) => (at === block ? { ...one, type: value } : one))
      expect(messageProblems({ text: 'a', blocks }, 'post')).toMatchObject([
        { error: 'invalid_blocks', pointer: `/blocks/${block}/type` },
      ])
    }),
  )
})
