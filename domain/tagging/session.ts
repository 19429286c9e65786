import { cut } from '../text.ts'

/** How the subjects of GitHub's and GitLab's pipelines begin. */
export const SUBJECTS = ['repo:', 'project_path:'] as const

const NAME = 120

/**
 * The repository whose pipeline has begun a session, by the subject of its token:
 * `repo:acme/orders:ref:refs/heads/main`, `project_path:acme/orders:ref_type:branch:ref:main`. GitHub
 * may write ids behind both names (`repo:acme@1/orders@2:…`).
 * https://docs.github.com/en/actions/reference/security/oidc
 * https://docs.gitlab.com/ci/secrets/id_token_authentication/
 */
export function repositoryIn(subject: string): string | undefined {
  const beginning = SUBJECTS.find((one) => subject.startsWith(one))
  if (beginning === undefined) return undefined
  const [name = ''] = subject.slice(beginning.length).split(':')
  const bare = name.replaceAll(/@\d+(?=\/|$)/g, '')
  return /^[\w.-]+(\/[\w.-]+)+$/.test(bare) ? cut(bare, NAME) : undefined
}
