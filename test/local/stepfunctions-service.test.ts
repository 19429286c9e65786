import type { HistoryEvent } from '@aws-sdk/client-sfn'
import { describe, expect, test } from 'vitest'
import { Machines, ROLE } from '../kits/machines.ts'

const ARN = 'arn:aws:states:eu-central-1:123456789012'
const wait = (Seconds: number) => ({
  StartAt: 'W',
  States: { W: { Type: 'Wait', Seconds, End: true } },
})
const fails = { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'E', Cause: 'C' } } }

describe('state machines', () => {
  test('create, describe, update, list, delete', async () => {
    const account = new Machines()
    const stateMachineArn = await account.create(wait(1))
    expect(stateMachineArn).toBe(`${ARN}:stateMachine:machine`)
    const described = await account.call('sfn', 'DescribeStateMachine', { stateMachineArn })
    expect(described).toEqual({
      stateMachineArn,
      name: 'machine',
      status: 'ACTIVE',
      definition: JSON.stringify({ QueryLanguage: 'JSONata', ...wait(1) }),
      roleArn: ROLE,
      type: 'STANDARD',
      creationDate: new Date('2026-03-02T09:00:00Z'),
      loggingConfiguration: { level: 'OFF', includeExecutionData: false },
      tracingConfiguration: { enabled: false },
    })
    expect(await account.create(wait(1))).toBe(stateMachineArn)
    await expect(account.create(wait(2))).rejects.toMatchObject({
      name: 'StateMachineAlreadyExists',
      message: `State Machine Already Exists: '${stateMachineArn}'`,
    })
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', ...wait(3) })
    const updated = await account.call('sfn', 'UpdateStateMachine', { stateMachineArn, definition })
    expect(await account.call('sfn', 'DescribeStateMachine', { stateMachineArn })).toMatchObject({
      definition,
      revisionId: updated.revisionId,
    })
    expect(await account.call('sfn', 'ListStateMachines', {})).toMatchObject({
      stateMachines: [{ stateMachineArn, name: 'machine', type: 'STANDARD' }],
    })
    await account.call('sfn', 'DeleteStateMachine', { stateMachineArn })
    await expect(
      account.call('sfn', 'DescribeStateMachine', { stateMachineArn }),
    ).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
    })
    expect(await account.call('sfn', 'DeleteStateMachine', { stateMachineArn })).toEqual({})
  })

  test('a running execution keeps the definition it started with', async () => {
    const account = new Machines()
    const stateMachineArn = await account.create(wait(60))
    const executionArn = await account.start(stateMachineArn)
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', ...fails })
    await account.call('sfn', 'UpdateStateMachine', { stateMachineArn, definition })
    await account.run(100_000)
    expect((await account.told(executionArn)).status).toBe('SUCCEEDED')
    expect(
      await account.call('sfn', 'DescribeStateMachineForExecution', { executionArn }),
    ).toMatchObject({
      definition: JSON.stringify({ QueryLanguage: 'JSONata', ...wait(60) }),
    })
  })

  test.each([
    [{ name: 'a b' }, 'InvalidName'],
    [{ name: 'x'.repeat(81) }, 'ValidationException'],
    [{ roleArn: 'role' }, 'InvalidArn'],
    [{ definition: '{"StartAt":"A","States":{"A":{"Type":"Succeed"}}}' }, 'InvalidDefinition'],
    [{ publish: true }, 'NotImplemented'],
  ])('create with %j: %s', async (fields, name) => {
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', ...wait(1) })
    const given = { name: 'machine', roleArn: ROLE, definition, ...fields }
    await expect(new Machines().call('sfn', 'CreateStateMachine', given)).rejects.toMatchObject({
      name,
    })
  })

  test('AWS’s words for a wrong definition', async () => {
    await expect(
      new Machines().create({
        StartAt: 'W',
        States: { W: { Type: 'Wait', Seconds: -1, End: true } },
      }),
    ).rejects.toThrow(
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Value should be an integer between 0 and 99999999 at /States/W/Seconds'",
    )
  })

  test('validation answers without creating', async () => {
    const account = new Machines()
    expect(
      await account.call('sfn', 'ValidateStateMachineDefinition', { definition: '{}' }),
    ).toMatchObject({
      result: 'FAIL',
      truncated: false,
    })
    const definition = JSON.stringify({ QueryLanguage: 'JSONata', ...wait(1) })
    expect(await account.call('sfn', 'ValidateStateMachineDefinition', { definition })).toEqual({
      result: 'OK',
      diagnostics: [],
      truncated: false,
    })
    expect(await account.call('sfn', 'ListStateMachines', {})).toEqual({ stateMachines: [] })
  })

  test('tags', async () => {
    const account = new Machines()
    const resourceArn = await account.create(wait(1))
    await account.call('sfn', 'TagResource', {
      resourceArn,
      tags: [
        { key: 'a', value: '1' },
        { key: 'b', value: '2' },
      ],
    })
    await account.call('sfn', 'UntagResource', { resourceArn, tagKeys: ['a'] })
    expect(await account.call('sfn', 'ListTagsForResource', { resourceArn })).toEqual({
      tags: [{ key: 'b', value: '2' }],
    })
    expect([...account.sfn.tagged()]).toEqual([{ arn: resourceArn, tags: { b: '2' } }])
  })

  test.each(['RedriveExecution', 'CreateActivity', 'TestState', 'PublishStateMachineVersion'])(
    '%s is refused by name',
    async (operation) => {
      await expect(new Machines().call('sfn', operation, {})).rejects.toThrow(`sfn:${operation}`)
    },
  )
})

describe('executions', () => {
  test('described while it runs and after', async () => {
    const account = new Machines()
    const executionArn = await account.start(await account.create(wait(60)), { a: 1 }, 'one')
    await account.run(1000)
    const running = await account.call('sfn', 'DescribeExecution', { executionArn })
    expect(running).toEqual({
      executionArn: `${ARN}:execution:machine:one`,
      stateMachineArn: `${ARN}:stateMachine:machine`,
      name: 'one',
      status: 'RUNNING',
      startDate: new Date('2026-03-02T09:00:00Z'),
      input: '{"a":1}',
      inputDetails: { included: true },
      redriveCount: 0,
      redriveStatus: 'NOT_REDRIVABLE',
      redriveStatusReason: 'Execution is RUNNING and cannot be redriven',
    })
    await account.run(100_000)
    expect(await account.call('sfn', 'DescribeExecution', { executionArn })).toMatchObject({
      status: 'SUCCEEDED',
      output: '{"a":1}',
      outputDetails: { included: true },
      stopDate: expect.any(Date),
    })
  })

  test('names: the same start again, another input, a closed name', async () => {
    const account = new Machines()
    const machine = await account.create(wait(60))
    const first = await account.start(machine, { a: 1 }, 'one')
    expect(await account.start(machine, { a: 1 }, 'one')).toBe(first)
    const taken = {
      name: 'ExecutionAlreadyExists',
      message: `Execution Already Exists: '${first}'`,
    }
    await expect(account.start(machine, { a: 2 }, 'one')).rejects.toMatchObject(taken)
    await account.run(100_000)
    await expect(account.start(machine, { a: 1 }, 'one')).rejects.toMatchObject(taken)
    await expect(account.start(machine, {}, 'a/b')).rejects.toMatchObject({ name: 'InvalidName' })
    expect(account.sfn.executions).toHaveLength(1)
  })

  test.each([
    ['', 'InvalidExecutionInput'],
    ['{no', 'InvalidExecutionInput'],
    [JSON.stringify('x'.repeat(262_144)), 'ValidationException'],
  ])('input %#', async (input, name) => {
    const account = new Machines()
    const stateMachineArn = await account.create(wait(1))
    await expect(
      account.call('sfn', 'StartExecution', { stateMachineArn, input }),
    ).rejects.toMatchObject({
      name,
    })
  })

  test('what there is not', async () => {
    const account = new Machines()
    await expect(account.start(`${ARN}:stateMachine:none`)).rejects.toMatchObject({
      name: 'StateMachineDoesNotExist',
      message: `State Machine Does Not Exist: '${ARN}:stateMachine:none'`,
    })
    const executionArn = `${ARN}:execution:none:none`
    await expect(
      account.call('sfn', 'GetExecutionHistory', { executionArn }),
    ).rejects.toMatchObject({
      name: 'ExecutionDoesNotExist',
      message: `Execution Does Not Exist: '${executionArn}'`,
    })
    await expect(
      account.call('sfn', 'DescribeExecution', { executionArn: 'x' }),
    ).rejects.toMatchObject({
      name: 'InvalidArn',
    })
  })

  test('lists newest first, by status, in pages', async () => {
    const account = new Machines()
    const stateMachineArn = await account.create(wait(60))
    for (const name of ['one', 'two', 'three']) {
      await account.start(stateMachineArn, {}, name)
      await account.run(50_000)
    }
    const names = async (input: object) => {
      const { executions, nextToken } = await account.call<{
        executions: { name: string }[]
        nextToken?: string
      }>('sfn', 'ListExecutions', { stateMachineArn, ...input })
      return { names: executions.map(({ name }) => name), nextToken }
    }
    expect((await names({})).names).toEqual(['three', 'two', 'one'])
    expect((await names({ statusFilter: 'RUNNING' })).names).toEqual(['three'])
    const { names: page, nextToken } = await names({ maxResults: 2 })
    expect(page).toEqual(['three', 'two'])
    expect(await names({ maxResults: 2, nextToken })).toEqual({
      names: ['one'],
      nextToken: undefined,
    })
    await expect(names({ nextToken: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidToken' })
  })

  test('history: reversed, in pages, without data', async () => {
    const account = new Machines()
    const executionArn = await account.start(await account.create(wait(1)), { a: 1 })
    await account.run(10_000)
    const history = (input: object) =>
      account.call<{ events: HistoryEvent[]; nextToken?: string }>('sfn', 'GetExecutionHistory', {
        executionArn,
        ...input,
      })
    expect((await history({ reverseOrder: true })).events.map(({ id }) => id)).toEqual([4, 3, 2, 1])
    const first = await history({ maxResults: 3 })
    const rest = await history({ maxResults: 3, nextToken: first.nextToken })
    expect([...first.events, ...rest.events].map(({ id }) => id)).toEqual([1, 2, 3, 4])
    const { events } = await history({ includeExecutionData: false })
    expect(events[0]?.executionStartedEventDetails).toEqual({ roleArn: ROLE })
    expect(events[1]?.stateEnteredEventDetails).toEqual({ name: 'W' })
  })

  test('status changes are told to the event bus', async () => {
    const account = new Machines()
    const arn = await account.start(await account.create(fails), {}, 'one')
    await account.run(10_000)
    expect(account.events.map(({ detailType, resources }) => [detailType, resources])).toEqual([
      ['Step Functions Execution Status Change', [arn]],
      ['Step Functions Execution Status Change', [arn]],
    ])
    expect(account.events.map(({ detail }) => detail)).toEqual([
      expect.objectContaining({ status: 'RUNNING', stopDate: null, input: '{}', output: null }),
      expect.objectContaining({
        status: 'FAILED',
        error: 'E',
        cause: 'C',
        redriveStatus: 'REDRIVABLE',
        startDate: Date.parse('2026-03-02T09:00:00Z'),
        stopDate: expect.any(Number),
      }),
    ])
  })

  test('an event leaves out data that are too large for it', async () => {
    const passing = { StartAt: 'P', States: { P: { Type: 'Pass', End: true } } }
    /** Whether the first event has the input, and the last one the input and the output. */
    const included = async (input: object) => {
      const account = new Machines()
      await account.start(await account.create(passing), input)
      await account.run(10_000)
      const [started, ended] = account.events.map(({ detail }) => detail)
      return [started?.inputDetails, ended?.inputDetails, ended?.outputDetails].map(
        (details) => (details as { included: boolean }).included,
      )
    }
    // {\"a\":\"…\"}: twelve bytes besides the text.
    const text = (bytes: number) => ({ a: 'x'.repeat(bytes - 12) })
    const most = 248 * 1024
    expect(await included(text(most / 2))).toEqual([true, true, true])
    expect(await included(text(most / 2 + 1))).toEqual([true, false, true])
    expect(await included(text(most))).toEqual([true, false, true])
    expect(await included(text(most + 1))).toEqual([false, false, false])
  })

  test('the first state is entered a few to a hundred milliseconds later', async () => {
    const account = new Machines()
    const { events } = await account.play(fails)
    const [started, entered] = events.map(({ timestamp }) => timestamp?.getTime() ?? 0)
    expect((entered ?? 0) - (started ?? 0)).toBeGreaterThanOrEqual(5)
    expect((entered ?? 0) - (started ?? 0)).toBeLessThanOrEqual(100)
  })

  test('express: answers when it is over, and is not remembered', async () => {
    const account = new Machines()
    const stateMachineArn = await account.create(wait(10), { type: 'EXPRESS' })
    const sync = account.call('sfn', 'StartSyncExecution', {
      stateMachineArn,
      input: '{"a":1}',
      name: 'one',
    })
    await account.run(20_000)
    expect(await sync).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}', name: 'one' })
    expect(account.sfn.executions).toEqual([])
    expect(account.events).toEqual([])
    const standard = await account.create(wait(10), { name: 'standard' })
    await expect(
      account.call('sfn', 'StartSyncExecution', { stateMachineArn: standard }),
    ).rejects.toMatchObject({
      name: 'StateMachineTypeNotSupported',
    })
  })

  test('thousands are cheap, and leave no timers behind', async () => {
    const account = new Machines()
    const machine = await account.create({ ...wait(3600), TimeoutSeconds: 7200 })
    for (let index = 0; index < 2000; index++) await account.start(machine, { index })
    await account.run(4_000_000)
    expect(account.sfn.executions.every(({ status }) => status === 'SUCCEEDED')).toBe(true)
    expect(account.world.next).toBeUndefined()
  }, 20_000)
})
