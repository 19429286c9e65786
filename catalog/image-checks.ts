import type { Check } from './check.ts'
import type { Document } from './document.ts'
import { shown } from './problem.ts'
import type { Service } from './schema.ts'

type Words = Parameters<Document<unknown>['problem']>[1]

const REMOVE = 'remove it, or remove image'

/** What is about pushes to a repository of the environment's own. */
const OF_PUSHES = ['source', 'refuseFindings', 'preDeploy'] as const

/** Somebody else's image changes with the file alone: what is about pushes would never act. */
const noPushes: Check = (service, { problem }, { environment }) => {
  const { name, image, deploy, immutableTags, deployment = {} } = service
  if (image === undefined) return []
  const no = (path: string[], found: unknown, what: string) =>
    problem(path, { found: shown(found), allowed: `nothing beside image: ${what}`, remedy: REMOVE })
  return [
    ...(deploy === 'off' ? [] : [no(['deploy'], deploy, 'no push rolls it out')]),
    ...(service.repository === `${environment?.repositoryPrefix ?? ''}${name}`
      ? []
      : [no(['repository'], service.repository, 'no push rolls it out')]),
    ...OF_PUSHES.filter((key) => service[key] !== undefined).map((key) =>
      no([key], service[key], 'it is not pushed to a repository of this environment'),
    ),
    ...(immutableTags ? [no(['immutableTags'], true, 'a digest never changes')] : []),
    ...(['bake', 'deadline'] as const)
      .filter((key) => deployment[key] !== undefined)
      .map((key) =>
        no(['deployment', key], deployment[key], 'Caretaker watches what pushes roll out'),
      ),
  ]
}

/** ECR is asked with the role of the task; an image of the service's own is in ECR. */
const ECR = /^\d{12}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com(\.cn)?\//

function secretIsUsed({ image, pullSecret }: Pick<Service, 'image' | 'pullSecret'>): Words | false {
  if (pullSecret === undefined) return false
  const found = shown(pullSecret)
  if (image === undefined) {
    return { found, allowed: 'nothing without image', remedy: 'remove it, or add image' }
  }
  if (!ECR.test(image)) return false
  const allowed = 'nothing: images of ECR are pulled with the rights of a role'
  return { found, allowed, remedy: 'remove it' }
}

const secretsAreUsed: Check = (service, { problem }) => {
  const own = secretIsUsed(service)
  return [
    ...(own ? [problem(['pullSecret'], own)] : []),
    ...Object.entries(service.sidecars).flatMap(([name, sidecar]) => {
      const wrong = secretIsUsed(sidecar)
      return wrong ? [problem(['sidecars', name, 'pullSecret'], wrong)] : []
    }),
  ]
}

/** Whether what a file says of images of somebody else has an effect. */
export const imageChecks: readonly Check[] = [noPushes, secretsAreUsed]
