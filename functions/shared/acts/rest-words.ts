import { edgesAfter } from '../../../domain/schedule/scheduled.ts'
import { longest, type Named } from '../../../domain/sleep/overrides.ts'
import type { Subject } from '../../../domain/sleep/wanted.ts'
import { inputOf } from '../sleep/edges.ts'
import type { Sleeping } from '../sleep/listed.ts'
import { outlook } from '../sleep/outlook.ts'
import { type Acting, localized, sayAt } from './acting.ts'

/** Of a service: asleep or awake, since when, by which rule or whom, and what is next. */
export function sleepLine(acting: Acting, id: string, sleeping: Sleeping): string {
  const subject = subjectOf(sleeping, id)
  if (subject === undefined) return 'never: it carries no schedule'
  const { kept, seen } = subject
  if (kept === undefined) return `by ${seen.schedule}; it has not been looked at yet`
  const { rest, since, why, moving, problem } = kept
  const stands =
    moving === undefined
      ? `${rest} since ${sayAt(acting, since)}${why === '' ? '' : `: ${localized(acting, why)}`}`
      : `${moving.to === 'asleep' ? 'being put to sleep' : 'waking'} since ${sayAt(acting, moving.since)}: ${localized(acting, moving.why)}${moving.error === undefined ? '' : `; AWS says ${moving.error}`}`
  const level = acting.catalog.features.sleep
  return [
    stands,
    problem !== undefined && `nothing is done to it: ${problem}`,
    problem === undefined && `now ${nowOf(acting, subject, sleeping)}`,
    ...nextOf(acting, subject, sleeping),
    ...idleWords(acting, subject, sleeping),
    level !== 'act' && `nothing is done: features.sleep is ${level}`,
  ]
    .filter(Boolean)
    .join('; ')
}

/** Whether it sleeps soon, or until when, because nobody uses it. */
function idleWords(acting: Acting, { seen, kept }: Subject, { overrides }: Sleeping): string[] {
  const { now } = acting
  const order = longest(overrides, seen, { kind: 'asleep', source: 'idle', now })
  if (order !== undefined) return [`it sleeps ${untilUsed(acting, order)}`]
  const { sleeps, why = '' } = kept?.idle ?? {}
  if (sleeps === undefined || sleeps <= now.toISOString()) return []
  return [
    `it sleeps at ${sayAt(acting, sleeps)} if nobody uses it until then (${localized(acting, why)})`,
  ]
}

const untilUsed = (acting: Acting, { until }: Named): string =>
  `until somebody wakes it, at the longest until ${sayAt(acting, until)}`

/** In a list: how it sleeps, or who keeps it; undefined where there is nothing to say. */
export function sleepWords(acting: Acting, id: string, sleeping: Sleeping): string | undefined {
  const subject = subjectOf(sleeping, id)
  if (subject?.kept === undefined) return undefined
  const { rest, since, moving } = subject.kept
  if (moving !== undefined) return moving.to === 'asleep' ? 'going to sleep' : 'waking'
  const keep = keepOf(acting, subject, sleeping)
  const kept = keep && `kept awake by ${keep.by} until ${sayAt(acting, keep.until)}`
  if (rest !== 'asleep') return kept
  const order = longest(sleeping.overrides, subject.seen, {
    ...{ kind: 'asleep', source: 'idle', now: acting.now },
  })
  return `asleep since ${sayAt(acting, since)}${order === undefined ? '' : ', nobody uses it'}`
}

const subjectOf = ({ subjects }: Sleeping, id: string): Subject | undefined =>
  subjects.find(({ seen }) => seen.id === `service/${id}`)

const keepOf = ({ now }: Acting, { seen }: Subject, { overrides }: Sleeping): Named | undefined =>
  longest(overrides, seen, { kind: 'awake', source: 'person', now })

/** What holds, and by which rule or whom. */
function nowOf(acting: Acting, { seen }: Subject, { subjects, overrides }: Sleeping): string {
  const want = outlook(acting.catalog, subjects, overrides, acting.now).get(seen.id)
  const to = want?.to === 'as-it-is' ? 'left as it is' : `to be ${want?.to}`
  return `${to} (${localized(acting, want?.reason ?? '')})`
}

/** The next change: the end of what somebody asked for, and the schedule's own edge. */
function nextOf(acting: Acting, subject: Subject, sleeping: Sleeping): string[] {
  const { catalog, now } = acting
  const keep = keepOf(acting, subject, sleeping)
  const input = inputOf(catalog, subject.seen.schedule)
  const edge = input && edgesAfter(input, now).next().value
  const ends =
    keep === undefined ? [] : [`what ${keep.by} asked for ends ${sayAt(acting, keep.until)}`]
  if (edge === undefined) return ends
  const does = { running: 'starts', stopped: 'sleeps', any: 'may sleep' }[edge.state]
  return [...ends, `by its schedule it ${does} ${sayAt(acting, edge.at)} (${edge.reason})`]
}
