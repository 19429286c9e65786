import { describe, expect, test } from 'vitest'
import { AwsError } from '../../local/aws/errors.ts'
import { line, Machines, task, types } from '../kits/machines.ts'

describe('task tokens', () => {
  const waiting = (fields: object = {}) =>
    task(
      'sqs:sendMessage.waitForTaskToken',
      {
        Arguments: {
          QueueUrl: 'q',
          MessageBody: { token: '{% $states.context.Task.Token %}' },
        },
        ...fields,
      },
      'Catch' in fields ? { After: { Type: 'Pass', End: true } } : {},
    )

  function queue() {
    const tokens: string[] = []
    const account = new Machines({
      sqs: {
        SendMessage: (input: { MessageBody: string }) => {
          tokens.push((JSON.parse(input.MessageBody) as { token: string }).token)
          return { MessageId: 'm', MD5OfMessageBody: '0' }
        },
      },
    })
    return { account, tokens }
  }

  test('success: submitted, then what was sent', async () => {
    const { account, tokens } = queue()
    const arn = await account.start(await account.create(waiting()))
    await account.run(100_000)
    await account.call('sfn', 'SendTaskSuccess', { taskToken: tokens[0], output: '{"yes":1}' })
    await account.run(1)
    const told = await account.told(arn)
    expect(told.output).toEqual({ yes: 1 })
    expect(types(told.events)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ])
    expect(told.events[4]?.taskSubmittedEventDetails).toMatchObject({
      resourceType: 'sqs',
      resource: 'sendMessage.waitForTaskToken',
    })
    await expect(
      account.call('sfn', 'SendTaskSuccess', { taskToken: tokens[0], output: '{}' }),
    ).rejects.toThrow("Task Timed Out: 'Provided task does not exist anymore'")
  })

  test('failure', async () => {
    const { account, tokens } = queue()
    const arn = await account.start(await account.create(waiting()))
    await account.run(100_000)
    await account.call('sfn', 'SendTaskFailure', {
      taskToken: tokens[0],
      error: 'No',
      cause: 'because',
    })
    await account.run(1)
    expect((await account.told(arn)).events.map(line).slice(5)).toEqual([
      '6<5 TaskFailed {"resourceType":"sqs","resource":"sendMessage.waitForTaskToken","error":"No","cause":"because"}',
      '7<6 ExecutionFailed {"error":"No","cause":"because"}',
    ])
  })

  test.each([
    [{ TimeoutSeconds: 60 }, 'States.Timeout'],
    [{ HeartbeatSeconds: 30 }, 'States.HeartbeatTimeout'],
    [{ HeartbeatSeconds: 30 }, 'States.Timeout'],
  ])('%j is caught as %s', async (limits, name) => {
    const { account, tokens } = queue()
    const told = await account.play(
      waiting({ ...limits, Catch: [{ ErrorEquals: [name], Next: 'After' }] }),
    )
    expect(told.output).toEqual({ Error: 'States.Timeout' })
    expect(told.events[5]).toMatchObject({
      type: 'TaskTimedOut',
      taskTimedOutEventDetails: { error: 'States.Timeout', resourceType: 'sqs' },
    })
    await expect(
      account.call('sfn', 'SendTaskHeartbeat', { taskToken: tokens[0] }),
    ).rejects.toThrow('Task Timed Out')
  })

  test('heartbeats keep it waiting', async () => {
    const { account, tokens } = queue()
    const arn = await account.start(await account.create(waiting({ HeartbeatSeconds: 30 })))
    for (let beat = 0; beat < 5; beat++) {
      await account.run(20_000)
      await account.call('sfn', 'SendTaskHeartbeat', { taskToken: tokens[0] })
    }
    expect((await account.told(arn)).status).toBe('RUNNING')
    await account.run(31_000)
    expect(await account.told(arn)).toMatchObject({ status: 'FAILED', error: 'States.Timeout' })
  })

  test('an answer before the call has returned counts', async () => {
    const account: Machines = new Machines({
      sqs: {
        SendMessage: async (input: { MessageBody: string }) => {
          const { token } = JSON.parse(input.MessageBody) as { token: string }
          await account.call('sfn', 'SendTaskSuccess', { taskToken: token, output: '"early"' })
          return { MessageId: 'm' }
        },
      },
    })
    const told = await account.play(waiting())
    expect(told.output).toBe('early')
    expect(types(told.events).slice(4, 6)).toEqual(['TaskSubmitted', 'TaskSucceeded'])
  })

  test('a refused call is TaskSubmitFailed', async () => {
    const account = new Machines({
      sqs: {
        SendMessage: () => {
          throw new AwsError('QueueDoesNotExist', 'The specified queue does not exist.')
        },
      },
    })
    const told = await account.play(waiting())
    expect(told.error).toBe('SQS.QueueDoesNotExistException')
    expect(types(told.events).slice(4)).toEqual(['TaskSubmitFailed', 'ExecutionFailed'])
  })

  test('tokens and outputs that are none', async () => {
    const { account, tokens } = queue()
    await account.start(await account.create(waiting()))
    await account.run(1000)
    await expect(
      account.call('sfn', 'SendTaskSuccess', { taskToken: 'x', output: '{}' }),
    ).rejects.toMatchObject({
      name: 'InvalidToken',
    })
    await expect(
      account.call('sfn', 'SendTaskSuccess', { taskToken: tokens[0], output: 'no json' }),
    ).rejects.toMatchObject({ name: 'InvalidOutput' })
  })
})
