/**
 * Requests as other clients than the JavaScript SDK write them: AWS CLI 1.46 (botocore 1.43) and
 * boto3 1.26, recorded against a server that only listened. Signatures are cut off.
 */
export type Recorded = {
  /** What was run. */
  client: string
  method: string
  path: string
  headers: Record<string, string>
  body: string
  /** What it asks for, in the SDK's spelling. */
  means: { service: string; operation: string; input: object }
}

const signed = (service: string, region = 'eu-central-1') => ({
  authorization: `AWS4-HMAC-SHA256 Credential=anna/20261124/${region}/${service}/aws4_request, SignedHeaders=host;x-amz-date, Signature=0`,
})

const json = (service: string, target: string, version: '1.0' | '1.1', body: string) => ({
  method: 'POST',
  path: '/',
  headers: {
    'x-amz-target': target,
    'content-type': `application/x-amz-json-${version}`,
    ...signed(service),
  },
  body,
})

const form = (service: string, body: string, region?: string) => ({
  method: 'POST',
  path: '/',
  headers: {
    'content-type': 'application/x-www-form-urlencoded; charset=utf-8',
    ...signed(service, region),
  },
  body,
})

const QUEUE = 'https://sqs.eu-central-1.amazonaws.com/123456789012/letters'
/** What two clients say of one message, each in its own protocol. */
const NOTE = {
  QueueUrl: QUEUE,
  MessageBody: 'hi',
  MessageAttributes: { kind: { DataType: 'String', StringValue: 'note' } },
}
const METRIC = {
  Namespace: 'Caretaker',
  MetricData: [
    {
      MetricName: 'Deployed',
      Value: 1.5,
      Timestamp: new Date('2026-03-02T09:00:00Z'),
      Dimensions: [{ Name: 'Service', Value: 'orders' }],
    },
  ],
}

export const RECORDED: Recorded[] = [
  {
    client: 'aws ecs list-services --cluster dev',
    ...json('ecs', 'AmazonEC2ContainerServiceV20141113.ListServices', '1.1', '{"cluster": "dev"}'),
    means: { service: 'ecs', operation: 'ListServices', input: { cluster: 'dev' } },
  },
  {
    client: 'aws stepfunctions start-execution',
    ...json(
      'states',
      'AWSStepFunctions.StartExecution',
      '1.0',
      '{"stateMachineArn": "arn:aws:states:eu-central-1:123456789012:stateMachine:roll-out", "name": "e1", "input": "{\\"a\\":1}"}',
    ),
    means: {
      service: 'sfn',
      operation: 'StartExecution',
      input: {
        stateMachineArn: 'arn:aws:states:eu-central-1:123456789012:stateMachine:roll-out',
        name: 'e1',
        input: '{"a":1}',
      },
    },
  },
  {
    client: 'aws dynamodb put-item',
    ...json(
      'dynamodb',
      'DynamoDB_20120810.PutItem',
      '1.0',
      '{"TableName": "table", "Item": {"pk": {"S": "a"}, "raw": {"B": "aGVsbG8="}, "n": {"N": "1.5"}}}',
    ),
    means: {
      service: 'dynamodb',
      operation: 'PutItem',
      input: {
        TableName: 'table',
        Item: { pk: { S: 'a' }, raw: { B: new TextEncoder().encode('hello') }, n: { N: '1.5' } },
      },
    },
  },
  {
    client: 'aws resourcegroupstaggingapi get-resources',
    ...json(
      'tagging',
      'ResourceGroupsTaggingAPI_20170126.GetResources',
      '1.1',
      '{"TagFilters": [{"Key": "caretaker:service", "Values": ["orders"]}]}',
    ),
    means: {
      service: 'resource-groups-tagging-api',
      operation: 'GetResources',
      input: { TagFilters: [{ Key: 'caretaker:service', Values: ['orders'] }] },
    },
  },
  {
    client: 'aws logs filter-log-events',
    ...json(
      'logs',
      'Logs_20140328.FilterLogEvents',
      '1.1',
      '{"logGroupName": "/orders", "startTime": 1772442000000}',
    ),
    means: {
      service: 'cloudwatch-logs',
      operation: 'FilterLogEvents',
      input: { logGroupName: '/orders', startTime: 1_772_442_000_000 },
    },
  },
  {
    client: 'aws sqs send-message',
    ...json(
      'sqs',
      'AmazonSQS.SendMessage',
      '1.0',
      `{"QueueUrl": "${QUEUE}", "MessageBody": "hi", "MessageAttributes": {"kind": {"DataType": "String", "StringValue": "note"}}}`,
    ),
    means: {
      service: 'sqs',
      operation: 'SendMessage',
      input: NOTE,
    },
  },
  {
    client: 'boto3 1.26: sqs.send_message',
    ...form(
      'sqs',
      `Action=SendMessage&Version=2012-11-05&QueueUrl=${encodeURIComponent(QUEUE)}&MessageBody=hi&MessageAttribute.1.Name=kind&MessageAttribute.1.Value.DataType=String&MessageAttribute.1.Value.StringValue=note`,
    ),
    means: {
      service: 'sqs',
      operation: 'SendMessage',
      input: NOTE,
    },
  },
  {
    client: 'boto3 1.26: sqs.receive_message',
    ...form(
      'sqs',
      `Action=ReceiveMessage&Version=2012-11-05&QueueUrl=${encodeURIComponent(QUEUE)}&AttributeName.1=All&MaxNumberOfMessages=3`,
    ),
    means: {
      service: 'sqs',
      operation: 'ReceiveMessage',
      input: { QueueUrl: QUEUE, AttributeNames: ['All'], MaxNumberOfMessages: 3 },
    },
  },
  {
    client: 'aws cloudwatch put-metric-data',
    ...json(
      'monitoring',
      'GraniteServiceVersion20100801.PutMetricData',
      '1.0',
      '{"Namespace": "Caretaker", "MetricData": [{"MetricName": "Deployed", "Value": 1.5, "Timestamp": 1772442000, "Dimensions": [{"Name": "Service", "Value": "orders"}]}]}',
    ),
    means: { service: 'cloudwatch', operation: 'PutMetricData', input: METRIC },
  },
  {
    client: 'boto3 1.26: cloudwatch.put_metric_data',
    ...form(
      'monitoring',
      'Action=PutMetricData&Version=2010-08-01&Namespace=Caretaker&MetricData.member.1.MetricName=Deployed&MetricData.member.1.Value=1.5&MetricData.member.1.Timestamp=2026-03-02T09%3A00%3A00Z&MetricData.member.1.Dimensions.member.1.Name=Service&MetricData.member.1.Dimensions.member.1.Value=orders',
    ),
    means: { service: 'cloudwatch', operation: 'PutMetricData', input: METRIC },
  },
  {
    client: 'aws elbv2 create-target-group',
    ...form(
      'elasticloadbalancing',
      'Action=CreateTargetGroup&Version=2015-12-01&Name=orders&Protocol=HTTP&Port=80&VpcId=vpc-1&Tags.member.1.Key=team&Tags.member.1.Value=a%26b',
    ),
    means: {
      service: 'elastic-load-balancing-v2',
      operation: 'CreateTargetGroup',
      input: {
        Name: 'orders',
        Protocol: 'HTTP',
        Port: 80,
        VpcId: 'vpc-1',
        Tags: [{ Key: 'team', Value: 'a&b' }],
      },
    },
  },
  {
    client: 'aws sns publish',
    ...form(
      'sns',
      'Action=Publish&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-central-1%3A123456789012%3Aalerts&Message=hi+there&MessageAttributes.entry.1.Name=kind&MessageAttributes.entry.1.Value.DataType=String&MessageAttributes.entry.1.Value.StringValue=note&MessageAttributes.entry.2.Name=raw&MessageAttributes.entry.2.Value.DataType=Binary&MessageAttributes.entry.2.Value.BinaryValue=aGVsbG8%3D',
    ),
    means: {
      service: 'sns',
      operation: 'Publish',
      input: {
        TopicArn: 'arn:aws:sns:eu-central-1:123456789012:alerts',
        Message: 'hi there',
        MessageAttributes: {
          kind: { DataType: 'String', StringValue: 'note' },
          raw: { DataType: 'Binary', BinaryValue: new TextEncoder().encode('hello') },
        },
      },
    },
  },
  {
    client: 'aws iam get-role',
    ...form('iam', 'Action=GetRole&Version=2010-05-08&RoleName=roll-out', 'us-east-1'),
    means: { service: 'iam', operation: 'GetRole', input: { RoleName: 'roll-out' } },
  },
  {
    client: 'aws sts get-caller-identity',
    ...form('sts', 'Action=GetCallerIdentity&Version=2011-06-15'),
    means: { service: 'sts', operation: 'GetCallerIdentity', input: {} },
  },
  {
    client: 'aws lambda invoke --invocation-type Event',
    method: 'POST',
    path: '/2015-03-31/functions/plan-roll-out/invocations',
    headers: {
      'x-amz-invocation-type': 'Event',
      'x-amz-log-type': 'Tail',
      ...signed('lambda'),
    },
    body: '{"a":1}',
    means: {
      service: 'lambda',
      operation: 'Invoke',
      input: {
        FunctionName: 'plan-roll-out',
        InvocationType: 'Event',
        LogType: 'Tail',
        Payload: new TextEncoder().encode('{"a":1}'),
      },
    },
  },
  {
    client: 'aws lambda tag-resource',
    method: 'POST',
    path: '/2017-03-31/tags/arn%3Aaws%3Alambda%3Aeu-central-1%3A123456789012%3Afunction%3Af',
    headers: { 'content-type': 'application/json', ...signed('lambda') },
    body: '{"Tags": {"a": "b"}}',
    means: {
      service: 'lambda',
      operation: 'TagResource',
      input: {
        Resource: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
        Tags: { a: 'b' },
      },
    },
  },
  {
    client: 'aws scheduler list-schedules',
    method: 'GET',
    path: '/schedules?ScheduleGroup=default&MaxResults=5',
    headers: signed('scheduler'),
    body: '',
    means: {
      service: 'scheduler',
      operation: 'ListSchedules',
      input: { GroupName: 'default', MaxResults: 5 },
    },
  },
  {
    client: 'aws scheduler create-schedule',
    method: 'POST',
    path: '/schedules/wake%20up',
    headers: { 'content-type': 'application/json', ...signed('scheduler') },
    body: '{"FlexibleTimeWindow": {"Mode": "OFF"}, "ScheduleExpression": "rate(5 minutes)", "StartDate": 1772442000, "Target": {"Arn": "arn:aws:sqs:eu-central-1:123456789012:q", "RoleArn": "arn:aws:iam::123456789012:role/r"}}',
    means: {
      service: 'scheduler',
      operation: 'CreateSchedule',
      input: {
        Name: 'wake up',
        FlexibleTimeWindow: { Mode: 'OFF' },
        ScheduleExpression: 'rate(5 minutes)',
        StartDate: new Date('2026-03-02T09:00:00Z'),
        Target: {
          Arn: 'arn:aws:sqs:eu-central-1:123456789012:q',
          RoleArn: 'arn:aws:iam::123456789012:role/r',
        },
      },
    },
  },
]
