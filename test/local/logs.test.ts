import { describe, expect, it, test } from 'vitest'
import { Logs } from '../../local/aws/cloudwatch-logs/logs.ts'
import { Account } from '../kits/account.ts'

const START = new Date('2026-03-02T09:00:00Z').getTime()
const SECOND = 1_000
const DAY = 86_400_000

type Events = { events: { message: string; timestamp: number; logStreamName?: string }[] }
type Page = Events & { nextForwardToken: string; nextBackwardToken: string; nextToken?: string }

/** A group `/app` with the stream `web`. */
async function opened(lines: readonly string[] = []) {
  const account = new Account()
  const { world, aws } = account
  const logs = new Logs(aws)
  aws.register(logs)
  const call = <Output = Page>(operation: string, input: object = {}) =>
    account.call<Output>('cloudwatch-logs', operation, { logGroupName: '/app', ...input })
  const stream = { logStreamName: 'web' }
  const put = (...events: [number, string][]) =>
    call('PutLogEvents', {
      ...stream,
      logEvents: events.map(([timestamp, message]) => ({ timestamp, message })),
    })
  await call('CreateLogGroup', { tags: { team: 'blue' } })
  await call('CreateLogStream', stream)
  const events = lines.map((line, index): [number, string] => [START + index * SECOND, line])
  if (events.length > 0) await put(...events)
  return { world, logs, call, put, stream }
}

const texts = ({ events }: Events) => events.map(({ message }) => message)

describe('reading a stream', () => {
  it('gives the newest page first, then pages both ways until the end', async () => {
    const { call, stream } = await opened(['1', '2', '3', '4', '5'])
    const last = await call('GetLogEvents', { ...stream, limit: 2 })
    expect(texts(last)).toEqual(['4', '5'])
    const before = await call('GetLogEvents', {
      ...stream,
      limit: 2,
      nextToken: last.nextBackwardToken,
    })
    expect(texts(before)).toEqual(['2', '3'])
    const end = await call('GetLogEvents', { ...stream, nextToken: last.nextForwardToken })
    expect(texts(end)).toEqual([])
    expect(end.nextForwardToken).toBe(last.nextForwardToken)
    const head = await call('GetLogEvents', { ...stream, startFromHead: true, limit: 2 })
    expect(texts(head)).toEqual(['1', '2'])
    const next = await call('GetLogEvents', { ...stream, nextToken: head.nextForwardToken })
    expect(texts(next)).toEqual(['3', '4', '5'])
  })

  it('keeps the order of time, whatever the order of writing', async () => {
    const { call, put, stream } = await opened(['1', '3'])
    await put([START + 500, '2'])
    expect(texts(await call('GetLogEvents', stream))).toEqual(['1', '2', '3'])
    const range = { ...stream, startTime: START + 500, endTime: START + SECOND }
    expect(texts(await call('GetLogEvents', range))).toEqual(['2'])
  })
})

describe('filter patterns', () => {
  const LINES = ['ERROR out of memory', 'WARN slow', 'INFO ERROR handled', 'DEBUG nothing']
  test.each([
    ['', LINES],
    ['ERROR', [LINES[0], LINES[2]]],
    ['ERROR handled', [LINES[2]]],
    ['"out of memory"', [LINES[0]]],
    ['?WARN ?DEBUG', [LINES[1], LINES[3]]],
    ['ERROR -INFO', [LINES[0]]],
  ])('%j', async (filterPattern, found) => {
    const { call } = await opened(LINES)
    expect(texts(await call('FilterLogEvents', { filterPattern }))).toEqual(found)
  })

  test.each(['{ $.level = "ERROR" }', '[ip, user]', '%ERR.*%'])(
    '%j is refused',
    async (pattern) => {
      const { call } = await opened(LINES)
      await expect(call('FilterLogEvents', { filterPattern: pattern })).rejects.toThrow(
        'does not simulate',
      )
    },
  )

  it('are asked of some streams, in pages', async () => {
    const { call, put } = await opened(['1', '2', '3'])
    await call('CreateLogStream', { logStreamName: 'worker' })
    await put([START, '4'])
    const page = await call('FilterLogEvents', { logStreamNamePrefix: 'we', limit: 3 })
    expect(texts(page)).toHaveLength(3)
    const rest = await call('FilterLogEvents', { limit: 3, nextToken: page.nextToken })
    expect(rest.events).toMatchObject([{ logStreamName: 'web', message: '3' }])
    await expect(call('FilterLogEvents', { logStreamNames: ['none'] })).rejects.toThrow(
      'The specified log stream does not exist.',
    )
  })
})

test('events are forgotten after the retention', async () => {
  const { world, call, put, stream } = await opened(['old'])
  await call('PutRetentionPolicy', { retentionInDays: 1 })
  await world.run(DAY)
  await put([world.now, 'new'])
  await world.run(SECOND)
  expect(texts(await call('GetLogEvents', stream))).toEqual(['new'])
  const { logGroups } = await call<{ logGroups: object[] }>('DescribeLogGroups', {
    logGroupName: undefined,
    logGroupNamePrefix: '/a',
  })
  expect(logGroups).toMatchObject([
    {
      logGroupName: '/app',
      retentionInDays: 1,
      arn: 'arn:aws:logs:eu-central-1:123456789012:log-group:/app:*',
      storedBytes: 29,
    },
  ])
  await expect(call('PutRetentionPolicy', { retentionInDays: 2 })).rejects.toThrow('[1, 3, 5, 7')
})

test('events too old or too new are turned away, and said to be', async () => {
  const { call, put, stream } = await opened()
  expect(
    await put([START - 15 * DAY, 'old'], [START, 'now'], [START + 3 * 3_600_000, 'tomorrow']),
  ).toMatchObject({
    rejectedLogEventsInfo: { tooOldLogEventEndIndex: 1, tooNewLogEventStartIndex: 2 },
  })
  expect(texts(await call('GetLogEvents', stream))).toEqual(['now'])
  await expect(put([START + 1, 'b'], [START, 'a'])).rejects.toThrow('chronological order')
})

test('groups and streams are made once, listed and deleted', async () => {
  const { call, logs, put } = await opened(['1'])
  await expect(call('CreateLogGroup')).rejects.toThrow('The specified log group already exists')
  await expect(call('CreateLogStream', { logStreamName: 'web' })).rejects.toThrow('already exists')
  await expect(call('CreateLogGroup', { logGroupName: 'a b' })).rejects.toThrow('logGroupName')
  await call('CreateLogStream', { logStreamName: 'empty' })
  await put([START + SECOND, '2'])
  const byTime = { orderBy: 'LastEventTime', descending: true }
  expect(await call('DescribeLogStreams', byTime)).toMatchObject({
    logStreams: [
      { logStreamName: 'web', firstEventTimestamp: START, lastEventTimestamp: START + SECOND },
      { logStreamName: 'empty' },
    ],
  })
  expect([...logs.tagged()]).toEqual([
    { arn: 'arn:aws:logs:eu-central-1:123456789012:log-group:/app', tags: { team: 'blue' } },
  ])
  await call('DeleteLogGroup')
  await expect(call('DescribeLogStreams')).rejects.toThrow(
    'The specified log group does not exist.',
  )
})
