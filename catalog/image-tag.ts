import { parsePolicy } from '../domain/deploy-policy.ts'
import type { Service } from './schema.ts'

/**
 * The tag that what builds a service moves to its newest image: the one tag its policy names, else
 * the branch, as a tag can be spelled. Undefined without a source.
 */
export function builtTag({ source, deploy }: Pick<Service, 'source' | 'deploy'>) {
  if (source === undefined) return undefined
  const policy = parsePolicy(deploy)
  return policy.kind === 'exact' ? policy.tag : source.branch.replaceAll('/', '-')
}
