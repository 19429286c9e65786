import assert from 'node:assert/strict'
import { test } from 'node:test'
import { CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { load } from 'caretaker/local-aws'
import { orderWorker } from './app.ts'
import { report, worker } from './functions.ts'

test('an order that nobody can read turns the alarm red', async () => {
  const app = orderWorker('.cache/order-worker-of-node-test')
  const aws = await load(app.synth(), { functions: { Worker: worker, Report: report }, seed: 2 })
  const order = { QueueUrl: aws.outputs().QueueUrl, MessageBody: 'an order' }
  await aws.client(SQSClient).send(new SendMessageCommand(order))
  await aws.advance('10m')
  const asked = new DescribeAlarmsCommand({ AlarmNames: ['orders-unread'] })
  const { MetricAlarms } = await aws.client(CloudWatchClient).send(asked)
  assert.equal(MetricAlarms?.[0]?.StateValue, 'ALARM')
  const starts = aws.grants().find(({ grant }) => grant.startsWith('states:StartExecution'))
  assert.equal(starts?.used, 0)
})
