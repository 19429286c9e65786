import type { Construct } from 'constructs'

const KEY = 'caretaker:environment'

/** Says, once, at the top of the tree, which environment everything below belongs to. */
export function nameEnvironment(scope: Construct, name: string): void {
  scope.node.setContext(KEY, name)
}

const RUNBOOKS = 'caretaker:runbooks'

/** Says, once, where people read the files of docs/runbooks/; absent where the catalog does not say. */
export function readRunbooksAt(scope: Construct, url: string | undefined): void {
  if (url !== undefined) scope.node.setContext(RUNBOOKS, url.replace(/\/$/, ''))
}

/** Where a runbook is read: its address, or its path with the command that prints it. */
export function runbookAt(scope: Construct, runbook: string, alarm: string): string {
  const url = scope.node.tryGetContext(RUNBOOKS) as string | undefined
  if (url !== undefined) return `${url}/${runbook}.md`
  return `docs/runbooks/${runbook}.md (npx caretaker runbook ${alarm})`
}

/** The name of the environment a construct belongs to. */
export function environmentOf(scope: Construct): string {
  return scope.node.getContext(KEY) as string
}

/**
 * The one naming convention: `<environment>-<what>[-<part>]`, so that several environments live
 * in one account. Physical names are given only where people or the control plane type them; the
 * rest CloudFormation names. ECS services and repositories are called as the catalog calls them:
 * a cluster and a registry are namespaces of their own.
 */
export function named(scope: Construct, ...parts: string[]): string {
  return [environmentOf(scope), ...parts].join('-')
}

/** The name of a secret: `<environment>/<service>/<what>`, so that a policy can name a branch. */
export function secretNamed(scope: Construct, ...parts: string[]): string {
  return [environmentOf(scope), ...parts].join('/')
}
