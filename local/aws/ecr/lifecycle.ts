import { AwsError } from '../errors.ts'
import { isChild, remove } from './images.ts'
import type { Registry } from './registry.ts'
import type { Repository, StoredImage } from './repository.ts'

const DAY = 86_400_000

type Selection = {
  tagStatus: 'tagged' | 'untagged' | 'any'
  tagPrefixList?: string[]
  tagPatternList?: string[]
  countType: 'imageCountMoreThan' | 'sinceImagePushed'
  countUnit?: 'days'
  countNumber: number
}
type Rule = { rulePriority: number; selection: Selection; action: { type: 'expire' } }

/**
 * Keeps a repository's lifecycle policy, and lets it expire images once a day: ECR promises that
 * they are gone within 24 hours.
 * https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html
 *
 * @throws AwsError InvalidParameterException for a text that is no policy.
 */
export function keepPolicy(registry: Registry, repository: Repository, text: string): void {
  const rules = readRules(text)
  const policy = { text, evaluatedAt: new Date(0) }
  repository.lifecyclePolicy = policy
  evaluateDaily(registry, repository, policy, rules)
}

function evaluateDaily(
  registry: Registry,
  repository: Repository,
  policy: NonNullable<Repository['lifecyclePolicy']>,
  rules: readonly Rule[],
): void {
  const { world } = registry.aws
  world.after(DAY, `ECR expires images of ${repository.name}`, () => {
    const isThere = registry.repositories.get(repository.name) === repository
    if (!isThere || repository.lifecyclePolicy !== policy) return
    policy.evaluatedAt = world.date
    for (const image of expired(registry, repository, rules)) remove(registry, repository, image)
    evaluateDaily(registry, repository, policy, rules)
  })
}

/** The images that the rules expire now, oldest first. A rule leaves alone what an earlier one has selected. */
export function expired(
  registry: Registry,
  repository: Repository,
  rules: readonly Rule[],
): StoredImage[] {
  const selected = new Set<string>()
  const gone: StoredImage[] = []
  // What a list of manifests names goes after the list.
  const oldestFirst = [...repository.images.values()]
    .filter(({ digest }) => !isChild(repository, digest))
    .toSorted((one, other) => one.pushedAt.getTime() - other.pushedAt.getTime())
  for (const { selection } of rules) {
    const fitting = oldestFirst.filter(({ digest }) =>
      isSelected(selection, registry.tagsOf(repository, digest)),
    )
    const over = overdue(registry.aws.world.now, selection, fitting)
    for (const image of over) {
      if (!selected.has(image.digest)) gone.push(image)
    }
    for (const { digest } of fitting) selected.add(digest)
  }
  return gone
}

function overdue(
  now: number,
  { countType, countNumber }: Selection,
  oldestFirst: readonly StoredImage[],
): readonly StoredImage[] {
  if (countType === 'imageCountMoreThan') {
    return oldestFirst.slice(0, Math.max(0, oldestFirst.length - countNumber))
  }
  return oldestFirst.filter(({ pushedAt }) => pushedAt.getTime() < now - countNumber * DAY)
}

/** Every prefix and every pattern of the rule must be met by some tag of the image. */
function isSelected(
  { tagStatus, tagPrefixList = [], tagPatternList = [] }: Selection,
  tags: readonly string[],
): boolean {
  if (tagStatus === 'any') return true
  if (tagStatus === 'untagged') return tags.length === 0
  return (
    tagPrefixList.every((prefix) => tags.some((tag) => tag.startsWith(prefix))) &&
    tagPatternList.every((pattern) => tags.some((tag) => fits(tag, pattern))) &&
    tags.length > 0
  )
}

const fits = (tag: string, pattern: string): boolean =>
  new RegExp(`^${pattern.split('*').map(escaped).join('.*')}$`).test(tag)

const escaped = (text: string): string => text.replaceAll(/[\\^$.+?()[\]{}|]/g, '\\$&')

const invalid = (why: string) =>
  new AwsError(
    'InvalidParameterException',
    `Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: 'Lifecycle policy validation failure: ${why}'`,
  )

/** In the order of their priorities. @throws AwsError InvalidParameterException */
function readRules(text: string): Rule[] {
  let policy: { rules?: unknown }
  try {
    policy = JSON.parse(text) as { rules?: unknown }
  } catch {
    throw invalid('the policy is no JSON')
  }
  if (!Array.isArray(policy?.rules) || policy.rules.length === 0)
    throw invalid('there are no rules')
  const rules = policy.rules as Rule[]
  for (const rule of rules) checkRule(rule)
  const sorted = rules.toSorted((one, other) => one.rulePriority - other.rulePriority)
  const doubled = sorted.find((rule, at) => rule.rulePriority === sorted[at - 1]?.rulePriority)
  if (doubled !== undefined) throw invalid(`the priority ${doubled.rulePriority} is there twice`)
  return sorted
}

function checkRule({ rulePriority, selection, action }: Partial<Rule>): void {
  if (!Number.isInteger(rulePriority)) throw invalid('a rule has no priority')
  if (action?.type !== 'expire') throw invalid('an action is not expire')
  const { tagStatus, countType, countNumber, countUnit, tagPrefixList, tagPatternList } =
    selection ?? ({} as Partial<Selection>)
  if (!['tagged', 'untagged', 'any'].includes(tagStatus ?? '')) throw invalid('tagStatus')
  if (!['imageCountMoreThan', 'sinceImagePushed'].includes(countType ?? '')) {
    throw invalid('countType')
  }
  if (!Number.isInteger(countNumber) || (countNumber ?? 0) < 1) throw invalid('countNumber')
  if (countType === 'sinceImagePushed' && countUnit !== 'days') throw invalid('countUnit')
  const lists = [tagPrefixList, tagPatternList].filter((list) => (list ?? []).length > 0)
  if ((tagStatus === 'tagged') !== lists.length > 0) throw invalid('tagPrefixList')
}
