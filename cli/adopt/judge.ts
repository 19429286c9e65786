import type { RollOutJudged } from '../../domain/adopt/assess.ts'
import type { Follow } from '../../domain/adopt/follow.ts'
import { parsePolicy } from '../../domain/deploy-policy.ts'
import type { Candidate, Cause, Observed } from '../../domain/roll-out/observed.ts'
import { plan } from '../../domain/roll-out/plan.ts'
import { refusal } from '../../domain/roll-out/refusal.ts'
import { TAGS } from '../../domain/tags.ts'
import { instant } from '../../domain/time.ts'
import { candidatesFor } from '../../functions/shared/roll-out/candidates.ts'
import { LayerUnreadable } from '../../functions/shared/roll-out/configuration.ts'
import { commonOf, registryOf } from '../../functions/shared/roll-out/observe.ts'
import type { Registry } from '../../functions/shared/roll-out/registry.ts'
import { isPlaceholder, runningOf } from '../../functions/shared/roll-out/running.ts'
import type { Clients } from './clients.ts'
import type { ReadService } from './read-services.ts'

const SWEEP: Cause = { kind: 'sweep' }

/**
 * What the roll-out would make of a service that followed a repository: its own judges are asked, so
 * that what is promised here is what the next sweep decides.
 */
export async function judgeRollOut(
  { ecs }: Clients,
  registry: Registry,
  { managed, taskDefinition, tags }: ReadService,
  { repository, deploy }: Follow,
  now: Date,
): Promise<RollOutJudged> {
  const policy = parsePolicy(deploy)
  const own = {
    ...managed,
    tags: { ...managed.tags, [TAGS.repository]: repository, [TAGS.deploy]: deploy },
  }
  const registryHost = registryOf(managed.arn)
  const asked = { managed: own, policy, cause: SWEEP, state: undefined, waiting: [] }
  const candidates = await candidatesFor(registry, asked)
  const common = { policy, abandoned: false, ...commonOf(own, taskDefinition, {}, undefined) }
  const judged: RollOutJudged = { atOnce: [], hasImage: candidates.length > 0 }
  const atOnce: RollOutJudged['atOnce'][number][] = []
  for (const candidate of candidates.length > 0 ? candidates : [noneOf(repository)]) {
    const revision = { repository: candidate.repository, registryHost, taskDefinition, tags }
    const { containers, running } = await runningOf(ecs, managed, revision)
    const observed: Observed = {
      ...common,
      placeholder: containers.some(isPlaceholder),
      used: containers.length > 0,
      waiting: [],
      candidate: { ...candidate, ...(await inspected(registry, candidate)) },
      ...(running === undefined ? {} : { running }),
    }
    const refused = refusal(observed)
    if (refused !== undefined) return { ...judged, refusal: refused }
    if (!judged.hasImage) continue
    for (const decision of plan(observed, SWEEP, { now, at: instant(now) })) {
      if (decision.action !== 'roll-out') continue
      const { tag, digest } = decision.push
      atOnce.push({ tag, digest, reason: decision.reason })
    }
  }
  return { ...judged, atOnce }
}

const noneOf = (repository: string): Candidate => ({
  ...{ repository, tag: '', digest: '', at: '', platforms: [] },
})

/** What an image is; one whose configuration nobody can read from here is taken to fit. */
async function inspected(registry: Registry, candidate: Candidate) {
  if (candidate.digest === '') return {}
  try {
    const { imageFor: _, ...known } = await registry.inspect(candidate.repository, candidate)
    return known
  } catch (error) {
    if (error instanceof LayerUnreadable) return {}
    throw error
  }
}
