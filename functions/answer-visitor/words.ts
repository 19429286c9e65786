import { sayLength, sayLocal } from '../../domain/say-time.ts'
import type { Visit } from '../../domain/sleep/visit.ts'

/** What is said of a visit, in sentences; the page and the answer to a program say the same. */
export type Said = { title: string; sentences: string[]; howLong?: string }

export type Facts = {
  visit: Visit
  environment: string
  timeZone: string
  now: Date
  /** When its schedule wakes it, if that comes. */
  wakes: Date | undefined
  /** When it sleeps again, should it be woken now. */
  until: Date
}

export function say(facts: Facts): Said {
  const { visit } = facts
  switch (visit.state) {
    case 'awake':
      return { title: `${visit.service} runs`, sentences: ['You are sent on in a moment.'] }
    case 'waking':
      return waking(facts)
    default:
      return asleep(facts)
  }
}

function waking({ visit, timeZone, now, until }: Facts): Said {
  const { service, seconds } = visit
  const end = visit.until === undefined ? undefined : new Date(visit.until)
  const stays =
    end === undefined
      ? `It sleeps again by its schedule.`
      : `It stays awake until ${sayLocal(end > until ? end : until, timeZone, now)}, or two hours from the last request.`
  return {
    title: `${service} wakes up`,
    sentences: ['You are sent on as soon as it answers.', stays],
    howLong: `About ${sayLength(seconds * 1000)} more, ${measured(visit)}.`,
  }
}

function asleep({ visit, timeZone, now, wakes, until }: Facts): Said {
  const { service, state, since, why, refused, seconds } = visit
  const at = (time: Date) => sayLocal(time, timeZone, now)
  const title = state === 'stopping' ? `${service} goes to sleep` : `${service} is asleep`
  const reason = why.replaceAll(INSTANT, (instant) => at(new Date(instant)))
  const sentences = [
    `${state === 'stopping' ? 'It began' : 'It has slept'} ${state === 'stopping' ? 'at' : 'since'} ${at(new Date(since))}${reason === '' ? '.' : `: ${reason}.`}`,
    ...(wakes === undefined || refused !== undefined
      ? []
      : [`By its schedule it wakes ${at(wakes)}.`]),
  ]
  if (refused !== undefined) {
    const who = 'Only somebody with a name can wake it: in Slack, or with npx caretaker wake.'
    return { title, sentences: [...sentences, refused, who] }
  }
  return {
    title,
    sentences: [...sentences, `Woken now, it stays awake until ${at(until)}.`],
    howLong: `A wake takes about ${sayLength(seconds * 1000)}, ${measured(visit)}.`,
  }
}

/** Reasons that the record keeps name instants in UTC. */
const INSTANT = /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z/g

const measured = ({ isMeasured }: Visit): string =>
  isMeasured ? 'as long as the last one took' : 'as is usual; none was measured yet'
