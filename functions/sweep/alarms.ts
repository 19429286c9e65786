import { type CloudWatchClient, DescribeAlarmsCommand } from '@aws-sdk/client-cloudwatch'
import { isRed } from '../../domain/alarms/decide.ts'
import type { Held } from '../../domain/table/common.ts'
import { isAtRest, sleepersOf } from '../shared/alarms/asleep.ts'
import { keepAlarm, type Sources } from '../shared/alarms/keep.ts'
import { asksFor, type RedAlarms, redAlarms } from '../shared/alarms/red.ts'
import { alarmStates, type StateOf } from '../shared/alarms/states.ts'
import type { Managed } from '../shared/managed.ts'
import { type Described, noticedIn, noticedOf, turnedAt } from './alarm-notice.ts'
import { type ReminderSources, remind } from './alarm-reminders.ts'
import { isOfTasks, type Looked, watchTasks } from './missing-tasks.ts'
import { nameAgain } from './still-red.ts'

/**
 * A red alarm that is not known is looked at for so long after it turned red: what is not ours by
 * then is not asked for its tags in every sweep.
 */
const NEW_MS = 60 * 60_000
/** An alarm that has just changed is not taken for deleted: its list may be a moment behind. */
const GONE_MS = 30 * 60_000
/** `DescribeAlarms` takes a hundred names. */
const DESCRIBED_AT_ONCE = 100

type Failed = (what: string, error: unknown) => void

/**
 * Brings what is kept of alarms to what CloudWatch says now, by the same decision as their events:
 * what a lost event would have said, what no longer holds an episode back, and what is to be said
 * again. Reads one partition and the alarms that are red; writes only where something is wrong.
 *
 * @returns the subjects that something was done about.
 */
export async function repairAlarms(
  sources: ReminderSources,
  looked: Looked,
  failed: Failed,
): Promise<string[]> {
  const read = await readAll(sources, failed)
  if (read === undefined) return []
  const { states, red } = read
  const done: string[] = []
  const each = async (subject: string, act: () => Promise<boolean>) => {
    try {
      if (await act()) done.push(subject)
    } catch (error) {
      failed(subject, error)
    }
  }
  const described = [...red.metric, ...red.composite, ...red.log]
  for (const alarm of described.filter((one) => isUnheard(one, states, sources.now))) {
    const change = { at: turnedAt(alarm)?.toISOString() ?? '', value: 'ALARM' } as const
    await each(alarm.AlarmArn ?? '', () => kept(sources, noticedIn(alarm, change)))
  }
  const open = states.filter((one) => isRed(one.status) && !isOfTasks(one.subject))
  const arns = new Set(described.map(({ AlarmArn }) => AlarmArn))
  const gone = open.filter(({ arn }) => !arns.has(arn))
  const known = await describe(sources.cloudwatch, gone, failed)
  for (const state of known === undefined ? [] : gone) {
    await each(state.subject, () => settle(sources, state, known?.get(state.arn)))
  }
  const all = [...open, ...states.filter((one) => isRed(one.status) && isOfTasks(one.subject))]
  const standing = all.filter((one) => !gone.includes(one))
  const fires = standing.filter(({ arn, held }) => {
    return held === undefined && red.composite.some(({ AlarmArn }) => AlarmArn === arn)
  })
  for (const state of standing) {
    await each(state.subject, () =>
      look(sources, state, { red, services: looked.services, now: sources.now, fires }),
    )
  }
  await each('named again', async () => (await nameAgain(sources, standing)).length > 0)
  await watchTasks(sources, states, looked, each)
  return done
}

/** Undefined when either cannot be read: then nothing is known of any alarm. */
async function readAll({ table, cloudwatch }: Sources, failed: Failed) {
  try {
    return { states: await alarmStates(table, failed), red: await redAlarms(cloudwatch) }
  } catch (error) {
    failed('alarms', error)
    return undefined
  }
}

const kept = async (sources: Sources, noticed: Parameters<typeof keepAlarm>[1]) =>
  (await keepAlarm(sources, noticed)).done === 'recorded'

/** Red, and nothing is kept that says so: neither of the alarm nor of a contributor. */
function isUnheard(alarm: Described, states: readonly StateOf[], now: Date): boolean {
  const at = turnedAt(alarm)
  if (at === undefined) return false
  const own = states.filter(({ arn }) => arn === alarm.AlarmArn)
  if (own.some(({ value }) => value === 'ALARM')) return false
  return own.length > 0 || now.getTime() - at.getTime() < NEW_MS
}

/** These alarms as CloudWatch has them; undefined when that cannot be read, which proves nothing. */
async function describe(
  cloudwatch: CloudWatchClient,
  states: readonly StateOf[],
  failed: Failed,
): Promise<Map<string, Described> | undefined> {
  const found = new Map<string, Described>()
  const names = [...new Set(states.map(({ name }) => name))]
  try {
    for (let start = 0; start < names.length; start += DESCRIBED_AT_ONCE) {
      const answer = await cloudwatch.send(
        new DescribeAlarmsCommand({
          AlarmNames: names.slice(start, start + DESCRIBED_AT_ONCE),
          AlarmTypes: ['MetricAlarm', 'CompositeAlarm', 'LogAlarm'],
          MaxRecords: DESCRIBED_AT_ONCE,
        }),
      )
      const { MetricAlarms = [], CompositeAlarms = [], LogAlarms = [] } = answer
      for (const alarm of [...MetricAlarms, ...CompositeAlarms, ...LogAlarms]) {
        found.set(alarm.AlarmArn ?? '', alarm)
      }
    }
  } catch (error) {
    failed('alarms', error)
    return undefined
  }
  return found
}

/** An episode whose alarm is not red any more: its event was lost, or the alarm is gone. */
async function settle(sources: Sources, state: StateOf, alarm: Described | undefined) {
  const { now } = sources
  if (alarm === undefined) {
    if (now.getTime() - Date.parse(state.at) < GONE_MS) return false
    const change = { at: now.toISOString(), value: 'DELETED' } as const
    return kept(sources, noticedOf(state, change, 'the alarm is not there any more'))
  }
  const value = alarm.StateValue
  if (value === state.value || (value !== 'OK' && value !== 'INSUFFICIENT_DATA')) return false
  const at = turnedAt(alarm)?.toISOString() ?? now.toISOString()
  const noticed = noticedOf(state, { at, value }, alarm.StateReason)
  return kept(sources, noticed)
}

/** An episode that goes on: does anything hold it still, and is it to be said again? */
async function look(
  sources: ReminderSources,
  state: StateOf,
  { fires, ...seen }: Now & { fires: readonly StateOf[] },
): Promise<boolean> {
  if (state.held === undefined) return remind(sources, state, askingFor(state, seen.red, fires))
  if (await isAtRestStill(sources, state.held)) return false
  if (!isReleased(state.held, state, seen)) return false
  const change = { at: sources.now.toISOString(), value: 'ALARM' } as const
  return kept(sources, noticedOf(state, change))
}

/** The composite alarms of ours that fire, and whose rules ask for this one. */
const askingFor = ({ name, arn }: StateOf, { composite }: RedAlarms, fires: readonly StateOf[]) =>
  fires
    .filter((one) => one.arn !== arn)
    .filter((one) =>
      composite.some((rule) => rule.AlarmArn === one.arn && asksFor(rule, name, arn)),
    )
    .map(({ since = '', ...one }) => ({ ...one, since }))

/** What sleeps, or has woken a moment ago: its alarms are judged afresh, by what comes after. */
async function isAtRestStill({ table, now }: Sources, { because, by }: Held): Promise<boolean> {
  if (because !== 'asleep' || by === undefined) return false
  const id = isOfKind(by) ? by : `service/${by}`
  const [kept] = await sleepersOf(table, [id])
  if (kept === undefined || !isAtRest(kept, now)) return false
  // Whether a service is down, ECS says.
  return isOfKind(by) || kept.rest === 'awake' || kept.moving !== undefined
}

/** Of a service the name is `<cluster>/<service>` alone. */
const isOfKind = (by: string): boolean => /^(database|cluster|instance|group)\//.test(by)

type Now = { red: RedAlarms; services: readonly Managed[]; now: Date }

/** Whether what held an episode holds it no longer. What is not seen holds it. */
function isReleased(held: Held, { arn, service }: StateOf, { red, services, now }: Now): boolean {
  const own = [...red.metric, ...red.composite, ...red.log].find(({ AlarmArn }) => AlarmArn === arn)
  switch (held.because) {
    case 'muted':
      return held.until !== undefined && Date.parse(held.until) <= now.getTime()
    case 'asleep':
      if (held.by !== undefined && isOfKind(held.by)) return true
      return services.some(
        ({ id, service: { desiredCount = 0 } }) => id === service && desiredCount > 0,
      )
    case 'actions-disabled':
      return own?.ActionsEnabled === true
    case 'suppressed':
      return own !== undefined && 'AlarmRule' in own && own.ActionsSuppressedBy === undefined
    case 'child-of-composite':
      return !red.composite.some(({ AlarmName }) => AlarmName === held.by)
  }
}
