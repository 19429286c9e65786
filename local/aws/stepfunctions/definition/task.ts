import { operationSchema, recase } from '../../schema.ts'
import { spelling } from '../integrations/call.ts'
import { expressionIn, isRecord, type Json } from '../language.ts'
import { type TaskResource, taskResource } from '../resource.ts'
import { LONGEST_SECONDS } from '../states/wait.ts'
import { type Checks, integerDiagnostics, type Report } from './report.ts'

type Fields = Record<string, unknown>

/** Checks what a Task calls and the arguments it names itself. */
export function resourceDiagnostics(state: Fields, here: string, checks: Checks): void {
  const { report } = checks
  const bounds = { least: 1, most: LONGEST_SECONDS }
  integerDiagnostics(state.TimeoutSeconds, `${here}/TimeoutSeconds`, bounds, report)
  integerDiagnostics(state.HeartbeatSeconds, `${here}/HeartbeatSeconds`, bounds, report)
  const { TimeoutSeconds: timeout, HeartbeatSeconds: heartbeat } = state
  if (typeof timeout === 'number' && typeof heartbeat === 'number' && heartbeat >= timeout) {
    report('HeartbeatSeconds must be smaller than TimeoutSeconds', `${here}/HeartbeatSeconds`)
  }
  if (isRecord(state.Credentials) && state.Credentials.RoleArn === undefined) {
    report("The field 'RoleArn' is required but was missing", `${here}/Credentials`)
  }
  if (state.Resource === undefined) return
  const text = state.Resource
  const resource = typeof text === 'string' ? taskResource(text) : undefined
  if (resource === undefined) {
    report(
      `The resource provided ${text} is not recognized. The value is not a valid resource ARN, or the resource is not available in this region.`,
      `${here}/Resource`,
    )
    return
  }
  if (resource.kind === 'function') return
  const suffix = resource.pattern.replace(':2', '')
  if (checks.type === 'EXPRESS' && suffix !== 'request') {
    report(
      `Express state machine does not support '.${suffix}' service integration `,
      `${here}/Resource`,
    )
  }
  if (isRecord(state.Arguments)) {
    argumentDiagnostics(resource, state.Arguments as Json, `${here}/Arguments`, report)
  }
}

/** Members an API does not have are refused by name; computed values are checked when run. */
function argumentDiagnostics(
  resource: Extract<TaskResource, { service: string }>,
  args: Json,
  at: string,
  report: Report,
): void {
  const schema = operationSchema(resource.service, resource.operation)?.input
  if (schema === undefined) return
  const literal = withoutExpressions(args)
  const unknown = (path: string) => {
    report(
      `The field "${path.split('.').at(-1)}" is not supported by Step Functions`,
      `${at}/${path.replaceAll('.', '/')}`,
    )
  }
  for (const [member, value] of Object.entries(literal as Fields)) {
    try {
      recase({ [member]: value }, schema, 'sdk', { ...spelling(resource), coerce: true, unknown })
    } catch {
      // A value of another type: some integrations take JSON there, the others say so when run.
    }
  }
}

/** Leaves out what is computed: an expression may give any value. */
function withoutExpressions(value: Json): Json {
  if (typeof value === 'string') return expressionIn(value) === undefined ? value : null
  if (Array.isArray(value)) return value.map(withoutExpressions)
  if (!isRecord(value)) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, withoutExpressions(item)]),
  )
}
