import type { HistoryEvent, LoggingConfiguration } from '@aws-sdk/client-sfn'
import type { Aws } from '../aws.ts'
import { Logs } from '../cloudwatch-logs/logs.ts'
import { AwsError } from '../errors.ts'
import type { Execution } from './execution.ts'
import { withoutData } from './history.ts'

const invalid = (why: string) =>
  new AwsError('InvalidLoggingConfiguration', `Invalid Logging Configuration: ${why}`)

/**
 * A logging configuration with what AWS fills in. Recorded in
 * https://github.com/localstack/localstack/blob/master/tests/aws/services/stepfunctions/v2/test_sfn_api_logs.snapshot.json
 *
 * @throws AwsError InvalidLoggingConfiguration
 */
export function readLogging(
  aws: Aws,
  given: LoggingConfiguration | undefined,
): LoggingConfiguration {
  const { level = 'OFF', includeExecutionData = false, destinations } = given ?? {}
  const filled = {
    level,
    includeExecutionData,
    ...(destinations === undefined ? {} : { destinations }),
  }
  const groups = (destinations ?? []).map((one) => one.cloudWatchLogsLogGroup?.logGroupArn)
  if (groups.length > 1 || (level !== 'OFF' && groups.length !== 1)) {
    throw invalid('Must specify exactly one Log Destination.')
  }
  const [arn] = groups
  if (groups.length === 1 && arn === undefined) {
    throw invalid('Must specify exactly one Log Destination.')
  }
  if (arn !== undefined && aws.find(Logs)?.holds(arn) === false) {
    throw invalid('Log Destination not found.')
  }
  return filled
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/cw-logs.html#cloudwatch-log-level */
const LEVELS: Readonly<Record<string, (type: string) => boolean>> = {
  OFF: () => false,
  ALL: () => true,
  ERROR: (type) => /(Failed|TimedOut|Aborted)$/.test(type),
  FATAL: (type) => /^Execution(Failed|TimedOut|Aborted)$/.test(type),
}

/**
 * Writes an execution's events to its machine's log when it has ended; AWS writes them meanwhile.
 * A group that is gone gets nothing.
 */
export function writeLog(aws: Aws, execution: Execution, logging: LoggingConfiguration): void {
  const isLogged = LEVELS[logging.level ?? 'OFF'] ?? (() => false)
  const arn = logging.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn
  const logs = aws.find(Logs)
  if (arn === undefined || logs === undefined) return
  const events = execution.history.events.filter(({ type = '' }) => isLogged(type))
  if (events.length === 0) return
  logs.deliver(
    arn,
    streamOf(aws, execution),
    events.map((event) => line(execution, event, logging)),
  )
}

/** `states/<machine>/2026-03-02-09-00/<hex>`: one for each minute in which executions started. */
function streamOf({ world }: Aws, { machine, startDate }: Execution): string {
  const minute = startDate.toISOString().slice(0, 16).replace(/[T:]/g, '-')
  return `states/${machine.name}/${minute}/${world.random.hex('stepfunctions/log', 8)}`
}

function line(
  { arn }: Execution,
  event: HistoryEvent,
  { includeExecutionData = false }: LoggingConfiguration,
): { timestamp: number; message: string } {
  const { id, previousEventId, type, timestamp, ...rest } = includeExecutionData
    ? event
    : withoutData(event)
  const at = timestamp?.getTime() ?? 0
  const message = JSON.stringify({
    id: String(id),
    type,
    details: Object.values(rest)[0] ?? {},
    previous_event_id: String(previousEventId),
    event_timestamp: String(at),
    execution_arn: arn,
    redrive_count: '0',
  })
  return { timestamp: at, message }
}
