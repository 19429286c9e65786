import type {
  DeleteAlarmsInput,
  DescribeAlarmContributorsInput,
  DescribeAlarmHistoryInput,
  DescribeAlarmsForMetricInput,
  DescribeAlarmsInput,
  DisableAlarmActionsInput,
  EnableAlarmActionsInput,
  SetAlarmStateInput,
  StateValue,
} from '@aws-sdk/client-cloudwatch'
import { AwsError } from '../errors.ts'
import { onlyMembers, page } from '../members.ts'
import type { World } from '../world.ts'
import {
  type Alarm,
  type CompositeAlarm,
  type Contributor,
  describeCompositeAlarm,
  describeMetricAlarm,
  type MetricAlarm,
} from './alarm.ts'
import type { Alarms } from './alarms.ts'
import type { Evaluator } from './evaluator.ts'
import { metricsOf } from './query.ts'
import { keyOf, metricId } from './series.ts'

const STATES: readonly StateValue[] = ['INSUFFICIENT_DATA', 'ALARM', 'OK']
const isState = (text: string): text is StateValue => STATES.some((state) => state === text)

type Parts = { world: World; alarms: Alarms; evaluator: Evaluator }

/** Reading alarms, and changing what is not their configuration. */
export function alarmOperations({ world, alarms, evaluator }: Parts) {
  const enable = (names: readonly string[] | undefined, actionsEnabled: boolean) => {
    for (const name of names ?? []) Object.assign(alarms.get(name), { actionsEnabled })
    return {}
  }
  return {
    DescribeAlarms: (input: DescribeAlarmsInput) => describe(alarms, input),
    DescribeAlarmsForMetric: (input: DescribeAlarmsForMetricInput) => forMetric(alarms, input),
    DescribeAlarmContributors: ({ AlarmName }: DescribeAlarmContributorsInput) => {
      const alarm = alarms.get(AlarmName)
      const red = isMetric(alarm) ? alarm.contributors.filter(({ value }) => value === 'ALARM') : []
      return { AlarmContributors: red.map(describeContributor) }
    },
    DescribeAlarmHistory: (input: DescribeAlarmHistoryInput) => alarms.history.describe(input),
    EnableAlarmActions: ({ AlarmNames }: EnableAlarmActionsInput) => enable(AlarmNames, true),
    DisableAlarmActions: ({ AlarmNames }: DisableAlarmActionsInput) => enable(AlarmNames, false),
    /** Lasts until the alarm is evaluated next. */
    SetAlarmState: (input: SetAlarmStateInput) => {
      const { StateValue = '', StateReason = '', StateReasonData: data } = input
      if (!isState(StateValue)) {
        throw new AwsError(
          'ValidationError',
          `1 validation error detected: Value '${StateValue}' at 'stateValue' failed to satisfy constraint: Member must satisfy enum value set: [${STATES.join(', ')}]`,
        )
      }
      const alarm = alarms.get(input.AlarmName)
      alarms.set(alarm, {
        value: StateValue,
        reason: StateReason,
        ...(data === undefined ? {} : { data: jsonText(data) }),
        at: world.date,
      })
      if (alarm.kind === 'metric') evaluator.watch(alarm)
      return {}
    },
    DeleteAlarms: ({ AlarmNames = [] }: DeleteAlarmsInput) => {
      for (const alarm of AlarmNames.map((name) => alarms.get(name))) {
        checkUnused(alarms, alarm)
        if (alarm.kind === 'metric') evaluator.forget(alarm)
        alarms.delete(alarm)
      }
      return {}
    },
  }
}

function jsonText(text: string): string {
  try {
    JSON.parse(text)
    return text
  } catch {
    throw new AwsError('InvalidFormat', 'StateReasonData was not valid JSON')
  }
}

/** An alarm that a composite alarm depends on cannot be deleted before that. */
function checkUnused(alarms: Alarms, { name }: Alarm): void {
  const parent = alarms.all.find(
    (one) => one.kind === 'composite' && one.rule.alarms.includes(name),
  )
  if (parent === undefined) return
  throw new AwsError(
    'ValidationError',
    `Cannot delete ${name}, ${parent.name} depends on it. Delete or update the composite alarm first.`,
  )
}

function describe(alarms: Alarms, input: DescribeAlarmsInput) {
  onlyMembers('cloudwatch:DescribeAlarms', input, [
    'AlarmNames',
    'AlarmNamePrefix',
    'AlarmTypes',
    'ChildrenOfAlarmName',
    'ParentsOfAlarmName',
    'StateValue',
    'ActionPrefix',
    'MaxRecords',
    'NextToken',
  ])
  const { AlarmNames, AlarmNamePrefix = '', AlarmTypes = ['MetricAlarm'], StateValue } = input
  const { ActionPrefix } = input
  const found = related(alarms, input)
    .filter(
      ({ kind, name, state, actions }) =>
        (AlarmNames?.includes(name) ?? name.startsWith(AlarmNamePrefix)) &&
        AlarmTypes.includes(kind === 'metric' ? 'MetricAlarm' : 'CompositeAlarm') &&
        (StateValue ?? state.value) === state.value &&
        (ActionPrefix === undefined ||
          Object.values(actions)
            .flat()
            .some((arn) => arn.startsWith(ActionPrefix))),
    )
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
  const { items, next } = page(found, {
    token: input.NextToken,
    limit: input.MaxRecords ?? 50,
    invalid: 'InvalidNextToken',
  })
  return {
    MetricAlarms: items.filter(isMetric).map(describeMetricAlarm),
    CompositeAlarms: items.filter(isComposite).map(describeCompositeAlarm),
    ...(next && { NextToken: next }),
  }
}

/** The alarms that a composite alarm's rule names, those whose rule names an alarm, or all. */
function related(
  alarms: Alarms,
  { ChildrenOfAlarmName: parent, ParentsOfAlarmName: child }: DescribeAlarmsInput,
): readonly Alarm[] {
  const namesOf = (alarm: Alarm | undefined) =>
    alarm?.kind === 'composite' ? alarm.rule.alarms : []
  if (parent !== undefined) return namesOf(alarms.get(parent)).map((name) => alarms.get(name))
  if (child !== undefined) return alarms.all.filter((one) => namesOf(one).includes(child))
  return alarms.all
}

const describeContributor = ({ id, attributes, reason, at }: Contributor) => ({
  ContributorId: id,
  ContributorAttributes: { ...attributes },
  StateReason: reason,
  StateTransitionedTimestamp: at,
})

const isMetric = (alarm: Alarm): alarm is MetricAlarm => alarm.kind === 'metric'
const isComposite = (alarm: Alarm): alarm is CompositeAlarm => alarm.kind === 'composite'

function forMetric(alarms: Alarms, input: DescribeAlarmsForMetricInput) {
  const { Namespace, MetricName, Dimensions, Statistic, Period } = input
  const key = keyOf(metricId(Namespace, MetricName, Dimensions))
  const found = alarms.all
    .filter(isMetric)
    .filter(
      (alarm) =>
        metricsOf(alarm.queries).includes(key) &&
        (Statistic ?? alarm.input.Statistic) === alarm.input.Statistic &&
        (Period ?? alarm.period) === alarm.period,
    )
  return { MetricAlarms: found.map(describeMetricAlarm) }
}
