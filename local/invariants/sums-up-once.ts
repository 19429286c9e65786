import type { Invariant } from './invariant.ts'
import type { Trace } from './trace.ts'

export const sumsUpOnce: Invariant = {
  holds: 'What is over when Slack takes messages again is a line in one summary per channel.',
  number: 11,
  when: 'at the end',
  violations: (trace) => [...miscounted(trace), ...twice(trace)],
}

/** A summary says how many things are over: as many as there are records, of any kind, that are its lines. */
function miscounted(trace: Trace): string[] {
  const lines = trace.items.places.flatMap((place) =>
    place.folded === undefined ? [] : [`held#${channelOf(trace, place)} summary#${place.folded}`],
  )
  return summariesOf(trace).flatMap(({ key, text }) => {
    const [said, is] = [countIn(text), lines.filter((line) => line === key).length]
    return said === is ? [] : [`"${key}" says that ${said} are over, and ${is} are its lines`]
  })
}

/** What stands again after it was a line has a message of its own: Slack has named its channel by an id. */
function channelOf({ messages }: Trace, { pk, sk, channel }: Trace['items']['places'][number]) {
  const key = `${pk} ${sk.replace(/^message#/, '')}`
  return messages.find((one) => one.key === key)?.channel ?? channel
}

const countIn = (text: string): number => Number(/(\d+) things? (?:is|are) over/.exec(text)?.[1])

/** A channel's next summary is of what began when the one before had been posted. */
function twice(trace: Trace): string[] {
  const channels = Map.groupBy(
    summariesOf(trace),
    ({ channel, because }) => `${channel} ${because}`,
  )
  return [...channels.values()].flatMap((summaries) =>
    summaries.flatMap(({ key, since }, place) => {
      const before = summaries[place - 1]
      if (before === undefined || since >= before.postedAt) return []
      return [`"${key}" is of the time that "${before.key}" is of`]
    }),
  )
}

type Summary = {
  key: string
  text: string
  postedAt: number
  channel: string
  because: string
  since: number
}

/** The summaries that there are, oldest first. Their keys say what they are of. */
const summariesOf = ({ messages }: Trace): Summary[] =>
  messages.flatMap(({ key, text, postedAt }) => {
    const [, channel, because, since] = /^held#(\S+) summary#(\w+)#(\S+)$/.exec(key) ?? []
    if (channel === undefined || because === undefined || since === undefined) return []
    return [{ key, text, postedAt, channel, because, since: Date.parse(since) }]
  })
