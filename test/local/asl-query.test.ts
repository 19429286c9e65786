import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { line, Machines } from '../kits/machines.ts'

async function evaluate(expression: string, input: unknown = {}, seed = 1) {
  return new Machines({}, seed).play(
    {
      StartAt: 'A',
      States: { A: { Type: 'Pass', Output: { v: `{% ${expression} %}` }, End: true } },
    },
    input,
  )
}

describe('functions of Step Functions', () => {
  test.each([
    ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
    ['$range(0, 10, 5)', [0, 5, 10]],
    ['$range(-1.7, 2, 1)', [-1, 0, 1, 2]],
    ['$range(3, 1, -1)', [3, 2, 1]],
    ["$hash('a', 'SHA-256')", 'ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'],
    ['$parse(\'{"a":[1]}\')', { a: [1] }],
    ["$parse('[1,2]')[1]", 2],
    ['$random(7) = $random(7)', true],
    ['$random(7.9) = $random(7)', true],
    ['$random(7) = $random(8)', false],
    ['$random() < 1 and $random() >= 0', true],
    ['$random() = $random()', false],
    ['$partition([1,2,3], 1.9)', [[1], [2], [3]]],
    ["$exists($partition([], 2)) ? 1 : 'none'", 'none'],
    ["$exists($partition([1], 0)) ? 1 : 'none'", 'none'],
    ["$exists($range(1, 3, -1)) ? 1 : 'none'", 'none'],
    ["$exists($range(1, 3, 0)) ? 1 : 'none'", 'none'],
    ["$exists($hash('a')) ? 1 : 'none'", 'none'],
    ['$range(1, 1, 1)', 1],
    ['$count($range(1, 360145, 1))', 360_145],
    ["$hash('a', 'MD5')", '0cc175b9c0f1b6a831c399e269772661'],
    ["$hash('a', 'SHA-1')", '86f7e437faa5a7fce15d1ddcb9eaeaea377667b8'],
    ["$length($hash('a', 'SHA-384'))", 96],
    ["$length($hash('a', 'SHA-512'))", 128],
    ['$count($shuffle([1,2,3,4]))', 4],
    ['$sort($shuffle([4,3,2,1]))', [1, 2, 3, 4]],
    ['$length($uuid())', 36],
    ['$floor($millis() / 1000)', 1_772_442_000],
    ["$now('[H01]:[m01]', '+0200')", '11:00'],
    ['$now()', '2026-03-02T09:00:00.'],
    ["$now('[Y]')", '2026'],
    ['$states.context.Execution.Name', 'run'],
    ["$exists($states.input.nothing) ? 1 : 'none'", 'none'],
    ['null', null],
  ])('%s', async (expression, value) => {
    const told = await evaluate(expression)
    expect(told.error).toBeUndefined()
    const { v } = told.output as { v: unknown }
    if (expression === '$now()') expect(v).toContain(value)
    else expect(v).toEqual(value)
  })

  test.each([
    "$partition([1], 'a')",
    "$range('a', 2, 1)",
    "$range(1, 'a', 1)",
    "$range(1, 2, 'a')",
    '$range(1, 2, 1, 1)',
    '$hash(1)',
    "$hash('a', 1)",
    "$hash('a', 'SHA-256', 1)",
    '$parse(1)',
    "$parse('1', '2')",
    "$uuid('a')",
    "$random('a')",
    '$random(1, 2)',
    '$shuffle([1], 1)',
    '$millis(1)',
    '$now(1)',
    "$now('[Y]', 1)",
    "$now('[Y]', '+0200', '1')",
  ])('%s does not take that', async (expression) => {
    const { cause } = await evaluate(expression)
    expect(cause).toMatch(/T0410|T0411|T0412/)
  })

  test.each([
    ['$range(1, 360146, 1)', 'memory limit exceeded'],
    ["$hash('a', 'SHA-3')", 'Unsupported hash algorithm: SHA-3'],
  ])('%s is refused', async (expression, why) => {
    expect((await evaluate(expression)).cause).toContain(why)
  })

  test.each([
    ['$eval("1")', 'threw an error during evaluation. T1006: Attempted to invoke a non-function'],
    ['$states.input.nothing', "specified for the field 'Output/v' returned nothing (undefined)."],
    ["1 + 'a'", 'threw an error during evaluation. T2002:'],
    ['$partition([1], 0)', 'returned nothing (undefined).'],
    ["$hash('a')", 'returned nothing (undefined).'],
    ["$hash('a', 'sha-256')", 'threw an error during evaluation: Unsupported hash algorithm'],
    ['$sum', 'returned an unsupported result type.'],
    ['($f := function($x) { $f($x + 1) }; $f(0))', 'Expression evaluation timeout'],
  ])('%s fails', async (expression, cause) => {
    const told = await evaluate(expression)
    expect(told.error).toBe('States.QueryEvaluationError')
    expect(told.cause).toContain(cause)
  })

  test('chance comes from the world', async () => {
    const expression = '[$random(), $uuid(), $shuffle([1..20])]'
    const first = await evaluate(expression)
    expect(await evaluate(expression)).toEqual(first)
    expect((await evaluate(expression, {}, 2)).output).not.toEqual(first.output)
  })

  test('the Context object of a task', async () => {
    const account = new Machines({
      lambda: { Invoke: () => ({ Payload: new TextEncoder().encode('1') }) },
    })
    const { output } = await account.play(
      {
        StartAt: 'T',
        States: {
          T: {
            Type: 'Task',
            Resource: 'arn:aws:states:::lambda:invoke',
            Arguments: { FunctionName: 'f' },
            Output: '{% $states.context %}',
            End: true,
          },
        },
      },
      { in: 1 },
    )
    const arn = 'arn:aws:states:eu-central-1:123456789012'
    expect(output).toEqual({
      Execution: {
        Id: `${arn}:execution:machine:run`,
        Input: { in: 1 },
        Name: 'run',
        RoleArn: 'arn:aws:iam::123456789012:role/machine',
        RedriveCount: 0,
        StartTime: '2026-03-02T09:00:00.000Z',
      },
      StateMachine: { Id: `${arn}:stateMachine:machine`, Name: 'machine' },
      State: {
        Name: 'T',
        EnteredTime: expect.stringMatching(/^2026-03-02T09:00:00\.\d{3}Z$/),
        RetryCount: 0,
      },
    })
  })
})

test('the same seed gives the same history, byte for byte', async () => {
  const machine = {
    StartAt: 'M',
    States: {
      M: {
        Type: 'Map',
        Items: '{% $states.input.items %}',
        MaxConcurrency: '{% $states.input.at %}',
        ItemProcessor: {
          StartAt: 'T',
          States: {
            T: {
              Type: 'Task',
              Resource: 'arn:aws:lambda:eu-central-1:123456789012:function:f',
              Retry: [{ ErrorEquals: ['Odd'], JitterStrategy: 'FULL', MaxAttempts: 2 }],
              Catch: [{ ErrorEquals: ['States.ALL'], Next: 'C' }],
              Next: 'C',
            },
            C: {
              Type: 'Pass',
              Output: { id: '{% $uuid() %}', in: '{% $states.input %}' },
              End: true,
            },
          },
        },
        End: true,
      },
    },
  }
  const play = async (seed: number, items: number[], at: number) => {
    const account = new Machines(
      {
        lambda: {
          Invoke: (input: { Payload: Uint8Array }) => {
            const item = Number(new TextDecoder().decode(input.Payload))
            const text = item % 2 === 0 ? `${item}` : '{"errorType":"Odd","errorMessage":"odd"}'
            return {
              ...(item % 2 === 0 ? {} : { FunctionError: 'Handled' }),
              Payload: new TextEncoder().encode(text),
            }
          },
        },
      },
      seed,
    )
    const told = await account.play(machine, { items, at })
    return {
      told,
      text: told.events.map((event) => `${event.timestamp?.toISOString()} ${line(event)}`),
    }
  }
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 1000 }),
      fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 5 }),
      fc.integer({ min: 0, max: 3 }),
      async (seed, items, at) => {
        const [first, second] = [await play(seed, items, at), await play(seed, items, at)]
        expect(second.text).toEqual(first.text)
        expect(first.told.status).toBe('SUCCEEDED')
        expect(first.told.output).toHaveLength(items.length)
        const ids = first.told.events.map(({ id }) => id)
        expect(ids).toEqual(ids.map((_, index) => index + 1))
        for (const event of first.told.events) {
          expect(event.previousEventId).toBeLessThan(event.id ?? 0)
        }
      },
    ),
    { numRuns: 25 },
  )
})
