import type { Service } from '../../catalog/schema.ts'
import type { Event, Happening, Plot } from './history.ts'
import { MINUTE } from './lengths.ts'

type Image = NonNullable<NonNullable<Event['push']>['image']>

const IMAGES: readonly (readonly [weight: number, image: Image])[] = [
  [4, { behaviour: 'healthy' }],
  [1, { behaviour: 'healthy', startup: '30s' }],
  [1, { behaviour: 'healthy', startup: '150s' }],
  [2, { behaviour: 'crashes', exitCode: 137 }],
  [1, { behaviour: 'crashes', exitCode: 1, after: '100s' }],
  [1, { behaviour: 'crashes', exitCode: 1, after: '10m' }],
  [1, { behaviour: 'unhealthy' }],
  [1, { behaviour: 'never-starts' }],
  [1, { architectures: ['linux/amd64'] }],
  [1, { artifact: 'signature' }],
  [1, { findings: { CRITICAL: 2 } }],
]

/** Tags that each policy takes, and one that it does not. */
function tagOf({ dice }: Plot, { deploy }: Service): string {
  if (dice.chance('tag/other', 0.05)) return dice.pick('tag/which', ['try', 'v1', 'cache'])
  if (deploy.startsWith('glob:')) return `release-${dice.whole('tag/release', 1, 4)}`
  if (deploy.startsWith('semver:')) return `1.4.${dice.whole('tag/patch', 0, 9)}`
  return deploy
}

/** The longest that it may take from a push to its verdict, when all goes well. */
const VERDICTS = [2.5 * MINUTE, 4 * MINUTE, 9 * MINUTE]

export const serviceOf = ({ dice, busy }: Plot): Service => dice.pick('service', busy) as Service

/** A new image, or the tag goes back to one that was pushed before. */
export const push: Happening = (plot, at) => {
  const { dice, pushed, moments } = plot
  const service = serviceOf(plot)
  const { repository } = service
  const known = pushed.get(repository) ?? []
  const tag = tagOf(plot, service)
  moments.push(at + dice.pick('verdict', VERDICTS))
  if (known.length > 1 && dice.chance('again', 0.2)) {
    return [{ at, push: { repository, tag, retag: dice.pick('which', known) } }]
  }
  const as = `p${[...pushed.values()].flat().length + 1}`
  pushed.set(repository, [...known, as])
  const image = dice.weighted('image', IMAGES)
  return [{ at, push: { repository, tag, as, image } }]
}

/** Several within seconds, as a matrix of builds or somebody in a hurry does it. */
export const burst: Happening = (plot, at) => {
  const count = plot.dice.whole('burst', 2, 5)
  return Array.from({ length: count }, (_, place) => push(plot, at + place * 2_500)).flat()
}

/** Somebody deletes a tag that was bad, or a digest with all its tags. */
export const yank: Happening = (plot, at) => {
  const service = serviceOf(plot)
  const imageTag = tagOf(plot, service)
  const input = { repositoryName: service.repository, imageIds: [{ imageTag }] }
  return [{ at, call: { service: 'ecr', operation: 'BatchDeleteImage', input } }]
}

/** As docs/operations/roll-back.md says. */
export const goBack: Happening = (plot, at) => {
  const { dice, pushed } = plot
  const { name: service, repository } = serviceOf(plot)
  const known = pushed.get(repository) ?? []
  if (known.length === 0) return []
  const to = dice.pick('back', known)
  return [{ at, goBack: { service, to, by: 'ana', retry: dice.chance('retry', 0.5) } }]
}
