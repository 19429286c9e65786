import type { Pace } from '../simulation/pace.ts'
import { executionView, findExecution, listExecutions } from './executions.ts'
import { servicesView } from './lights.ts'
import { servicePage } from './service/service.ts'
import { sleepView } from './sleep.ts'
import type { MessageSource, Reader, Seen, Source, Watching } from './source.ts'
import { heldEverywhere } from './teams/holds.ts'
import { teamsView } from './teams/teams.ts'
import { timelineOf } from './timeline.ts'
import type {
  ChannelView,
  ExecutionView,
  MachineView,
  MessageView,
  PlayView,
  ReaderView,
  View,
} from './view.ts'

type Watched = 'execution' | 'machine' | 'service' | 'unread'

/** The parts of the view that are the same for every viewer. */
export type SharedView = Omit<View, Watched>

/** @param pace of a simulation. */
export function sharedView(source: Source, seen: Seen, pace: PaceView | undefined): SharedView {
  const now = source.now()
  return {
    clock: { now: now.toISOString() },
    play: playView(source, pace),
    reader: readerView(source.reader()),
    environment: source.environment,
    sleep: sleepView(seen.sleep, now),
    services: servicesView(seen),
    held: heldEverywhere(seen, now),
    teams: teamsView(seen, now),
    timeline: timelineOf(seen),
    executions: listExecutions(seen),
    alarms: seen.alarms.map(({ name }) => name).toSorted(),
    channels: seen.messages === undefined ? null : channelsOf(seen.messages),
    people: seen.people.map(({ shown, ...person }) => ({ ...person, shown: [...shown] })),
  }
}

/** An execution that is not named is the newest that did something. */
export function watchedView(
  seen: Seen,
  { execution: arn, service }: Watching,
  now: Date,
): Pick<View, Watched> {
  return {
    unread: seen.unread ?? null,
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

type PaceView = Pick<Pace, 'speed' | 'skipping'>

function playView({ play }: Source, pace: PaceView | undefined): PlayView | null {
  if (play === undefined || pace === undefined) return null
  const { speed, skipping } = pace
  return { start: play.start.toISOString(), speed, skipping, faults: play.faults.rates }
}

const readerView = ({ who, onlyReads, trouble }: Reader): ReaderView => ({
  ...(who !== undefined && { name: who.name }),
  ...(onlyReads !== undefined && { onlyReads }),
  ...(trouble !== undefined && { trouble }),
})

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
