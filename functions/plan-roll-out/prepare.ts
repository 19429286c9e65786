import type { Service, TaskDefinition } from '@aws-sdk/client-ecs'
import { marshall } from '@aws-sdk/util-dynamodb'
import { keptNamesOf } from '../../domain/kept-name.ts'
import type { Observed, ProveDecision, RollOutDecision } from '../../domain/roll-out/observed.ts'
import type { Settings } from '../../domain/roll-out/settings.ts'
import { digestKey, recordKey, stateKey } from '../../domain/table/keys.ts'
import type { Push } from '../../domain/table/record.ts'
import type { Before, KnownRevision } from '../../domain/table/service-state.ts'
import { TAGS } from '../../domain/tags.ts'
import type { TriedVerdict } from '../../domain/verdicts.ts'
import type { Managed } from '../shared/managed.ts'
import type { Observation } from '../shared/roll-out/observe.ts'
import type { WrittenManifest } from '../shared/roll-out/registry.ts'
import { isPlaceholder, pinnedImages } from '../shared/roll-out/running.ts'
import { type BeforeDeployment, beforeDeployment } from './before-deployment.ts'
import { nextRevision } from './revision.ts'

/** How long a new image must stay healthy, and how long it may make no progress. */
export type Timing = Pick<Settings, 'bakeSeconds' | 'deadlineSeconds'>

/** One roll-out, as the machine carries it: what it is about, and the requests it will make. */
export type RollOut = {
  action: 'roll-out'
  service: string
  serviceArn: string
  push: Push
  /** Where the machine writes; keys and what is below `images` and `current` as DynamoDB spells them. */
  keys: Record<'state' | 'record' | 'digest', Record<string, unknown>>
  /** Arguments of `ecs:registerTaskDefinition`. */
  revision: Record<string, unknown>
  /** Arguments of `ecs:updateService`, without the new task definition. */
  update: Record<string, unknown>
  /** Arguments of `ecs:updateService` that undo it. */
  rollBack: Record<string, unknown>
  /**
   * By container of the revision to go back to, the image that ran, where it names that by a tag;
   * absent where it names none so.
   */
  pins?: Record<string, string>
  /** What runs before the deployment, with the new revision; absent where nothing is asked for. */
  before?: BeforeDeployment
  /** The images that the new revision pins, and the revision to go back to with its own. */
  images: unknown
  current: unknown
  /** The image whose scan is told with the verdict; absent where the registry has none. */
  scanned?: { repository: string; digest: string }
  /** What gets a name of its own in the registry, if all goes well. */
  kept: {
    names: string
    environment: string
    repository: string
    digest: string
  } & Partial<WrittenManifest>
  /** Its scaling begins with no task at the least, and keeps the catalog's number from now on. */
  scale?: ReturnType<typeof scaleOf>
  /** Nothing has run here before, so ECS has nothing to roll back to. */
  first: boolean
  bakeSeconds: number
  deadlineSeconds: number
  /** The verdict if all goes well. */
  verdict: 'deployed' | 'staged'
  /** Why, for whoever reads the execution. */
  reason: string
}

/** `from`: what ran before; `environment`: its name. */
type About = { from: Before; timing: Timing; environment: string }
type Rolling = About & { next: TaskDefinition; leastTasks?: number | undefined }

/**
 * A roll-out, with every request the machine will make prepared.
 *
 * @param next the task definition that the new revision is made from.
 */
export function rollOut(
  { tags, id, arn, service }: Managed,
  { places, taskDefinition, taskDefinitionTags, registryHost }: Observation,
  { push, staged, reason, asked }: RollOutDecision,
  { from, next, timing, environment, leastTasks }: Rolling,
): RollOut {
  const target = { Cluster: id.split('/')[0], Service: arn }
  const { first } = from
  const count = Number(tags[TAGS.count] ?? 1)
  const image = `${registryHost}/${push.repository}@${push.digest}`
  const others = pinnedImages(next).filter(({ repository }) => repository !== push.repository)
  const placeholder = (taskDefinition.containerDefinitions ?? []).some(isPlaceholder)
  const { repository, digest, tag } = push
  const candidate = places.find((place) => place.candidate?.digest === digest)?.candidate
  const scanned = candidate?.scanned
  // A person goes back to what has run here: what was done for it then need not be done again.
  const goesBack = asked !== undefined && !asked.retry
  const place = { registry: registryHost, repository }
  const task = goesBack ? undefined : beforeDeployment({ id, service }, next, place)
  return {
    action: 'roll-out',
    service: id,
    serviceArn: arn,
    push,
    keys: keysOf(id, push),
    revision: nextRevision(next, { ...push, registry: registryHost, image }, taskDefinitionTags),
    // Taken over, a first roll-out may have given the service its tasks already: it may sleep now.
    update: placeholder ? { ...target, DesiredCount: count } : target,
    rollBack: {
      ...target,
      TaskDefinition: from.taskDefinition,
      ...(first ? { DesiredCount: 0 } : {}),
    },
    images: attribute([...others, { repository, digest, tag }]),
    current: attribute(
      from.taskDefinition === taskDefinition.taskDefinitionArn
        ? known(from, pinnedImages(taskDefinition))
        : known(from, imagesOf(from, places[0]?.state, repository)),
    ),
    ...(scanned === undefined ? {} : { scanned: { repository, digest: scanned } }),
    ...(task === undefined ? {} : { before: task }),
    ...(first && leastTasks !== undefined && { scale: scaleOf(id, leastTasks) }),
    first,
    kept: keptOf(id, push, environment),
    ...timing,
    ...(staged ? { bakeSeconds: 0 } : {}),
    verdict: staged ? 'staged' : 'deployed',
    reason,
  }
}

/**
 * Only the lower bound: what is not given stays as it is. Before the first image is healthy it would
 * raise the service at once, also one that was rolled back to none.
 * https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
 *
 * @param id `<cluster>/<service>`.
 */
const scaleOf = (id: string, least: number) => ({
  ServiceNamespace: 'ecs',
  ScalableDimension: 'ecs:service:DesiredCount',
  ResourceId: `service/${id}`,
  MinCapacity: least,
})

/** A staged image that runs since its service woke: it is watched, and undone if it does not hold. */
export type Prove = Omit<RollOut, 'action' | 'revision' | 'update' | 'verdict'> & {
  action: 'prove'
  /** The revision that runs. */
  runs: string
  verdict: 'deployed'
}

/** `runs`: the revision that runs. */
type Proving = About & { runs: string }

/** What it takes to watch a staged image. */
export function prove(
  { id, arn }: Managed,
  { push, reason }: ProveDecision,
  { from, runs, timing, environment }: Proving,
): Prove {
  const { repository, digest, tag } = push
  const { taskDefinition } = from
  const previous = from.digest === undefined ? [] : [{ repository, digest: from.digest }]
  return {
    action: 'prove',
    service: id,
    serviceArn: arn,
    push,
    keys: keysOf(id, push),
    rollBack: { Cluster: id.split('/')[0], Service: arn, TaskDefinition: taskDefinition },
    images: attribute([{ repository, digest, tag }]),
    current: attribute({ taskDefinition, images: previous }),
    first: false,
    kept: keptOf(id, push, environment),
    ...timing,
    verdict: 'deployed',
    reason,
    runs,
  }
}

/**
 * Seconds from the start of a task until a check that fails has ended it.
 * https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html
 */
export function startSeconds(
  { healthCheckGracePeriodSeconds: grace = 0 }: Service,
  { containerDefinitions = [] }: TaskDefinition,
): number {
  const checks = containerDefinitions.flatMap(({ healthCheck }) => {
    if (healthCheck === undefined) return []
    const { startPeriod = 0, retries = 3, interval = 30 } = healthCheck
    return [startPeriod + retries * interval]
  })
  return Math.max(grace, ...checks)
}

const keptOf = (service: string, { repository, digest }: Push, environment: string) => ({
  names: keptNamesOf(environment, service.split('/').at(-1) ?? ''),
  environment,
  repository,
  digest,
})

const keysOf = (service: string, push: Push): RollOut['keys'] => ({
  state: marshall(stateKey(service)),
  record: marshall(recordKey(service, push)),
  digest: marshall(digestKey(service, push.digest)),
})

/**
 * What an image replaced that nobody has seen hold yet, as the roll-out that put it there noted;
 * else there is nothing to go back to.
 */
export function replacedBy({ service }: Managed, { state, running }: Observed): Before {
  const { taskDefinition = '' } = service
  // Somebody may have deployed the image again, with a revision of their own.
  const other = state?.revisions?.find(
    (one) =>
      one.taskDefinition !== taskDefinition &&
      !one.images.some(({ digest }) => digest === running?.digest),
  )
  if (other === undefined) return { taskDefinition, first: false }
  return { ...asBefore(other, state?.latest?.repository), first: false }
}

/** Verdicts of an image that was never seen to hold. */
const UNPROVED: ReadonlySet<TriedVerdict> = new Set([
  'staged',
  'superseded',
  'failed',
  'rolled-back',
])

/**
 * What ran before, and held: not an image that was ended for this one, or never woke; and for a
 * roll-out that is taken over, what ran before that one.
 */
export function before({ taskDefinition = '' }: Service, observed: Observed): Before {
  const { state, running, placeholder, candidate } = observed
  const taken = state?.rolling
  if (taken?.from !== undefined && taken.digest === running?.digest) return taken.from
  const [deployed, replaced] = state?.revisions ?? []
  const verdict = state?.tried?.[running?.digest ?? '']?.verdict
  const unproved = verdict !== undefined && UNPROVED.has(verdict)
  const isOurs = deployed?.taskDefinition === taskDefinition
  // A deployment of the same image while it slept has shown nothing about it.
  const sleptOn =
    verdict === 'staged' && deployed?.images.some(({ digest }) => digest === running?.digest)
  if (unproved && (isOurs || sleptOn) && replaced !== undefined) {
    return asBefore(replaced, candidate?.repository)
  }
  return { ...running, taskDefinition, first: placeholder }
}

function asBefore(
  { taskDefinition, images, first = false }: KnownRevision,
  repository: string | undefined,
): Before {
  const { digest, tag } = images.find((image) => image.repository === repository) ?? {}
  return { taskDefinition, first, digest, tag }
}

const known = (
  { taskDefinition, first }: Before,
  images: KnownRevision['images'],
): KnownRevision => ({ taskDefinition, images, ...(first ? { first } : {}) })

/** The images of a revision that does not run now, as far as Caretaker's table knows them. */
function imagesOf(
  { taskDefinition, digest }: Before,
  state: Observed['state'],
  repository: string,
): KnownRevision['images'] {
  const noted = state?.revisions?.find((one) => one.taskDefinition === taskDefinition)
  return noted?.images ?? (digest === undefined ? [] : [{ repository, digest }])
}

/** A value as DynamoDB spells it. */
const attribute = (value: unknown): unknown => marshall({ value }).value
