import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DynamoDBClient, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb'
import { ECRClient, PutImageCommand } from '@aws-sdk/client-ecr'
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs'
import { type FunctionCode, type LoadOptions, load } from 'caretaker/local-aws'
import { describe, expect, it, test } from 'vitest'
import { temporaryDirectory } from '../kits/temporary.ts'

/** A queue whose function notes each message in a table; and a queue that hears of pushed images. */
const RESOURCES = {
  Jobs: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'jobs', VisibilityTimeout: 30 } },
  Pushes: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'pushes' } },
  Hears: {
    Type: 'AWS::SQS::QueuePolicy',
    Properties: {
      Queues: [{ Ref: 'Pushes' }],
      PolicyDocument: allow('sqs:SendMessage', at('Pushes'), { Service: 'events.amazonaws.com' }),
    },
  },
  Images: { Type: 'AWS::ECR::Repository', Properties: { RepositoryName: 'app' } },
  Pushed: {
    Type: 'AWS::Events::Rule',
    Properties: {
      EventPattern: { source: ['aws.ecr'], 'detail-type': ['ECR Image Action'] },
      Targets: [{ Id: 'queue', Arn: at('Pushes') }],
    },
  },
  Notes: {
    Type: 'AWS::DynamoDB::Table',
    Properties: {
      ...{ TableName: 'notes', BillingMode: 'PAY_PER_REQUEST' },
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    },
  },
  Role: {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: allow('sts:AssumeRole', undefined, {
        Service: 'lambda.amazonaws.com',
      }),
      Policies: [
        { PolicyName: 'notes', PolicyDocument: allow('dynamodb:PutItem', at('Notes')) },
        { PolicyName: 'surplus', PolicyDocument: allow('dynamodb:DeleteItem', at('Notes')) },
        { PolicyName: 'jobs', PolicyDocument: allow('sqs:*', at('Jobs')) },
      ],
    },
  },
  Note0A1B2C3D: {
    Type: 'AWS::Lambda::Function',
    Properties: {
      ...{ Runtime: 'nodejs24.x', Handler: 'index.handler', Code: { ZipFile: '' } },
      ...{ Role: at('Role'), Environment: { Variables: { TABLE: 'notes' } } },
    },
  },
  Taken: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: { EventSourceArn: at('Jobs'), FunctionName: { Ref: 'Note0A1B2C3D' } },
  },
}

function at(logicalId: string) {
  return { 'Fn::GetAtt': [logicalId, 'Arn'] }
}

function allow(action: string, resource: object | undefined, principal?: object) {
  const Statement = [
    {
      ...{ Effect: 'Allow', Action: action },
      ...(resource === undefined ? {} : { Resource: resource }),
      ...(principal === undefined ? {} : { Principal: principal }),
    },
  ]
  return { Version: '2012-10-17', Statement }
}

const OUTPUTS = { Jobs: { Value: { Ref: 'Jobs' } }, Pushes: { Value: { Ref: 'Pushes' } } }

/** What the CDK writes, by hand: that takes milliseconds. */
function assembly(resources: object = RESOURCES, environment = 'aws://unknown-account/us-west-2') {
  const directory = join(temporaryDirectory(), 'cdk.out')
  mkdirSync(directory)
  const type = 'aws:cloudformation:stack'
  const artifacts = { Notes: { type, environment, properties: { templateFile: 'Notes.json' } } }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ artifacts }))
  const template = { Resources: resources, Outputs: resources === RESOURCES ? OUTPUTS : {} }
  writeFileSync(join(directory, 'Notes.json'), JSON.stringify(template))
  return directory
}

type Queued = { Records: { messageId: string }[] }

const note: FunctionCode = ({ client, environment, now }) => {
  const dynamodb = client(DynamoDBClient)
  return async ({ Records }: Queued) => {
    const [{ messageId = '' } = {}] = Records
    const Item = { id: { S: messageId }, at: { S: now().toISOString() } }
    await dynamodb.send(new PutItemCommand({ TableName: environment.TABLE, Item }))
  }
}

const opened = (options: LoadOptions = {}) =>
  load(assembly(), { functions: { Note: note }, ...options })
type Opened = Awaited<ReturnType<typeof opened>>

const send = (aws: Opened) => {
  const QueueUrl = aws.outputs().Jobs
  return aws.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))
}
const notes = async (aws: Opened) =>
  (await aws.client(DynamoDBClient).send(new ScanCommand({ TableName: 'notes' }))).Items ?? []
const puts = (aws: Opened) => aws.calls.filter(({ operation }) => operation === 'PutItem')

describe('stacks that are loaded', () => {
  it('stand at the start, in their Region, and nothing has been called', async () => {
    const aws = await opened({ start: '2026-05-04T10:00:00Z' })
    expect([aws.now.toISOString(), aws.region]).toEqual(['2026-05-04T10:00:00.000Z', 'us-west-2'])
    expect([aws.calls, aws.notSimulated]).toEqual([[], []])
    expect(aws.outputs('Notes').Jobs).toMatch(
      /^https:\/\/sqs\.us-west-2\.amazonaws\.com\/\d+\/jobs$/,
    )
  })

  it('do what happens when time passes, on the simulated clock', async () => {
    const aws = await opened()
    await send(aws)
    expect(await notes(aws)).toEqual([])
    await aws.advance('1m')
    const [noted] = await notes(aws)
    expect(noted?.at?.S).toMatch(/^2026-03-02T09:00:0/)
    await aws.advanceTo('2026-03-02T10:00:00Z')
    await aws.advance(1_500)
    expect(aws.now.toISOString()).toBe('2026-03-02T10:00:01.500Z')
  })

  it('do the same again with the same seed, and else with another', async () => {
    const run = async (seed: number) => {
      const aws = await opened({ seed })
      await send(aws)
      await aws.advance('1m')
      return aws.calls
    }
    const first = await run(1)
    expect(await run(1)).toEqual(first)
    expect(await run(2)).not.toEqual(first)
  })

  it('are of the account that they name', async () => {
    const aws = await load(assembly({ Q: RESOURCES.Pushes }, 'aws://111122223333/eu-west-3'))
    await aws.client(SQSClient).send(
      new SendMessageCommand({
        QueueUrl: 'https://sqs.eu-west-3.amazonaws.com/111122223333/pushes',
        MessageBody: 'x',
      }),
    )
    expect(aws.region).toBe('eu-west-3')
  })
})

describe('what goes wrong', () => {
  test.each([
    ['before', 1],
    ['after', 2],
  ] as const)('a function that is killed %s its call is called again', async (when, calls) => {
    const aws = await opened()
    aws.kill(when, 'PutItem')
    await send(aws)
    await aws.advance('20s')
    expect(puts(aws)).toHaveLength(calls - 1)
    await aws.advance('2m')
    expect(puts(aws)).toHaveLength(calls)
    expect(await notes(aws)).toHaveLength(1)
  })

  test.each([
    [0, 1],
    [1, 0],
  ])('of events that are delivered as best they can, %d are lost', async (rate, heard) => {
    const aws = await opened()
    aws.lose(rate)
    const image = { repositoryName: 'app', imageTag: 'v1', imageManifest: '{"schemaVersion":2}' }
    await aws.client(ECRClient).send(new PutImageCommand(image))
    await aws.advance('5m')
    const asked = new ReceiveMessageCommand({ QueueUrl: aws.outputs().Pushes })
    const { Messages = [] } = await aws.client(SQSClient).send(asked)
    expect(Messages).toHaveLength(heard)
  })

  it('is a right that is missing: a client with the function’s role has only its own', async () => {
    const aws = await opened()
    await send(aws)
    await aws.advance('1m')
    const { role = '' } = aws.grants()[0] ?? {}
    expect(role).toBe('Notes/Role')
    const grants = Object.fromEntries(aws.grants().map(({ grant, used }) => [grant, used]))
    expect(grants['dynamodb:PutItem on arn:aws:dynamodb:us-west-2:123456789012:table/notes']).toBe(
      1,
    )
    expect(
      grants['dynamodb:DeleteItem on arn:aws:dynamodb:us-west-2:123456789012:table/notes'],
    ).toBe(0)
  })
})

describe('what cannot be', () => {
  test.each<[string, () => Promise<unknown>, RegExp]>([
    ['a start', () => opened({ start: 'soon' }), /^start: found "soon", allowed: an instant$/],
    [
      'a function without code',
      () => opened({ functions: { Notte: note } }),
      /Note0A1B2C3D.*code that stands in the template itself; say what it does/s,
    ],
    [
      'code of no function',
      () => opened({ functions: { Note: note, Notte: note } }),
      /^functions: found "Notte", allowed: .*: Notes-Note0A1B2C3D-/,
    ],
    [
      'a length',
      async () => (await opened()).advance('8 hours'),
      /found "8 hours", allowed: a length/,
    ],
    ['less', async () => (await opened()).advance(-1), /found -1, allowed/],
    [
      'the past',
      async () => (await opened()).advanceTo('2020-01-01T00:00:00Z'),
      /from 2026-03-02T09/,
    ],
    ['a rate', async () => (await opened()).lose(20), /lose: found 20, allowed: 0 \(never\) to 1/],
    ['a stack', async () => (await opened()).outputs('Other'), /found "Other", allowed: Notes$/],
  ])('%s is refused, with what is allowed', async (_, does, said) => {
    await expect(does()).rejects.toThrow(said)
  })

  it('what the local AWS lacks is refused by its name', async () => {
    const { Note0A1B2C3D: fn, Role } = RESOURCES
    const python = { ...fn, Properties: { ...fn.Properties, Runtime: 'python3.14' } }
    const { Policies: _, ...Properties } = Role.Properties
    const resources = { Fn: python, Role: { ...Role, Properties } }
    await expect(load(assembly(resources))).rejects.toThrow(/Fn.*python3\.14/s)
  })
})

describe('the page of examples', () => {
  const page = readFileSync('docs/library.md', 'utf8')
  const folder = 'examples/order-worker'

  test.each(['with-vitest.test.ts', 'with-node-test.test.ts', 'functions.ts'])('has %s', (file) => {
    expect(page).toContain(`\`\`\`ts\n${readFileSync(join(folder, file), 'utf8')}\`\`\``)
  })

  test.each(['with-vitest.test.ts', 'with-node-test.test.ts'])('tests in 20 lines: %s', (file) => {
    const [, body = ''] = readFileSync(join(folder, file), 'utf8').split(/^test\(/m)
    expect(body.trim().split('\n').length).toBeLessThan(20)
  })

  it('and that of node:test passes', () => {
    const words = ['--conditions=caretaker-source', '--test', `${folder}/with-node-test.test.ts`]
    const { NODE_OPTIONS: _, ...env } = process.env
    const { status, stdout } = spawnSync(process.execPath, words, { encoding: 'utf8', env })
    expect(stdout).toMatch(/pass 1\b/)
    expect(status).toBe(0)
  })
})
