import { describe, expect, it, test } from 'vitest'
import { offersOf, type Told } from '../../../domain/acts/offers.ts'
import { messageProblems } from '../../../domain/slack/check.ts'
import type { AlarmRecord } from '../../../domain/table/alarm-record.ts'
import type { PipelineRecord } from '../../../domain/table/pipeline-record.ts'
import { readItem } from '../../../domain/table/read.ts'
import { chartBlock } from '../../../functions/tell-slack/chart-block.ts'
import { render } from '../../../functions/tell-slack/renderers.ts'
import { waysOf } from '../../../functions/tell-slack/ways.ts'
import { alarm, failure, NEW, OLD, pipeline } from '../../kits/notices.ts'

/** Every kind of alarm and every state of a pipeline, as it reads. */

const message = (record: Told, more: object = {}) =>
  render(record, {
    timeZone: 'Europe/Berlin',
    buttons: offersOf(record).map((offer, index) => ({ id: `id-${index}`, offer })),
    ...more,
  })

/** The text without what is the same in all: description and AWS's reason. */
const said = (record: Told) =>
  message(record)
    .text.replace(
      ' What: web answers with errors. What to do: docs/runbooks/service-errors.md.',
      '',
    )
    .replace(/ Why: Threshold Crossed: 1 datapoint .* was greater than 5\.0\./, '')

type AlarmParts = Parameters<typeof alarm>[1]

describe('an alarm', () => {
  test.each<[kind: string, parts: AlarmParts, text: string]>([
    [
      'of one metric',
      {},
      'dev-web-errors is red since 10:00. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12; threshold 5.',
    ],
    [
      'of metric math',
      {
        detail: {
          type: 'math',
          metric: undefined,
          expression: 'errors / requests',
          datapoints: [0.25],
        },
      },
      'dev-web-errors is red since 10:00. Metric: its values: 0.25; threshold 5. Rule: errors / requests.',
    ],
    [
      'of an anomaly, without a threshold',
      { detail: { type: 'anomaly', threshold: undefined } },
      'dev-web-errors is red since 10:00. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12. It left the band in which CloudWatch expects it.',
    ],
    [
      'of others, a composite',
      {
        detail: {
          ...{ type: 'composite', metric: undefined, threshold: undefined, datapoints: [] },
          ...{ expression: 'ALARM("a") OR ALARM("b")', children: ['dev-web-a', 'dev-web-b'] },
        },
      },
      'dev-web-errors is red since 10:00. Rule: ALARM("a") OR ALARM("b"). It is red for: dev-web-a, dev-web-b.',
    ],
    [
      'of one contributor',
      {
        detail: {
          type: 'contributor',
          contributor: { id: 'c1', attributes: { host: 'a', path: '/x' } },
        },
      },
      'dev-web-errors (host=a, path=/x) is red since 10:00. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12; threshold 5.',
    ],
    [
      'of a log',
      { detail: { type: 'log', metric: undefined, threshold: undefined, datapoints: [] } },
      'dev-web-errors is red since 10:00.',
    ],
    [
      'that has no data',
      { verdict: 'no-data', detail: { noDataSince: '2026-03-02T09:12:00Z', datapoints: [] } },
      'dev-web-errors is red, with no data since 10:12; whether it is over is not known. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: no values; threshold 5.',
    ],
    [
      'that is over',
      { verdict: 'over', endedAt: '2026-03-02T09:00:50Z', at: '2026-03-02T09:00:10Z' },
      'dev-web-errors is over: was red 10:00:10–10:00:50. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12; threshold 5.',
    ],
    [
      'that was deleted',
      { verdict: 'deleted', endedAt: '2026-03-02T09:12:00Z' },
      'dev-web-errors was deleted at 10:12 while red, after 12 min; whether it is over is not known. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12; threshold 5.',
    ],
    [
      'that is red in turn',
      { detail: { reds: 5, redSince: '2026-03-02T09:20:00Z' } },
      'dev-web-errors is red for the 5th time since 10:00, last at 10:20. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12; threshold 5.',
    ],
    [
      'that somebody has acknowledged and muted',
      {
        detail: {
          acknowledged: { by: 'T0CARETAKER/U0ANN', at: '2026-03-02T09:05:00Z' },
          muted: {
            by: 'ann@example.com',
            at: '2026-03-02T09:06:00Z',
            until: '2026-03-02T10:06:00Z',
          },
        },
      },
      'dev-web-errors is red since 10:00. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12; threshold 5. Acknowledged by <@U0ANN> at 10:05. Muted by ann@example.com until 11:06 Europe/Berlin.',
    ],
    [
      'after a deployment',
      {
        detail: {
          breachingSince: '2026-03-02T09:04:00Z',
          suspect: {
            ...{
              record: { pk: 'a', sk: 'b' },
              tag: 'main',
              digest: NEW,
              at: '2026-03-02T09:00:00Z',
            },
            goBack: { digest: OLD, from: '2026-02-24T09:00:00Z', to: '2026-03-02T09:00:00Z' },
          },
        },
      },
      'dev-web-errors is red since 10:00. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12; threshold 5. Deployment: breaching since 10:04, 4 min after web 9f3c9f3c9f3c (main) was deployed; 41ab41ab41ab ran 6 days before without being undone.',
    ],
    [
      'whose owner is not known, and that counts',
      {
        owner: '',
        detail: { ownerUnknown: "the alarm's tags could not be read (Throttling)", count: 11 },
      },
      "dev-web-errors is red since 10:00. Counts now: 11. Metric: HTTPCode_Target_5XX_Count, Sum of 60 s: 3, 7, 12; threshold 5. Owner not known: the alarm's tags could not be read (Throttling).",
    ],
  ])('%s', (_, parts, text) => {
    expect(said(alarm('dev-web-errors', parts))).toBe(text)
  })

  test.each<[how: string, parts: AlarmParts, labels: string[]]>([
    ['is red', {}, ['Acknowledge', 'Mute 1 h']],
    ['has no data', { verdict: 'no-data' }, ['Acknowledge', 'Mute 1 h']],
    ['is over', { verdict: 'over' }, []],
    ['was deleted', { verdict: 'deleted' }, []],
  ])('that %s has the buttons it should', (_, parts, labels) => {
    expect(offersOf(alarm('a', parts)).map(({ label }) => label)).toEqual(labels)
  })

  it('leads to its own partition’s console, and to its runbook', () => {
    const footnote = (arn: string) =>
      JSON.stringify(
        message(alarm('a', { detail: { arn } }), { runbooks: 'https://docs.example/runbooks/' }),
      )
    const at = (partition: string, region: string) =>
      footnote(`arn:${partition}:cloudwatch:${region}:123456789012:alarm:a`)
    expect(at('aws', 'eu-central-1')).toContain('https://eu-central-1.console.aws.amazon.com/')
    expect(at('aws-cn', 'cn-north-1')).toContain('https://cn-north-1.console.amazonaws.cn/')
    expect(at('aws-us-gov', 'us-gov-west-1')).toContain(
      'us-gov-west-1.console.amazonaws-us-gov.com/',
    )
    expect(at('aws', 'eu-central-1')).toContain(
      '<https://docs.example/runbooks/service-errors.md|runbook service-errors>',
    )
  })
})

describe('where somebody reads on', () => {
  const console = 'https://caretaker.example.com'
  const all = (record: Told, more: object = {}) => JSON.stringify(message(record, more).blocks)

  it('is the console’s page, where the catalog says where the console is served', () => {
    const page = '<https://caretaker.example.com/services/web|page of web>'
    expect(all(alarm('a', { detail: { service: 'web' } }), { console })).toContain(page)
    const rolled = readItem('roll-out', ROLLED_BACK) as Told
    const said = all(rolled, { console })
    expect(said).toContain('<https://caretaker.example.com/roll-outs/one|how it went>')
    expect(said).toContain('<https://caretaker.example.com/services/orders|page of orders>')
  })

  it('is AWS’s own console where nobody serves one', () => {
    const rolled = readItem('roll-out', ROLLED_BACK) as Told
    expect(all(rolled)).toMatch(/<https:[^|]*states\/home[^|]*\|execution in AWS>/)
    expect(all(rolled)).not.toContain('caretaker.example.com')
  })

  it('is in an e-mail in full: nobody sees links there', () => {
    const ways = waysOf(alarm('a', { detail: { service: 'web' } }), {
      ...{ console, timeZone: 'Europe/Berlin' },
    })
    expect(ways).toEqual([{ words: 'page of web', url: `${console}/services/web` }])
  })
})

const ROLLED_BACK = {
  ...{ pk: 'service#dev-backend/orders', sk: 'roll-out#1', version: 1, owner: 'ordering' },
  ...{ at: '2026-03-02T09:00:00Z', verdict: 'rolled-back', reason: 'exit code 137' },
  execution: 'arn:aws:states:eu-central-1:123456789012:execution:dev-roll-out:one',
  ...{ repository: 'orders', tag: 'main', digest: NEW, service: 'orders', cluster: 'dev-backend' },
}

const commit = {
  id: '0123456789abcdef0123',
  message: 'Mend the cart\n\nLong story',
  author: 'Ann',
  repository: 'shop/web',
  branch: 'main',
}
const failed = {
  ...{ stage: 'Deploy', action: 'Roll out', summary: 'the service did not become steady' },
  ...{
    code: 'JobFailed',
    url: 'https://eu-central-1.console.aws.amazon.com/log',
    at: '2026-03-02T09:02:00Z',
  },
}

describe('a pipeline', () => {
  test.each<[state: string, parts: Parameters<typeof pipeline>[1], text: string]>([
    ['started', {}, 'dev-web is running.'],
    [
      'resumed',
      { detail: { attempt: 2, failures: ['2026-03-02T09:02:00Z'] } },
      'dev-web is running again (2nd attempt). Failed before: 10:02.',
    ],
    [
      'succeeded',
      { detail: { commit } },
      'dev-web succeeded. Revision: 0123456789ab Mend the cart by Ann (shop/web main).',
    ],
    [
      'failed',
      { detail: { failed } },
      'dev-web failed at Deploy / Roll out. Why: the service did not become steady. Error: JobFailed. Log: log of the action.',
    ],
    [
      'failed',
      {
        detail: {
          failed: { ...failed, action: 'Approval', summary: 'not today', url: '', code: '' },
        },
      },
      'dev-web failed at Deploy / Approval. Rejected: not today.',
    ],
    ['stopping', {}, 'dev-web is being stopped.'],
    [
      'stopped',
      { detail: { comment: 'by ann: wrong branch' } },
      'dev-web was stopped: by ann: wrong branch.',
    ],
    [
      'superseded',
      { detail: { supersededBy: '2222' } },
      'dev-web was superseded by execution 2222.',
    ],
    ['canceled', {}, 'dev-web was canceled: the pipeline was changed.'],
    ['rewinding', {}, 'dev-web is in the state rewinding.'],
  ])('%s', (state, parts, text) => {
    expect(message(pipeline(state, parts)).text).toBe(text)
  })

  test.each(['javascript:alert(1)', 'https://e.org/><!channel>', 'http://e.org'])(
    'links to no log at %s',
    (url) => {
      const record = pipeline('failed', { detail: { failed: { ...failed, url } } })
      expect(JSON.stringify(message(record))).not.toContain(url)
    },
  )
})

it('a failure says what to do', () => {
  expect(message(failure()).text).toBe(
    'dev-roll-out failed. Error: States.Runtime. Why: it ended with an error. What to do: runbook docs/runbooks/roll-out-failed.md.',
  )
})

describe('whatever comes from outside', () => {
  const NASTY = [
    '<!channel> <@U0ANN> <https://evil.example|click>',
    '&'.repeat(20_000),
    '`*_~<>'.repeat(4_000),
    'Ünïcödé 日本語 🚒 '.repeat(2_000),
    'line\nline\r\n\u0000\u001b[31m'.repeat(1_000),
    '',
  ]
  const alarmOf = (text: string): AlarmRecord =>
    alarm(text.slice(0, 255) || 'a', {
      reason: text,
      detail: {
        ...{ description: text, expression: text, ownerUnknown: text, reds: 3 },
        ...{ children: Array.from({ length: 60 }, () => text), datapoints: Array(100).fill(1 / 3) },
        contributor: {
          id: text,
          attributes: Object.fromEntries(
            Array.from({ length: 30 }, (_, index) => [`${index}${text}`, text]),
          ),
        },
        acknowledged: { by: text, at: '2026-03-02T09:05:00Z' },
        muted: { by: text, at: '2026-03-02T09:06:00Z', until: '2026-03-02T10:06:00Z' },
        suspect: {
          ...{ record: { pk: 'a', sk: 'b' }, tag: text, digest: NEW, at: '2026-03-02T09:00:00Z' },
          goBack: { digest: OLD, from: '2026-02-24T09:00:00Z', to: '2026-03-02T09:00:00Z' },
        },
      },
    })
  const pipelineOf = (text: string): PipelineRecord =>
    pipeline(text, {
      subject: text,
      detail: {
        ...{ comment: text, supersededBy: text },
        commit: { id: text, message: text, author: text, repository: text, branch: text },
        failed: { stage: text, action: text, summary: text, code: text, url: text, at: text },
      },
    })
  const cases = NASTY.flatMap((text) => [
    ['an alarm', alarmOf(text), text] as const,
    ['a pipeline', pipelineOf(text), text] as const,
    ['a failed pipeline', { ...pipelineOf(text), verdict: 'failed' }, text] as const,
    [
      'a failure',
      failure({
        subject: text,
        reason: text,
        detail: { error: text, service: text, runbook: text },
      }),
      text,
    ] as const,
  ])

  test.each(cases)('%s is within Slack’s limits and mentions nobody', (_, record) => {
    const chart =
      record.kind === 'alarm'
        ? chartBlock(record, [{ at: new Date('2026-03-02T09:00:00Z'), value: 1 }], 'Europe/Berlin')
        : undefined
    const told = message(record, { heading: 'For #storefront.', ...(chart && { chart }) })
    expect(messageProblems(told, 'update')).toEqual([])
    expect(JSON.stringify(told)).not.toMatch(/<!|<@U0ANN>|<https:\/\/evil/)
  })
})

describe('a chart', () => {
  it('has the threshold as a series and names the deployment, in at most 20 points', () => {
    const record = alarm('dev-web-errors', {
      detail: {
        suspect: {
          record: { pk: 'a', sk: 'b' },
          tag: 'main',
          digest: NEW,
          at: '2026-03-02T08:58:20Z',
        },
      },
    })
    const values = Array.from({ length: 30 }, (_, minute) => ({
      at: new Date(Date.parse('2026-03-02T08:30:00Z') + minute * 60_000),
      value: minute,
    }))
    const block = chartBlock(record, values, 'Europe/Berlin')
    expect(messageProblems({ text: 'a', blocks: [block] }, 'update')).toEqual([])
    const { series, axis_config } = block.chart as {
      series: { name: string; data: object[] }[]
      axis_config: { categories: string[] }
    }
    expect(series.map(({ name, data }) => [name, data.length])).toEqual([
      ['HTTPCode_Target_5XX…', 20],
      ['threshold', 20],
    ])
    expect(axis_config.categories.at(-2)).toBe('09:58 deployed')
    expect(new Set(axis_config.categories).size).toBe(20)
  })
})
