import { describe, expect, test } from 'vitest'
import { chain, line, Machines } from '../kits/machines.ts'

describe('the execution’s own bounds', () => {
  test('the machine’s TimeoutSeconds', async () => {
    const told = await new Machines().play({
      TimeoutSeconds: 30,
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 60, End: true } },
    })
    expect(told.status).toBe('TIMED_OUT')
    expect(told).not.toHaveProperty('error')
    expect(told.events.map(line).slice(2)).toEqual([
      '3<0 ExecutionTimedOut {"error":"States.Timeout"}',
    ])
  })

  test('25,000 events', async () => {
    const account = new Machines()
    const machine = await account.create({
      StartAt: 'A',
      States: {
        A: { Type: 'Choice', Choices: [{ Condition: false, Next: 'B' }], Default: 'A' },
        B: { Type: 'Succeed' },
      },
    })
    const arn = await account.start(machine)
    await account.run(1000)
    const execution = account.sfn.execution(arn)
    expect(execution).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause: 'The execution reached the maximum number of history events (25000).',
    })
    expect(execution.history.events).toHaveLength(25_000)
    expect(execution.history.events.at(-1)?.type).toBe('ExecutionFailed')
  })

  test('too many variables', async () => {
    const told = await new Machines().play(
      {
        StartAt: 'A',
        States: {
          A: {
            Type: 'Pass',
            Assign: { x: '{% $states.input %}', y: '{% $states.input %}' },
            End: true,
          },
        },
      },
      'x'.repeat(140_000),
    )
    expect(told.error).toBe('States.DataLimitExceeded')
  })

  test('StopExecution', async () => {
    const account = new Machines()
    const machine = await account.create({
      StartAt: 'W',
      States: { W: { Type: 'Wait', Seconds: 60, End: true } },
    })
    const executionArn = await account.start(machine)
    await account.run(5000)
    await account.call('sfn', 'StopExecution', { executionArn, error: 'Manual', cause: 'enough' })
    await account.run(100_000)
    const told = await account.told(executionArn)
    expect(told).toMatchObject({ status: 'ABORTED', error: 'Manual', cause: 'enough' })
    expect(told.events.map(line).slice(2)).toEqual([
      '3<0 ExecutionAborted {"error":"Manual","cause":"enough"}',
    ])
    expect(chain(told.events)).toHaveLength(3)
  })
})
