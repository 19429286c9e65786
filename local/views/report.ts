import type { JournalEntry } from '../aws/eventbridge/model.ts'
import type { Execution } from '../aws/stepfunctions/execution.ts'
import type { Simulation } from '../simulation/simulation.ts'
import { costOf } from './cost.ts'
import { servicesOf } from './services.ts'

/** Everything that happened, as `simulate --json` prints it (design §6). */
export async function report(simulation: Simulation) {
  const { records, deployed, slack, sfn, aws } = simulation
  return {
    verdicts: records.verdicts,
    services: await servicesOf(simulation),
    resources: deployed.stacks.flatMap(({ name: stack, resources }) =>
      resources.map((resource) => ({ stack, ...resource })),
    ),
    messages: slack.messages.map(({ channel, ts, text, blocks, thread_ts, notifiedAt, edits }) => ({
      channel,
      ts,
      text,
      blocks,
      ...(thread_ts === undefined ? {} : { thread_ts }),
      notifiedAt,
      edits,
    })),
    executions: sfn.executions.map(shown),
    calls: aws.calls,
    cost: await costOf(simulation),
    trace: traceOf(simulation),
  }
}

function shown(execution: Execution) {
  const { machine, name, status, startDate, stopDate, input, output, error, cause } = execution
  return {
    machine: machine.name,
    name,
    status,
    startedAt: startDate.toISOString(),
    ...(stopDate === undefined ? {} : { endedAt: stopDate.toISOString() }),
    transitions: execution.transitions,
    input,
    ...(output === undefined ? {} : { output: JSON.parse(output) as unknown }),
    ...(error === undefined ? {} : { error }),
    ...(cause === undefined ? {} : { cause }),
  }
}

/** What happened in its order, a line each: events with their deliveries, states, messages. */
function traceOf({ eventbridge, sfn, slack }: Simulation): string[] {
  const moments: [number, string][] = [
    ...eventbridge.journal.flatMap(eventLines),
    ...sfn.executions.flatMap((execution) =>
      execution.history.events.map((event): [number, string] => {
        const name = event.stateEnteredEventDetails?.name ?? event.stateExitedEventDetails?.name
        const where = `${execution.machine.name}/${execution.name}`
        return [
          event.timestamp?.getTime() ?? 0,
          ['state', where, event.type, name].filter(Boolean).join(' '),
        ]
      }),
    ),
    ...slack.messages.flatMap((message) => [
      [Number(message.ts) * 1000, `slack ${message.channel} ${message.text}`] as [number, string],
      ...message.edits.map(({ at, text }): [number, string] => [
        Date.parse(at),
        `slack ${message.channel} edit ${text}`,
      ]),
    ]),
  ]
  return moments
    .toSorted(([a], [b]) => a - b)
    .map(([at, what]) => `${new Date(at).toISOString()} ${what}`)
}

function eventLines({ event, at, fault, deliveries }: JournalEntry): [number, string][] {
  const what = `event ${event.id} ${event.source} ${event['detail-type']}`
  return [
    [at, fault === undefined ? what : `${what} (${fault})`],
    ...deliveries.map(({ rule, target, outcome, attempts, at: then }): [number, string] => [
      then,
      `delivery ${event.id} ${rule} ${target} ${outcome} ${attempts}`,
    ]),
  ]
}
