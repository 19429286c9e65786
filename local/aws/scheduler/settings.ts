import type {
  CreateScheduleInput,
  FlexibleTimeWindow,
  Target,
  UpdateScheduleInput,
} from '@aws-sdk/client-scheduler'
import type { Aws } from '../aws.ts'
import { AwsError } from '../errors.ts'
import { Iam } from '../iam/iam.ts'
import { checkTrust } from '../iam/trust.ts'
import { onlyMembers } from '../members.ts'
import { type Expression, readExpression } from '../schedule/expression.ts'
import { isTimeZone } from '../schedule/time-zone.ts'
import { checkTarget, universalOperation } from '../target-call.ts'
import { isJson, wrongSetting } from '../target-settings.ts'
import { type ScheduleSettings, validation } from './model.ts'

/** A start may lie this far in the past. */
const GRACE_MILLISECONDS = 5 * 60_000

/** Services whose templated targets take only JSON. */
const TAKES_JSON = ['lambda', 'states', 'events', 'ecs']

/**
 * Reads what a schedule is to be.
 *
 * @throws AwsError ValidationException as AWS, NotImplemented for what is not simulated
 */
export function readSettings(
  aws: Aws,
  operation: 'CreateSchedule' | 'UpdateSchedule',
  input: CreateScheduleInput | UpdateScheduleInput,
): ScheduleSettings {
  onlyMembers(`scheduler:${operation}`, input, [
    'Name',
    'GroupName',
    'ScheduleExpression',
    'StartDate',
    'EndDate',
    'Description',
    'ScheduleExpressionTimezone',
    'State',
    'Target',
    'FlexibleTimeWindow',
    'ClientToken',
    'ActionAfterCompletion',
  ])
  const { ScheduleExpression: text = '', ScheduleExpressionTimezone: zone = 'UTC' } = input
  const expression = readExpression(text)
  if (expression === undefined) throw validation(`Invalid Schedule Expression ${text}.`)
  if (!isTimeZone(zone)) throw validation(`Invalid Schedule Expression Timezone ${zone}.`)
  checkDates(aws.world.now, expression, input)
  return {
    text,
    expression,
    zone,
    startDate: input.StartDate,
    endDate: input.EndDate,
    description: input.Description,
    state: input.State ?? 'ENABLED',
    target: checkedTarget(aws, input.Target, input.GroupName ?? 'default'),
    window: checkedWindow(input.FlexibleTimeWindow),
    afterCompletion: input.ActionAfterCompletion ?? 'NONE',
  }
}

/** A one-time schedule ignores its dates. */
function checkDates(
  now: number,
  { kind }: Expression,
  { StartDate, EndDate }: { StartDate?: Date | undefined; EndDate?: Date | undefined },
): void {
  if (kind === 'at') return
  if (StartDate !== undefined && StartDate.getTime() < now - GRACE_MILLISECONDS) {
    throw validation('The StartDate you specify cannot be earlier than 5 minutes ago.')
  }
  if (EndDate === undefined) return
  if (EndDate.getTime() <= now) throw validation('The EndDate you specify must be in the future.')
  if (StartDate !== undefined && EndDate <= StartDate) {
    throw validation('The EndDate you specify must come after the StartDate.')
  }
}

function checkedWindow(window: FlexibleTimeWindow | undefined): FlexibleTimeWindow {
  const { Mode, MaximumWindowInMinutes: minutes } = window ?? { Mode: undefined }
  if (Mode === 'OFF' && minutes !== undefined) {
    throw validation('MaximumWindowInMinutes must not be set when the mode is OFF.')
  }
  if (Mode === 'FLEXIBLE' && (minutes === undefined || minutes < 1 || minutes > 1_440)) {
    throw validation('MaximumWindowInMinutes must be between 1 and 1440.')
  }
  return { Mode, ...(minutes === undefined ? {} : { MaximumWindowInMinutes: minutes }) }
}

function checkedTarget(aws: Aws, target: Target | undefined, group: string): Target {
  if (!target?.Arn || !target.RoleArn)
    throw validation('Target.Arn and Target.RoleArn are required.')
  onlyMembers('scheduler:Target', target, [
    'Arn',
    'RoleArn',
    'DeadLetterConfig',
    'RetryPolicy',
    'Input',
    'EcsParameters',
    'EventBridgeParameters',
  ])
  if (!/^arn:aws:iam::\d{12}:role\/.+$/.test(target.RoleArn)) {
    throw validation(`Provided role ARN ${target.RoleArn} is not valid.`)
  }
  checkRole(aws, target.RoleArn, group)
  const universal = universalOperation(aws, target.Arn) !== undefined
  if (!universal) checkTemplated(target, target.Arn)
  const service = universal ? '' : (target.Arn.split(':')[2] ?? '')
  const json = universal || TAKES_JSON.includes(service)
  if (json && target.Input !== undefined && !isJson(target.Input)) {
    throw validation('Invalid RequestJson provided. Reason: Input is not well-formed JSON.')
  }
  const wrong = wrongSetting(target)
  if (wrong !== undefined) throw validation(wrong)
  return target
}

/**
 * Scheduler must be able to take the role on, for the group.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/troubleshooting.html
 */
function checkRole(aws: Aws, roleArn: string, group: string): void {
  const iam = aws.find(Iam)
  if (iam === undefined) return
  const sourceArn = aws.arn('scheduler', `schedule-group/${group}`)
  const role = iam.findRole(roleArn)
  try {
    if (role !== undefined) {
      checkTrust(aws, { kind: 'aws', name: 'scheduler', sourceArn }, roleArn, role.trust)
      return
    }
  } catch (error) {
    if (!(error instanceof AwsError) || error.name !== 'AccessDenied') throw error
  }
  throw validation(
    'The execution role you provide must allow AWS EventBridge Scheduler to assume the role.',
  )
}

function checkTemplated({ EcsParameters, EventBridgeParameters }: Target, arn: string): void {
  checkTarget(arn)
  const [, , service] = arn.split(':')
  if (service === 'ecs' && !EcsParameters?.TaskDefinitionArn) {
    throw validation('EcsParameters with a TaskDefinitionArn is required for an ECS target.')
  }
  if (
    service === 'events' &&
    !(EventBridgeParameters?.Source && EventBridgeParameters.DetailType)
  ) {
    throw validation('EventBridgeParameters is required for an EventBridge target.')
  }
}
