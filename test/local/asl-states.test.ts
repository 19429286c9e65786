import { describe, expect, test } from 'vitest'
import { chain, line, Machines, ROLE, types } from '../kits/machines.ts'

const pass = (fields: object = {}) => ({ Type: 'Pass', End: true, ...fields })

describe('Pass', () => {
  test('the whole history, as AWS records it', async () => {
    const { events, status, output } = await new Machines().play(
      { StartAt: 'A', States: { A: pass({ Output: { twice: '{% $states.input.n * 2 %}' } }) } },
      { n: 21 },
    )
    expect(status).toBe('SUCCEEDED')
    expect(output).toEqual({ twice: 42 })
    expect(events.map(line)).toEqual([
      `1<0 ExecutionStarted {"input":"{\\"n\\":21}","roleArn":"${ROLE}"}`,
      '2<0 PassStateEntered {"name":"A","input":"{\\"n\\":21}"}',
      '3<2 PassStateExited {"name":"A","output":"{\\"twice\\":42}"}',
      '4<3 ExecutionSucceeded {"output":"{\\"twice\\":42}"}',
    ])
    expect(events[1]?.stateEnteredEventDetails?.inputDetails).toEqual({ truncated: false })
  })

  test('Assign and Output see the values at entry; variables are shown as JSON text', async () => {
    const { events, output } = await new Machines().play({
      StartAt: 'A',
      States: {
        A: { Type: 'Pass', Assign: { x: 3, a: 6 }, Next: 'B' },
        B: {
          Type: 'Pass',
          Assign: { x: '{% $a %}', nextX: '{% $x %}' },
          Output: '{% $x %}',
          Next: 'C',
        },
        C: pass({
          Output: { x: '{% $x %}', nextX: '{% $nextX %}', before: '{% $states.input %}' },
        }),
      },
    })
    expect(output).toEqual({ x: 6, nextX: 3, before: 3 })
    expect(events[4]?.stateExitedEventDetails).toMatchObject({
      assignedVariables: { x: '6', nextX: '3' },
      assignedVariablesDetails: { truncated: false },
      output: '3',
    })
    expect(events[6]?.stateExitedEventDetails).not.toHaveProperty('assignedVariables')
  })
})

describe('Choice', () => {
  const machine = {
    StartAt: 'Which',
    States: {
      Which: {
        Type: 'Choice',
        Choices: [
          { Condition: '{% $states.input.n > 10 %}', Next: 'Big', Assign: { size: 'big' } },
          {
            Condition: '{% $states.input.n > 5 %}',
            Next: 'Middle',
            Output: { was: '{% $states.input.n %}' },
          },
        ],
        Default: 'Small',
        Output: 'by default',
      },
      Big: pass({ Output: '{% $size %}' }),
      Middle: pass(),
      Small: pass(),
    },
  }

  test.each([
    [11, 'big'],
    [6, { was: 6 }],
    [1, 'by default'],
  ])('%s', async (n, output) => {
    const told = await new Machines().play(machine, { n })
    expect(told.output).toEqual(output)
    expect(types(told.events)).toEqual([
      'ExecutionStarted',
      'ChoiceStateEntered',
      'ChoiceStateExited',
      'PassStateEntered',
      'PassStateExited',
      'ExecutionSucceeded',
    ])
  })

  test('no rule and no Default is States.Runtime, as on AWS', async () => {
    const { Default, Output, ...which } = machine.States.Which
    const { Small, ...States } = machine.States
    const told = await new Machines().play(
      { ...machine, States: { ...States, Which: which } },
      { n: 1 },
    )
    expect(told).toMatchObject({
      status: 'FAILED',
      error: 'States.Runtime',
      cause:
        "An error occurred while executing the state 'Which' (entered at the event id #2). Failed to transition out of the state. The state does not point to a next state.",
    })
    expect(chain(told.events)).toEqual([
      '1<0 ExecutionStarted',
      '2<0 ChoiceStateEntered',
      '3<2 ExecutionFailed',
    ])
  })

  test('a Condition that is no boolean fails the evaluation', async () => {
    const odd = structuredClone(machine)
    odd.States.Which.Choices = [
      { Condition: "{% 'yes' %}", Next: 'Big', Assign: { size: 'x' } },
      ...odd.States.Which.Choices.slice(1),
    ] as never
    const failed = await new Machines().play(odd, { n: 1 })
    expect(failed.error).toBe('States.QueryEvaluationError')
    expect(failed.events[2]?.evaluationFailedEventDetails).toEqual({
      error: 'States.QueryEvaluationError',
      cause:
        "An error occurred while executing the state 'Which' (entered at the event id #2). The JSONata expression ''yes'' specified for the field 'Choices[0]/Condition' returned an unexpected result type. Expected 'boolean', but was 'string' for value: \"yes\"",
      location: 'Choices[0]/Condition',
      state: 'Which',
    })
  })
})

describe('Wait', () => {
  const wait = (fields: object) => ({
    StartAt: 'W',
    States: { W: { Type: 'Wait', End: true, ...fields } },
  })
  const waited = (events: { timestamp?: Date | undefined }[]) =>
    (events[2]?.timestamp?.getTime() ?? 0) - (events[1]?.timestamp?.getTime() ?? 0)

  test.each([
    [{ Seconds: 90 }, 90_000],
    [{ Seconds: '{% $states.input.s * 2 %}' }, 20_000],
    [{ Timestamp: '2026-03-02T09:00:00Z' }, 0],
  ])('%j', async (fields, milliseconds) => {
    const { events, status } = await new Machines().play(wait(fields), { s: 10 })
    expect(status).toBe('SUCCEEDED')
    expect(types(events)).toEqual([
      'ExecutionStarted',
      'WaitStateEntered',
      'WaitStateExited',
      'ExecutionSucceeded',
    ])
    expect(waited(events)).toBe(milliseconds)
  })

  test('until a computed instant', async () => {
    const { events } = await new Machines().play(wait({ Timestamp: '{% $states.input.at %}' }), {
      at: '2026-03-02T11:30:00+02:00',
    })
    expect(events[2]?.timestamp).toEqual(new Date('2026-03-02T09:30:00Z'))
  })

  test('a computed text that is no timestamp', async () => {
    const { events } = await new Machines().play(wait({ Timestamp: '{% $states.input.at %}' }), {
      at: '2016-12-05 21:29:29Z',
    })
    expect(events.map(line).slice(2)).toEqual([
      '3<2 EvaluationFailed {"error":"States.QueryEvaluationError","cause":"An error occurred while executing the state \'W\' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05 21:29:29Z","location":"Timestamp","state":"W"}',
      '4<3 ExecutionFailed {"error":"States.QueryEvaluationError","cause":"An error occurred while executing the state \'W\' (entered at the event id #2). The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: 2016-12-05 21:29:29Z"}',
    ])
  })
})

describe('Succeed and Fail', () => {
  test('Succeed ends with its Output', async () => {
    const told = await new Machines().play({
      StartAt: 'S',
      States: { S: { Type: 'Succeed', Output: "{% 'done' %}" } },
    })
    expect(told.output).toBe('done')
    expect(types(told.events)).toEqual([
      'ExecutionStarted',
      'SucceedStateEntered',
      'SucceedStateExited',
      'ExecutionSucceeded',
    ])
  })

  test('Fail ends with its computed Error and Cause', async () => {
    const told = await new Machines().play(
      {
        StartAt: 'F',
        States: {
          F: { Type: 'Fail', Error: 'Bad', Cause: "{% 'because ' & $states.input.why %}" },
        },
      },
      { why: 'so' },
    )
    expect(told.events.map(line).slice(1)).toEqual([
      '2<0 FailStateEntered {"name":"F","input":"{\\"why\\":\\"so\\"}"}',
      '3<2 ExecutionFailed {"error":"Bad","cause":"because so"}',
    ])
    expect(told).toMatchObject({ status: 'FAILED', error: 'Bad', cause: 'because so' })
    expect(told.output).toBeUndefined()
  })

  test('Fail without anything says nothing', async () => {
    const told = await new Machines().play({ StartAt: 'F', States: { F: { Type: 'Fail' } } })
    expect(told.status).toBe('FAILED')
    expect(told).not.toHaveProperty('error')
    expect(told).not.toHaveProperty('cause')
  })
})
