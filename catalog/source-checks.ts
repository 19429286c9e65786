import { type Policy, PolicyError, parsePolicy, takes } from '../domain/deploy-policy.ts'
import type { Check } from './check.ts'
import { builtTag } from './image-tag.ts'
import { shown } from './problem.ts'

const pipelineHasConnection: Check = ({ source }, { problem }, { environment }) => {
  if (environment === undefined || source?.builder !== 'codepipeline') return []
  if (environment.connection !== undefined) return []
  const allowed = 'nothing: the environment has no connection to read it by'
  const remedy = 'remove it, or add connection to environment.yaml'
  return [problem(['source'], { found: shown(source.repository), allowed, remedy })]
}

/** A role that trusts names alone also trusts the next owner of a deleted repository's name. */
const githubHasIds: Check = ({ source }, { problem }) => {
  if (source?.builder !== 'github-actions') return []
  const { ownerId, repositoryId, repository } = source
  if (ownerId !== undefined && repositoryId !== undefined) return []
  const allowed = 'github-actions together with ownerId and repositoryId'
  const remedy = `add them: gh api repos/${repository} --jq '.owner.id, .id'`
  return [problem(['source', 'builder'], { found: shown(source.builder), allowed, remedy })]
}

/** A build whose images no roll-out takes would look as if it failed. */
const buildsAreTaken: Check = (service, { problem }) => {
  const policy = readable(service.deploy)
  if (policy === undefined || policy.kind === 'off') return []
  const tag = builtTag(service)
  if (tag === undefined || takes(policy, tag)) return []
  const allowed = `a policy that takes ${shown(tag)}, which images of this source are called`
  const remedy = 'change it or source.branch'
  return [problem(['deploy'], { found: shown(service.deploy), allowed, remedy })]
}

/** Undefined for a policy that cannot be read: `value-checks.ts` says so. */
function readable(deploy: string): Policy | undefined {
  try {
    return parsePolicy(deploy)
  } catch (error) {
    if (!(error instanceof PolicyError)) throw error
    return undefined
  }
}

/** Whether what builds a service can, and whether its images are wanted. */
export const sourceChecks: readonly Check[] = [pipelineHasConnection, githubHasIds, buildsAreTaken]
