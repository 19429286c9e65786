import type {
  CreateScheduleInput,
  DeleteScheduleInput,
  GetScheduleInput,
  GetScheduleOutput,
  ListSchedulesInput,
  ScheduleSummary,
  UpdateScheduleInput,
} from '@aws-sdk/client-scheduler'
import { nextInstant } from '../schedule/expression.ts'
import { MOST_PATIENT } from '../targets.ts'
import type { Clock } from './clock.ts'
import { type Groups, schedulerPage } from './groups.ts'
import { checkName, conflict, type Schedule, type ScheduleSettings, validation } from './model.ts'
import { readSettings } from './settings.ts'

export function scheduleOperations(groups: Groups, clock: Clock) {
  return {
    CreateSchedule: (input: CreateScheduleInput) => {
      const schedule = create(groups, input)
      clock.arm(schedule)
      return { ScheduleArn: schedule.arn }
    },
    UpdateSchedule: (input: UpdateScheduleInput) => {
      const schedule = update(groups, input)
      clock.arm(schedule)
      return { ScheduleArn: schedule.arn }
    },
    GetSchedule: ({ Name, GroupName }: GetScheduleInput) =>
      describe(groups.schedule(Name, GroupName)),
    DeleteSchedule: ({ Name, GroupName }: DeleteScheduleInput) => {
      remove(groups, groups.schedule(Name, GroupName))
      return {}
    },
    ListSchedules: (input: ListSchedulesInput) => {
      const { GroupName, NamePrefix = '', State } = input
      const asked = GroupName === undefined ? groups.all : [groups.group(GroupName)]
      const found = asked
        .flatMap(({ schedules }) => [...schedules.values()])
        .filter(({ name }) => name.startsWith(NamePrefix))
        .filter(({ settings }) => State === undefined || settings.state === State)
      const { items, next } = schedulerPage(found, input.NextToken, input.MaxResults)
      return { Schedules: items.map(summary), NextToken: next }
    },
  }
}

export function remove(groups: Groups, schedule: Schedule): void {
  schedule.timer?.cancel()
  groups.group(schedule.group).schedules.delete(schedule.name)
}

/** The same request again, known by its client token, is the same schedule. @throws AwsError */
function create(groups: Groups, input: CreateScheduleInput): Schedule {
  const { world } = groups.aws
  const group = groups.group(input.GroupName)
  const name = checkName(input.Name, 'name')
  const settings = readSettings(groups.aws, 'CreateSchedule', input)
  const existing = group.schedules.get(name)
  if (existing !== undefined) {
    const { ClientToken } = input
    if (ClientToken !== undefined && existing.clientToken === ClientToken) return existing
    throw conflict(`Schedule ${name} already exists.`)
  }
  if (group.state === 'DELETING') throw conflict(`Schedule group ${group.name} is being deleted.`)
  checkFuture(settings, world.now)
  const schedule: Schedule = {
    name,
    arn: groups.aws.arn('scheduler', `schedule/${group.name}/${name}`),
    group: group.name,
    createdAt: world.date,
    clientToken: input.ClientToken,
    settings,
    modifiedAt: world.date,
    since: settings.startDate?.getTime() ?? world.now,
  }
  group.schedules.set(name, schedule)
  return schedule
}

/** A one-time schedule is refused when its time has passed. */
function checkFuture({ expression, zone, text }: ScheduleSettings, now: number): void {
  if (expression.kind !== 'at') return
  if (nextInstant(expression, now - 1, { since: now, zone }) === undefined) {
    throw validation(`Invalid Schedule Expression ${text}: the time has passed.`)
  }
}

/** Replaces everything but name and group. A rate goes on as it was unless it is another one. */
function update(groups: Groups, input: UpdateScheduleInput): Schedule {
  const { world } = groups.aws
  const schedule = groups.schedule(input.Name, input.GroupName)
  const before = schedule.settings
  const settings = readSettings(groups.aws, 'UpdateSchedule', input)
  const start = settings.startDate?.getTime()
  const sameTimes = settings.text === before.text && settings.zone === before.zone
  if (!sameTimes || start !== before.startDate?.getTime()) {
    schedule.since = start ?? world.now
    schedule.lastDue = undefined
  }
  schedule.settings = settings
  schedule.modifiedAt = world.date
  return schedule
}

function describe({ settings, ...schedule }: Schedule): GetScheduleOutput {
  return {
    Arn: schedule.arn,
    Name: schedule.name,
    GroupName: schedule.group,
    ScheduleExpression: settings.text,
    ScheduleExpressionTimezone: settings.zone,
    StartDate: settings.startDate,
    EndDate: settings.endDate,
    Description: settings.description,
    State: settings.state,
    // https://docs.aws.amazon.com/cli/latest/reference/scheduler/get-schedule.html
    Target: {
      ...settings.target,
      RetryPolicy: { ...MOST_PATIENT, ...settings.target.RetryPolicy },
    },
    FlexibleTimeWindow: settings.window,
    ActionAfterCompletion: settings.afterCompletion,
    CreationDate: schedule.createdAt,
    LastModificationDate: schedule.modifiedAt,
  }
}

function summary({ arn, name, group, settings, createdAt, modifiedAt }: Schedule): ScheduleSummary {
  return {
    Arn: arn,
    Name: name,
    GroupName: group,
    State: settings.state,
    CreationDate: createdAt,
    LastModificationDate: modifiedAt,
    Target: { Arn: settings.target.Arn },
  }
}
