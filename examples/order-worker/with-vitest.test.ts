import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb'
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { load } from 'caretaker/local-aws'
import { expect, test } from 'vitest'
import { orderWorker } from './app.ts'
import { report, worker } from './functions.ts'

test('an order is shipped once, although its worker is killed', async () => {
  const aws = await load(orderWorker().synth(), { functions: { Worker: worker, Report: report } })
  aws.kill('after', 'StartExecution')
  const order = { QueueUrl: aws.outputs().QueueUrl, MessageBody: '{ "id": "7" }' }
  await aws.client(SQSClient).send(new SendMessageCommand(order))
  await aws.advance('2h')
  const noted = { TableName: 'orders', Key: { id: { S: '7' } } }
  const { Item } = await aws.client(DynamoDBClient).send(new GetItemCommand(noted))
  expect(Item?.status?.S).toBe('shipped')
  expect(aws.calls.filter(({ operation }) => operation === 'StartExecution')).toHaveLength(2)
  expect(aws.calls.filter(({ operation }) => operation === 'PutItem')).toHaveLength(1)
})
