import { choose, type Policy, PolicyError, parsePolicy } from '../../domain/deploy-policy.ts'
import { pushOf } from '../../domain/table/record.ts'
import { repositoriesOf, TAGS } from '../../domain/tags.ts'
import { instant } from '../../domain/time.ts'
import type { Verdict } from '../../domain/verdicts.ts'
import { isOurs } from './changes.ts'
import type { Call, Naming, Subject, Trace } from './trace.ts'

/** What a service should run: the digest that its tag names, and since when it names it. */
export type Wanted = { repository: string; tag: string; digest: string; since: number }

/** A naming of a digest, with its place among all. */
type Named = Required<Naming> & { order: number }

/** The last of a repository's namings of each tag until an instant; deleted tags are left out. */
function namedAt({ namings }: Trace, repository: string, at: number): Named[] {
  const until = namings
    .map((naming, order) => ({ ...naming, order: order + 1 }))
    .filter((naming) => naming.repository === repository && naming.at <= at)
  const last = new Map(until.map((naming) => [naming.tag, naming]))
  return [...last.values()].flatMap(({ digest, ...naming }) =>
    digest === undefined ? [] : [{ ...naming, digest }],
  )
}

/**
 * What a service should run by its tags at an instant; undefined when nothing was pushed for it,
 * and for one that follows several repositories (its containers run several digests).
 */
export function wantedBy(trace: Trace, { tags }: Subject, at: number): Wanted | undefined {
  const [repository, ...more] = repositoriesOf(tags)
  const policy = readable(tags[TAGS.deploy] ?? 'off')
  if (repository === undefined || more.length > 0 || policy === undefined) return undefined
  const named = namedAt(trace, repository, at)
  const chosen = choose(
    policy,
    // Of two within one second the one that was named last is the newer.
    named.map((naming) => ({
      tag: naming.tag,
      digest: naming.digest,
      at: instant(new Date(naming.at)),
      order: naming.order,
    })),
  )
  const since = named.find(({ tag }) => tag === chosen?.tag)?.at ?? 0
  return chosen === undefined ? undefined : { ...chosen, repository, since }
}

function readable(text: string): Policy | undefined {
  try {
    return parsePolicy(text)
  } catch (error) {
    if (error instanceof PolicyError) return undefined
    throw error
  }
}

/** Verdicts that say why a service does not run a digest. */
const HELD: ReadonlySet<Verdict> = new Set([
  'frozen',
  'pinned',
  'refused',
  'quarantined',
  'not-taken',
])

/** Whether Caretaker has a reason not to run a digest in a service: what it did, or a person. */
export function isExcused(trace: Trace, service: string, wanted: Wanted): boolean {
  const { calls, items } = trace
  const { digest, since } = wanted
  const tried = items.digests.find(
    ({ pk, sk }) => pk === `service#${service}` && sk.endsWith(digest),
  )
  if (tried?.verdict === 'rolled-back' || tried?.verdict === 'recalled') return true
  const told = items.records.filter((one) => one.subject === service)
  const held = told.some((one) => pushOf(one).digest === digest && HELD.has(one.verdict as Verdict))
  // A person's choice stands until the next push, by Caretaker, with ECS itself or with the CDK.
  const chosen = told.some(
    ({ detail, at, verdict }) =>
      detail.asked !== undefined && verdict === 'deployed' && Date.parse(at) >= since,
  )
  const deployed = calls.some(
    (call) =>
      !isOurs(call) &&
      call.operation === 'UpdateService' &&
      call.outcome === 'ok' &&
      call.about?.service === service &&
      call.input.taskDefinition !== undefined &&
      (call.at >= since || isBackUnheard(trace, call, wanted)),
  )
  return held || chosen || deployed
}

/**
 * The tag named this digest when the person deployed, went away and came back, and no push of that
 * was heard: the registry, which does not date tags, looks as it did then.
 */
function isBackUnheard(trace: Trace, { about, at }: Call, { digest }: Wanted): boolean {
  const heard = trace.items.records.some(
    (record) =>
      record.subject === about?.service &&
      record.detail.digest === digest &&
      Date.parse(record.at) >= at,
  )
  return !heard && about !== undefined && wantedBy(trace, about, at)?.digest === digest
}
