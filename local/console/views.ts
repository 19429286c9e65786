import type { Pace } from '../simulation/pace.ts'
import { executionView, findExecution, listExecutions } from './executions.ts'
import { servicesView } from './lights.ts'
import { servicePage } from './service/service.ts'
import { sleepView } from './sleep.ts'
import type { MessageSource, Seen, Source } from './source.ts'
import { teamsView } from './teams/teams.ts'
import { timelineOf } from './timeline.ts'
import type {
  ChannelView,
  ClockView,
  ExecutionView,
  MachineView,
  MessageView,
  View,
} from './view.ts'

/** The parts of the view that are the same for every viewer. */
export type SharedView = Omit<View, 'execution' | 'machine' | 'service'>

export function sharedView(
  source: Source,
  seen: Seen,
  pace: Pick<Pace, 'speed' | 'skipping'>,
): SharedView {
  return {
    clock: clockView(source, pace),
    environment: source.environment,
    faults: source.faults.rates,
    sleep: sleepView(seen.sleep, source.world.date),
    services: servicesView(seen),
    teams: teamsView(seen, source.world.date),
    timeline: timelineOf(seen),
    executions: listExecutions(seen),
    alarms: seen.alarms.map(({ name }) => name).toSorted(),
    channels: channelsOf(seen.messages),
    people: seen.people.map(({ shown, ...person }) => ({ ...person, shown: [...shown] })),
  }
}

/** What a viewer looks at beside what all see: an execution by its ARN, a service by its name. */
export type Watching = { execution?: string | undefined; service?: string | undefined }

/** An execution that is not named is the newest that did something. */
export function watchedView(
  seen: Seen,
  { execution: arn, service }: Watching,
  now: Date,
): Pick<View, 'execution' | 'machine' | 'service'> {
  return {
    ...executionOf(seen, arn),
    service: service === undefined ? null : servicePage(seen, service, now),
  }
}

function executionOf(
  seen: Seen,
  arn: string | undefined,
): { execution: ExecutionView | null; machine: MachineView | null } {
  const execution = findExecution(seen, arn)
  if (execution === undefined) return { execution: null, machine: null }
  const { machine } = execution
  return {
    execution: executionView(seen, execution),
    machine: { arn: machine.arn, name: machine.name, definition: machine.text },
  }
}

function clockView(
  { world, start }: Source,
  { speed, skipping }: Pick<Pace, 'speed' | 'skipping'>,
): ClockView {
  return { now: world.date.toISOString(), start: start.toISOString(), speed, skipping }
}

/** Messages by channel, replies under what they answer. */
function channelsOf(messages: readonly MessageSource[]): ChannelView[] {
  const channels = Map.groupBy(messages, ({ channel }) => channel)
  return [...channels].map(([name, all]) => ({
    name,
    messages: all
      .filter(({ ts, threadTs }) => threadTs === undefined || threadTs === ts)
      .map((message) => messageView(message, all)),
  }))
}

function messageView(message: MessageSource, all: readonly MessageSource[]): MessageView {
  const { ts, author, text, blocks, edits, editedAt } = message
  const replies = all.filter((one) => one.threadTs === ts && one.ts !== ts)
  return {
    ts,
    author,
    text,
    blocks,
    edits,
    ...(editedAt === undefined ? {} : { editedAt }),
    replies: replies.map((reply) => messageView(reply, [])),
  }
}
