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

/** What is left at the end, without the moments at which it came to be. */
function worldOf({ services, items, messages, calls }: Trace): Record<string, unknown> {
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
      .map(({ channel, key, text }) => ({ channel, key, text })),
    registered: made('RegisterTaskDefinition'),
    updated: made('UpdateService'),
  }
}
