import { describe, expect, test } from 'vitest'
import { checkDefinition } from '../../local/aws/stepfunctions/definition/check.ts'

const done = { Type: 'Succeed' }
const machine = (states: Record<string, unknown>, rest: object = {}) => ({
  QueryLanguage: 'JSONata',
  StartAt: Object.keys(states)[0],
  States: states,
  ...rest,
})

/** `CODE: message at location`, as CreateStateMachine joins them. */
function findings(definition: unknown, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): string[] {
  const text = typeof definition === 'string' ? definition : JSON.stringify(definition)
  return checkDefinition(text, type).diagnostics.map(
    ({ code, message, location }) =>
      `${code}: ${message}${location === undefined ? '' : ` at ${location}`}`,
  )
}

const SCHEMA = 'SCHEMA_VALIDATION_FAILED'
const TARGET = 'MISSING_TRANSITION_TARGET'

describe('a definition', () => {
  test.each<[string, unknown, string[]]>([
    ['is JSON', '{', [expect.stringMatching(/^INVALID_JSON_DESCRIPTION: /) as unknown as string]],
    ['is an object', '', [`${SCHEMA}: Definition must be a valid JSON object`]],
    [
      'has states',
      {},
      expect.arrayContaining([
        `${SCHEMA}: These fields are required: [States, StartAt] at /`,
      ]) as unknown as string[],
    ],
    [
      'has no other fields',
      machine({ A: done }, { Extra: 1 }),
      [`${SCHEMA}: Field 'Extra' is not supported at /`],
    ],
    [
      'starts somewhere',
      { ...machine({ A: done }), StartAt: 'B' },
      [
        `${TARGET}: Missing 'StartAt' target: B at /StartAt`,
        `${TARGET}: State "A" is not reachable. at /States/A`,
        'MISSING_END_STATE: No terminal state found in machine. at /States',
      ],
    ],
    [
      'reaches every state',
      machine({ A: done, B: done }),
      [`${TARGET}: State "B" is not reachable. at /States/B`],
    ],
    [
      'goes only where there is a state',
      machine({ A: { Type: 'Pass', Next: 'B' }, C: done }),
      expect.arrayContaining([
        `${TARGET}: Missing 'Next' target: B at /States/A/Next`,
      ]) as unknown as string[],
    ],
    [
      'knows its types',
      machine({ A: { Type: 'Parse', End: true } }),
      expect.arrayContaining([
        `${SCHEMA}: Value should be one of the following: [Task, Pass, Choice, Wait, Succeed, Fail, Parallel, Map] at /States/A/Type`,
      ]) as unknown as string[],
    ],
    [
      'ends or goes on',
      machine({ A: { Type: 'Pass' }, B: done }),
      expect.arrayContaining([
        `${SCHEMA}: Exactly one of these fields is required: [Next, End] at /States/A`,
      ]) as unknown as string[],
    ],
    [
      'uses each name once',
      machine({
        P: { Type: 'Parallel', Branches: [{ StartAt: 'P', States: { P: done } }], End: true },
      }),
      ['DUPLICATE_STATE_NAME: Duplicate state name: P at /States/P/Branches[0]/States/P'],
    ],
    [
      'waits for one thing',
      machine({ A: { Type: 'Wait', Seconds: 1, Timestamp: '2026-01-01T00:00:00Z', End: true } }),
      [`${SCHEMA}: Exactly one of these fields is required: [Seconds, Timestamp] at /States/A`],
    ],
    [
      'has real timestamps',
      machine({ A: { Type: 'Wait', Timestamp: '2016-12-05T21:29:29', End: true } }),
      [`${SCHEMA}: String does not match RFC3339 timestamp at /States/A/Timestamp`],
    ],
    [
      'has whole timeouts',
      machine({
        A: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage',
          TimeoutSeconds: 0,
          End: true,
        },
      }),
      [`${SCHEMA}: Value should be an integer between 1 and 99999999 at /States/A/TimeoutSeconds`],
    ],
    [
      'keeps States.ALL last',
      machine({
        A: {
          Type: 'Task',
          Resource: 'arn:aws:states:::sqs:sendMessage',
          End: true,
          Retry: [{ ErrorEquals: ['States.ALL'] }, { ErrorEquals: ['X'] }],
        },
      }),
      [
        `${SCHEMA}: States.ALL must appear alone and at end of list at /States/A/Retry[0]/ErrorEquals`,
      ],
    ],
  ])('%s', (_what, definition, expected) => {
    expect(findings(definition)).toEqual(expected)
  })
})

describe('JSONPath is refused by name', () => {
  test.each([
    ['by default', { StartAt: 'A', States: { A: done } }],
    ['as chosen', { ...machine({ A: done }), QueryLanguage: 'JSONPath' }],
  ])('%s', (_what, definition) => {
    expect(findings(definition)).toEqual([
      expect.stringMatching(
        /^JSONPATH_NOT_SIMULATED: JSONPath is not simulated .* at \/QueryLanguage$/,
      ),
    ])
  })

  test('in one state', () => {
    expect(
      findings(machine({ A: { Type: 'Pass', QueryLanguage: 'JSONPath', End: true } })),
    ).toEqual([
      `${SCHEMA}: 'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine at /States/A`,
    ])
  })

  test.each(['InputPath', 'Parameters', 'ResultPath', 'ResultSelector', 'OutputPath', 'Result'])(
    '%s',
    (field) => {
      expect(findings(machine({ A: { Type: 'Pass', [field]: '$', End: true } }))).toEqual([
        `${SCHEMA}: The QueryLanguage is set to 'JSONata', but field '${field}' is only supported for the 'JSONPath' QueryLanguage at /States/A`,
      ])
    },
  )

  test('in a choice', () => {
    const choice = { Type: 'Choice', Choices: [{ Variable: '$.a', StringEquals: 'b', Next: 'B' }] }
    expect(findings(machine({ A: choice, B: done }))).toEqual([
      expect.stringContaining(
        "field 'Variable' is only supported for the 'JSONPath' QueryLanguage",
      ),
      expect.stringContaining("field 'StringEquals'"),
      `${SCHEMA}: These fields are required: [Condition] at /States/A/Choices[0]`,
    ])
  })
})

describe('resources', () => {
  const resource = (Resource: string, rest: object = {}) =>
    findings(machine({ A: { Type: 'Task', Resource, End: true, ...rest } }))

  test.each([
    'arn:aws:lambda:eu-central-1:123456789012:function:f',
    'arn:aws:lambda:eu-central-1:123456789012:function:f:live',
    'arn:aws:states:::lambda:invoke.waitForTaskToken',
    'arn:aws:states:::states:startExecution.sync:2',
    'arn:aws:states:::ecs:runTask.sync',
    'arn:aws:states:::aws-sdk:secretsmanager:getSecretValue',
    'arn:aws:states:::aws-sdk:ecs:updateService.waitForTaskToken',
    'arn:aws:states:::aws-sdk:cloudwatchlogs:getLogEvents',
  ])('%s', (arn) => {
    expect(resource(arn)).toEqual([])
  })

  test.each([
    'arn:aws:states:::aws-sdk:ecs:describeEverything',
    'arn:aws:states:::aws-sdk:ecs:DescribeServices',
    'arn:aws:states:::dynamodb:query',
    'arn:aws:states:::events:putEvents.sync',
    'arn:aws:states:::http:invoke',
    'arn:aws:states:eu-central-1:123456789012:activity:a',
    'lambda',
  ])('%s is not recognised', (arn) => {
    expect(resource(arn)).toEqual([
      `${SCHEMA}: The resource provided ${arn} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region. at /States/A/Resource`,
    ])
  })

  test('arguments the API does not have', () => {
    const Arguments = { Cluster: 'c', service: 's', Tags: [{ Kay: 'x' }] }
    expect(resource('arn:aws:states:::aws-sdk:ecs:createService', { Arguments })).toEqual([
      `${SCHEMA}: The field "service" is not supported by Step Functions at /States/A/Arguments/service`,
      `${SCHEMA}: The field "Kay" is not supported by Step Functions at /States/A/Arguments/Tags[0]/Kay`,
    ])
  })

  test('JSON where an integration takes it', () => {
    expect(
      resource('arn:aws:states:::sqs:sendMessage', {
        Arguments: { QueueUrl: 'q', MessageBody: { a: 1 } },
      }),
    ).toEqual([])
  })

  test('express machines do not wait', () => {
    const state = {
      Type: 'Task',
      Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken',
      End: true,
    }
    expect(findings(machine({ A: state }), 'EXPRESS')).toEqual([
      `${SCHEMA}: Express state machine does not support '.waitForTaskToken' service integration  at /States/A/Resource`,
    ])
  })
})

describe('expressions', () => {
  const output = (text: string) =>
    findings(machine({ A: { Type: 'Pass', Output: text, End: true } }))

  test.each([
    '{% $states.input.items[value > 3].name %}',
    '{% $map($states.input.a, function($x) { $x.b }) %}',
    "{% { 'a': $states.input.b ~> $uppercase } %}",
    '{% $states.input.list^(>age){ name: $sum(n) } %}',
    ' {% not one %} ',
  ])('%s', (text) => {
    expect(output(text)).toEqual([])
  })

  test.each([
    ['{% a[1,2) %}', /^INVALID_JSONATA_EXPRESSION: .* at \/States\/A\/Output$/],
    [
      '{% phone %}',
      /^UNSUPPORTED_JSONATA_EXPRESSION: Reference to 'phone' at the top level is not supported\./,
    ],
    ['{% $map($states.input.a, function($x) { b }) %}', /Reference to 'b' at the top level/],
    ['{% $$.a %}', /Reference to '\$\$' is not supported/],
    ['{% $states.result %}', /Reference to '\$states\.result' is not supported here/],
    [
      '{% $states.errorOutput.Error %}',
      /Reference to '\$states\.errorOutput' is not supported here/,
    ],
    ['{% $a ', /JSONata expressions must start with/],
  ])('%s', (text, expected) => {
    expect(output(text)).toEqual([expect.stringMatching(expected)])
  })
})

describe('variables and what is not simulated', () => {
  test('an inner level must not assign an outer variable', () => {
    const inner = { StartAt: 'B', States: { B: { Type: 'Pass', Assign: { x: 2 }, End: true } } }
    expect(
      findings(
        machine({
          A: { Type: 'Pass', Assign: { x: 1 }, Next: 'M' },
          M: { Type: 'Map', ItemProcessor: inner, End: true },
        }),
      ),
    ).toEqual([
      `${SCHEMA}: The variable name 'x' was already defined in a parent scope. at /States/M/ItemProcessor/States/B/Assign/x`,
    ])
  })

  test('names', () => {
    expect(
      findings(machine({ A: { Type: 'Pass', Assign: { states: 1, 'x.y': 2 }, End: true } })),
    ).toEqual([
      `${SCHEMA}: The variable name 'states' is reserved. at /States/A/Assign/states`,
      `${SCHEMA}: Invalid variable name: 'x.y' at /States/A/Assign/x.y`,
    ])
  })

  test('a distributed Map', () => {
    const processor = {
      ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' },
      StartAt: 'B',
      States: { B: done },
    }
    expect(
      findings(
        machine({ M: { Type: 'Map', ItemReader: {}, ItemProcessor: processor, End: true } }),
      ),
    ).toEqual([
      expect.stringContaining("distributed mode of Map, to which 'ItemReader' belongs"),
      expect.stringContaining(
        'DISTRIBUTED_MAP_NOT_SIMULATED: The local AWS does not simulate the distributed mode',
      ),
    ])
  })
})
