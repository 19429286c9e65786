import { join } from 'node:path'
import type { InvocationResponse } from '@aws-sdk/client-lambda'
import { beforeAll, expect, test } from 'vitest'
import imagePushed from '../../events/image-pushed.sample.json' with { type: 'json' }
import { Logs } from '../../local/aws/cloudwatch-logs/logs.ts'
import { Lambda } from '../../local/aws/lambda/lambda.ts'
import { SecretsManager } from '../../local/aws/secrets-manager/secrets-manager.ts'
import { bundlesOf } from '../../local/simulation/synth.ts'
import { sdkConfiguration } from '../../local/wire/request-handler.ts'
import { Account, PERSON } from '../kits/account.ts'

/** The repository's own functions, built as they are deployed. */
let bundles: string
beforeAll(async () => {
  bundles = await bundlesOf()
})

async function deployed(name: string, Variables: Record<string, string>) {
  const { world, aws } = new Account([Logs, SecretsManager], 3)
  aws.register(
    new Lambda(aws, {
      sdk: (caller) => sdkConfiguration(aws, caller),
      fetch: () => Promise.reject(new Error('There is no network')),
      code: async ({ S3Key = '' }) => join(bundles, S3Key),
    }),
  )
  await aws.call(
    'lambda',
    'CreateFunction',
    {
      FunctionName: name,
      Role: `arn:aws:iam::123456789012:role/${name}`,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Timeout: 60,
      Code: { S3Key: name },
      Environment: { Variables },
      LoggingConfig: { LogFormat: 'JSON' },
    },
    PERSON,
  )
  const invoke = async (event: unknown) => {
    const Payload = new TextEncoder().encode(JSON.stringify(event))
    const input = { FunctionName: name, Payload }
    const answer = aws.call<InvocationResponse>('lambda', 'Invoke', input, PERSON)
    await world.run(60_000)
    return JSON.parse(new TextDecoder().decode((await answer).Payload))
  }
  const log = async () => {
    const { events } = await aws.call<{ events: { message: string }[] }>(
      'cloudwatch-logs',
      'FilterLogEvents',
      { logGroupName: `/aws/lambda/${name}` },
      PERSON,
    )
    return events.map(({ message }) => JSON.parse(message) as Record<string, unknown>)
  }
  return { aws, invoke, log }
}

/** ECR's event of a push, its detail changed. */
const push = (detail: Record<string, unknown>) => ({
  ...imagePushed,
  detail: { ...imagePushed.detail, ...detail },
})

test('an event that is not valid ends with InvalidInput, before anything is done', async () => {
  const { aws, invoke } = await deployed('plan-roll-out', {
    TABLE_NAME: 'caretaker',
    BAKE_SECONDS: '120',
    DEADLINE_SECONDS: '1800',
  })
  const before = aws.calls.length
  const { errorType, errorMessage } = await invoke({ input: { sweep: 'perhaps' } })
  expect(errorType).toBe('InvalidInput')
  expect(errorMessage).toMatch(/^the event of plan-roll-out is not valid\. .*Nothing was done\.$/)
  expect(aws.calls.slice(before).filter(({ by }) => by.startsWith('function/'))).toEqual([])
})

const SETTINGS = {
  TABLE_NAME: 'caretaker',
  BAKE_SECONDS: '9',
  DEADLINE_SECONDS: '1800',
  ROLL_OUT_MACHINE: 'arn',
}
const started = (input: object) => ({ input, execution: 'arn', startedAt: 'now' })

test.each([
  [
    'of a push without its digest',
    'start-roll-outs',
    push({ 'image-digest': undefined }),
    'detail.image-digest',
  ],
  [
    'of a push, all wrong',
    'start-roll-outs',
    push({ 'image-digest': {}, 'repository-name': [] }),
    'detail.',
  ],
  [
    'by hand without a name',
    'plan-roll-out',
    started({ service: 'orders', digest: 'sha256:1', by: '' }),
    'input.by',
  ],
])('an event %s is refused by the field that is wrong', async (_, name, event, field) => {
  const { invoke } = await deployed(name, SETTINGS)
  const { errorMessage } = await invoke(event)
  expect(errorMessage).toContain(`the event of ${name} is not valid. ${field}`)
})

test('an environment that lacks a variable ends every invocation by the same name', async () => {
  const { invoke } = await deployed('plan-roll-out', { TABLE_NAME: 'caretaker' })
  const { errorType, errorMessage } = await invoke({})
  expect(errorType).toBe('InvalidInput')
  expect(errorMessage).toContain('BAKE_SECONDS')
})

test('the SDK reaches the simulated services, and the logger the simulated log', async () => {
  const { aws, invoke, log } = await deployed('tell-slack', {
    TABLE_NAME: 'caretaker',
    SLACK_SECRET: 'dev/caretaker/slack',
    QUEUE_URL: 'https://sqs.eu-central-1.amazonaws.com/123456789012/dev-notices',
    TOPIC_ARN: 'arn:aws:sns:eu-central-1:123456789012:dev-alarms',
  })
  expect(await invoke({ Records: [] })).toBeNull()
  expect(aws.calls).toContainEqual(
    expect.objectContaining({
      by: 'function/tell-slack',
      service: 'secrets-manager',
      operation: 'GetSecretValue',
      outcome: 'ResourceNotFoundException',
    }),
  )
  expect(await log()).toMatchObject([
    { type: 'platform.initStart', record: { functionName: 'tell-slack' } },
    { type: 'platform.start' },
    { level: 'WARN', message: expect.stringContaining('Slack is not connected') },
    { type: 'platform.report', record: { status: 'success' } },
  ])
})
