import { expressionIn, isRecord } from '../language.ts'
import { instantOf, LONGEST_SECONDS } from '../states/wait.ts'
import { expressionDiagnostics } from './expressions.ts'
import { type Checks, integerDiagnostics, type Report, requireFields } from './report.ts'
import { ruleDiagnostics } from './rules.ts'
import { resourceDiagnostics } from './task.ts'

type Fields = Record<string, unknown>

const COMMON = ['Type', 'Comment', 'QueryLanguage']
const TRANSITION = ['Next', 'End']
const GUARDED = ['Retry', 'Catch']

/** The fields each type has in JSONata mode (statemachine-structure.html, state-*.html). */
const FIELDS: Record<string, { required: string[]; optional: string[] }> = {
  Task: {
    required: ['Resource'],
    optional: [
      'Arguments',
      'Output',
      'Assign',
      'TimeoutSeconds',
      'HeartbeatSeconds',
      'Credentials',
      ...GUARDED,
      ...TRANSITION,
    ],
  },
  Pass: { required: [], optional: ['Output', 'Assign', ...TRANSITION] },
  Choice: { required: ['Choices'], optional: ['Default', 'Output', 'Assign'] },
  Wait: { required: [], optional: ['Seconds', 'Timestamp', 'Output', 'Assign', ...TRANSITION] },
  Succeed: { required: [], optional: ['Output'] },
  Fail: { required: [], optional: ['Error', 'Cause'] },
  Parallel: {
    required: ['Branches'],
    optional: ['Arguments', 'Output', 'Assign', ...GUARDED, ...TRANSITION],
  },
  Map: {
    required: ['ItemProcessor'],
    optional: [
      'Items',
      'ItemSelector',
      'MaxConcurrency',
      'Output',
      'Assign',
      ...GUARDED,
      ...TRANSITION,
    ],
  },
}

const JSONPATH_FIELDS = [
  'InputPath',
  'OutputPath',
  'ResultPath',
  'ResultSelector',
  'Parameters',
  'Result',
  'ItemsPath',
  'MaxConcurrencyPath',
  'SecondsPath',
  'TimestampPath',
  'ErrorPath',
  'CausePath',
  'TimeoutSecondsPath',
  'HeartbeatSecondsPath',
]

const DISTRIBUTED_FIELDS = [
  'ItemReader',
  'ItemBatcher',
  'ResultWriter',
  'Label',
  'ToleratedFailureCount',
  'ToleratedFailurePercentage',
  'ToleratedFailureCountPath',
  'ToleratedFailurePercentagePath',
]

/** Checks one state of a known type. */
export function stateDiagnostics(state: Fields, here: string, checks: Checks): void {
  const { report } = checks
  if (state.QueryLanguage === 'JSONPath') {
    report(
      "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine",
      here,
    )
    return
  }
  if (state.QueryLanguage !== undefined && state.QueryLanguage !== 'JSONata') {
    report('Value should be one of the following: [JSONPath, JSONata]', `${here}/QueryLanguage`)
  }
  fieldDiagnostics(state, here, report)
  if (state.Assign !== undefined && !isRecord(state.Assign)) {
    report('Expected value of type [OBJECT]', `${here}/Assign`)
  }
  expressionDiagnostics(state, here, report)
  if (state.Type === 'Task') resourceDiagnostics(state, here, checks)
  if (state.Type === 'Wait') waitDiagnostics(state, here, report)
  ruleDiagnostics(state, here, report)
  if (state.Type === 'Parallel') branchDiagnostics(state.Branches, here, checks)
  if (state.Type === 'Map') processorDiagnostics(state, here, checks)
}

function fieldDiagnostics(state: Fields, here: string, report: Report): void {
  const fields = FIELDS[state.Type as string] as (typeof FIELDS)[string]
  requireFields(state, fields.required, here, report)
  for (const field of Object.keys(state)) {
    if ([...COMMON, ...fields.required, ...fields.optional].includes(field)) continue
    if (JSONPATH_FIELDS.includes(field)) {
      report(
        `The QueryLanguage is set to 'JSONata', but field '${field}' is only supported for the 'JSONPath' QueryLanguage`,
        here,
      )
    } else if (state.Type === 'Map' && DISTRIBUTED_FIELDS.includes(field)) {
      report(
        `The local AWS does not simulate the distributed mode of Map, to which '${field}' belongs`,
        here,
        'DISTRIBUTED_MAP_NOT_SIMULATED',
      )
    } else {
      report(`Field '${field}' is not supported`, here)
    }
  }
  if (!fields.optional.includes('End')) return
  if (state.End !== undefined && typeof state.End !== 'boolean') {
    report('Expected value of type [BOOLEAN]', `${here}/End`)
  }
  if ((state.Next === undefined) === (state.End !== true)) {
    report('Exactly one of these fields is required: [Next, End]', here)
  }
}

function waitDiagnostics(state: Fields, here: string, report: Report): void {
  if ((state.Seconds === undefined) === (state.Timestamp === undefined)) {
    report('Exactly one of these fields is required: [Seconds, Timestamp]', here)
    return
  }
  integerDiagnostics(state.Seconds, `${here}/Seconds`, { least: 0, most: LONGEST_SECONDS }, report)
  const text = state.Timestamp
  if (text === undefined) return
  if (typeof text !== 'string') {
    report('Expected value of type [STRING]', `${here}/Timestamp`)
    return
  }
  if (expressionIn(text) === undefined && instantOf(text) === undefined) {
    report('String does not match RFC3339 timestamp', `${here}/Timestamp`)
  }
}

function branchDiagnostics(branches: unknown, here: string, checks: Checks): void {
  if (branches === undefined) return
  if (!Array.isArray(branches) || branches.length === 0) {
    checks.report('Expected a non-empty ARRAY', `${here}/Branches`)
    return
  }
  for (const [index, branch] of branches.entries()) {
    nestedDiagnostics(branch, `${here}/Branches[${index}]`, [], checks)
  }
}

function processorDiagnostics(state: Fields, here: string, checks: Checks): void {
  const most = Number.MAX_SAFE_INTEGER
  integerDiagnostics(
    state.MaxConcurrency,
    `${here}/MaxConcurrency`,
    { least: 0, most },
    checks.report,
  )
  const processor = state.ItemProcessor
  if (processor === undefined) return
  nestedDiagnostics(processor, `${here}/ItemProcessor`, ['ProcessorConfig'], checks)
  const config = isRecord(processor) ? processor.ProcessorConfig : undefined
  if (!isRecord(config) || config.Mode === undefined || config.Mode === 'INLINE') return
  checks.report(
    'The local AWS does not simulate the distributed mode of Map: set "Mode": "INLINE"',
    `${here}/ItemProcessor/ProcessorConfig/Mode`,
    'DISTRIBUTED_MAP_NOT_SIMULATED',
  )
}

function nestedDiagnostics(level: unknown, here: string, extra: string[], checks: Checks): void {
  if (!isRecord(level)) {
    checks.report('Expected value of type [OBJECT]', here)
    return
  }
  requireFields(level, ['States', 'StartAt'], here, checks.report)
  for (const field of Object.keys(level)) {
    if (['States', 'StartAt', 'Comment', ...extra].includes(field)) continue
    checks.report(`Field '${field}' is not supported`, here)
  }
  if (level.States !== undefined && level.StartAt !== undefined) checks.level(level, here, checks)
}
