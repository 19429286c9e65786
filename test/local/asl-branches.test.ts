import { describe, expect, test } from 'vitest'
import { chain, line, Machines, types } from '../kits/machines.ts'

const pass = (fields: object = {}) => ({ Type: 'Pass', End: true, ...fields })

describe('Parallel', () => {
  const branch = (name: string, ...seconds: number[]) => ({
    StartAt: name,
    States:
      seconds[0] === undefined
        ? { [name]: pass({ Output: `{% '${name}' & $states.input.x %}` }) }
        : { [name]: { Type: 'Wait', Seconds: seconds[0], End: true } },
  })

  test('branches get Arguments and give their outputs in order', async () => {
    const told = await new Machines().play(
      {
        StartAt: 'P',
        States: {
          P: {
            Type: 'Parallel',
            Arguments: { x: '{% $states.input.y %}' },
            Branches: [branch('Slow', 5), branch('A')],
            Output: '{% $states.result[1] %}',
            End: true,
          },
        },
      },
      { y: 1 },
    )
    expect(told.output).toBe('A1')
    expect(chain(told.events)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 ParallelStateEntered',
      '3<2 ParallelStateStarted',
      '4<3 WaitStateEntered',
      '5<3 PassStateEntered',
      '6<5 PassStateExited',
      '7<4 WaitStateExited',
      '8<7 ParallelStateSucceeded',
      '9<7 ParallelStateExited',
      '10<9 ExecutionSucceeded',
    ])
  })

  test('a failing branch stops the others and can be caught', async () => {
    const account = new Machines()
    const told = await account.play({
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            branch('Slow', 500),
            { StartAt: 'F', States: { F: { Type: 'Fail', Error: 'Boom', Cause: 'why' } } },
          ],
          Catch: [
            {
              ErrorEquals: ['Boom'],
              Next: 'After',
              Assign: { seen: '{% $states.errorOutput.Error %}' },
            },
          ],
          End: true,
        },
        After: pass({ Output: { seen: '{% $seen %}', input: '{% $states.input %}' } }),
      },
    })
    expect(told.output).toEqual({ seen: 'Boom', input: { Error: 'Boom', Cause: 'why' } })
    expect(chain(told.events).slice(2)).toEqual([
      '3<2 ParallelStateStarted',
      '4<3 WaitStateEntered',
      '5<3 FailStateEntered',
      '6<5 WaitStateAborted',
      '7<5 ParallelStateFailed',
      '8<7 ParallelStateExited',
      '9<8 PassStateEntered',
      '10<9 PassStateExited',
      '11<10 ExecutionSucceeded',
    ])
    expect(account.world.next).toBeUndefined()
  })

  test('a branch sees outer variables and keeps its own', async () => {
    const told = await new Machines().play({
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { outer: 1 }, Next: 'P' },
        P: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'B',
              States: {
                B: { Type: 'Pass', Assign: { inner: '{% $outer + 1 %}' }, Next: 'C' },
                C: pass({ Output: '{% $outer + $inner %}' }),
              },
            },
          ],
          Next: 'D',
        },
        D: pass({ Output: { result: '{% $states.input %}', hidden: '{% $exists($inner) %}' } }),
      },
    })
    expect(told.output).toEqual({ result: [3], hidden: false })
  })

  test('States.Runtime in a branch ends the execution at once', async () => {
    const told = await new Machines().play({
      StartAt: 'P',
      States: {
        P: {
          Type: 'Parallel',
          Branches: [
            {
              StartAt: 'C',
              States: {
                C: { Type: 'Choice', Choices: [{ Condition: false, Next: 'D' }] },
                D: pass(),
              },
            },
          ],
          Catch: [{ ErrorEquals: ['States.ALL'], Next: 'Never' }],
          End: true,
        },
        Never: pass(),
      },
    })
    expect(chain(told.events).slice(2)).toEqual([
      '3<2 ParallelStateStarted',
      '4<3 ChoiceStateEntered',
      '5<4 ExecutionFailed',
    ])
  })
})

describe('Map', () => {
  const map = (fields: object, states: object = { I: pass() }) => ({
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'I', States: states },
        End: true,
        ...fields,
      },
    },
  })

  test('one after another: the next iteration follows what the last one did', async () => {
    const told = await new Machines().play(map({ MaxConcurrency: 1 }), { items: [1, 2] })
    expect(told.output).toEqual([1, 2])
    expect(told.events.map(line).slice(1)).toEqual([
      '2<0 MapStateEntered {"name":"M","input":"{\\"items\\":[1,2]}"}',
      '3<2 MapStateStarted {"length":2}',
      '4<3 MapIterationStarted {"name":"M","index":0}',
      '5<4 PassStateEntered {"name":"I","input":"1"}',
      '6<5 PassStateExited {"name":"I","output":"1"}',
      '7<6 MapIterationSucceeded {"name":"M","index":0}',
      '8<6 MapIterationStarted {"name":"M","index":1}',
      '9<8 PassStateEntered {"name":"I","input":"2"}',
      '10<9 PassStateExited {"name":"I","output":"2"}',
      '11<10 MapIterationSucceeded {"name":"M","index":1}',
      '12<11 MapStateSucceeded',
      '13<11 MapStateExited {"name":"M","output":"[1,2]"}',
      '14<13 ExecutionSucceeded {"output":"[1,2]"}',
    ])
  })

  test('ItemSelector sees the item; states see it in the context', async () => {
    const told = await new Machines().play(
      map(
        {
          ItemSelector: {
            v: '{% $states.context.Map.Item.Value %}',
            all: '{% $count($states.input.items) %}',
          },
        },
        {
          I: pass({
            Output: { in: '{% $states.input %}', at: '{% $states.context.Map.Item.Index %}' },
          }),
        },
      ),
      { items: ['a', 'b'] },
    )
    expect(told.output).toEqual([
      { in: { v: 'a', all: 2 }, at: 0 },
      { in: { v: 'b', all: 2 }, at: 1 },
    ])
  })

  test.each([
    [0, 4],
    [2, 2],
    ['{% 3 %}', 3],
  ])('MaxConcurrency %s runs %s at once', async (MaxConcurrency, expected) => {
    let running = 0
    let most = 0
    const account = new Machines({
      lambda: {
        Invoke: async () => {
          most = Math.max(most, ++running)
          await account.world.sleep(1000)
          running--
          return { StatusCode: 200, Payload: new TextEncoder().encode('1') }
        },
      },
    })
    const task = {
      Type: 'Task',
      Resource: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
      End: true,
    }
    const told = await account.play(map({ MaxConcurrency }, { I: task }), { items: [1, 2, 3, 4] })
    expect(told.output).toEqual([1, 1, 1, 1])
    expect(most).toBe(expected)
  })

  test('nothing to do', async () => {
    const told = await new Machines().play(map({}), { items: [] })
    expect(told.output).toEqual([])
    expect(types(told.events)).toEqual([
      'ExecutionStarted',
      'MapStateEntered',
      'MapStateStarted',
      'MapStateSucceeded',
      'MapStateExited',
      'ExecutionSucceeded',
    ])
  })

  test('one failing iteration stops the others', async () => {
    const told = await new Machines().play(
      map(
        {},
        {
          I: {
            Type: 'Choice',
            Choices: [{ Condition: '{% $states.input = 2 %}', Next: 'F' }],
            Default: 'W',
          },
          F: { Type: 'Fail', Error: 'Two' },
          W: { Type: 'Wait', Seconds: 60, End: true },
        },
      ),
      { items: [1, 2] },
    )
    expect(told).toMatchObject({ status: 'FAILED', error: 'Two' })
    expect(told.events.map(line).slice(3)).toEqual([
      '4<3 MapIterationStarted {"name":"M","index":0}',
      '5<3 MapIterationStarted {"name":"M","index":1}',
      '6<4 ChoiceStateEntered {"name":"I","input":"1"}',
      '7<5 ChoiceStateEntered {"name":"I","input":"2"}',
      '8<6 ChoiceStateExited {"name":"I","output":"1"}',
      '9<7 ChoiceStateExited {"name":"I","output":"2"}',
      '10<8 WaitStateEntered {"name":"W","input":"1"}',
      '11<9 FailStateEntered {"name":"F","input":"2"}',
      '12<11 MapIterationFailed {"name":"M","index":1}',
      '13<11 MapIterationAborted {"name":"M","index":0}',
      '14<11 WaitStateAborted',
      '15<11 MapStateFailed',
      '16<15 ExecutionFailed {"error":"Two"}',
    ])
  })

  test('Items must be an array', async () => {
    const told = await new Machines().play(map({}), { items: { a: 1 } })
    expect(told.error).toBe('States.QueryEvaluationError')
    expect(told.cause).toContain(
      "for the field 'Items' returned an unexpected result type. Expected 'array', but was 'object'",
    )
  })
})
