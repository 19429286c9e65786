import type { Comparison } from './invariant.ts'
import type { Trace } from './trace.ts'

export const leavesTheSameWorld: Comparison = {
  holds:
    'A function killed before or after any call, then redelivered, leaves the same final world.',
  number: 13,
  between: 'killed',
  differences: (calm, disturbed) => {
    const [before, after] = [worldOf(calm), worldOf(disturbed)]
    return Object.keys(before).flatMap((part) => {
      const [was, is] = [before[part], after[part]].map((one) => JSON.stringify(one))
      return was === is ? [] : [`${part}: ${was} without, ${is} with the interruption`]
    })
  },
}

/** A function that was killed is an error of its own: its alarm tells of the interruption itself. */
const isAboutErrors = (key: string | undefined): boolean =>
  /^alarm#\S+:alarm:[\w-]+-errors /.test(key ?? '')

/** What is told of a night says since when, and how long it took. */
const timeless = (key: string, text: string): string =>
  key.startsWith('night#') ? text.replaceAll(/\d+:\d+|\d+ (min|s)\b/g, '…') : text

/** What is left at the end, without the moments at which it came to be. */
function worldOf(trace: Trace): Record<string, unknown> {
  const { services, items, messages, calls } = trace
  const made = (operation: string) =>
    calls.filter(
      (call) => call.by === 'machine' && call.operation === operation && call.outcome === 'ok',
    ).length
  return {
    services: services.map(({ service, desired, taskDefinition, running }) => ({
      ...{ service, desired, taskDefinition, running },
    })),
    records: items.records.map(({ pk, sk, verdict, reason }) => ({ pk, sk, verdict, reason })),
    digests: items.digests.map(({ pk, sk, verdict }) => ({ pk, sk, verdict })),
    states: items.states.map(({ pk, rolling, waiting, latest }) => ({
      pk,
      rolling,
      waiting,
      latest,
    })),
    messages: messages
      .filter(({ key }) => !isAboutErrors(key))
      .map(({ channel, key, text }) => ({ channel, key, text: timeless(key, text) })),
    sleepers: [...new Map(trace.sleepers.map(({ id, sleeper }) => [id, sleeper]))]
      .map(([id, { rest, moving, captured, last, hand }]) => ({
        ...{ id, rest, captured, last },
        ...{ moving: moving?.to, hand: hand?.to },
      }))
      .toSorted((a, b) => (a.id < b.id ? -1 : 1)),
    bounds: boundsOf(calls),
    registered: made('RegisterTaskDefinition'),
    updated: made('UpdateService'),
  }
}

/** The bounds of what is scaled, as they were set last: AWS keeps what an update leaves out. */
function boundsOf(calls: Trace['calls']): Record<string, object> {
  const bounds: Record<string, object> = {}
  for (const { operation, outcome, input } of calls) {
    if (operation !== 'RegisterScalableTarget' || outcome !== 'ok') continue
    const id = String(input.ResourceId)
    const { MinCapacity, MaxCapacity, SuspendedState } = input
    bounds[id] = {
      ...bounds[id],
      ...(MinCapacity !== undefined && { MinCapacity }),
      ...(MaxCapacity !== undefined && { MaxCapacity }),
      ...(SuspendedState !== undefined && { SuspendedState }),
    }
  }
  return bounds
}
