import { PolicyError, parsePolicy, tagValue } from '../deploy-policy.ts'
import { parseImage } from '../image.ts'
import { isKeptName } from '../kept-name.ts'
import type { FoundContainer, FoundService, Obstacle } from './found.ts'

/** Whose pushes a service would follow, and which of them; `notes` for whoever decides. */
export type Follow = { repository: string; deploy: string; notes: string[] }

/** Names that teams move from build to build. */
const MOVED = ['main', 'master', 'develop', 'dev', 'staging', 'stable', 'latest']
const VERSION = /^v?(\d+)\.\d+\.\d+([-+].*)?$/
/** A commit, a date, a number of a build: no later push has the same. */
const ONE_BUILD = /(^|[-_.])([0-9a-f]{7,40}|\d{6,}|\d+)$/

/**
 * What a service's tags would say of its roll-outs, from the images that it runs.
 *
 * @param asked a policy that somebody has chosen, in the words of the catalog.
 * @returns an obstacle where nothing can be proposed without being told more.
 * @throws PolicyError for a policy that cannot be read.
 */
export function followOf(service: FoundService, asked?: string): Follow | Obstacle {
  const own = service.containers.filter(
    ({ image }) => parseImage(image).registry === service.registryHost,
  )
  const main = own.find(({ isReached }) => isReached) ?? own.find(({ essential }) => essential)
  if (main === undefined) {
    const images = service.containers.map(({ image }) => image).join(', ')
    return {
      keeps: 'roll-outs',
      why: `no container of it runs an image of ${service.registryHost}: ${images || 'it has none'}`,
      cure: 'push the image to ECR in this account and Region, and name it in the task definition; until then it can only sleep',
    }
  }
  const { repository } = parseImage(main.image)
  const policy =
    asked === undefined
      ? policyFor(main, repository, service.pushedAs)
      : tagValue(parsePolicy(asked))
  if (typeof policy !== 'string') return policy
  const moved = parsePolicy(policy)
  if (main.isImmutable && moved.kind === 'exact') {
    return {
      keeps: 'roll-outs',
      why: `the tags of the repository ${repository} are immutable: ${moved.tag} is never set anew`,
      cure: `say which of its pushes are taken: --service ${main.name} --deploy "glob:…" or --deploy "semver:…"`,
    }
  }
  return { repository, deploy: policy, notes: notesOf(service, main, repository, policy) }
}

export const isFollow = (one: Follow | Obstacle): one is Follow => 'repository' in one

/** The policy by which a service goes on taking what it runs. */
function policyFor(
  { image, tagged = [] }: FoundContainer,
  repository: string,
  pushedAs: string | undefined,
): string | Obstacle {
  const { tag, digest } = parseImage(image)
  const named = digest === undefined ? (tag ?? 'latest') : pushedAs
  const [major] = [named].flatMap((one) => VERSION.exec(one ?? '')?.[1] ?? [])
  if (major !== undefined) return `semver:${major}.x`
  if (named !== undefined && !ONE_BUILD.test(named)) return named
  const known = tagged.filter((one) => !isKeptName(one))
  const moved = MOVED.find((one) => known.includes(one))
  if (moved !== undefined) return moved
  const what = named === undefined ? 'by its digest' : `by ${named}, which names one build`
  const has = known.length === 0 ? '' : `; that image has the tags ${known.join(', ')}`
  return {
    keeps: 'roll-outs',
    why: `its task definition names the image of ${repository} ${what}${has}`,
    cure: 'say which pushes are taken, such as --deploy main, and let the pipeline set that tag',
  }
}

function notesOf(
  { containers }: FoundService,
  main: FoundContainer,
  repository: string,
  policy: string,
): string[] {
  const others = containers.filter(
    ({ image }) => parseImage(image).repository !== repository || image.includes('@'),
  )
  const left = others.filter((one) => one !== main).map(({ name }) => name)
  return [
    ...(left.length === 0
      ? []
      : [
          `of its ${containers.length} containers only those of ${repository} follow pushes; ${left.join(', ')} ${left.length === 1 ? 'stays as it is' : 'stay as they are'}`,
        ]),
    ...(policy === 'latest'
      ? ['every push of latest is rolled out: a tag such as main says more about what is meant']
      : []),
  ]
}

/** Whether a policy can be read, for what somebody types. @throws PolicyError */
export function checkPolicy(text: string): string {
  const policy = parsePolicy(text)
  if (policy.kind === 'off') throw new PolicyError('deploy policy "off" takes no pushes')
  return text
}
