import { describe, expect, it, test } from 'vitest'
import { CloudWatch } from '../../local/aws/cloudwatch/cloudwatch.ts'
import { SecretsManager } from '../../local/aws/secrets-manager/secrets-manager.ts'
import { Sns } from '../../local/aws/sns/sns.ts'
import { Sqs } from '../../local/aws/sqs/sqs.ts'
import { Account } from '../kits/account.ts'
import { Functions } from '../kits/functions.ts'

/**
 * What AWS answers, as recorded by LocalStack's tests in the folder of each service:
 * https://github.com/localstack/localstack/tree/master/tests/aws/services
 */
describe('SQS', () => {
  const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/letters'
  async function opened() {
    const account = new Account([Sqs])
    await account.call('sqs', 'CreateQueue', { QueueName: 'letters' })
    return (operation: string, input: object = {}) =>
      account.call<Record<string, never>>('sqs', operation, { QueueUrl, ...input })
  }
  const attribute = (StringValue: string) => ({ ErrorDetails: { DataType: 'String', StringValue } })

  // test_sqs.py, test_receive_message_message_attribute_names_filters
  it.each(['All', '.*', '*'])('%s asks for every attribute', async (name) => {
    const call = await opened()
    await call('SendMessage', { MessageBody: 'a', MessageAttributes: attribute('x') })
    const { Messages } = await call('ReceiveMessage', { MessageAttributeNames: [name] })
    expect(Messages).toMatchObject([{ MessageAttributes: attribute('x') }])
  })

  // test_send_message_with_empty_string_attribute
  it('takes no attribute without a value', async () => {
    const call = await opened()
    await expect(
      call('SendMessage', { MessageBody: 'a', MessageAttributes: attribute('') }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message:
        "Message (user) attribute 'ErrorDetails' must contain a non-empty value of type 'String'.",
    })
  })

  // test_change_message_visibility_not_permanent and the API's documentation
  it('changes nothing of a message that is deleted', async () => {
    const call = await opened()
    await call('SendMessage', { MessageBody: 'a' })
    const { Messages } = await call('ReceiveMessage')
    const { ReceiptHandle = '' } = (Messages as unknown as { ReceiptHandle?: string }[])[0] ?? {}
    await call('DeleteMessage', { ReceiptHandle })
    await expect(
      call('ChangeMessageVisibility', { ReceiptHandle, VisibilityTimeout: 1 }),
    ).rejects.toMatchObject({
      name: 'InvalidParameterValue',
      message: `Value ${ReceiptHandle} for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.`,
    })
  })

  // test_sse_queue_attributes
  it('is encrypted in one way at a time', async () => {
    const call = await opened()
    const shown = async () =>
      (await call('GetQueueAttributes', { AttributeNames: ['All'] })).Attributes
    expect(await shown()).toMatchObject({ SqsManagedSseEnabled: 'true' })
    await call('SetQueueAttributes', {
      Attributes: { KmsMasterKeyId: 'testKeyId', KmsDataKeyReusePeriodSeconds: '6000' },
    })
    expect(await shown()).toMatchObject({
      KmsMasterKeyId: 'testKeyId',
      KmsDataKeyReusePeriodSeconds: '6000',
      SqsManagedSseEnabled: 'false',
    })
    await call('SetQueueAttributes', { Attributes: { SqsManagedSseEnabled: 'true' } })
    expect(await shown()).toMatchObject({ SqsManagedSseEnabled: 'true' })
    expect(await shown()).not.toHaveProperty('KmsMasterKeyId')
  })

  it('says of a batch only what there is', async () => {
    const call = await opened()
    const entry = { Id: 'a', MessageBody: 'a' }
    expect(Object.keys(await call('SendMessageBatch', { Entries: [entry] }))).toEqual([
      'Successful',
    ])
    expect(
      Object.keys(await call('SendMessageBatch', { Entries: [{ ...entry, DelaySeconds: 901 }] })),
    ).toEqual(['Failed'])
  })
})

describe('SNS', () => {
  const TopicArn = 'arn:aws:sns:eu-central-1:123456789012:news'
  const QUEUE = 'arn:aws:sqs:eu-central-1:123456789012:letters'
  async function opened() {
    const account = new Account([Sns, Sqs])
    await account.call('sns', 'CreateTopic', { Name: 'news' })
    const call = (operation: string, input: object = {}) =>
      account.call<Record<string, never>>('sns', operation, input)
    return { account, call }
  }

  // test_sns.py: malformed ARNs of platform applications are answered in the same words
  test.each([
    ['Publish', { TopicArn: 'news', Message: 'a' }, 'TopicArn'],
    ['GetTopicAttributes', { TopicArn: 'news' }, 'TopicArn'],
    ['GetSubscriptionAttributes', { SubscriptionArn: 'news' }, 'SubscriptionArn'],
    ['Unsubscribe', { SubscriptionArn: 'news' }, 'SubscriptionArn'],
  ])('%s of what is no ARN', async (operation, input, parameter) => {
    const { call } = await opened()
    await expect(call(operation, input)).rejects.toMatchObject({
      name: 'InvalidParameterException',
      message: `Invalid parameter: ${parameter} Reason: An ARN must have at least 6 elements, not 1`,
    })
  })

  // test_unsubscribe_idempotency, test_creating_subscription, test_creating_subscription_with_attributes
  it('a subscription says who made it, and ends more than once', async () => {
    const { call } = await opened()
    const { SubscriptionArn } = await call('Subscribe', {
      TopicArn,
      Protocol: 'sqs',
      Endpoint: QUEUE,
      ReturnSubscriptionArn: true,
    })
    expect((await call('GetSubscriptionAttributes', { SubscriptionArn })).Attributes).toEqual({
      ConfirmationWasAuthenticated: 'true',
      Endpoint: QUEUE,
      Owner: '123456789012',
      PendingConfirmation: 'false',
      Protocol: 'sqs',
      RawMessageDelivery: 'false',
      SubscriptionArn,
      SubscriptionPrincipal: 'arn:aws:iam::123456789012:user/tester',
      TopicArn,
    })
    expect(await call('Unsubscribe', { SubscriptionArn })).toEqual({})
    expect(await call('Unsubscribe', { SubscriptionArn })).toEqual({})
    expect(
      await call('Subscribe', { TopicArn, Protocol: 'email', Endpoint: 'a@example.com' }),
    ).toEqual({ SubscriptionArn: 'pending confirmation' })
  })

  // https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
  it.each(['AWS.thing', 'amazon.Thing'])('%s is no name of an attribute', async (name) => {
    const { call } = await opened()
    const MessageAttributes = { [name]: { DataType: 'String', StringValue: 'a' } }
    await expect(call('Publish', { TopicArn, Message: 'a', MessageAttributes })).rejects.toThrow(
      'Invalid parameter',
    )
  })

  // test_redrive_policy_sqs_queue_subscription
  it('a dead letter keeps the attributes of its message', async () => {
    const { account, call } = await opened()
    const dead = 'arn:aws:sqs:eu-central-1:123456789012:dead'
    const Policy = JSON.stringify({
      Version: '2012-10-17',
      Statement: [
        {
          Effect: 'Allow',
          Principal: { Service: 'sns.amazonaws.com' },
          Action: 'sqs:SendMessage',
          Resource: dead,
        },
      ],
    })
    await account.call('sqs', 'CreateQueue', { QueueName: 'dead', Attributes: { Policy } })
    const Attributes = {
      RawMessageDelivery: 'true',
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead }),
    }
    await call('Subscribe', { TopicArn, Protocol: 'sqs', Endpoint: QUEUE, Attributes })
    const MessageAttributes = { size: { DataType: 'Number', StringValue: '3' } }
    await call('Publish', { TopicArn, Message: 'hello', MessageAttributes })
    await account.run(1_000)
    const QueueUrl = 'https://sqs.eu-central-1.amazonaws.com/123456789012/dead'
    const { Messages } = await account.call<{ Messages: object[] }>('sqs', 'ReceiveMessage', {
      QueueUrl,
      MessageAttributeNames: ['All'],
    })
    expect(Messages).toMatchObject([{ Body: 'hello', MessageAttributes }])
  })
})

describe('Secrets Manager', () => {
  const opened = () => {
    const account = new Account([SecretsManager])
    return (operation: string, input: object) =>
      account.call<Record<string, never>>('secrets-manager', operation, input)
  }
  const TOKEN = 'a1b2c3d4-0000-0000-0000-000000000000'

  // test_secretsmanager.py, test_force_delete_deleted_secret; API_DeleteSecret
  it('deletes by force what is not there, and what is to be deleted', async () => {
    const call = opened()
    const ForceDeleteWithoutRecovery = true
    expect(
      await call('DeleteSecret', { SecretId: 'none', ForceDeleteWithoutRecovery }),
    ).toMatchObject({ Name: 'none' })
    await expect(call('DeleteSecret', { SecretId: 'none' })).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
    })
    await call('CreateSecret', { Name: 'slack', SecretString: 'a' })
    await call('DeleteSecret', { SecretId: 'slack' })
    await call('DeleteSecret', { SecretId: 'slack', ForceDeleteWithoutRecovery })
    await call('CreateSecret', { Name: 'slack', SecretString: 'b' })
  })

  // API_CreateSecret, ClientRequestToken
  it('is made once for a token and a value', async () => {
    const call = opened()
    const asked = { Name: 'slack', SecretString: 'a', ClientRequestToken: TOKEN }
    const first = await call('CreateSecret', asked)
    expect(await call('CreateSecret', asked)).toEqual(first)
    await expect(call('CreateSecret', { ...asked, SecretString: 'b' })).rejects.toMatchObject({
      name: 'ResourceExistsException',
    })
    await expect(
      call('CreateSecret', { ...asked, ClientRequestToken: TOKEN.replace('a', 'b') }),
    ).rejects.toMatchObject({ name: 'ResourceExistsException' })
  })

  // test_first_rotate_secret_with_missing_lambda_arn, test_rotate_secret_invalid_lambda_arn
  it('is rotated by a function that it may invoke, to a version of its own', async () => {
    const account = new Functions()
    account.aws.register(new SecretsManager(account.aws))
    const call = (operation: string, input: object) =>
      account.call<Record<string, never>>('secrets-manager', operation, input)
    await call('CreateSecret', { Name: 'slack', SecretString: 'a' })
    const rotate = (more: object) =>
      call('RotateSecret', { SecretId: 'slack', ClientRequestToken: TOKEN, ...more })
    await expect(rotate({})).rejects.toMatchObject({
      name: 'InvalidRequestException',
      message: 'No Lambda rotation function ARN is associated with this secret.',
    })
    const RotationLambdaARN = 'arn:aws:lambda:eu-central-1:123456789012:function:rotator'
    const denied = {
      name: 'AccessDeniedException',
      message: expect.stringContaining(
        'Secrets Manager cannot invoke the specified Lambda function.',
      ),
    }
    await expect(rotate({ RotationLambdaARN })).rejects.toMatchObject(denied)
    await account.create('() => 1', { FunctionName: 'rotator' })
    await expect(rotate({ RotationLambdaARN })).rejects.toMatchObject(denied)
    await account.call('lambda', 'AddPermission', {
      FunctionName: 'rotator',
      StatementId: 'a',
      Action: 'lambda:InvokeFunction',
      Principal: 'secretsmanager.amazonaws.com',
    })
    expect(await rotate({ RotationLambdaARN })).toMatchObject({ Name: 'slack', VersionId: TOKEN })
  })
})

// cloudwatch/test_cloudwatch.py, test_put_metric_data_validation
describe('PutMetricData', () => {
  test.each([
    [
      { Value: 1, Values: [1, 2] },
      'InvalidParameterCombinationException',
      'The parameters MetricData.member.1.Value and MetricData.member.1.Values are mutually exclusive and you have specified both.',
    ],
    [
      { Values: [1, 2], Counts: [1] },
      'InvalidParameterValueException',
      'The parameters MetricData.member.1.Values and MetricData.member.1.Counts must be of the same size.',
    ],
  ])('refuses %j', async (values, name, message) => {
    const account = new Account([CloudWatch])
    const MetricData = [{ MetricName: 'a', ...values }]
    await expect(
      account.call('cloudwatch', 'PutMetricData', { Namespace: 'mine', MetricData }),
    ).rejects.toMatchObject({ name, message })
  })
})

it('Lambda refuses code that is sent with its request and cannot be read', async () => {
  const account = new Functions()
  await expect(
    account.create('', { Code: { ZipFile: new Uint8Array([1]) } }),
  ).rejects.toMatchObject({ name: 'InvalidParameterValueException' })
})
