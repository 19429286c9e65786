import { judged } from '../../domain/alarms/breach.ts'
import type { AlarmChange } from '../../domain/table/alarm-record.ts'
import type { Held } from '../../domain/table/common.ts'
import { cut } from '../../domain/text.ts'
import type { AlarmChanged } from '../../events/alarm-changed.ts'
import type { AlarmConfigured } from '../../events/alarm-configured.ts'
import type { AlarmContributorChanged } from '../../events/alarm-contributor-changed.ts'
import type { Noticed } from '../shared/alarms/noticed.ts'
import type { AlarmEvent } from './contract.ts'
import { measured } from './measured.ts'

/** What a record keeps of an alarm's description, and of its rule or expression. */
const DESCRIPTION_CHARACTERS = 1000
const EXPRESSION_CHARACTERS = 1000
const ATTRIBUTE_CHARACTERS = 200

/** What an event says of an alarm; a sentence where it says nothing that is to be kept. */
export function noticeOf(event: AlarmEvent): Noticed | { nothing: string } {
  switch (event['detail-type']) {
    case 'CloudWatch Alarm State Change':
      return ofAlarm(event)
    case 'CloudWatch Alarm Contributor State Change':
      return ofContributor(event)
    case 'CloudWatch Alarm Configuration Change':
      return ofDeletion(event)
  }
}

/** The state that an alarm has before it was looked at for the first time. */
const FIRST = /^Unchecked/

function ofAlarm({ resources, detail }: AlarmChanged): Noticed | { nothing: string } {
  const { state, previousState, configuration, alarmName, muteDetail } = detail
  const reason = state.reason ?? ''
  if (/time series evaluated to/.test(reason)) {
    return { nothing: 'each of its contributors has an event of its own' }
  }
  const change = changeOf(state.value, state.timestamp, heldIn(state, muteDetail))
  if (change === undefined) return { nothing: `${state.value} is no state that is known` }
  const { children, ...data } = judged(state.reasonData ?? undefined, reason)
  const before =
    previousState == null || previousState.value === 'ALARM'
      ? undefined
      : changeOf(previousState.value, previousState.timestamp)
  const { actionsEnabled } = configuration ?? {}
  return {
    ...tagsIn(detail),
    subject: resources[0],
    reason,
    change,
    ...(before !== undefined && before.at <= change.at && { before }),
    ...(FIRST.test(previousState?.reason ?? '') && { isFirst: true }),
    ...(actionsEnabled == null ? {} : { actionsEnabled }),
    detail: {
      arn: resources[0],
      name: alarmName,
      description: cut(configuration?.description ?? '', DESCRIPTION_CHARACTERS),
      ...measured(configuration ?? {}, EXPRESSION_CHARACTERS),
      ...data,
      children,
    },
  }
}

function ofContributor({ resources, detail }: AlarmContributorChanged) {
  const { state, alarmContributor, alarmName, configuration, muteDetail } = detail
  const change = changeOf(state.value, state.timestamp, heldIn({}, muteDetail))
  if (change === undefined) return { nothing: `${state.value} is no state that is known` }
  const attributes = Object.entries(alarmContributor.attributes ?? {}).slice(0, 20)
  const expression = configuration?.metrics?.find((one) => one.expression)?.expression
  return {
    ...tagsIn(detail),
    subject: `${resources[0]}#${alarmContributor.id}`,
    reason: state.reason ?? '',
    change,
    detail: {
      arn: resources[0],
      name: alarmName,
      type: 'contributor' as const,
      description: cut(configuration?.description ?? '', DESCRIPTION_CHARACTERS),
      contributor: {
        id: cut(alarmContributor.id, ATTRIBUTE_CHARACTERS),
        attributes: Object.fromEntries(
          attributes.map(([name, value]) => [name, cut(value, ATTRIBUTE_CHARACTERS)]),
        ),
      },
      ...(expression && { expression: cut(expression, EXPRESSION_CHARACTERS) }),
      datapoints: [],
      children: [],
    },
  }
}

function ofDeletion({ resources, time, detail }: AlarmConfigured): Noticed {
  return {
    subject: resources[0],
    reason: 'the alarm was deleted',
    change: { at: new Date(time).toISOString(), value: 'DELETED' },
    detail: {
      arn: resources[0],
      name: detail.alarmName,
      type: 'metric',
      description: '',
      datapoints: [],
      children: [],
    },
  }
}

const STATES = ['ALARM', 'OK', 'INSUFFICIENT_DATA'] as const

function changeOf(value: string, timestamp: string, held?: Held): AlarmChange | undefined {
  const known = STATES.find((state) => state === value)
  const at = new Date(timestamp)
  if (known === undefined || Number.isNaN(at.getTime())) return undefined
  const why = known === 'ALARM' ? held : undefined
  return { at: at.toISOString(), value: known, ...(why && { held: why }) }
}

/**
 * The event comes although the alarm's actions are suppressed, or muted by one of CloudWatch's own
 * mute rules: what it would have told people is held.
 */
function heldIn(
  state: Pick<AlarmChanged['detail']['state'], 'actionsSuppressedBy' | 'actionsSuppressedReason'>,
  mute: AlarmChanged['detail']['muteDetail'] | undefined,
): Held | undefined {
  const { actionsSuppressedBy: by, actionsSuppressedReason: why } = state
  if (by) return { because: 'suppressed', by: cut(why || by, ATTRIBUTE_CHARACTERS) }
  if (mute == null) return undefined
  const until = new Date(mute.muteWindowEnd ?? '')
  return {
    because: 'muted',
    ...(mute.mutedByArn && { by: mute.mutedByArn }),
    ...(Number.isNaN(until.getTime()) ? {} : { until: until.toISOString() }),
  }
}

/** Tags that could not be handed on are read by whoever wants to know. */
function tagsIn({
  alarmTags,
  alarmTagsStatus,
}: Pick<AlarmChanged['detail'], 'alarmTags' | 'alarmTagsStatus'>) {
  const isWhole = alarmTags != null && (alarmTagsStatus ?? 'SUCCESS') === 'SUCCESS'
  return isWhole ? { tags: alarmTags } : {}
}
