import { beforeEach, describe, expect, it } from 'vitest'
import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts'
import { publishVended } from '../../local/aws/cloudwatch/vended.ts'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import { Account } from '../kits/account.ts'

const MINUTE = 60_000

/** An account of which only events and queues tell what there is. */
let account: Account
beforeEach(() => {
  account = new Account([CloudWatch, Sqs])
  publishVended(account.aws)
})

type Result = { Values: number[]; StatusCode: string }

/** The last twenty minutes by five, the oldest first. */
async function read(
  Namespace: string,
  MetricName: string,
  dimensions: Record<string, string>,
  Stat = 'Maximum',
): Promise<Result | undefined> {
  const { now } = account.world
  const Dimensions = Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value }))
  const { MetricDataResults } = await account.call<{ MetricDataResults: Result[] }>(
    'cloudwatch',
    'GetMetricData',
    {
      MetricDataQueries: [
        {
          Id: 'one',
          MetricStat: { Metric: { Namespace, MetricName, Dimensions }, Period: 300, Stat },
        },
      ],
      StartTime: new Date(now - 20 * MINUTE),
      EndTime: new Date(now),
      ScanBy: 'TimestampAscending',
    },
  )
  return MetricDataResults[0]
}

const machine = (id: string, state: string): void =>
  account.aws.emit({
    source: 'aws.ec2',
    detailType: 'EC2 Instance State-change Notification',
    resources: [],
    detail: { 'instance-id': id, state },
    delivery: 'best-effort',
  })

describe('what runs has metrics', () => {
  it('while it runs, of an instance', async () => {
    await account.run(10 * MINUTE)
    machine('i-1', 'running')
    await account.run(5 * MINUTE)
    machine('i-1', 'stopping')
    await account.run(5 * MINUTE)
    expect(await read('AWS/EC2', 'CPUUtilization', { InstanceId: 'i-1' })).toEqual(
      expect.objectContaining({ Values: [1], StatusCode: 'Complete' }),
    )
    expect((await read('AWS/EC2', 'NetworkIn', { InstanceId: 'i-1' }, 'Sum'))?.Values).toEqual([
      3000,
    ])
    expect((await read('AWS/EC2', 'NetworkIn', { InstanceId: 'i-2' }))?.Values).toEqual([])
  })

  it('with what a scenario puts beside', async () => {
    machine('i-1', 'running')
    await account.run(20 * MINUTE)
    const { metrics } = account.aws.the(CloudWatch)
    const id = {
      namespace: 'AWS/EC2',
      name: 'CPUUtilization',
      dimensions: { InstanceId: 'i-1' },
    }
    const at = account.world.now - 7 * MINUTE
    metrics.put(id, { at, unit: 'Percent', count: 1, sum: 80, minimum: 80, maximum: 80 })
    const found = await read('AWS/EC2', 'CPUUtilization', { InstanceId: 'i-1' })
    expect(found?.Values).toEqual([1, 1, 80, 1])
  })

  it('that may not come, or in part', async () => {
    machine('i-1', 'running')
    await account.run(20 * MINUTE)
    const { metrics } = account.aws.the(CloudWatch)
    const [from, until] = [account.world.now - 10 * MINUTE, account.world.now - 5 * MINUTE]
    metrics.silence({ namespace: 'AWS/EC2', name: 'NetworkIn', from, until })
    const dimensions = { InstanceId: 'i-1' }
    expect((await read('AWS/EC2', 'NetworkIn', dimensions))?.Values).toHaveLength(3)
    expect((await read('AWS/EC2', 'NetworkOut', dimensions))?.Values).toHaveLength(4)
    metrics.silence({ namespace: 'AWS/EC2', from, until, partial: true })
    expect((await read('AWS/EC2', 'NetworkOut', dimensions))?.StatusCode).toBe('PartialData')
  })

  it('of a queue as it is now, and of what was received', async () => {
    const { QueueUrl } = await account.call<{ QueueUrl: string }>('sqs', 'CreateQueue', {
      QueueName: 'mails',
    })
    await account.call('sqs', 'SendMessage', { QueueUrl, MessageBody: 'one' })
    await account.run(20 * MINUTE)
    const queue = { QueueName: 'mails' }
    const visible = await read('AWS/SQS', 'ApproximateNumberOfMessagesVisible', queue)
    expect(visible?.Values).toEqual([1])
    await account.call('sqs', 'ReceiveMessage', { QueueUrl })
    await account.run(MINUTE)
    expect((await read('AWS/SQS', 'NumberOfMessagesReceived', queue))?.Values).toEqual([1])
  })
})
