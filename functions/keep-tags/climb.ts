import type { TagCase } from '../../domain/table/tag-case.ts'
import {
  GRACE_MS,
  isOlder,
  nextStep,
  OLDER,
  onlyTelling,
  reportsUntil,
  type Step,
} from '../../domain/tagging/ladder.ts'
import { judged, type Looked } from '../../domain/tagging/look.ts'
import { goesFurther, opened, over } from '../../domain/tagging/progress.ts'
import { TAGS } from '../../domain/tags.ts'
import { isSameCase, keepCase, newCase } from './cases.ts'
import { putMarks, takeMarks } from './marks.ts'
import { acceptedFor, acceptedOf, noticesFor, tellSteps } from './notices.ts'
import { protectionOf, start, stop } from './power.ts'
import { readAgain } from './read-again.ts'
import type { Sources } from './sources.ts'

type Climbing = {
  /** Everything that was looked at, as it is after what was written. */
  looked: readonly Looked[]
  cases: ReadonlyMap<string, TagCase>
  /** Types of which nothing is known. */
  unread: ReadonlySet<string>
  /** When the first sweep was. */
  since: Date
}

type Open = { one: TagCase; before: TagCase | undefined; at: Looked }

/**
 * Goes one step further with what is left, ends what is mended or gone, and has it told. What was
 * not read stands still.
 */
export async function climb(sources: Sources, climbing: Climbing): Promise<void> {
  const { now } = sources
  const open = climbing.looked
    .filter(({ left, member }) => left.length > 0 && !member)
    .map((at): Open => {
      const before = climbing.cases.get(at.resource.id)
      const held = heldBack(sources, climbing, at)
      return { one: opened(before ?? newCase(at.resource), held, now), before, at: held }
    })
  const stepped = await takeSteps(sources, climbing, open)
  for (const { one, before } of stepped) {
    if (!isSameCase(one, before)) await keepCase(sources, one)
  }
  const ended = await endOthers(sources, climbing)
  await tellSteps(sources, [...stepped.map(({ one }) => one), ...ended])
  for (const one of ended) await keepCase(sources, one)
  await takeStrayMarks(sources, climbing, [...stepped.map(({ one }) => one), ...ended])
}

/** What is older than the first sweep is not stopped without an agreement. */
function heldBack({ policy }: Sources, { since, cases }: Climbing, at: Looked): Looked {
  const { resource } = at
  const isHeld = policy.ladder.alsoOlder !== true && resource.cannotStop === undefined
  const kept = cases.get(resource.id)
  if (!isHeld || !isOlder(resource.createdAt, kept, since)) return at
  return { ...at, resource: { ...resource, cannotStop: OLDER } }
}

async function takeSteps(sources: Sources, climbing: Climbing, open: Open[]): Promise<Open[]> {
  const steps = await nextSteps(sources, climbing, open)
  const of = (step: Step['step']) => steps.filter(({ next }) => next.step === step)
  const asked = [...of('tell'), ...of('mark')].map(({ each }) => each)
  const confirmed = await confirm(sources, asked)
  const isConfirmed = ({ each }: Stepping) => confirmed.has(each.one.id)
  const tell = of('tell').filter(isConfirmed)
  const due = of('mark').flatMap((one) =>
    one.next.step === 'mark' && isConfirmed(one)
      ? [{ ...one.each.one, due: one.next.due.toISOString() }]
      : [],
  )
  const stopping = of('stop').map(({ each }) => each)
  const { stopped, stay } = await stopThese(sources, stopping)
  const { marked, refused } = await putMarks(sources, due)
  const taken = [
    ...noted(
      sources,
      'tell',
      tell.map(({ each }) => each.one),
    ),
    ...noted(sources, 'mark', marked),
    ...refused,
    ...noted(sources, 'stop', stopped),
    ...stay,
  ]
  const byId = new Map(taken.map((one) => [one.id, one]))
  return open.map((each) => ({ ...each, one: byId.get(each.one.id) ?? each.one }))
}

type Stepping = { each: Open; next: Step }

async function nextSteps(
  sources: Sources,
  { since }: Climbing,
  open: readonly Open[],
): Promise<Stepping[]> {
  const { policy, catalog, now } = sources
  const cases = open.map(({ one }) => one)
  const accepted = await acceptedFor(sources, cases)
  const until = reportsUntil(since)
  return open.map((each) => {
    const { createdAt = madeAt(each.one), runs, cannotStop } = each.at.resource
    const next = nextStep({
      policy: goesFurther(each.at) ? policy : onlyTelling(policy),
      level: catalog.features.tags,
      kept: each.one,
      accepted: acceptedOf(accepted, each.one),
      ...{ createdAt, runs, cannotStop, reportsUntil: until, now },
    })
    return { each, next }
  })
}

/** When it was made, by the event: for types whose own service does not say it. */
const madeAt = ({ creator }: TagCase): Date | undefined =>
  creator === undefined ? undefined : new Date(creator.at)

/** Cases that have taken a step now, each with the record that will tell of it. */
function noted(sources: Sources, step: 'tell' | 'mark' | 'stop', cases: readonly TagCase[]) {
  const notices = noticesFor(sources, step, cases)
  return cases.flatMap((one): TagCase[] => {
    const notice = notices.get(one.id)
    return notice === undefined
      ? []
      : [{ ...one, [step]: { at: sources.now.toISOString(), notice } }]
  })
}

/**
 * Which of these are there and still lack tags, by their own service: the Tagging API lags behind,
 * and does not say when something was made.
 */
async function confirm(sources: Sources, all: readonly Open[]): Promise<Set<string>> {
  const { found: fresh } = await readAgain(
    sources,
    all.map(({ one }) => one),
  )
  const lacking = fresh.filter((resource) => {
    const one = all.find((each) => each.one.id === resource.id)?.one
    const since = resource.createdAt ?? (one && madeAt(one))
    const age = sources.now.getTime() - (since?.getTime() ?? 0)
    return age >= GRACE_MS && judged(sources, resource, one).left.length > 0
  })
  return new Set(lacking.map(({ id }) => id))
}

/** Stops what still lacks its tags in a read just before; what is protected stays, and is told so. */
async function stopThese(sources: Sources, all: readonly Open[]) {
  const { found: fresh } = await readAgain(
    sources,
    all.map(({ one }) => one),
  )
  const stopped: TagCase[] = []
  const stay: TagCase[] = []
  for (const { one } of all) {
    const resource = fresh.find(({ id }) => id === one.id)
    if (resource === undefined || !resource.runs) continue
    const now = judged(sources, resource, one)
    if (now.left.length === 0 || !goesFurther(now)) continue
    const why = resource.cannotStop ?? (await protectionOf(sources, one))
    if (why !== undefined) stay.push({ ...one, stays: why })
    else if (await stop(sources, one)) stopped.push(one)
  }
  return { stopped, stay }
}

/** Ends the cases whose resources have their tags now, or are gone: their service says so. */
async function endOthers(sources: Sources, climbing: Climbing): Promise<TagCase[]> {
  const { looked, cases, unread } = climbing
  const byId = new Map(looked.map((one) => [one.resource.id, one]))
  const open = [...cases.values()].filter(
    ({ since, ended, type }) => since !== undefined && ended === undefined && !unread.has(type),
  )
  const absent = open.filter(({ id }) => !byId.has(id))
  const again = await readAgain(sources, absent)
  const there = new Set([...again.found.map(({ id }) => id), ...again.unread.keys()])
  const ended: TagCase[] = []
  for (const one of open) {
    const at = byId.get(one.id)
    if (at === undefined ? there.has(one.id) : at.left.length > 0) continue
    if (at !== undefined && one.stop !== undefined && !at.resource.runs) await start(sources, one)
    ended.push(over(at?.kept ?? one, at === undefined ? 'gone' : 'mended', sources.now))
  }
  return ended
}

/** Our mark where no case has put it: tags are copied by snapshots, images and groups. */
async function takeStrayMarks(
  sources: Sources,
  { looked, cases }: Climbing,
  now: readonly TagCase[],
): Promise<void> {
  if (sources.catalog.features.tags !== 'act') return
  const current = new Map([...cases, ...now.map((one) => [one.id, one] as const)])
  const stray = looked.filter(({ resource }) => {
    if (!(TAGS.tagsDue in resource.tags)) return false
    const one = current.get(resource.id)
    return one?.mark === undefined || one.ended !== undefined
  })
  await takeMarks(
    sources,
    stray.map(({ resource }) => resource.arn),
  )
}
