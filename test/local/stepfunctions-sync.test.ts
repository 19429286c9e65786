import { describe, expect, test } from 'vitest'
import { Machines, task, types } from '../kits/machines.ts'

describe('.sync integrations', () => {
  test('a nested execution: .sync:2 waits and gives its output as JSON', async () => {
    const account = new Machines()
    const StateMachineArn = await account.create(
      {
        StartAt: 'W',
        States: {
          W: { Type: 'Wait', Seconds: 30, Next: 'D' },
          D: {
            Type: 'Choice',
            Choices: [{ Condition: '{% $states.input.ok %}', Next: 'S' }],
            Default: 'F',
          },
          S: { Type: 'Succeed', Output: { done: true } },
          F: { Type: 'Fail', Error: 'Inner', Cause: 'told so' },
        },
      },
      { name: 'inner' },
    )
    const run = async (ok: boolean, name: string) => {
      const machine = await account.create(
        task('states:startExecution.sync:2', {
          Arguments: { StateMachineArn, Input: { ok: '{% $states.input.ok %}' }, Name: name },
        }),
        { name },
      )
      const arn = await account.start(machine, { ok }, name)
      await account.run(60_000)
      return account.told(arn)
    }
    const good = await run(true, 'good')
    expect(good.output).toMatchObject({
      Input: { ok: true },
      Output: { done: true },
      Status: 'SUCCEEDED',
      Name: 'good',
    })
    expect(types(good.events)).toEqual([
      'ExecutionStarted',
      'TaskStateEntered',
      'TaskScheduled',
      'TaskStarted',
      'TaskSubmitted',
      'TaskSucceeded',
      'TaskStateExited',
      'ExecutionSucceeded',
    ])
    const bad = await run(false, 'bad')
    expect(bad.error).toBe('States.TaskFailed')
    expect(JSON.parse(bad.cause ?? '')).toMatchObject({
      Error: 'Inner',
      Cause: 'told so',
      Status: 'FAILED',
    })
  })

  test('stopping the parent stops the child', async () => {
    const account = new Machines()
    const StateMachineArn = await account.create(
      { StartAt: 'W', States: { W: { Type: 'Wait', Seconds: 300, End: true } } },
      { name: 'inner' },
    )
    const machine = await account.create(
      task('states:startExecution.sync:2', { Arguments: { StateMachineArn, Name: 'child' } }),
    )
    const executionArn = await account.start(machine)
    await account.run(5000)
    await account.call('sfn', 'StopExecution', { executionArn })
    await account.run(5000)
    expect(account.sfn.executions.map(({ status }) => status)).toEqual(['ABORTED', 'ABORTED'])
  })

  test('ecs:runTask.sync waits for the task to stop; a bad exit fails the state', async () => {
    const outcome = { exitCode: 0 }
    let looks = 0
    const account = new Machines({
      ecs: {
        RunTask: (input: { startedBy?: string }) => ({
          tasks: [
            {
              taskArn: 't',
              clusterArn: 'c',
              lastStatus: 'PROVISIONING',
              startedBy: input.startedBy,
            },
          ],
          failures: [],
        }),
        DescribeTasks: () => ({
          tasks: [
            {
              taskArn: 't',
              clusterArn: 'c',
              lastStatus: ++looks < 3 ? 'RUNNING' : 'STOPPED',
              containers: [{ name: 'app', exitCode: outcome.exitCode }],
            },
          ],
        }),
      },
    })
    const definition = task('ecs:runTask.sync', {
      Arguments: { TaskDefinition: 'd', Cluster: 'c' },
    })
    const told = await account.play(definition)
    expect(told.output).toMatchObject({ TaskArn: 't', LastStatus: 'STOPPED' })
    outcome.exitCode = 1
    const arn = await account.start(await account.create(definition), {}, 'second')
    await account.run(60_000)
    expect(await account.told(arn)).toMatchObject({ status: 'FAILED', error: 'States.TaskFailed' })
  })
})
