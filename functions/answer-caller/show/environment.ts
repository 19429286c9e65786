import type { ShownEnvironment, ShownService } from '../../../domain/acts/show.ts'
import { resourceOf, TAGGED_TYPES } from '../../../domain/sleep/arns.ts'
import { stateKey } from '../../../domain/table/keys.ts'
import type { ServiceState } from '../../../domain/table/service-state.ts'
import { TAGS } from '../../../domain/tags.ts'
import type { Acting } from '../../shared/acts/acting.ts'
import { whatRuns } from '../../shared/acts/running.ts'
import { shortName, teamOf } from '../../shared/acts/services.ts'
import { listManaged, listTagged } from '../../shared/listed.ts'
import { describeManaged, type Managed } from '../../shared/managed.ts'
import type { RunningImage } from '../../shared/roll-out/running.ts'
import type { Item } from '../../shared/table/table.ts'
import { itemsOf } from './items.ts'

/** What revisions of task definitions run: a revision never changes. */
export type Known = Map<string, RunningImage | undefined>

/** Revisions that one reading asks ECS about; the others are asked about by the next ones. */
const READ_AT_ONCE = 20

/** How all services of the environment are, and what Caretaker keeps. */
export async function showEnvironment(acting: Acting, known: Known): Promise<ShownEnvironment> {
  const { tagging, ecs, table, catalog, now } = acting
  const problems: string[] = []
  const listed = await listManaged(tagging, catalog.environment)
  const arns = listed.map(({ arn }) => arn)
  const failed = (cluster: string, error: unknown) =>
    problems.push(`The services of ${cluster} cannot be read: ${(error as Error).message}`)
  const managed = await describeManaged(ecs, arns, catalog.environment, { failed })
  const services = managed.toSorted((a, b) => a.id.localeCompare(b.id))
  const ids = services.map(({ id }) => id)
  const items = await itemsOf(table, catalog, ids, now)
  learn(items, services, known)
  await ask(acting, services, known)
  const shown = services.map((one) => shownOf(acting, one, known))
  return { at: now.toISOString(), services: shown, items, problems, ...(await tagsOf(acting)) }
}

const revisionOf = ({ service }: Managed): string =>
  `${service.taskDefinition} ${service.currentServiceRevisions?.[0]?.arn ?? ''}`

/** What Caretaker has noted of revisions that it deployed. */
function learn(items: readonly Item[], services: readonly Managed[], known: Known): void {
  const states = new Map(items.map((item) => [`${item.pk} ${item.sk}`, item]))
  for (const one of services) {
    const { pk, sk } = stateKey(one.id)
    const { revisions } = (states.get(`${pk} ${sk}`) ?? {}) as Partial<ServiceState>
    const noted = revisions?.find((each) => each.taskDefinition === one.service.taskDefinition)
    const [image] = noted?.images ?? []
    if (image === undefined) continue
    const { digest, tag } = image
    known.set(revisionOf(one), { digest, ...(tag !== undefined && { tag }) })
  }
}

async function ask(acting: Acting, services: readonly Managed[], known: Known): Promise<void> {
  const unknown = services.filter((one) => !known.has(revisionOf(one))).slice(0, READ_AT_ONCE)
  for (const managed of unknown) {
    const found = { managed, name: shortName(managed), team: teamOf(acting, managed) }
    known.set(revisionOf(managed), (await whatRuns(acting, found)).image)
  }
}

function shownOf(acting: Acting, managed: Managed, known: Known): ShownService {
  const { taskDefinition = '', desiredCount = 0, runningCount = 0 } = managed.service
  const image = known.get(revisionOf(managed))
  return {
    ...{ id: managed.id, team: teamOf(acting, managed), tags: managed.tags, taskDefinition },
    ...{ desired: desiredCount, running: runningCount },
    ...(image !== undefined && {
      image: { digest: image.digest, ...(image.tag !== undefined && { tag: image.tag }) },
    }),
  }
}

/** The tags of what sleeps and is no service of ECS. */
async function tagsOf({ tagging, catalog }: Acting): Promise<Pick<ShownEnvironment, 'sleepers'>> {
  const types = TAGGED_TYPES.filter((type) => !type.startsWith('ecs:'))
  const listed = await listTagged(tagging, catalog.environment, TAGS.schedule, types)
  const each = listed.flatMap(({ arn, tags }) => {
    const resource = resourceOf(arn)
    return resource === undefined ? [] : [[resource.id, tags] as const]
  })
  return { sleepers: Object.fromEntries(each) }
}
